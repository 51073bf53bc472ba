"""The short form after a refill: the few answers that change, and what follows from them.

The old appointment and alarm date belong to the old filling, so the form never offers them again. A
dose that differs from the old one is recorded as a dose change on the day of the refill.

The form is often filled in days later, so the day of the refill is chosen and never there at first.
The choices "today" and "yesterday" have the day they stood for when they were offered, so that they
stay that day however long the form lies.
"""

from datetime import date, timedelta
from decimal import Decimal

from caregiver_card.card import quantities, rules, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import answers, field_paths
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows

PUT_IN, LEFT_IN = "put_in", "left_in"
# The choice of the day: an offered one as YYYY-MM-DD, or another day, which is then typed.
DAY, OTHER = "refill_day", "other"
VOLUME, _DOSE, ON = "refill.volume_ml", "regimen.daily_dose_mcg", "refill.last_refill_on"
_CHANGE, _ALARM = "regimen.last_change", "refill.alarm_date"
_SCHEDULE = Rows(
    "regimen.schedule",
    (Field("start", "clock"), Field("end", "clock"), Field("mcg", "number", unit="mcg")),
)
_left_in = field_paths.Place(LEFT_IN, quantities.number(0, 60, "mL"), needed=False)


def fields(card: Answers) -> tuple[Field | Rows, ...]:
    """Return the fields of the form; the schedule only where the card has one."""
    return (
        Field(DAY, "radios"),
        Field(ON, "date", opened_by=(DAY, (OTHER,))),
        Field(PUT_IN, "number", unit="mL"),
        Field(LEFT_IN, "number", unit="mL"),
        Field(_DOSE, "number", unit="mcg"),
        *((_SCHEDULE,) if answers.under(card, _SCHEDULE.path) else ()),
        Field(_ALARM, "date"),
        Field("refill.next_appointment_on", "date", after=ON),
        Field("verified.by"),
    )


# The tiles of the form, and how the paths of the fields in each begin.
TILES = {
    "refill": (DAY, PUT_IN, LEFT_IN),
    "dose": (_DOSE, _SCHEDULE.path),
    "dates": (_ALARM, "refill.next_appointment_on"),
    "who": ("verified.by",),
}


def days_to_alarm(typed: Answers) -> int | None:
    """Return the days from the refill to the alarm date; None where one of them is no date."""
    joined = answers.join_dates(typed)
    try:
        return (values.day(joined.get(_ALARM)) - values.day(joined.get(ON))).days
    except InvalidValue:
        return None


def initial_answers(card: Answers) -> Answers:
    """Return the answers that the form shows first."""
    kept_paths = (_DOSE, _SCHEDULE.path, "verified.by")
    return {key: value for path in kept_paths for key, value in answers.under(card, path).items()}


def offered_days(today: date) -> tuple[date, date]:
    """Return the days to choose from: today and yesterday."""
    return today, today - timedelta(days=1)


def with_day(typed: Answers) -> Answers:
    """Return the answers with the chosen day as a date; a date alone is "another day"."""
    chosen = typed.get(DAY, "")
    if offered := _offered_day(chosen):
        return answers.without(typed, ON) | answers.from_date(ON, offered)
    if chosen != OTHER and answers.under(typed, ON):
        return typed | {DAY: OTHER}
    return typed if chosen == OTHER else answers.without(typed, DAY)


def as_chosen(typed: Answers, today: date) -> Answers:
    """Return the answers as the form shows them: what is not offered any more is another day."""
    offered = _offered_day(typed.get(DAY, ""))
    if offered in offered_days(today):
        return answers.without(typed, ON)
    return typed | {DAY: OTHER} if offered else typed


def at_choice(faults: list[Fault], typed: Answers) -> list[Fault]:
    """Return the faults, with those of a day that nobody typed at the choice of the day."""
    return faults if typed.get(DAY) == OTHER else rules.move_errors(faults, (ON,), DAY)


def apply_refill(card: Answers, typed: Answers, today: date) -> tuple[Answers, list[Fault]]:
    """Return the card with what was typed, and the faults of the volume."""
    volume, faults = _volume(typed)
    after = card
    for field in fields(card):
        after = answers.without(after, field.path)
    card_answers = {key: value for key, value in typed.items() if key not in (DAY, PUT_IN, LEFT_IN)}
    after = answers.without(after, VOLUME) | card_answers | answers.from_date("verified.on", today)
    if volume is not None:
        after[VOLUME] = values.unambiguous_number(volume)
    return _with_change(card, after), faults


def box_of(path: str, typed: Answers) -> str:
    """Return the box that shows a fault at this path.

    The volume has two boxes in this form. A fault of the flow, the mode or the last change comes
    from the new dose, and is shown there.
    """
    if path == VOLUME:
        return PUT_IN
    if path == ON and typed.get(DAY) != OTHER:
        return DAY
    of_dose = path.startswith("regimen.") and not path.startswith(_SCHEDULE.path)
    return _DOSE if of_dose else path


def _offered_day(chosen: str) -> date | None:
    try:
        return values.day(chosen)
    except InvalidValue:
        return None


def _volume(typed: Answers) -> tuple[Decimal | None, list[Fault]]:
    """Return the volume in the reservoir after the refill, and the faults of its two boxes.

    An empty box for the volume left counts as none left: the estimated alarm date is then too early
    rather than too late.
    """
    total, faults = Decimal(0), []
    for name, place in ((PUT_IN, field_paths.places()[VOLUME]), (LEFT_IN, _left_in)):
        raw = typed.get(name, "")
        if not raw.strip():
            continue
        try:
            total += place.parse_typed(raw, None)
        except InvalidValue as fault:
            faults.append(Fault(ERROR, name, fault.code, fault.details))
    if typed.get(LEFT_IN, "").strip() and not typed.get(PUT_IN, "").strip():
        faults.append(Fault(ERROR, PUT_IN, "missing"))
    return (total if total and not faults else None), faults


def _with_change(before: Answers, after: Answers) -> Answers:
    """Record a dose that differs from the old one as a change on the day of the refill."""
    old_dose, new_dose = _dose_of(before), _dose_of(after)
    if new_dose is None or old_dose == new_dose:
        return after
    changed = answers.without(after, _CHANGE)
    for part in answers.DATE_BOXES:
        changed[f"{_CHANGE}.on-{part}"] = after.get(f"{ON}-{part}", "")
    if old_dose is not None:
        changed[f"{_CHANGE}.from_mcg"] = values.unambiguous_number(old_dose)
    return changed | {f"{_CHANGE}.to_mcg": values.unambiguous_number(new_dose)}


def _dose_of(typed: Answers) -> Decimal | None:
    try:
        return field_paths.places()[_DOSE].parse_typed(typed.get(_DOSE, ""), None)  # type: ignore[no-any-return]
    except InvalidValue:
        return None
