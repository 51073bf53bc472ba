"""Everything that should not be typed, into every box of every form: no fault of ours, an error
beside its box, and what was typed still there."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from werkzeug.test import TestResponse

from caregiver_card.card import values
from caregiver_card.questionnaire import steps
from caregiver_card.questionnaire.step_types import Field, Rows, Step
from tests.cast import tuyet
from tests.web.client import Site
from tests.web.filling import Filled, open_page

STRANGE = {
    "nothing": "",
    "blanks": " \t ",
    "huge": "9" * 5000,
    "many words": "word " * 900,
    "control characters": "4\x070\x00",
    "turned around": "\u202e004",
    "a joiner alone": "\u200d",
    "emoji": "🙂" * 3,
    "HTML": '<b onclick="x()">4</b></textarea><script>alert(1)</script>',
    "SQL": "4'; DROP TABLE cards; --",
    "a template": "{{ 7*7 }}{% raw %}%s",
    "a telephone with an extension": "+1 312 555 0142 ext. 7",
    "another unit": "20 mg/mL",
    "a decimal comma": "1,5",
    "a thousand or a decimal": "2,000",
    "a date in one box": "31.2.2027",
    "a number beyond numbers": "1e999",
    "figures of another script": "٤٠٠",
    "half a letter": "e\u0301\u0301\u0301",
}


@pytest.fixture(scope="module")
def home(shared_site: Site) -> Iterator[tuple[Site, str]]:
    """A full card for tests that try anything on it; what is refused leaves it as it is."""
    yield shared_site, f"/o/{shared_site.add(tuyet()).owner}"


def _boxes(page: Filled) -> list[str]:
    """The names of all boxes that can be typed into."""
    found = [each for each in page.page.all("input", "textarea") if each.get("id")]
    return [each.get("name", "") for each in found if each.get("type") in (None, "text", "tel")]


def _sent(client: FlaskClient, opened: Filled, typed: dict[str, str]) -> TestResponse:
    """What comes of it; a refusal says so twice alike, and every box keeps its words."""
    form = opened.form()
    sent = opened.values(form)
    for name, words in typed.items():
        sent.setlist(name, [words])
    answer = client.post(form.get("action", ""), data=sent)
    # Another address: an earlier row of the table was taken, and this form is older than that.
    assert answer.status_code in (200, 303, 409, 422)
    is_draft = answer.status_code == 303 and answer.location == f"{form.get('action')}?typed=1"
    if is_draft:
        answer = client.get(answer.location)
    if is_draft or answer.status_code == 422:
        _kept(answer.text, typed)
    return answer


def _kept(page: str, typed: dict[str, str]) -> None:
    errors = re.findall(r'class="error"[^>]*><span[^>]*>[^<]*</span> ([^<]*)', page)
    summary = re.search(r'<div class="summary[ "].*?</ul>', page, re.DOTALL)
    told = re.findall(r"<a [^>]*>([^<]*)</a>", summary[0]) if summary else []
    assert told, "a refusal without a word"
    assert errors in (told, []), "asked, and nothing is wrong, or the same words at the boxes"
    assert ("<title>Error: " in page) == bool(errors)
    for name, words in typed.items():
        # Row by row what is empty closes up; what cannot be printed is compared in test_editor.
        if words.strip() and words.isprintable() and f'name="{name}"' in page:
            assert re.search(
                rf'name="{re.escape(name)}"[^>]*(value="|>\s*){re.escape(str(escape(words)))}', page
            ), (name, words)


_PAGES = ["refill", *(f"edit/{each.key}" for each in steps.STEPS)]


@pytest.mark.slow
@pytest.mark.parametrize("page", _PAGES)
def test_every_box_of_a_form(home: tuple[Site, str], page: str) -> None:
    """The same strange words in every box at once."""
    site, address = home
    client = site.app.test_client()
    opened = open_page(client, f"{address}/{page}")
    for words in STRANGE.values():
        _sent(client, opened, dict.fromkeys(_boxes(opened), words))


_NUMBERS = [
    (step.key, field.path)
    for step in steps.STEPS
    for field in step.fields
    if isinstance(field, Field) and field.kind == "number"
]


@pytest.mark.parametrize(("key", "path"), _NUMBERS)
def test_a_number_is_never_guessed(home: tuple[Site, str], key: str, path: str) -> None:
    """Another unit, two readings, no figure: refused at every number, each with the same words."""
    site, address = home
    client = site.app.test_client()
    opened = open_page(client, f"{address}/edit/{key}")
    for words in (
        "20 mg/mL",
        "2,000",
        "2.000",
        "1.250",
        "about 4",
        "4 or 5",
        "4-5",
        "½",
        "0x10",
        "NaN",
    ):
        answer = _sent(client, opened, {path: words})
        assert answer.request.args.get("typed") and 'class="error"' in answer.text, words


_ANY = st.one_of(st.text(max_size=30), st.sampled_from(sorted(STRANGE.values()))).filter(
    lambda words: not any("\ud800" <= each <= "\udfff" for each in words)
)


@settings(max_examples=8)
@given(st.lists(_ANY, min_size=6, max_size=6))
def test_a_refill_takes_or_refuses_anything(home: tuple[Site, str], typed: list[str]) -> None:
    """Different strange words in the boxes of one form."""
    site, address = home
    client = site.app.test_client()
    opened = open_page(client, f"{address}/refill")
    boxes = _boxes(opened)
    sent = {name: typed[index % len(typed)] for index, name in enumerate(boxes)}
    _sent(client, opened, sent)


@settings(max_examples=8)
@given(st.sampled_from([each for each in steps.STEPS if each.first]), _ANY, _ANY)
def test_a_new_card_takes_or_refuses_anything(
    home: tuple[Site, str], step: Step, one: str, other: str
) -> None:
    """Each page of questions, on the way to a card and from the last page."""
    client = home[0].app.test_client()
    begun = open_page(client, "/new").send(go=step.key)
    boxes = _boxes(begun)
    sent = {name: (one, other)[index % 2] for index, name in enumerate(boxes)}
    for more in ({}, {"go": "back"}, {"go": "resume"}):
        _sent(client, begun, sent | more)


@settings(max_examples=6)
@given(st.dictionaries(st.sampled_from(["mine", "base", "version", "note", "of", "pick:x"]), _ANY))
def test_a_choice_takes_or_refuses_anything(home: tuple[Site, str], typed: dict[str, str]) -> None:
    """The hidden boxes of two versions side by side may hold anything."""
    site, address = home
    client = site.app.test_client()
    token = open_page(client, f"{address}/refill").values()["csrf_token"]
    sent = {"mine": "{}", "base": "1", "version": "1", "csrf_token": token} | typed
    assert client.post(f"{address}/choose", data=sent).status_code in (303, 400, 404, 409, 422)


@pytest.mark.parametrize("asked", ["from=x", "from=0", "from=٣", f"from={'9' * 30}", "of=refill"])
def test_a_made_up_save_is_no_page(home: tuple[Site, str], asked: str) -> None:
    """What has changed since a version that never was."""
    site, address = home
    assert site.app.test_client().get(f"{address}/saved?{asked}").status_code in (400, 404)


def test_every_kind_of_box_is_tried() -> None:
    """The table has what the parsers are most afraid of."""
    assert max(map(len, STRANGE.values())) > values.MAX_TYPED_LENGTH
    kinds = {
        each.kind
        for step in steps.STEPS
        for field in step.fields
        for each in (field.fields if isinstance(field, Rows) else (field,))
    }
    assert kinds == {
        "text",
        "lines",
        "number",
        "date",
        "phone",
        "clock",
        "radios",
        "country",
        "language",
        "zone",
    }
