"""What a card records stands on a print or is named there as being only on the page."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from caregiver_card.briefing import changes
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.card_texts import RISKS
from caregiver_card.card import printed_facts
from caregiver_card.card.model import Card
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import left_out
from tests.cast import CAST, WORDS, alex, card_of, tuyet
from tests.prints import Print, squeezed

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
_BACKUP = {"status": "listed", "purpose": "backup", "dose_mg": 12.5, "times_per_day": 3}
_FULL = {
    "regimen.oral_baclofen": _BACKUP,
    "regimen.patient_bolus_device": "yes",
    "pump.alarms": "none",
    "pump.serial": "NGP123456H",
    "pump.reservoir_ml": 40,
    "pump.alarm_volume_ml": 3,
    "pump.catheter": "silicone, 89 cm",
    "pump.catheter_access_port": "yes",
    "pump.implanted_on": "2022-03-04",
    "maker_support": {"phone": "+1 800 707 0933", "for": "clinicians", "checked_on": "2026-08-20"},
    "team.implanted_by": "Professor Implanter",
    "team.physician": "Doctor Physician",
    "team.clinic": "The pump clinic",
    "team.phone_clinic": "+84 24 3826 0002",
    "contacts": [
        {"name": "First Person", "relation": "sister", "phone": "0901 234 567", "language": "Thai"},
        {"name": "Second Person", "relation": "neighbour"},
    ],
}
CARDS: dict[str, Callable[[], dict[str, Any]]] = {
    **CAST,
    "full": lambda: tuyet(_FULL),
    "backup": lambda: alex(_FULL),
}
# Where the sheet has what the wallet card names; a section that has no room is named by itself.
_SECTIONS = {
    "normal": ("usual",),
    "communication": ("usual",),
    "schedule": ("giving",),
    "change": ("giving",),
    "details": ("details", "appointment", "team"),
}

_UNPRINTED = ("time_zone", "language", "contacts", "patient.family_name", "patient.gender")


def _fields(kind: Any, path: str) -> Iterator[str]:
    """The path of every fact that a card can record."""
    for each in dataclasses.fields(kind):
        here = f"{path}{each.metadata.get('key', each.name)}"
        part = each.metadata.get("part")
        if part and "status" not in {field.name for field in dataclasses.fields(part)}:
            yield from _fields(part, f"{here}.")
        elif here not in (*_UNPRINTED, "verified.on", "verified.by"):
            yield here


@pytest.mark.parametrize(
    "path", [*_fields(Card, ""), printed_facts.FIRST_CONTACT, printed_facts.OTHER_CONTACTS]
)
def test_every_field_of_a_card_has_a_name(path: str) -> None:
    """None is a further detail only because nobody thought of it."""
    name = left_out.name(path)
    assert name != "more"
    assert not name or f"wallet.left-{name}" in WORDS.text
    assert not name or name in left_out.ORDER


def test_a_field_that_nobody_thought_of_is_named_all_the_same() -> None:
    """As a further detail."""
    b = brief(card_of(alex()), WORDS)
    later = dataclasses.replace(b, facts=(*b.facts, ("patient.shoe_size", "42")))
    assert "more" in left_out.left(later, {""}) and "more" not in left_out.left(b, {""})


@cache
def _card(name: str) -> tuple[Card, Briefing]:
    card = card_of(CARDS[name]())
    return card, brief(card, WORDS, 1)


def _recorded(card: Card, b: Briefing) -> Iterator[tuple[str, str]]:
    """Each thing that a card records: its name, and its words where it is printed."""
    for each in changes.recorded_values(card, WORDS):
        if each.path.startswith((*_UNPRINTED, "confirmed", "verified", "region")):
            continue
        name, words = left_out.name(each.path), each.after
        if each.path.startswith("patient.risks."):
            words = WORDS.say(f"risk.{each.path.rpartition('.')[2]}")
        if each.path.endswith((".status", "written_on", "drug", "access_port", ".alarms")):
            continue
        if each.path in ("regimen.compounded", "regimen.patient_bolus_device"):
            place = {"regimen.compounded": "page.compounded"}.get(each.path, "mode.with_bolus")
            words = WORDS.say(place) if each.after == "Yes" else ""
        if each.path == "regimen.oral_baclofen" and not b.oral.items:
            continue
        if name == "change":
            words = words.removesuffix("\u00a0mcg a day")
        if each.path == "regimen.mode":
            words = b.mode.split(",")[0]
        yield name, words
    first, *others = b.contacts
    yield "contact", first.name
    yield from (("language", each.about.rpartition(" · ")[2]) for each in (first,) if each.about)
    yield from (("others", each.name) for each in others)


def _named(printed: Print) -> str:
    return printed.squeezed.partition("Onlyonthepage:")[2].partition(".")[0]


def _missing(layout: str, name: str, paper: str) -> list[str]:
    """What is neither printed nor named."""
    card, b = _card(name)
    printed = Print(printer.make_pdf(layout, b, ADDRESS, paper=paper))
    said, text = _named(printed), printed.squeezed.casefold()
    missing = []
    for key, words in _recorded(card, b):
        pieces = re.split(r", | a day| – |: |\n", words)
        if all(squeezed(each).casefold() in text for each in pieces):
            continue
        places = [f"leaf.left-{each}" for each in _SECTIONS.get(key, (key,))]
        places.append(f"wallet.left-{key}")
        if key in left_out.SMALLER:
            places.append("wallet.left-smaller")
        # A line that is not there needs no word on whom it is for.
        places += ["wallet.left-maker"] if key == "line" else []
        names = [WORDS.text[each] for each in places if each in WORDS.text]
        if not any(squeezed(each) in said for each in names):
            missing.append(f"{key}: {words}")
    return missing


@pytest.mark.parametrize("name", CARDS)
def test_the_wallet_card_shows_or_names_all_that_is_recorded(name: str) -> None:
    """The card of each of the cast, and of two with every field."""
    assert _missing("wallet", name, "a4") == []


@pytest.mark.slow
@pytest.mark.parametrize("paper", printer.PAPERS)
@pytest.mark.parametrize("layout", ["fold", "sheet", "school"])
@pytest.mark.parametrize("name", CARDS)
def test_each_print_shows_or_names_all_that_is_recorded(name: str, layout: str, paper: str) -> None:
    """On both papers."""
    assert _missing(layout, name, paper) == []


def test_the_full_cards_are_full() -> None:
    """No field is empty in both of them."""
    held = {path for name in ("full", "backup") for path, _ in printed_facts.facts(_card(name)[0])}
    every = {*_fields(Card, ""), printed_facts.FIRST_CONTACT, printed_facts.OTHER_CONTACTS}
    assert every - held <= {"regimen.flow_ml_per_day", "confirmed"}
    assert len(RISKS) == 5
