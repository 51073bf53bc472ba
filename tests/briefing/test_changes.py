"""What changed between two versions of a card, in words."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.briefing.changes import Change, changes
from caregiver_card.briefing.field_labels import label
from caregiver_card.card.model import Card, Contact, InvalidCard
from tests import cast
from tests.cast import WORDS, alex, card_of, cards, sam, tuyet


def found(old: Card, new: Card) -> list[tuple[str, str, str]]:
    """The changes as plain rows."""
    return [(each.label, each.before, each.after) for each in changes(old, new, WORDS)]


# What changed ---------------------------------------------------------------------------------


def test_a_refill_is_told_in_words() -> None:
    """Dates, doses with their units, statuses: as a person reads them."""
    new = alex(
        {
            "regimen.daily_dose_mcg": 310,
            "refill.last_refill_on": "2026-11-06",
            "refill.volume_ml": cast.absent,
            "allergies": {"status": "unknown", "items": []},
        }
    )
    rows = found(card_of(alex()), card_of(new))

    assert ("Daily dose", "400\u00a0mcg a day", "310\u00a0mcg a day") in rows
    assert ("Volume after the refill", "20\u00a0mL", "Not recorded") in rows
    assert ("Allergies", "Listed", "Allergies unknown: nobody could say") in rows
    assert next(row for row in rows if row[0] == "Last refill")[2] == "6 Nov 2026"


def test_lists_are_told_item_by_item() -> None:
    """Added, removed, changed and moved items, each by its name."""
    card = card_of(alex())
    first, *rest = card.contacts
    other = Contact(name="Kim Rivera", phone="+13125550199")
    changed = replace(card, contacts=(replace(first, phone="+13125550188"), *rest, other))
    rows = found(card, changed)

    assert (f"Contact {first.name}: telephone", rows[0][1], "+1 312-555-0188") == rows[0]
    assert rows[1] == ("Contact", "not in the list", "Kim Rivera, +1 312-555-0199")
    assert found(changed, card)[1] == ("Contact", "Kim Rivera, +1 312-555-0199", "not in the list")
    turned = replace(changed, contacts=changed.contacts[::-1])
    assert [row[0] for row in found(changed, turned)] == ["Contact: the order of the list"]


def test_an_absent_part_is_one_whose_fields_are_absent() -> None:
    """A plan that is added shows each of its words; the way back shows them going."""
    bare, full = card_of(sam()), card_of(tuyet())
    for row in found(bare, replace(bare, maker_support=full.maker_support)):
        assert row[1] == "Not recorded" != row[2]
    for row in found(full, replace(full, regimen=replace(full.regimen, rescue_plan=None))):
        assert row[1] != "Not recorded" == row[2]


def test_answered_questions_are_named_by_their_field() -> None:
    """A path is never shown, not even one that no card has."""
    card = card_of(sam())
    new = replace(card, confirmed=("regimen.daily_dose_mcg", "medicines.items[1].name", "x"))
    assert [row[2] for row in found(card, new)] == [
        "Daily dose",
        "Medicine 2: name",
        "another question",
    ]


def declared(kind: Any = Card, path: str = "") -> Iterator[str]:
    """The path of every field that holds a value."""
    for each in fields(kind):
        here = f"{path}{each.metadata.get('key', each.name)}"
        inner = each.metadata.get("part") or each.metadata.get("parts")
        if isinstance(inner, type):
            yield from declared(inner, f"{here}.")
        else:
            yield here


@pytest.mark.parametrize("path", list(declared()))
def test_every_field_has_a_name(path: str) -> None:
    """A field without words would show its key."""
    words = label(path, WORDS)
    assert words and "_" not in words and "." not in words


OTHER: dict[type, Any] = {
    str: "another value",
    date: date(2001, 2, 3),
    Decimal: Decimal("77.7"),
    int: 7,
    bool: True,
}


def others(kind: Any, name: str, value: Any) -> list[Any]:
    """Values that a field could hold instead, the absent one among them."""
    declared = next(each for each in fields(kind) if each.name == name)
    parse: Callable[[Any, None], Any] = declared.metadata["parse"]
    found = []
    tried = [*OTHER.values(), "yes", "no", "unknown", "none_known", "listed", "not_shared"]
    tried += ["flex", "bolus", "+13125550142", "+442079460321", "GB", "Asia/Tokyo", "09:30"]
    tried += ["none", "single_and_two_tone", False, Decimal("900"), date(2031, 1, 1)]
    for each in tried:
        try:
            found.append(parse(each, None))
        except ValueError:
            continue
    if declared.default is not MISSING:
        found.append(declared.default)
    return [each for each in found if each != value]


def leaves(part: Any, build: Any) -> Iterator[tuple[Any, str, Any, Any]]:
    """Every field that holds a value, with what puts another one into the whole card."""
    for each in fields(part):
        value = getattr(part, each.name)

        def put(new: Any, name: str = each.name) -> Any:
            return build(replace(part, **{name: new}))

        if "parse" in each.metadata:
            yield type(part), each.name, value, put
        elif "part" in each.metadata and value is not None:
            yield from leaves(value, put)
        elif "parts" in each.metadata and isinstance(each.metadata["parts"], type):
            for index, item in enumerate(value):

                def place(new: Any, at: int = index, all_of: Any = value, put: Any = put) -> Any:
                    return put((*all_of[:at], new, *all_of[at + 1 :]))

                yield from leaves(item, place)


@given(cards(), st.data())
def test_any_changed_field_is_told(card: Card, data: st.DataObject) -> None:
    """One field is given another value: at least one change, with both words, and no key."""
    # The drug can be no other.
    held = [each for each in leaves(card, lambda whole: whole) if others(*each[:3])]
    kind, name, value, put = data.draw(st.sampled_from(held))
    other = data.draw(st.sampled_from(others(kind, name, value)))
    try:
        changed = put(other)
    except InvalidCard:
        return
    told = changes(card, changed, WORDS)

    assert told, name
    for each in told:
        assert each.label and each.before and each.after and each.before != each.after
        assert "None" not in f"{each.label}{each.before}{each.after}"
    back = changes(changed, card, WORDS)
    assert sorted((e.before, e.after) for e in told) == sorted((e.after, e.before) for e in back)


@given(cards())
def test_equal_cards_have_no_change(card: Card) -> None:
    """Nor has the same card, read once more."""
    assert changes(card, replace(card), WORDS) == ()


@given(cards(), cards())
def test_any_two_cards_can_be_compared(old: Card, new: Card) -> None:
    """Different cards always have a change, and it is never an empty one."""
    told = changes(old, new, WORDS)
    assert bool(told) == (old != new)
    assert all(isinstance(each, Change) and each.before and each.after for each in told)
