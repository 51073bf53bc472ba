"""The medicines of the summary: what is in the pump, what it gives, what else is taken."""

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.isolates import plain
from caregiver_card.card.model import Card
from caregiver_card.exports.ips import resources, terminology
from caregiver_card.exports.ips.terminology import Json, concept, quantity


def drug(card: Card) -> Json:
    """What is in the pump; only baclofen's strength is a number on a card."""
    strength = {
        "numerator": quantity(card.regimen.concentration_mcg_per_ml, "mcg"),
        "denominator": quantity(1, "mL"),
    }
    baclofen = concept(terminology.BACLOFEN, text="baclofen")
    ingredients = [{"itemCodeableConcept": baclofen, "isActive": True, "strength": strength}]
    others = card.regimen.other_pump_drugs
    for each in others.items if others and others.status == "listed" else ():
        text = " ".join(filter(None, (each.name, each.concentration)))
        ingredients.append({"itemCodeableConcept": {"text": text}, "isActive": True})
    return {"resourceType": "Medication", "code": baclofen, "ingredient": ingredients}


def regimen(card: Card, b: Briefing, words: str) -> Json:
    """What the pump gives: one dosage, whatever the schedule; a reader that adds two doubles it."""
    change = card.regimen.last_change
    rate = {
        "numerator": quantity(card.regimen.daily_dose_mcg, "mcg"),
        "denominator": quantity(1, "day"),
    }
    route = concept(*terminology.INTRATHECAL)
    found: Json = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": resources.ref(resources.DRUG),
        "subject": resources.ref(resources.PATIENT),
        "dateAsserted": str(card.verified.on),
        "note": [{"text": plain(b.confirmed)}],
        "dosage": [{"text": words, "route": route, "doseAndRate": [{"rateRatio": rate}]}],
    }
    if change:
        return found | {"effectivePeriod": {"start": str(change.on)}}
    return found | {"_effectiveDateTime": terminology.UNKNOWN_TIME}


def other_medicines(card: Card, b: Briefing) -> list[Json]:
    """Baclofen by mouth that is taken now, and every other medicine that is listed."""
    found, oral = [], card.regimen.oral_baclofen
    if oral and oral.status == "listed" and not b.oral_backup:
        name = concept(terminology.BACLOFEN, text=plain(b.content.say("page.oral")))
        dosage: Json = {"text": plain(b.oral.items[0])}
        if oral.times_per_day:
            repeat = {"frequency": oral.times_per_day, "period": 1, "periodUnit": "d"}
            dosage["timing"] = {"repeat": repeat}
        dosage["route"] = concept(*terminology.BY_MOUTH)
        if oral.dose_mg:
            dosage["doseAndRate"] = [{"doseQuantity": quantity(oral.dose_mg, "mg")}]
        found.append(_taken(name, dosage))
    for each in card.medicines.items if card.medicines.status == "listed" else ():
        words = ", ".join(filter(None, (each.dose, each.frequency)))
        found.append(_taken({"text": each.name}, {"text": words} if words else {}))
    return found


def _taken(medicine: Json, dosage: Json) -> Json:
    found: Json = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": medicine,
        "subject": resources.ref(resources.PATIENT),
        "_effectiveDateTime": terminology.UNKNOWN_TIME,
    }
    return found | ({"dosage": [dosage]} if dosage else {})
