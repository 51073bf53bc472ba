"""A date as people say it, "in 10 weeks": help for typing; what is kept is the date alone."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from caregiver_card.briefing.content import Content
from caregiver_card.card import values
from caregiver_card.card.dates import months_later
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows

_SPAN = re.compile(r"(?:(\w+)\s+)?(\d{1,3})\s*([^\W\d]+)")
# Twice the longest that a filling is ever left; more is a slip.
_MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Worked:
    """Answers whose spans have become dates; ``said`` has words for each, ``faults`` the rest."""

    typed: Answers
    said: dict[str, str]
    faults: list[Fault]


def worked_out(fields: tuple[Field | Rows, ...], typed: Answers, content: Content) -> Worked | None:
    """Every span that was typed, as a date in its boxes; nothing where none was."""
    worked, spoken = Worked(typed, {}, []), False
    for each in fields:
        if isinstance(each, Field) and typed.get(name(each.path), "").strip():
            worked, spoken = _worked(each, worked, content), True
    return worked if spoken else None


def name(path: str) -> str:
    """The box beside a date's own three."""
    return f"{path}-after"


def _worked(field: Field, so_far: Worked, content: Content) -> Worked:
    path, typed = field.path, so_far.typed[name(field.path)]
    try:
        start = _start(so_far.typed, field.after)
        day = later(typed, start, content)
    except InvalidValue as fault:
        return Worked(
            so_far.typed, so_far.said, [*so_far.faults, Fault(ERROR, path, fault.code, {})]
        )
    words = content.say("span.said", span=typed.strip(), start=start, day=content.weekday(day))
    bare = answers.without(so_far.typed, path) | answers.as_day(path, day)
    return Worked(bare, so_far.said | {path: words}, so_far.faults)


def _start(typed: Answers, path: str) -> date:
    try:
        return values.day(answers.joined(typed).get(path))
    except InvalidValue:
        raise InvalidValue("span-start") from None


def later(typed: str, start: date, content: Content) -> date:
    """The day that is ``typed`` after ``start``: days, weeks or months, in words of the language.

    Raises ``InvalidValue("not-span")``.
    """
    try:
        said = values.ascii_digits(typed[: values.MAX_TYPED_LENGTH]).strip().casefold()
    except InvalidValue:
        raise InvalidValue("not-span") from None
    found = _SPAN.fullmatch(said)
    if not found or (found[1] and found[1] not in content.say("span.lead").split()):
        raise InvalidValue("not-span")
    day = _counted(int(found[2]), found[3], start, content)
    if day is None or not 0 < (day - start).days <= _MOST_DAYS:
        raise InvalidValue("not-span")
    return day


def _counted(count: int, unit: str, start: date, content: Content) -> date | None:
    for each, days in (("day", 1), ("week", 7)):
        if unit in content.say(f"span.{each}").split():
            return start + timedelta(count * days)
    return months_later(start, count) if unit in content.say("span.month").split() else None
