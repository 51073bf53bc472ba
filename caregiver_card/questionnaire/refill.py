"""After a refill: the few answers that change, and what follows from them.

What the old card said of the next appointment and the alarm date is gone with the old filling, so
it is never offered again; a dose that is another than before is a dose change of that day.
"""

from datetime import date
from decimal import Decimal

from caregiver_card.card import quantities, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import answers, field_paths
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows

PUT_IN, LEFT_IN = "put_in", "left_in"
_VOLUME, _DOSE, _ON = "refill.volume_ml", "regimen.daily_dose_mcg", "refill.last_refill_on"
_CHANGE = "regimen.last_change"
_SCHEDULE = Rows(
    "regimen.schedule",
    (Field("start", "clock"), Field("end", "clock"), Field("mcg", "number", unit="mcg")),
)
_left = quantities.number(0, 60, "mL")


def fields(card: Answers) -> tuple[Field | Rows, ...]:
    """What is asked; the schedule only where there is one."""
    return (
        Field(_ON, "date"),
        Field(PUT_IN, "number", unit="mL"),
        Field(LEFT_IN, "number", unit="mL"),
        Field(_DOSE, "number", unit="mcg"),
        *((_SCHEDULE,) if answers.under(card, _SCHEDULE.path) else ()),
        Field("refill.next_appointment_on", "date", after=_ON),
        Field("refill.alarm_date", "date"),
        Field("verified.by"),
    )


def offered(card: Answers, today: date) -> Answers:
    """The form as it is first shown."""
    kept = (_DOSE, _SCHEDULE.path, "verified.by")
    held = {path: words for each in kept for path, words in answers.under(card, each).items()}
    return held | answers.as_day(_ON, today)


def applied(card: Answers, typed: Answers, today: date) -> tuple[Answers, list[Fault]]:
    """The card with what was typed, and what is wrong with the volume."""
    volume, faults = _volume(typed)
    after = card
    for each in fields(card):
        after = answers.without(after, each.path)
    stated = {path: words for path, words in typed.items() if path not in (PUT_IN, LEFT_IN)}
    after = answers.without(after, _VOLUME) | stated | answers.as_day("verified.on", today)
    if volume is not None:
        after[_VOLUME] = values.format_number(volume)
    return _with_change(card, after), faults


def place(path: str) -> str:
    """The box that shows a fault of this path: a volume is two boxes here, and what a new dose asks
    of the flow, the mode or the last change stands at the dose."""
    if path == _VOLUME:
        return PUT_IN
    inside = path.startswith("regimen.") and not path.startswith(_SCHEDULE.path)
    return _DOSE if inside else path


def _volume(typed: Answers) -> tuple[Decimal | None, list[Fault]]:
    """What the reservoir then held. Nothing said of what was left counts as nothing left: the
    estimate of the alarm date is then too early rather than too late."""
    total, faults = Decimal(0), []
    for name, parse in ((PUT_IN, field_paths.places()[_VOLUME].parse), (LEFT_IN, _left)):
        raw = typed.get(name, "")
        if not raw.strip():
            continue
        try:
            total += parse(raw, None)
        except InvalidValue as fault:
            faults.append(Fault(ERROR, name, fault.code, fault.details))
    if typed.get(LEFT_IN, "").strip() and not typed.get(PUT_IN, "").strip():
        faults.append(Fault(ERROR, PUT_IN, "missing"))
    return (total if total and not faults else None), faults


def _with_change(before: Answers, after: Answers) -> Answers:
    was, now = _number(before), _number(after)
    if now is None or was == now:
        return after
    changed = answers.without(after, _CHANGE)
    for part in answers.DAY_PARTS:
        changed[f"{_CHANGE}.on-{part}"] = after.get(f"{_ON}-{part}", "")
    if was is not None:
        changed[f"{_CHANGE}.from_mcg"] = values.format_number(was)
    return changed | {f"{_CHANGE}.to_mcg": values.format_number(now)}


def _number(typed: Answers) -> Decimal | None:
    try:
        return field_paths.places()[_DOSE].parse(typed.get(_DOSE, ""), None)  # type: ignore[no-any-return]
    except InvalidValue:
        return None
