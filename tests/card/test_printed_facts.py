"""The facts that prints show, and in which of them two prints differ."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given

from caregiver_card.card import printed_facts
from caregiver_card.card.model import Card
from tests import cast
from tests.cast import absent, alex, card_of, cards, sam, tuyet

# What is changed of Alex's file, and in which facts prints then differ.
CHANGES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("nothing", {}, []),
    ("a dose", {"regimen.daily_dose_mcg": 350}, ["regimen.daily_dose_mcg"]),
    ("another day of confirming", {"verified.on": "2026-08-21", "verified.by": "Jo"}, []),
    ("a time zone", {"time_zone": "Europe/London"}, []),
    ("what is in a hospital's file alone", {"patient.gender": "male"}, []),
    ("a family name", {"patient.family_name": "Rivera"}, []),
    ("a number on large prints", {"pump.serial": "NGP1"}, ["pump.serial"]),
    ("what was there is not", {"patient.baseline": absent}, ["patient.baseline"]),
    ("the first contact", {"contacts[0].phone": "+13125550178"}, [printed_facts.FIRST_CONTACT]),
    ("the second contact", {"contacts[1].relation": "friend"}, [printed_facts.OTHER_CONTACTS]),
    ("an allergy", {"allergies.items[0].reaction": "rash"}, ["allergies"]),
    (
        "a list withheld",
        {"allergies.status": "not_shared"},
        ["allergies"],
    ),
    ("a clinic's date", {"refill.alarm_date": absent}, [printed_facts.ALARM_DATE]),
    ("an answer to no question", {"confirmed": ["regimen.daily_dose_mcg"]}, []),
    ("an answer that none shows", {"confirmed": ["refill.volume_ml"]}, []),
    ("false, where nothing was said", {"regimen.compounded": True}, ["regimen.compounded"]),
]


@pytest.mark.parametrize(("what", "changes", "differing"), CHANGES, ids=[c[0] for c in CHANGES])
def test_prints_differ_in_just_these_facts(
    what: str, changes: dict[str, Any], differing: list[str]
) -> None:
    """What is no fact makes no paper wrong, and each fact is found out."""
    old, new = card_of(alex()), card_of(alex(changes))
    assert printed_facts.differences(old, new) == tuple(differing), what
    assert set(printed_facts.differences(new, old)) == set(differing), what


def test_an_estimate_is_a_difference_of_the_alarm_date() -> None:
    """No field holds it, and prints show it: another volume makes it another day."""
    old = card_of(alex({"refill.alarm_date": absent}))
    new = card_of(alex({"refill.alarm_date": absent, "refill.volume_ml": 19}))
    assert printed_facts.differences(old, new) == ("refill.volume_ml", printed_facts.ALARM_DATE)


def test_an_unusual_number_that_somebody_confirmed_is_a_fact() -> None:
    """Prints say "unusual, check" before, and "unusual, confirmed" after."""
    dose = "regimen.daily_dose_mcg"
    old, new = card_of(alex({dose: 2400})), card_of(alex({dose: 2400, "confirmed": [dose]}))
    assert printed_facts.differences(old, new) == (printed_facts.CONFIRMED_UNUSUAL,)


def test_what_is_not_shared_is_no_fact() -> None:
    """Nobody learns from a difference what changed in a list that is withheld."""
    withheld = alex({"medicines.status": "not_shared"})
    other = alex({"medicines": {"status": "not_shared", "items": [{"name": "Kept to ourselves"}]}})
    assert printed_facts.facts(card_of(withheld)) == printed_facts.facts(card_of(other))
    assert "Gabapentin" not in str(printed_facts.facts(card_of(withheld)))


@pytest.mark.parametrize("name", sorted(cast.CAST))
def test_the_wallet_card_shows_facts_of_the_card(name: str) -> None:
    """Those that it must show are there for everyone, and are facts that it has room for."""
    held = {path for path, _ in printed_facts.facts(card_of(cast.CAST[name]()))}
    for path in (
        "patient.full_name",
        "regimen.daily_dose_mcg",
        "team.phone_24h",
        printed_facts.FIRST_CONTACT,
    ):
        assert path in held and printed_facts.fits_wallet(path)
    assert not any(
        printed_facts.fits_wallet(path)
        for path in ("medicines.items", printed_facts.OTHER_CONTACTS)
    )


@given(cards())
def test_the_same_card_has_the_same_facts(card: Card) -> None:
    """Each path once, and nothing of a part that another card has more of is left out."""
    found = printed_facts.facts(card)
    assert len(dict(found)) == len(found)
    assert printed_facts.facts(replace(card)) == found
    assert printed_facts.differences(card, card) == ()


@given(cards(), cards())
def test_cards_differ_in_facts_or_in_what_is_none(old: Card, new: Card) -> None:
    """What differs without a difference is the confirming, the zone, for matching, or withheld."""
    if printed_facts.differences(old, new):
        return
    before = old.patient
    alike = replace(
        new,
        patient=replace(new.patient, family_name=before.family_name, gender=before.gender),
        verified=old.verified,
        time_zone=old.time_zone,
        confirmed=old.confirmed,
    )
    for each in fields(Card):
        was, now = getattr(old, each.name), getattr(alike, each.name)
        assert was == now or "not_shared" in str(was), each.name


def test_every_edge_has_facts() -> None:
    """The least card has fewer facts than the one with every edge."""
    assert len(printed_facts.facts(card_of(sam()))) < len(printed_facts.facts(card_of(tuyet())))
