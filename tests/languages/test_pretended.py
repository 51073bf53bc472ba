"""A language is a folder: the program speaks a whole one, and refuses one that is not."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.briefing import content, languages
from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import Content, load
from caregiver_card.briefing.statements import IncompleteContent
from caregiver_card.pages import emergency
from tests.cast import TODAY, alex, card_of
from tests.languages.pretended import TAG, Change, data_with, marked
from tests.web.client import Site, site_in
from tests.web.reading import Page, words


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Content]:
    """The pretended language, offered beside English by the whole program."""
    (tmp_path / "data").mkdir()
    folder = data_with(tmp_path / "data")
    made = Content(TAG, folder)
    known = content._loaded
    monkeypatch.setattr(languages, "FOLDER", folder / "languages")
    monkeypatch.setattr(content, "_loaded", cache(lambda tag: made if tag == TAG else known(tag)))
    languages.offered.cache_clear()
    yield made
    monkeypatch.undo()
    languages.offered.cache_clear()


@pytest.fixture
def speaking(spoken: Content, tmp_path: Path) -> Iterator[Site]:
    """A site that offers it."""
    with site_in(tmp_path) as opened:
        yield opened


def test_a_folder_is_all_that_a_language_needs(spoken: Content) -> None:
    """It is offered by its own name, with its texts, plurals and marks."""
    assert languages.named() == [("en", "English"), (TAG, "Ffug")]
    assert spoken.say("page.signs") == marked(load().say("page.signs"))
    assert len(spoken.manner.plurals) == 6
    for place in spoken.forms:
        assert "{" not in spoken.say(place, **dict.fromkeys(_names(place), "x") | {"count": 2})
    assert spoken.state == "machine"


def _names(place: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", load().forms[place]["other"])


def test_a_card_in_it_is_shown_in_it(spoken: Content) -> None:
    """Its words, its mark on the page, the English beneath what is critical."""
    card = card_of(alex({"language": TAG}))
    page = Page(emergency.page(brief(card, languages.content_for(card), 1), TODAY, "/c/x"))
    assert page.root.get("lang") == TAG
    assert marked(load().clinical("danger.stop")) in page.text
    beneath = " ".join(words(each) for each in page.having("i", lang="en"))
    assert load().clinical("danger.stop") in beneath


def test_every_page_of_the_site_speaks_it(speaking: Site) -> None:
    """The card's page, what stands beside it, and the family's pages."""
    kept = speaking.add(alex({"language": TAG}))
    reader, owner = f"/c/{kept.reader_links[0].token}", f"/o/{kept.owner}"
    for path in (reader, f"{reader}/see", f"{reader}/beeping", owner, f"{owner}/alerts"):
        page = speaking.client.page(path)
        assert page.root.get("lang") == TAG and "«" in page.text, path
    for path in ("/", "/guide", "/signs", "/new"):
        assert "«" in speaking.client.page(f"{path}?l={TAG}").text, path
        assert "«" not in speaking.client.page(path).text, path


def _spoil(place: str, change: Callable[[dict[str, Any]], Any]) -> Change:
    def spoiled(found: str, table: dict[str, Any]) -> None:
        if found == place:
            change(table)

    return spoiled


_TEXT, _DANGER = "text/all.toml", "clinical/danger.toml"


@pytest.mark.parametrize(
    ("place", "change", "named"),
    [
        (_TEXT, lambda table: table["page"].pop("signs"), "page.signs"),
        (_TEXT, lambda table: table["page"].update(newest="x"), "page.newest"),
        (_TEXT, lambda table: _first_forms(table).pop("few"), "few"),
        (_TEXT, lambda table: _first_forms(table).pop("other"), "other"),
        (_DANGER, lambda table: table.pop("stop"), "danger.stop is missing"),
        (_DANGER, lambda table: table.update(more=table["stop"]), "danger.more"),
        (_DANGER, lambda table: table["stop"].update(of="Stop."), "danger.stop"),
        (_DANGER, lambda table: table["stop"].update(text=""), "danger.stop"),
        (_DANGER, lambda table: table["stop"].update(made_by=""), "danger.stop"),
        (_DANGER, lambda table: table["stop"].pop("back"), "danger.stop has no back"),
        (_DANGER, lambda table: table["stop"].update(reviewed_by="A"), "danger.stop"),
        (_DANGER, lambda table: table["never_stop"].pop("never"), "danger.never_stop.never"),
    ],
    ids=[
        "no text", "a text too many", "no form", "no other form", "no statement",
        "a statement too many", "stale", "no words", "nobody made it", "not translated back",
        "half a review", "no part",
    ],
)  # fmt: skip
def test_an_unfinished_language_stops_the_program(
    tmp_path: Path, place: str, change: Callable[[dict[str, Any]], Any], named: str
) -> None:
    """And what is missing is named."""
    folder = data_with(tmp_path, _spoil(place, change))
    with pytest.raises(IncompleteContent, match=named):
        Content(TAG, folder)


def _first_forms(table: dict[str, Any]) -> dict[str, Any]:
    place = min(load().forms)
    for each in place.split("."):
        table = table[each]
    return table
