"""Each language is whole, made from the English of today, and says the same amounts."""

import re
import tomllib
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from caregiver_card.briefing.content import FOLDER, load
from tests.languages.catalogue import TAGS, catalogue, every_language
from tests.languages.checks import fields, findings


def test_there_are_languages() -> None:
    """Otherwise every test here would hold for nothing."""
    assert "es" in TAGS


@every_language
def test_it_says_what_the_english_says(tag: str) -> None:
    """Placeholders, numbers, units, negations and limits by kind, opposites; in ``back`` too."""
    found = findings(catalogue(tag))
    assert not found, "\n".join(["", *found])


@every_language
def test_each_difference_that_is_allowed_is_there_and_has_a_reason(tag: str) -> None:
    """A reason for words that were changed since is not kept."""
    held = catalogue(tag)
    for kind, rows in held.allowed.items():
        for place, row in rows.items():
            assert row["why"] and len(row) > 1, place
            assert place in held.statements, f"{place} is no statement"
            for name in row.keys() - {"why"}:
                bare = {each: row[each] for each in row if each != name}
                without = replace(held, allowed={**held.allowed, kind: {**rows, place: bare}})
                changed = without.saying(place, held.statements[place].text)
                assert findings(changed), f"{place}: {name} is needed no more"


@every_language
def test_each_text_can_be_filled_in(tag: str) -> None:
    """With a number and with words, as ``Content.say`` does."""
    for place, (_, text) in catalogue(tag).texts.items():
        names = [each.partition("!")[0] for each in fields(text)]
        for value in (3, "⁨x⁩"):
            said = text.format_map(dict.fromkeys(names, value))
            assert all(str(value) in said for _ in names), place


@every_language
def test_the_interface_was_made_from_the_english_of_today(tag: str) -> None:
    """The English that the folder keeps is that of ``en``; who changes it looks at the others."""
    kept, today = (_flat(FOLDER / each) for each in (f"{tag}/english", "en/text"))
    stale = sorted(key for key in kept.keys() | today if kept.get(key) != today.get(key))
    assert not stale, f"changed in English since {tag} was made"


def _flat(folder: Path) -> dict[str, str]:
    def walk(table: dict[str, Any], prefix: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in table.items():
            place = f"{prefix}.{key}"
            found |= walk(value, place) if isinstance(value, dict) else {place: str(value)}
        return found

    files = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    return walk(files, "")


@every_language
def test_each_statement_has_its_passport(tag: str) -> None:
    """Who made it, what it says translated back, and leaflets by an address that can be opened."""
    for place, each in catalogue(tag).statements.items():
        assert each.made_by and each.back.strip(), place
        # A word or two may be the same in both.
        assert each.back != each.text or len(each.text.split()) < 3, f"{place} was not translated"
        for address in each.worded:
            parts = urlsplit(address)
            assert parts.scheme == "https" and parts.hostname, (place, address)


@every_language
def test_nobody_is_named_as_a_reviewer_who_is_a_program(tag: str) -> None:
    """What a program read is not reviewed."""
    for place, each in catalogue(tag).statements.items():
        assert "machine" not in each.reviewed_by.casefold(), place


@every_language
def test_its_own_name_and_marks(tag: str) -> None:
    """A name of its own, a mark for decimals, a month in words."""
    manner = load(tag).manner
    assert manner.name and manner.name != "English"
    assert manner.decimal_mark in ".,"
    assert "MMM" in manner.day and "MMM" in manner.weekday


@pytest.mark.parametrize("tag", ["en", *TAGS])
def test_no_number_can_be_read_with_either_mark(tag: str) -> None:
    """Three digits behind a mark are thousands to one reader, and decimals to another."""
    content = load(tag)
    forms = chain.from_iterable(each.values() for each in content.forms.values())
    texts = [*content.text.values(), *forms]
    texts += [each.text for each in content.statements]
    assert not [each for each in texts if re.search(r"\d[.,]\d{3}(?!\d)", each)]
