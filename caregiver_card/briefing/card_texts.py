"""Parts of a card in words; a missing value reads "not recorded" and is never left blank."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from caregiver_card.briefing import isolates
from caregiver_card.briefing.content import Content, load
from caregiver_card.briefing.isolates import NO_BREAK as NO_BREAK
from caregiver_card.card import dose_warnings, pump_models, reservoir
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
    """One labelled value; ``note`` qualifies it, and ``strong`` marks it as read first.

    Where the card has no value, ``value`` says so and ``recorded`` is false. ``written`` names what
    is in the words of whoever filled in the card: "value", "note" or neither.
    """

    label: str
    value: str
    note: str = ""
    strong: bool = False
    recorded: bool = True
    written: str = ""


@dataclass(frozen=True, slots=True)
class ListText:
    """A list with its status: ``words`` where there is nothing to list, otherwise ``items``."""

    status: str
    words: str
    items: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def age(born: date, today: date, language: str) -> str:
    """Return an age in words: full years, or months in the first two years of life."""
    content, years = load(language), years_between(born, today)
    if years >= 2:
        return content.say("day.years", count=years)
    months = max(0, months_between(born, today))
    return content.say("day.months", count=months) if months else content.say("day.newborn")


def list_text(kind: str, status: str | None, items: list[str], content: Content) -> ListText:
    """Return a list with a status: ``listed``, ``none_known``, ``unknown``, ``not_shared`` or none.

    The result never contains the items of a list that is not shared.
    """
    if status == "listed":
        return ListText(status, "", tuple(items))
    status = status or "not_recorded"
    return ListText(status, content.say(f"status.{kind}-{status}"))


def allergies(card: Card, content: Content) -> ListText:
    """Return the allergies and whether they are known."""
    items = [
        f"{allergy.substance} ({allergy.reaction})" if allergy.reaction else allergy.substance
        for allergy in card.allergies.items
    ]
    return list_text("allergies", card.allergies.status, items, content)


def medicines(card: Card, content: Content) -> ListText:
    """Return the other medicines and whether they are known."""
    items = [_medicine(medicine) for medicine in card.medicines.items]
    return list_text("medicines", card.medicines.status, items, content)


def _medicine(medicine: Medicine) -> str:
    return " ".join(filter(None, [medicine.name, isolates.protect_dose(medicine.dose or "")])) + (
        f", {medicine.frequency}" if medicine.frequency else ""
    )


def pump_drugs(card: Card, content: Content) -> ListText:
    """Return the drugs in the reservoir other than baclofen."""
    others = card.regimen.other_pump_drugs
    items = [
        f"{drug.name} {isolates.protect_dose(drug.concentration)}"
        if drug.concentration
        else drug.name
        for drug in (others.items if others else ())
    ]
    return list_text("pump_drugs", others.status if others else None, items, content)


def oral(regimen_oral: OralBaclofen | None, content: Content) -> ListText:
    """Return baclofen by mouth; a backup is first of all said not to be taken now."""
    if not regimen_oral or regimen_oral.status != "listed":
        return list_text("oral", regimen_oral.status if regimen_oral else None, [], content)
    count = regimen_oral.times_per_day
    often = {1: "page.once", 2: "page.twice"}.get(count or 0, "page.times")
    key = "page.oral_backup" if regimen_oral.purpose == BACKUP else "page.oral_value"
    dose = content.say(
        key if count else "page.oral_backup_once",
        mg=regimen_oral.dose_mg or Decimal(0),
        often=content.say(often, count=count),
    )
    return ListText("listed", "", (dose,))


def is_backup(regimen_oral: OralBaclofen | None) -> bool:
    """Whether baclofen by mouth is not taken now, but kept for an emergency."""
    return bool(regimen_oral and regimen_oral.purpose == BACKUP)


def pump(card: Card, content: Content) -> str:
    """Return maker and model; a model that no table knows is marked "as recorded"."""
    maker, model = card.pump.maker, card.pump.model
    if pump_models.find_family(maker, model):
        return f"{maker} {model}"
    return content.say("page.pump_unknown", maker=maker, model=model)


def mode(card: Card, content: Content) -> str:
    """Return how the drug is given, and whether there is or may be a patient's bolus device."""
    regimen = card.regimen
    mode_key = "flex-bare" if regimen.mode == "flex" and not regimen.schedule else regimen.mode
    parts = [content.say(f"mode.{mode_key}")]
    device = {"yes": "mode.with_bolus", "unknown": "mode.bolus_unknown"}
    if regimen.patient_bolus_device in device:
        parts.append(content.say(device[regimen.patient_bolus_device]))
    return ", ".join(parts)


def unusual_note(card: Card, path: str, content: Content) -> str:
    """Return a note on an unusual value at ``path`` and its confirmation, or an empty string."""
    if path not in {fault.path for fault in dose_warnings.dose_warnings(card, card.verified.on)}:
        return ""
    return content.say("page.unusual_confirmed" if path in card.confirmed else "page.unusual_open")


def alarm_date(card: Card, content: Content) -> Fact:
    """Return the clinic's alarm date, else an estimate called one, else what to do without."""
    low, label = reservoir.low_day(card), content.say("page.alarm_date")
    if low is None:
        return Fact(label, content.say("page.alarm_unknown"), strong=True)
    if low.source == "clinic":
        return Fact(label, content.day(low.on), content.say("page.alarm_note"), strong=True)
    key = "page.alarm_estimate" if low.source == "estimate" else "page.alarm_cap"
    return Fact(label, content.say(key, day=low.on))


def change(card: Card, content: Content) -> str:
    """Return the last change of the dose."""
    last_change = card.regimen.last_change
    if not last_change:
        return content.say("status.not_recorded")
    if last_change.from_mcg is None or last_change.to_mcg is None:
        return content.say("page.change_bare", day=last_change.on)
    return content.say(
        "page.change",
        day=last_change.on,
        before=last_change.from_mcg,
        after=last_change.to_mcg,
    )


def refill(card: Card, content: Content) -> Fact:
    """Return the last refill and the volume in the reservoir after it."""
    volume = card.refill.volume_ml
    note = content.say("page.volume", ml=volume) if volume else content.say("page.volume_none")
    return Fact(
        content.say("page.last_refill"), content.day(card.refill.last_refill_on), note, True
    )


def risks(card: Card, content: Content) -> tuple[Fact, ...]:
    """Return each risk flag with its own answer, so that no "no" can be read as a "yes"."""
    recorded = card.patient.risks
    facts = []
    for name in RISKS:
        answer = (getattr(recorded, name) if recorded else None) or "not_recorded"
        words = content.say(f"answer.{answer}")
        facts.append(Fact(content.say(f"risk.{name}"), words, strong=answer == "yes"))
    return tuple(facts)


def contact_description(contact: Contact) -> str:
    """Return a contact's relation and languages."""
    return " · ".join(filter(None, [contact.relation, contact.language]))


def flow(card: Card, content: Content) -> str | None:
    """Return the flow of a constant-flow pump, if the card gives it."""
    if card.regimen.mode != "constant_flow":
        return None
    ml_per_day = reservoir.flow_ml_per_day(card)
    return content.say("page.flow_value", ml=ml_per_day) if ml_per_day else None


def directives_text(card: Card, content: Content) -> ListText:
    """Return the wishes as they were written, with the day."""
    wish = card.directives
    text = wish.text if wish else None
    if wish and text and wish.written_on:
        text = content.say("page.directives_dated", text=text, day=wish.written_on)
    items = [text] if text else []
    return list_text("directives", wish.status if wish else None, items, content)
