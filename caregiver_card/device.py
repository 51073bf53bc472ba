"""What is in the pump and what it is, in finished words."""

from dataclasses import dataclass
from datetime import date

from caregiver_card import phrases, pumps, values
from caregiver_card.card import Card
from caregiver_card.content import Content, Statement
from caregiver_card.phrases import Fact


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that must never be parted from its unit."""

    label: str
    number: str
    unit: str
    notes: tuple[str, ...]


def dose(card: Card, content: Content) -> Measure:
    """The daily dose, how it is given, and whether it is unusual."""
    regimen = card.regimen
    notes = [phrases.mode(card, content)]
    notes.append(phrases.unusual(card, "regimen.daily_dose_mcg", content))
    return Measure(
        content.say("page.dose"),
        phrases.plain(regimen.daily_dose_mcg),
        "mcg",
        tuple(filter(None, notes)),
    )


def concentration(card: Card, content: Content) -> Measure:
    """The concentration, and what else is or may be in the reservoir."""
    regimen, drugs = card.regimen, phrases.pump_drugs(card, content)
    notes = [content.say("page.compounded")] if regimen.compounded else []
    notes.append(phrases.unusual(card, "regimen.concentration_mcg_per_ml", content))
    if not drugs.items:
        notes.append(drugs.words)
    return Measure(
        content.say("page.concentration"),
        phrases.plain(regimen.concentration_mcg_per_ml),
        "mcg/mL",
        tuple(filter(None, notes)),
    )


def pump_facts(card: Card, family: pumps.Family | None, content: Content) -> tuple[Fact, ...]:
    """The pump's own data; what a stranger would look for is said to be missing when it is."""
    pump, say, unrecorded = card.pump, content.say, content.say("status.not_recorded")
    sounds = pump.alarms or (family.alarm if family else None)

    def volume(ml: object) -> str:
        return say("page.reservoir_value", ml=values.plain(ml)) if ml is not None else unrecorded

    def day(on: date | None) -> str:
        return content.day(on) if on else unrecorded

    facts = [
        Fact(say("page.next_refill"), day(card.refill.next_appointment_on)),
        Fact(say("page.replace_by"), day(pump.replace_by)),
        Fact(say("page.last_change"), phrases.change(card, content)),
        Fact(say("page.reservoir"), volume(pump.reservoir_ml)),
        Fact(say("page.alarm_volume"), volume(pump.alarm_volume_ml)),
        Fact(
            say("page.access_port"),
            say(f"page.access_port-{pump.catheter_access_port or 'not_recorded'}"),
        ),
        Fact(say("page.catheter"), pump.catheter or unrecorded),
        Fact(say("page.alarms"), say(f"page.alarms-{sounds}") if sounds else unrecorded),
        Fact(say("page.implanted"), day(pump.implanted_on)),
        Fact(say("page.serial"), pump.serial or unrecorded),
    ]
    flowing = phrases.flow(card, content)
    if flowing:
        facts.insert(0, Fact(say("page.flow"), flowing))
    return tuple(facts)


def alarms(card: Card, family: pumps.Family | None, content: Content) -> tuple[Statement, ...]:
    """What an alarm means; the SynchroMed tones only where this pump is known to have them."""
    sounds = card.pump.alarms or (family.alarm if family else "unknown")
    return tuple(
        each
        for each in content.groups["alarms"].values()
        if "applies_to" not in each.extra or sounds == "single_and_two_tone"
    )
