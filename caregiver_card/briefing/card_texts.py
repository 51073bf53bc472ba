"""Parts of a card in finished words. What is not recorded is said to be so, never left blank."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from caregiver_card.briefing import isolates
from caregiver_card.briefing.content import Content, load
from caregiver_card.briefing.isolates import NO_BREAK as NO_BREAK
from caregiver_card.card import dose_warnings, pump_models, reservoir, values
from caregiver_card.card.dates import months_between, years_between
from caregiver_card.card.model import Card, Contact, Medicine
from caregiver_card.card.regimen import BACKUP, OralBaclofen

RISKS = (
    "past_withdrawal",
    "cord_injury_t6_or_above",
    "communication_difficulty",
    "seizure_history",
    "kidney_disease",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value; ``note`` qualifies it; ``strong`` is read first."""

    label: str
    value: str
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class ListText:
    """A list with its status: words when there is nothing to list, otherwise items."""

    status: str
    words: str
    items: tuple[str, ...] = ()


def format_number(value: Decimal) -> str:
    """A number as it is read: no exponent, no trailing zeros."""
    return values.format_number(value)


@lru_cache(maxsize=4096)
def age(born: date, today: date, language: str) -> str:
    """Full years; months in the first two years of life."""
    content, years = load(language), years_between(born, today)
    if years >= 2:
        return content.say("day.years", count=years)
    months = max(0, months_between(born, today))
    if months < 2:
        return content.say(("day.newborn", "day.month")[months])
    return content.say("day.months", count=months)


def listed(kind: str, status: str | None, items: list[str], content: Content) -> ListText:
    """A list with a status: ``listed``, ``none_known``, ``unknown``, ``not_shared`` or nothing.

    The items of a list that is not shared are never in the result.
    """
    if status == "listed":
        return ListText(status, "", tuple(items))
    status = status or "not_recorded"
    return ListText(status, content.say(f"status.{kind}-{status}"))


def allergies(card: Card, content: Content) -> ListText:
    """What is known of allergies."""
    items = [
        f"{each.substance} ({each.reaction})" if each.reaction else each.substance
        for each in card.allergies.items
    ]
    return listed("allergies", card.allergies.status, items, content)


def medicines(card: Card, content: Content) -> ListText:
    """What is known of other medicines."""
    items = [_medicine(each) for each in card.medicines.items]
    return listed("medicines", card.medicines.status, items, content)


def _medicine(each: Medicine) -> str:
    return " ".join(filter(None, [each.name, isolates.dose(each.dose or "")])) + (
        f", {each.frequency}" if each.frequency else ""
    )


def pump_drugs(card: Card, content: Content) -> ListText:
    """What is in the reservoir beside baclofen."""
    others = card.regimen.other_pump_drugs
    items = [
        f"{each.name} {isolates.dose(each.concentration)}" if each.concentration else each.name
        for each in (others.items if others else ())
    ]
    return listed("pump_drugs", others.status if others else None, items, content)


def oral(regimen_oral: OralBaclofen | None, content: Content) -> ListText:
    """Baclofen by mouth; a backup says first that it is not taken now."""
    if not regimen_oral or regimen_oral.status != "listed":
        return listed("oral", regimen_oral.status if regimen_oral else None, [], content)
    count = regimen_oral.times_per_day
    often = {1: "page.once", 2: "page.twice"}.get(count or 0, "page.times")
    place = "page.oral_backup" if regimen_oral.purpose == BACKUP else "page.oral_value"
    dose = content.say(
        place if count else "page.oral_backup_once",
        mg=format_number(regimen_oral.dose_mg or Decimal(0)),
        often=content.say(often, count=count),
    )
    return ListText("listed", "", (dose,))


def pump(card: Card, content: Content) -> str:
    """Maker and model; a model that no table knows is called what it is: as recorded."""
    maker, model = card.pump.maker, card.pump.model
    if pump_models.find_family(maker, model):
        return f"{maker} {model}"
    return content.say("page.pump_unknown", maker=maker, model=model)


def mode(card: Card, content: Content) -> str:
    """How the drug is given, with a patient's bolus device if there may be one."""
    regimen = card.regimen
    place = "flex-bare" if regimen.mode == "flex" and not regimen.schedule else regimen.mode
    words = [content.say(f"mode.{place}")]
    device = {"yes": "mode.with_bolus", "unknown": "mode.bolus_unknown"}
    if regimen.patient_bolus_device in device:
        words.append(content.say(device[regimen.patient_bolus_device]))
    return ", ".join(words)


def unusual(card: Card, path: str, content: Content) -> str:
    """Whether the value at ``path`` raised a question, and whether a person answered it."""
    if path not in {each.path for each in dose_warnings.dose_warnings(card, card.verified.on)}:
        return ""
    return content.say("page.unusual_confirmed" if path in card.confirmed else "page.unusual_open")


def alarm_date(card: Card, content: Content) -> Fact:
    """The clinic's date; without it an estimate that is called one; otherwise what that means."""
    low, label = reservoir.low_day(card), content.say("page.alarm_date")
    if low is None:
        return Fact(label, content.say("page.alarm_unknown"), strong=True)
    if low.source == "clinic":
        return Fact(label, content.day(low.on), content.say("page.alarm_note"), strong=True)
    place = "page.alarm_estimate" if low.source == "estimate" else "page.alarm_cap"
    return Fact(label, content.say(place, day=low.on))


def change(card: Card, content: Content) -> str:
    """The last change of the dose."""
    last = card.regimen.last_change
    if not last:
        return content.say("status.not_recorded")
    if last.from_mcg is None or last.to_mcg is None:
        return content.say("page.change_bare", day=last.on)
    return content.say(
        "page.change",
        day=last.on,
        before=format_number(last.from_mcg),
        after=format_number(last.to_mcg),
    )


def refill(card: Card, content: Content) -> Fact:
    """The last refill and what the reservoir then held."""
    volume = card.refill.volume_ml
    note = (
        content.say("page.volume", ml=format_number(volume))
        if volume
        else content.say("page.volume_none")
    )
    return Fact(
        content.say("page.last_refill"), content.day(card.refill.last_refill_on), note, True
    )


def risks(card: Card, content: Content) -> tuple[Fact, ...]:
    """The risk flags, each with its own answer: a list of "no" must not read as a list of "yes"."""
    held = card.patient.risks
    found = []
    for name in RISKS:
        answer = (getattr(held, name) if held else None) or "not_recorded"
        words = content.say(f"answer.{answer}")
        found.append(Fact(content.say(f"risk.{name}"), words, strong=answer == "yes"))
    return tuple(found)


def who(contact: Contact) -> str:
    """A contact's relation and languages."""
    return " · ".join(filter(None, [contact.relation, contact.language]))


def flow(card: Card, content: Content) -> str | None:
    """The flow of a constant-flow pump, when the card gives it."""
    if card.regimen.mode != "constant_flow":
        return None
    flowing = reservoir.flow_ml_per_day(card)
    return content.say("page.flow_value", ml=format_number(flowing)) if flowing else None
