"""The pump and its content, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from caregiver_card.briefing import card_texts, isolates
from caregiver_card.briefing.card_texts import Fact
from caregiver_card.briefing.content import Content, Statement
from caregiver_card.card import pump_models
from caregiver_card.card.model import Card

_DOSE, _CONCENTRATION = "regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml"
_UNUSUAL = (("page.unusual_dose", _DOSE), ("page.unusual_concentration", _CONCENTRATION))


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that must never be separated from its unit."""

    label: str
    number: str
    unit: str
    notes: tuple[str, ...]
    # The notes without the mixture and without a doubt, for where these have a line of their own.
    beside: tuple[str, ...]


def dose(card: Card, content: Content) -> Measure:
    """Return the daily dose, how it is given, and whether it is unusual."""
    mode = card_texts.mode(card, content)
    note = card_texts.unusual_note(card, _DOSE, content)
    return Measure(
        content.say("page.dose"),
        content.number(card.regimen.daily_dose_mcg),
        "mcg",
        tuple(filter(None, (mode, note))),
        tuple(filter(None, (mode, note if _DOSE in card.confirmed else ""))),
    )


def concentration(card: Card, content: Content) -> Measure:
    """Return the concentration, and what else is or may be in the reservoir."""
    regimen, drugs = card.regimen, card_texts.pump_drugs(card, content)
    compounded = content.say("page.compounded") if regimen.compounded else ""
    note = card_texts.unusual_note(card, _CONCENTRATION, content)
    # A mixture is the first thing to know about a concentration.
    others = content.say("page.with_others", drugs=isolates.join_isolated(drugs.items, ", "))
    beside = (drugs.words, compounded, note if _CONCENTRATION in card.confirmed else "")
    return Measure(
        content.say("page.concentration"),
        content.number(regimen.concentration_mcg_per_ml),
        "mcg/mL",
        tuple(filter(None, (others if drugs.items else drugs.words, compounded, note))),
        tuple(filter(None, beside)),
    )


def mixture(card: Card, content: Content) -> str:
    """Return what else is or may be in the pump, for treating an overdose; empty if nothing is."""
    drugs = card_texts.pump_drugs(card, content)
    if drugs.status == "none_known":
        return ""
    return content.say(
        "page.pump_holds", drugs=isolates.join_isolated(drugs.items, ", ") or drugs.words
    )


def cautions(card: Card, content: Content) -> tuple[str, ...]:
    """Return which of dose and concentration are unusual, for a print with little room."""
    return _cautions(card, _UNUSUAL, content)


def doubts(card: Card, content: Content) -> tuple[str, ...]:
    """Return which of dose and concentration are unusual and confirmed by nobody."""
    return _cautions(card, [each for each in _UNUSUAL if each[1] not in card.confirmed], content)


def _cautions(card: Card, places: Iterable[tuple[str, str]], content: Content) -> tuple[str, ...]:
    labels_by_note: dict[str, list[str]] = {}
    for label, path in places:
        note = card_texts.unusual_note(card, path, content)
        if note:
            labels_by_note.setdefault(note, []).append(content.say(label))
    sentences = (f"{', '.join(labels)}: {note}" for note, labels in labels_by_note.items())
    return tuple(f"{sentence[0].upper()}{sentence[1:]}" for sentence in sentences)


def giving(card: Card, content: Content) -> tuple[Fact, ...]:
    """Return which pump it is, how it gives the drug, and the last change."""
    say = content.say
    flow = card_texts.flow(card, content)
    return (
        which(card, content),
        *((Fact(say("page.flow"), flow),) if flow else ()),
        *(
            Fact(f"{row.start} – {row.end}", f"{content.number(row.mcg)} mcg")
            for row in card.regimen.schedule
        ),
        last_change(card, content),
    )


def which(card: Card, content: Content) -> Fact:
    """Return which pump it is, and where."""
    pump, location = card_texts.pump(card, content), card.pump.location
    return Fact(content.say("page.pump"), pump, location, strong=True, written="note")


def last_change(card: Card, content: Content) -> Fact:
    """Return the last change of the dose."""
    words = card_texts.change(card, content)
    return Fact(
        content.say("page.last_change"), words, recorded=card.regimen.last_change is not None
    )


def dates(card: Card, content: Content) -> tuple[Fact, ...]:
    """Return the pump's dates; a missing one reads "not recorded"."""

    def day(key: str, on: date | None) -> Fact:
        return optional(key, content.day(on) if on else None, content)

    return (
        card_texts.refill(card, content),
        card_texts.alarm_date(card, content),
        day("page.next_refill", card.refill.next_appointment_on),
        day("page.replace_by", card.pump.replace_by),
    )


def optional(key: str, value: str | None, content: Content) -> Fact:
    """Return a fact with the label at ``key``; without a value it reads "not recorded"."""
    words = value or content.say("status.not_recorded")
    return Fact(content.say(key), words, recorded=bool(value))


def details(
    card: Card, family: pump_models.PumpFamily | None, content: Content
) -> tuple[Fact, ...]:
    """Return details for whoever handles the pump; a missing one reads "not recorded"."""
    pump, say = card.pump, content.say

    def volume(key: str, ml: object) -> Fact:
        words = None if ml is None else say("page.reservoir_value", ml=ml)
        return optional(key, words, content)

    port = pump.catheter_access_port
    implanted = content.day(pump.implanted_on) if pump.implanted_on else None
    return (
        volume("page.reservoir", pump.reservoir_ml),
        volume("page.alarm_volume", pump.alarm_volume_ml),
        optional("page.access_port", say(f"page.access_port-{port}") if port else None, content),
        optional("page.catheter", pump.catheter, content),
        alarm_sounds(card, family, content),
        optional("page.implanted", implanted, content),
        optional("page.serial", pump.serial, content),
    )


def alarm_sounds(card: Card, family: pump_models.PumpFamily | None, content: Content) -> Fact:
    """Which sounds this pump makes, as recorded or as its model is known to."""
    # What a table says of a model fills in; that a table is silent is not "unknown" to the family.
    known = family.alarm if family and family.alarm != "unknown" else None
    sounds = card.pump.alarms or known
    words = content.say(f"page.alarms-{sounds}") if sounds else None
    return optional("page.alarms", words, content)


def alarms(
    card: Card, family: pump_models.PumpFamily | None, content: Content
) -> tuple[Statement, ...]:
    """Return what an alarm means; SynchroMed tones only where the pump is known to have them."""
    sounds = card.pump.alarms or (family.alarm if family else "unknown")
    return tuple(
        statement
        for statement in content.groups["alarms"].values()
        if "applies_to" not in statement.extra or sounds == "single_and_two_tone"
    )
