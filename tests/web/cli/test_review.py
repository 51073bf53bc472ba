"""``card review`` as an operator sees it: a form goes out, comes back filled in, and is shown."""

import json
from typing import Any

import pytest

from caregiver_card.briefing import languages
from tests.cast import alex
from tests.web.reading import Page
from tests.web.shell import Shell

pytestmark = pytest.mark.slow
_CHANGED = "its words have changed"


def _write(shell: Shell, name: str, words: str) -> None:
    path = shell.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(words, "utf-8")


def _given(shell: Shell) -> dict[str, Any]:
    done = shell.run("card", "review", "--language", "es", "--out", "-")
    assert done.status == 0, done.err
    given: dict[str, Any] = json.loads(Page(done.out).one("script", id="given").text or "")
    return given


def _filled(shell: Shell, **changes: Any) -> str:
    given = _given(shell)
    rows = [{**row, "answer": "right"} for row in given["statements"]]
    about = {"name": "Dr N. Osei", "role": "neurologist", "day": "2026-11-01"}
    return json.dumps({**given, **about, "statements": rows, **changes})


def test_a_form_holds_every_statement_with_its_english_and_translation_back(shell: Shell) -> None:
    """In one file that loads nothing."""
    done = shell.run("card", "review", "--language", "es", "--out", "-")
    page, content = Page(done.out), languages.content_of("es")
    assert not page.all("img", "link") or all(
        each.get("href", "data:").startswith("data:") for each in page.all("link")
    )
    for each in content.every_statement:
        assert each.text in page.text and each.english in page.text and each.back in page.text


def test_english_can_be_reviewed_as_well(shell: Shell) -> None:
    """It is the largest debt."""
    done = shell.run("card", "review", "--language", "en", "--out", "-")
    assert done.status == 0 and "Sudden stop is an emergency" in Page(done.out).text


def test_a_review_is_kept_beside_the_data_and_shown_on_the_next_start(shell: Shell) -> None:
    """An upgrade of the program does not touch it."""
    _write(shell, "filled.json", _filled(shell))
    done = shell.run("card", "review", "--in", shell.folder / "filled.json")
    assert done.status == 0 and "314 statements reviewed" in done.out, done.err
    assert (shell.folder / "instance" / "reviews.json").exists()
    card = shell.file(alex(language="es"))
    page = Page(shell.run("card", "page", card, "--out", "-").out)
    assert "Dr N. Osei, neurologist" in page.text and not page.all("i")


def test_what_is_wrong_or_has_changed_is_named_with_status_1(shell: Shell) -> None:
    """The rest is entered."""
    given = json.loads(_filled(shell))
    given["statements"][0] |= {"answer": "wrong", "comment": "weaker"}
    given["statements"][1]["text"] = "otro"
    _write(shell, "filled.json", json.dumps(given))
    done = shell.run("card", "review", "--in", shell.folder / "filled.json")
    assert done.status == 1 and "312 statements" in done.out
    assert "called wrong: weaker" in done.err and _CHANGED in done.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), "--language and --out"),
        (("--language", "es"), "--language and --out"),
        (("--language", "tlh", "--out", "-"), "tlh is not offered"),
        (("--in", "nowhere.json"), "nowhere.json"),
    ],
)
def test_a_wrong_command_is_one_line(shell: Shell, words: tuple[str, ...], named: str) -> None:
    """It names what is missing; the exit status is 2."""
    done = shell.run("card", "review", *words)
    assert done.status == 2 and named in done.err and done.err.count("\n") == 1


def test_reviews_that_cannot_be_read_stop_the_program_with_one_line(shell: Shell) -> None:
    """It names the setting."""
    _write(shell, "instance/reviews.json", "[")
    done = shell.run_afresh("card", "page", shell.file(alex()), "--out", "-")
    assert done.status != 0 and "CARD_REVIEWS" in done.err
