"""The rules between a card's fields: what is impossible is an error.

Each rule is a generator of ``Fault``. It takes a ``Card``, or a draft in which an unreadable field
is ``None``, so that one reading finds every fault of a file. What is merely unusual is a warning:
``warnings``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from caregiver_card.card import names, times
from caregiver_card.card.dates import years_between
from caregiver_card.card.regimen import LOWEST_DOSE_MCG, MG, dose_readings

ERROR, WARNING = "ERROR", "WARNING"
# Possible but hardly intended: a warning in a form; in a file or a table an error, until
# ``confirmed`` contains the path.
DOUBTS = frozenset({"phone-left-over", "phone-two-readings", "change-in-mg", "change-little"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong or unusual at ``path``; ``code`` names its text, which ``details`` fill."""

    level: str
    path: str
    code: str
    details: dict[str, Any] = field(default_factory=dict)


def move_errors(faults: list[Fault], paths: Collection[str], to: str) -> list[Fault]:
    """Return the faults, the errors at one of ``paths`` at another: where it can be answered."""
    return [
        replace(fault, path=to) if fault.path in paths and fault.level == ERROR else fault
        for fault in faults
    ]


def errors(card: Any, today: date | None) -> Iterator[Fault]:
    """Yield everything that is impossible; without ``today``, skip the checks for future dates."""
    for rule in _ERRORS:
        yield from rule(card)
    if today:
        yield from _future(card, today)


def doubts(card: Any) -> Iterator[Fault]:
    """Yield those of ``DOUBTS`` that concern several fields."""
    change, mode = value_at(card, "regimen.last_change"), value_at(card, "regimen.mode")
    minimum_rate_dose = value_at(card, "regimen.daily_dose_mcg") if mode == "minimum_rate" else None
    for name in ("from_mcg", "to_mcg") if change else ():
        dose = getattr(change, name)
        if dose and dose < LOWEST_DOSE_MCG and dose != minimum_rate_dose:
            readings = dose_readings(dose)
            code = "change-in-mg" if readings else "change-little"
            path, shown = f"regimen.last_change.{name}", dose
            yield warning(path, code, dose=shown, unit="mcg", meant=readings)


def _error(path: str, code: str, **details: Any) -> Fault:
    return Fault(ERROR, path, code, details)


def warning(path: str, code: str, **details: Any) -> Fault:
    """Return a warning about something unusual at ``path``."""
    return Fault(WARNING, path, code, details)


def value_at(card: Any, path: str) -> Any:
    """Return the value at a dotted path, or ``None`` where any part of it is missing."""
    for name in path.split("."):
        card = getattr(card, name, None)
        if card is None:
            return None
    return card


def _lists(card: Any) -> Iterator[Fault]:
    for path, content_field in (
        ("allergies", "items"),
        ("medicines", "items"),
        ("regimen.other_pump_drugs", "items"),
        ("regimen.oral_baclofen", "dose_mg"),
        ("directives", "text"),
    ):
        part = value_at(card, path)
        if not part or not part.status:
            continue
        if part.status == "listed" and not getattr(part, content_field):
            yield _error(f"{path}.{content_field}", "listed-nothing")
        # A part that is "not shared" may keep its content in the file; it is never shown.
        content = getattr(part, content_field) or getattr(part, "purpose", None)
        if part.status in ("none_known", "unknown") and content:
            yield _error(f"{path}.status", "listed-something", status=part.status)
    oral = value_at(card, "regimen.oral_baclofen")
    if oral and oral.status == "listed" and not oral.purpose and oral.times_per_day is None:
        yield _error("regimen.oral_baclofen.times_per_day", "missing")


def _somebody_to_call(card: Any) -> Iterator[Fault]:
    if not any(contact.phone for contact in card.contacts or ()):
        yield _error("contacts", "no-contact")


def _family_name(card: Any) -> Iterator[Fault]:
    full, family = value_at(card, "patient.full_name"), value_at(card, "patient.family_name")
    if full and family and not names.without_family(full, family):
        yield _error("patient.family_name", "not-in-name", name=full)


def _order_of_dates(card: Any) -> Iterator[Fault]:
    for path, after in (
        ("refill.last_refill_on", "patient.date_of_birth"),
        ("pump.implanted_on", "patient.date_of_birth"),
        ("refill.next_appointment_on", "refill.last_refill_on"),
        ("refill.alarm_date", "refill.last_refill_on"),
        ("refill.last_refill_on", "pump.implanted_on"),
        ("pump.replace_by", "pump.implanted_on"),
    ):
        value, earlier = value_at(card, path), value_at(card, after)
        if value and earlier and value < earlier:
            yield _error(path, "before", other=after, day=earlier)
    implanted = value_at(card, "pump.implanted_on")
    # The first SynchroMed was approved in 1988 (P97).
    if implanted and implanted.year < 1988:
        yield _error("pump.implanted_on", "before-pumps")


def _volumes(card: Any) -> Iterator[Fault]:
    capacity, alarm = value_at(card, "pump.reservoir_ml"), value_at(card, "pump.alarm_volume_ml")
    volume = value_at(card, "refill.volume_ml")
    if capacity and alarm is not None and alarm >= capacity:
        yield _error("pump.alarm_volume_ml", "alarm-over-capacity", capacity=capacity)
    if capacity and volume and volume > capacity:
        yield _error("refill.volume_ml", "over-capacity", capacity=capacity)


def _dose(card: Any) -> Iterator[Fault]:
    """A pump gives less than the lowest dose at minimum rate only; otherwise it is a slip."""
    dose, mode = value_at(card, "regimen.daily_dose_mcg"), value_at(card, "regimen.mode")
    if not dose or dose >= LOWEST_DOSE_MCG or mode == "minimum_rate":
        return
    meant, path, shown = dose_readings(dose), "regimen.daily_dose_mcg", dose
    code = "dose-or-minimum-rate" if meant else "dose-below-lowest"
    yield _error(path, code, dose=shown, lowest=LOWEST_DOSE_MCG, unit="mcg", meant=meant)


def _schedule(card: Any) -> Iterator[Fault]:
    rows = value_at(card, "regimen.schedule") or ()
    if not rows or any(None in (row.start, row.end, row.mcg) for row in rows):
        return
    covered: set[int] = set()
    for index, row in enumerate(rows):
        start, end = times.minutes(row.start), times.minutes(row.end)
        if start == end or (start, end) == (1440, 0):
            yield _error(f"regimen.schedule[{index}].end", "period-empty")
            continue
        # A period may cross midnight: 22:00 to 02:00.
        span = set(range(start, end)) if start < end else {*range(start, 1440), *range(end)}
        if span & covered:
            yield _error(f"regimen.schedule[{index}]", "period-overlap")
        covered |= span
    dose, total = value_at(card, "regimen.daily_dose_mcg"), sum(row.mcg for row in rows)
    if dose and abs(total - dose) > dose * Decimal("0.02"):
        in_mg = abs(total * MG.times - dose) <= dose * Decimal("0.02")
        code = "schedule-in-mg" if in_mg else "schedule-sum"
        yield _error(
            "regimen.schedule",
            code,
            total=total,
            dose=dose,
        )


def _future(card: Any, today: date) -> Iterator[Fault]:
    for path in (
        "patient.date_of_birth",
        "regimen.last_change.on",
        "regimen.rescue_plan.written_on",
        "pump.implanted_on",
        "refill.last_refill_on",
        "maker_support.checked_on",
        "directives.written_on",
        "verified.on",
    ):
        value = value_at(card, path)
        # One day of grace: it may already be tomorrow where the card is filled in.
        if value and value > today + timedelta(days=1):
            yield _error(path, "future", day=value)
    born = value_at(card, "patient.date_of_birth")
    if born and born <= today and years_between(born, today) > 120:
        yield _error("patient.date_of_birth", "too-old")


_ERRORS = (_lists, _somebody_to_call, _family_name, _order_of_dates, _volumes, _dose, _schedule)
