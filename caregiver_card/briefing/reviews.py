"""What clinicians have reviewed: read from a filled-in form, kept beside the data, shown on pages.

A review is of words: it ends where the words, or the English they were made from, have changed
since. What a program has read is never a review.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from caregiver_card.briefing.statements import Statement

FORM = "caregiver-card-review/1"
_RIGHT, _WRONG = "right", "wrong"
_LONGEST = 120


class WrongReview(ValueError):
    """A form or a file of reviews cannot be read; the message names what is wrong."""


@dataclass(frozen=True, slots=True)
class Review:
    """One statement as somebody has reviewed it. ``by`` is a name and a role, ``on`` a day."""

    text: str
    english: str
    by: str
    on: str


# By language and place.
Reviews = dict[str, dict[str, Review]]


class FilledForm(NamedTuple):
    """A form as it came back: the reviews, what was called wrong, and what has changed since."""

    language: str
    reviews: dict[str, Review]
    wrong: dict[str, str]
    changed: tuple[str, ...]


def read(raw: bytes) -> Reviews:
    """Read the reviews of an installation. Raises ``WrongReview``."""
    try:
        return {
            language: {place: Review(**row) for place, row in rows.items()}
            for language, rows in json.loads(raw).items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise WrongReview(f"the file of reviews cannot be read: {type(error).__name__}") from None


def write(reviews: Reviews) -> bytes:
    """Write the reviews of an installation, for ``read``."""
    rows = {
        language: {place: asdict(each) for place, each in sorted(held.items())}
        for language, held in sorted(reviews.items())
    }
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def apply(statement: Statement, held: Mapping[str, Review]) -> Statement:
    """Return a statement with its review, and those of its parts, if their words are the same."""
    parts = {name: apply(part, held) for name, part in statement.parts.items()}
    found = held.get(statement.place)
    if found is None or (found.text, found.english) != (statement.text, statement.english):
        return replace(statement, parts=parts)
    return replace(statement, parts=parts, reviewed_by=found.by, reviewed_on=found.on)


def every(statements: list[Statement]) -> Iterator[Statement]:
    """Yield each statement, and behind it its parts."""
    for each in statements:
        yield each
        yield from each.parts.values()


def filled(raw: bytes, statements: Mapping[str, list[Statement]], today: date) -> FilledForm:
    """Read a form that ``card review`` wrote and somebody filled in.

    ``statements`` are those of each language. Raises ``WrongReview``.
    """
    try:
        form = json.loads(raw)
    except (ValueError, RecursionError):
        raise WrongReview("the form is no JSON; save it with the button at its end") from None
    if not isinstance(form, dict) or form.get("format") != FORM:
        raise WrongReview(f"the form is not of format {FORM}")
    language = str(form.get("language"))
    if language not in statements:
        raise WrongReview(f"language: {language} is not offered here")
    by = ", ".join(_line(form, name) for name in ("name", "role"))
    on = _day(form, today)
    present = {each.place: each for each in every(statements[language])}
    found, wrong, changed = {}, {}, []
    for row in _rows(form):
        place, answer = row["place"], row.get("answer", "")
        statement = present.get(place)
        if answer == _WRONG:
            wrong[place] = str(row.get("comment") or "")
        elif answer == _RIGHT and (
            statement is None
            or (row.get("text"), row.get("english")) != (statement.text, statement.english)
        ):
            changed.append(place)
        elif answer == _RIGHT and statement:
            found[place] = Review(statement.text, statement.english, by, on)
    return FilledForm(language, found, wrong, tuple(changed))


def _line(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name)
    line = " ".join(value.split()) if isinstance(value, str) else ""
    if not line or len(line) > _LONGEST or not line.isprintable():
        raise WrongReview(f"{name}: needed, in one line of at most {_LONGEST} letters")
    return line


def _day(form: Mapping[str, Any], today: date) -> str:
    try:
        day = date.fromisoformat(str(form.get("day")))
    except ValueError:
        raise WrongReview("day: needed, as YYYY-MM-DD") from None
    if day > today:
        raise WrongReview("day: lies in the future")
    return day.isoformat()


def _rows(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = form.get("statements")
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("place"), str) for row in rows
    ):
        raise WrongReview("statements: needed, a list of places with answers")
    return rows
