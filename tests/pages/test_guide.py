"""The public guide and the page for an address that opens nothing: no patient in either."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.pages import guide
from tests.cast import WORDS
from tests.web.client import Site
from tests.web.reading import Page, cited_statements, single_spaced, words

_DATA = Path(__file__).parent.parent / "data"
_INSTRUCTIONS = json.loads((_DATA / "seed_instructions.json").read_text("utf-8"))


@cache
def _guide() -> Page:
    return Page(guide.page(WORDS).plain().decode())


@cache
def _unknown() -> Page:
    return Page(guide.unknown(WORDS).plain().decode())


@pytest.mark.parametrize("path", ["/guide", f"/c/{'0' * 26}"])
def test_it_works(shared_site: Site, path: str) -> None:
    """Both are served, and keep to what every page keeps to."""
    shared_site.client.page(path, 200 if path == "/guide" else 404)


@pytest.mark.parametrize("group", ["withdrawal", "overdose", "allergy", "actions", "alarms"])
def test_every_statement_of_a_group_is_on_the_guide(group: str) -> None:
    """Nothing that the emergency page says is missing from the guide."""
    page = _guide()
    for each in WORDS.groups[group].values():
        assert single_spaced(each.text) in page.text, each.key


@pytest.mark.parametrize("row", _INSTRUCTIONS, ids=lambda row: row["id"])
def test_every_documented_instruction_is_on_the_guide(row: dict[str, Any]) -> None:
    """Each row of the instructions in the seeds stands there in one covering statement."""
    covering = [each for each in WORDS.statements if row["id"] in each.covers]
    assert covering, f"no statement covers {row['id']}"
    assert any(single_spaced(each.text) in _guide().text for each in covering), row


def test_each_source_is_listed_once_with_its_title() -> None:
    """What the statements cite can be found at the end, under its name."""
    page = _guide()
    listed = [each.get("id") for each in page.all("li") if each.get("id")]
    assert listed == list(WORDS.sources)
    names = {source.short for source in WORDS.sources.values()}
    assert len(names) == len(WORDS.sources)
    cited = cited_statements(page)
    assert len(cited) > 40
    for each in cited:
        for source in each.rpartition("… ")[2].split("; "):
            assert source.partition(", “")[0] in names


def test_a_source_is_named_as_a_person_would_name_it() -> None:
    """By publisher, page and part; no key of this project and no line of a stored text."""
    page = _guide()
    assert "MyMSTeam: Lioresal, “Side effects”" in page.text
    assert not re.search(r"seed-\d|\bP\d|\blines? \d", page.text)


def test_a_contents_list_leads_to_every_part() -> None:
    """Nineteen thousand pixels on a phone are not scrolled through."""
    page = _guide()
    headings = {each.get("id"): words(each) for level in ("h2", "h3") for each in page.all(level)}
    links = {str(each.get("href"))[1:]: words(each) for each in page.one("nav").iter("a")}
    assert links == {key: headings[key] for key in links}
    signs = {"withdrawal", "overdose", "allergy"}
    assert {each.get("id") for each in page.all("h2")} == links.keys() - signs | {"contents"}


def test_it_tells_whether_a_clinician_has_reviewed_it() -> None:
    """On both pages, in words."""
    said = "not yet reviewed by a clinician"
    assert said in _guide().text and said in _unknown().text


def test_the_page_for_nothing_has_the_first_screen() -> None:
    """The signs and what they call for, and not the long rest."""
    page = _unknown()
    for key in ("withdrawal", "overdose", "allergy"):
        section = words(page.one("section", class_=key))
        for each in WORDS.groups[key].values():
            assert single_spaced(each.text) in section
    assert len(page.source) < len(_guide().source)


def test_there_is_no_patient_in_either() -> None:
    """No number to dial, no address of a card."""
    for page in (_guide(), _unknown()):
        assert not [href for href, _ in page.links() if href.startswith("tel:")]
        assert not [href for href, _ in page.links() if href.startswith(("/c/", "/o/"))]
        assert not page.all("img")


@pytest.mark.parametrize("forbidden", ["physostigmine", "45 %", "45%", "UNVERIFIED"])
def test_what_may_not_be_printed_is_not(forbidden: str) -> None:
    """Design rule 7: what could not be verified is on no page."""
    assert forbidden.lower() not in _guide().text.lower()
