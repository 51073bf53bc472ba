"""Warnings: what is unusual on a card, for a person to confirm once.

Each rule is a generator of ``Fault`` over a ``Card`` or a draft of one (see ``rules``). Limits and
their sources: ``docs/clinical-sources.md``; where ``docs/card-format.md`` differs, it wins.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from caregiver_card.card import (
    date_warnings,
    dose_warnings,
    drug_classes,
    pump_models,
    telephones,
)
from caregiver_card.card.dates import months_later, years_between
from caregiver_card.card.rules import Fault, value_at, warning

# Outside these nearly nobody is: labels begin at the age of four years.
_WEIGHTS_KG = (8, 200)
# Beyond this age the year of birth is probably a century off.
_OLDEST_YEARS = 100
# The longest battery life in a source is "more than ten years" (P21).
_LONGEST_LIFE_MONTHS = 120


def all_warnings(card: Any, today: date) -> Iterator[Fault]:
    """Yield every warning that this card raises on ``today``, confirmed or not."""
    for rule in _RULES:
        yield from rule(card, today)


def unanswered(card: Any, today: date) -> Iterator[Fault]:
    """Yield the warnings whose paths are not in ``card.confirmed``."""
    confirmed = set(card.confirmed or ())
    return (fault for fault in all_warnings(card, today) if fault.path not in confirmed)


def _person(card: Any, today: date) -> Iterator[Fault]:
    name, born = value_at(card, "patient.full_name"), value_at(card, "patient.date_of_birth")
    if name and len(name) > 40:
        yield warning("patient.full_name", "long-name", length=len(name))
    if born and years_between(born, today) < 4:
        yield warning("patient.date_of_birth", "under-four")
    if born and years_between(born, today) > _OLDEST_YEARS:
        yield warning("patient.date_of_birth", "over-hundred")
    weight, checked = value_at(card, "patient.weight_kg"), value_at(card, "verified.on")
    if weight and not _WEIGHTS_KG[0] <= weight <= _WEIGHTS_KG[1]:
        yield warning("patient.weight_kg", "unusual-weight", weight=weight)
    growing = born and years_between(born, today) < 18
    if weight and growing and checked and months_later(checked, 6) < today:
        yield warning("patient.weight_kg", "old-weight", day=checked)
    if card.patient and not card.patient.baseline:
        yield warning("patient.baseline", "no-baseline")
    yield from _risks(card)


def _risks(card: Any) -> Iterator[Fault]:
    risks = value_at(card, "patient.risks")
    if not risks:
        return
    if risks.cord_injury_t6_or_above == "unknown":
        yield warning("patient.risks.cord_injury_t6_or_above", "risk-unknown")
    if risks.kidney_disease == "yes":
        yield warning("patient.risks.kidney_disease", "kidney")
    if risks.communication_difficulty == "yes" and not card.patient.communication:
        yield warning("patient.communication", "no-communication")


def _pump(card: Any, today: date) -> Iterator[Fault]:
    pump = card.pump
    if not pump:
        return
    if not pump.serial:
        yield warning("pump.serial", "no-serial")
    if pump.alarm_volume_ml is not None and not 1 <= pump.alarm_volume_ml <= 5:
        yield warning("pump.alarm_volume_ml", "unusual-alarm-volume")
    if pump.catheter_access_port == "yes":
        yield warning("pump.catheter_access_port", "side-port")
    if pump.alarms == "unknown":
        yield warning("pump.alarms", "alarms-unknown")
    if pump.replace_by and pump.replace_by < today:
        yield warning("pump.replace_by", "replace-passed", day=pump.replace_by)
    elif pump.replace_by and months_later(today, 6) >= pump.replace_by:
        yield warning("pump.replace_by", "replace-soon", day=pump.replace_by)
    elif pump.replace_by and pump.replace_by > months_later(today, _longest_life(pump)):
        yield warning("pump.replace_by", "replace-far", day=pump.replace_by)
    yield from _pump_family(pump, today)


def _pump_family(pump: Any, today: date) -> Iterator[Fault]:
    if not pump.maker or not pump.model:
        return
    family = pump_models.find_family(pump.maker, pump.model)
    if not family:
        near = pump_models.closest_maker(pump.maker)
        known = near and pump_models.find_family(near, pump.model)
        if near and known:
            yield warning("pump.maker", "maker-near", near=near)
        else:
            yield warning("pump.model", "pump-unknown")
        return
    if family.legacy:
        yield warning("pump.model", "pump-legacy", name=f"{family.maker} {family.name}")
    if pump.reservoir_ml and not family.may_have_capacity(pump.model, pump.reservoir_ml):
        yield warning("pump.reservoir_ml", "capacity-and-model")
    yield from _age(pump, family, today)


def _longest_life(pump: Any) -> int:
    """Return the age in months at which a pump implanted today is replaced."""
    family = pump_models.find_family(pump.maker, pump.model) if pump.maker and pump.model else None
    service = family.service if family else None
    return (service.end_months if service else None) or _LONGEST_LIFE_MONTHS


def _age(pump: Any, family: pump_models.PumpFamily, today: date) -> Iterator[Fault]:
    end = family.service.end_months if family.service else None
    if (
        not end
        and pump.implanted_on
        and months_later(pump.implanted_on, _LONGEST_LIFE_MONTHS) < today
    ):
        yield warning("pump.implanted_on", "old-pump", day=pump.implanted_on)
    if end and pump.implanted_on:
        last = months_later(pump.implanted_on, end)
        if last < today:
            yield warning("pump.implanted_on", "past-service", day=last)
        if pump.replace_by and pump.replace_by > last:
            yield warning("pump.replace_by", "replace-late", day=last)


def _people(card: Any, today: date) -> Iterator[Fault]:
    checked, support = value_at(card, "verified.on"), card.maker_support
    if card.team and not card.team.implanted_by:
        yield warning("team.implanted_by", "no-surgeon")
    for path, number in _numbers(card):
        if number and not telephones.phone_in_use(number):
            yield warning(path, "odd-phone")
    if checked and months_later(checked, 6) < today:
        yield warning("contacts", "old-contacts", day=checked)
    if not support:
        yield warning("maker_support", "no-maker-line")
    elif not support.checked_on:
        yield warning("maker_support.checked_on", "maker-line-unchecked")
    elif months_later(support.checked_on, 6) < today:
        yield warning("maker_support.checked_on", "maker-line-old", day=support.checked_on)


def _numbers(card: Any) -> Iterator[tuple[str, str | None]]:
    for path in ("team.phone_24h", "team.phone_clinic", "maker_support.phone"):
        yield path, value_at(card, path)
    for index, contact in enumerate(card.contacts or ()):
        yield f"contacts[{index}].phone", contact.phone


def _substances(card: Any, today: date) -> Iterator[Fault]:
    for index, allergy in enumerate(value_at(card, "allergies.items") or ()):
        if allergy.substance and drug_classes.is_baclofen(allergy.substance):
            yield warning(f"allergies.items[{index}].substance", "baclofen-allergy")
    for index, medicine in enumerate(value_at(card, "medicines.items") or ()):
        kind = drug_classes.drug_class(medicine.name) if medicine.name else None
        if kind:
            path = f"medicines.items[{index}].name"
            yield warning(path, "interacts", name=medicine.name, kind=kind)


def _freshness(card: Any, today: date) -> Iterator[Fault]:
    checked = value_at(card, "verified.on")
    if not checked:
        return
    if (today - checked).days > 90:
        yield warning("verified.on", "old-card", day=checked)
    refill = value_at(card, "refill.last_refill_on")
    if refill and checked < refill:
        yield warning("verified.on", "older-than-refill", day=refill)
    wish = card.directives
    if wish and wish.status == "listed" and months_later(wish.written_on or checked, 24) < today:
        yield warning("directives", "old-wish", day=wish.written_on or checked)


_RULES = (
    _person,
    dose_warnings.dose_warnings,
    _pump,
    date_warnings.date_warnings,
    _people,
    _substances,
    _freshness,
)
