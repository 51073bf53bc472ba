"""Whatever a family types is read by somebody: each field changes what the emergency page says."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.card.codec import UnreadableCard
from caregiver_card.pages import emergency
from caregiver_card.questionnaire.field_paths import places
from tests import cast

# Fields that no reader sees, and why.
_HIDDEN = {
    "time_zone": "it says which day it is there; the page of a given day is the same",
    "language": "it says in which words the page is; the page in given words is the same",
    "patient.family_name": "it is for a hospital's file; the page has the full name",
    "patient.gender": "it is for a hospital's file; whoever reads the page sees the person",
    "regimen.drug": "baclofen is the only drug that a card can have",
    "confirmed[]": "it says what was asked about; the answer stands in the field itself",
}
_RISKS = ("yes", "unknown")
# Two values of each field that is no text.
_PAIRS: dict[str, tuple[Any, Any]] = {
    "region": ("US", "GB"),
    "patient.family_name": ("Rivera", "Alex"),
    "patient.gender": ("female", "male"),
    "patient.date_of_birth": ("1990-02-03", "1990-02-04"),
    "patient.weight_kg": (60, 61),
    "patient.risks.cord_injury_t6_or_above": _RISKS,
    "patient.risks.communication_difficulty": _RISKS,
    "patient.risks.past_withdrawal": _RISKS,
    "patient.risks.seizure_history": _RISKS,
    "patient.risks.kidney_disease": _RISKS,
    "regimen.concentration_mcg_per_ml": (1000, 2000),
    "regimen.compounded": (True, False),
    "regimen.daily_dose_mcg": (250, 251),
    "regimen.mode": ("simple_continuous", "bolus"),
    "regimen.patient_bolus_device": _RISKS,
    "regimen.other_pump_drugs.status": ("none_known", "unknown"),
    "regimen.last_change.on": ("2026-09-01", "2026-09-02"),
    "regimen.last_change.from_mcg": (240, 241),
    "regimen.oral_baclofen.status": ("none_known", "not_shared"),
    "regimen.oral_baclofen.dose_mg": (10, 20),
    "regimen.oral_baclofen.times_per_day": (2, 3),
    "regimen.oral_baclofen.purpose": ("daily", "backup"),
    "regimen.rescue_plan.written_on": ("2026-09-01", "2026-09-02"),
    "pump.implanted_on": ("2023-02-01", "2023-02-02"),
    "pump.reservoir_ml": (20, 40),
    "pump.alarm_volume_ml": (2, 3),
    "pump.catheter_access_port": _RISKS,
    "pump.alarms": ("single_and_two_tone", "none"),
    "pump.model": ("SynchroMed II 8637-40", "SynchroMed II 8637-20"),
    "pump.replace_by": ("2029-02-01", "2029-02-02"),
    "refill.last_refill_on": ("2026-08-24", "2026-08-25"),
    "refill.volume_ml": (18, 19),
    "refill.next_appointment_on": ("2026-12-06", "2026-12-07"),
    "refill.alarm_date": ("2026-12-16", "2026-12-17"),
    "team.phone_24h": ("+13125550142", "+13125550143"),
    "team.phone_clinic": ("+13125550142", "+13125550143"),
    "maker_support.phone": ("+18007078933", "+18007078934"),
    "maker_support.checked_on": ("2026-11-01", "2026-11-02"),
    "allergies.status": ("none_known", "unknown"),
    "contacts[].phone": ("+13125550142", "+13125550143"),
    "directives.status": ("none_known", "unknown"),
    "directives.written_on": ("2026-09-01", "2026-09-02"),
    "verified.on": ("2026-11-01", "2026-11-02"),
}
# The same where one value needs others beside it.
_CHANGES: dict[str, list[dict[str, Any]]] = {
    "regimen.flow_ml_per_day": [
        {"regimen.mode": "constant_flow", "regimen.flow_ml_per_day": flow} for flow in (0.5, 0.6)
    ],
    "regimen.last_change.to_mcg": [
        {"regimen.last_change.to_mcg": dose, "regimen.daily_dose_mcg": 250} for dose in (250, None)
    ],
    "medicines.status": [
        {"medicines": {"status": status, "items": []}} for status in ("none_known", "unknown")
    ],
    **{
        f"regimen.schedule[].{name}": [
            {
                "regimen.mode": "flex",
                "regimen.daily_dose_mcg": 250,
                "regimen.schedule": [
                    {"start": "00:00", "end": clock, "mcg": first},
                    {"start": clock, "end": "24:00", "mcg": 250 - first},
                ],
            }
            for clock, first in times
        ]
        for name, times in {
            "start": [("06:00", 50), ("07:00", 50)],
            "end": [("06:00", 50), ("07:00", 50)],
            "mcg": [("06:00", 50), ("06:00", 60)],
        }.items()
    },
}


@pytest.mark.parametrize("path", sorted(places()))
def test_a_field_changes_the_page(path: str) -> None:
    """Or it is hidden, and the reason stands above. A new field has to be in one of the two."""
    pages = [page for page in map(partial(_pages, path), (cast.alex, cast.tuyet)) if page]
    assert pages or path in _HIDDEN, "no card has both values"
    assert any(one != other for one, other in pages) is (path not in _HIDDEN)


def _pages(path: str, who: Callable[..., dict[str, Any]]) -> list[str]:
    """The page of somebody's card with either value; none where that card cannot have both."""
    pair = _PAIRS.get(path, ("Words one", "Words two"))
    place = path.replace("[]", "[0]")
    try:
        cards = [
            cast.card_of(who(changes))
            for changes in _CHANGES.get(path, [{place: value} for value in pair])
        ]
    except (UnreadableCard, LookupError):
        return []
    return [emergency.page(brief(card, cast.WORDS), cast.TODAY) for card in cards]
