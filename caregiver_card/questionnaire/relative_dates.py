"""Resolve a date typed as a time span, "in 10 weeks"; the card stores only the date."""

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
# Twice the longest time between refills; more is a slip.
_MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class ResolvedDates:
    """Answers whose time spans have become dates.

    ``sentences`` has a sentence for each resolved span, by path; ``faults`` has the others.
    """

    typed: Answers
    sentences: dict[str, str]
    faults: list[Fault]


def resolve(
    fields: tuple[Field | Rows, ...], typed: Answers, content: Content
) -> ResolvedDates | None:
    """Write the date of every typed time span into its boxes; ``None`` if there is no span."""
    resolved, any_span = ResolvedDates(typed, {}, []), False
    for field in fields:
        if isinstance(field, Field) and typed.get(box_name(field.path), "").strip():
            resolved, any_span = _resolve(field, resolved, content), True
    return resolved if any_span else None


def box_name(path: str) -> str:
    """Return the name of the fourth box of a date, which takes a time span."""
    return f"{path}-after"


def _resolve(field: Field, so_far: ResolvedDates, content: Content) -> ResolvedDates:
    path, typed = field.path, so_far.typed[box_name(field.path)]
    try:
        start = _start_date(so_far.typed, field.after)
        day = date_after(typed, start, content)
    except InvalidValue as fault:
        return ResolvedDates(
            so_far.typed, so_far.sentences, [*so_far.faults, Fault(ERROR, path, fault.code, {})]
        )
    sentence = content.say("span.said", span=typed.strip(), start=start, day=content.weekday(day))
    resolved = answers.without(so_far.typed, path) | answers.from_date(path, day)
    return ResolvedDates(resolved, so_far.sentences | {path: sentence}, so_far.faults)


def _start_date(typed: Answers, path: str) -> date:
    try:
        return values.day(answers.join_dates(typed).get(path))
    except InvalidValue:
        raise InvalidValue("span-start") from None


def date_after(typed: str, start: date, content: Content) -> date:
    """Return the day that is ``typed`` after ``start``: days, weeks or months in this language.

    Raises ``InvalidValue("not-span")``.
    """
    try:
        text = values.ascii_digits(typed[: values.MAX_TYPED_LENGTH]).strip().casefold()
    except InvalidValue:
        raise InvalidValue("not-span") from None
    match = _SPAN.fullmatch(text)
    if not match or (match[1] and match[1] not in content.say("span.lead").split()):
        raise InvalidValue("not-span")
    day = _add(int(match[2]), match[3], start, content)
    if day is None or not 0 < (day - start).days <= _MOST_DAYS:
        raise InvalidValue("not-span")
    return day


def _add(count: int, unit: str, start: date, content: Content) -> date | None:
    for name, days in (("day", 1), ("week", 7)):
        if unit in content.say(f"span.{name}").split():
            return start + timedelta(count * days)
    return months_later(start, count) if unit in content.say("span.month").split() else None
