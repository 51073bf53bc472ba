"""What a person has typed, before it is a card: raw text by path, not yet validated.

The paths are those of the card file, so that the faults of a reading name the fields. A date is
typed into three boxes, ``PATH-day``, ``PATH-month`` and ``PATH-year``, and stays in three pieces
until it is read, so that an invalid date is shown again exactly as it was typed.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from caregiver_card.card import codec, values
from caregiver_card.card.codec import Reading
from caregiver_card.card.model import FORMAT, Card
from caregiver_card.card.regimen import BACKUP
from caregiver_card.questionnaire import field_paths, flatten

Answers = dict[str, str]

DATE_BOXES = ("day", "month", "year")
_DATE_BOX = re.compile(r"(.+)-(day|month|year)")
# One question about tablets, whose answer the card file keeps in two fields.
_ORAL, _PURPOSE = "regimen.oral_baclofen.status", "regimen.oral_baclofen.purpose"
# Longer than any text of a card. A longer answer is cut, so that the file stays small enough to
# report what is wrong.
_MAX_LENGTH = 2000


def from_card(card: Card) -> Answers:
    """Return a card as it would have been typed, without loss."""
    content = json.loads(codec.encode(card), parse_float=Decimal, parse_int=Decimal)
    del content["format"]
    typed: Answers = {}
    for path, value in flatten.flatten(content).items():
        typed |= as_typed(value, path)
    if typed.pop(_PURPOSE, "") == BACKUP:
        typed[_ORAL] = BACKUP
    return typed


def from_file(raw: bytes) -> Answers:
    """Return a readable card file as it would have been typed, with its own spelling of values."""
    content = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal)
    del content["format"]
    typed: Answers = {}
    for path, value in flatten.flatten(content).items():
        if value is not None:
            typed |= as_typed(value, path)
    return typed


def loads(raw: str) -> Answers:
    """Parse answers from a hidden field of a form; ignore whatever cannot be an answer."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {
        path: value
        for path, value in content.items()
        if isinstance(value, str) and is_answer_path(path) and _is_encodable(value)
    }


def dumps(answers: Answers) -> str:
    """Return answers as JSON for a hidden field."""
    return json.dumps(answers, separators=(",", ":"))


def read(answers: Answers, today: date) -> Reading:
    """Read the card file that these answers make; doubtful values are warnings."""
    return codec.read(json.dumps(to_content(answers)).encode(), today, doubts_as_warnings=True)


def is_answer_path(path: str) -> bool:
    """Return whether a card has a value at this path."""
    box = _DATE_BOX.fullmatch(path)
    place = field_paths.place(box[1] if box else path)
    return place is not None and place.is_date == bool(box) and len(path) < 80


def under(answers: Mapping[str, str], path: str) -> Answers:
    """Return the answers at a path and below it that are not blank."""
    below = (f"{path}.", f"{path}[", f"{path}-")
    return {
        key: value
        for key, value in answers.items()
        if (key == path or key.startswith(below)) and value.strip()
    }


def without(answers: Mapping[str, str], path: str) -> Answers:
    """Return the answers except those at a path and below it."""
    below = (f"{path}.", f"{path}[", f"{path}-")
    return {
        key: value for key, value in answers.items() if key != path and not key.startswith(below)
    }


def date_boxes(answers: Mapping[str, str], path: str) -> tuple[str, str, str]:
    """Return the three boxes of a date, as typed."""
    typed = [answers.get(f"{path}-{box}", "") for box in DATE_BOXES]
    return typed[0], typed[1], typed[2]


def wrong_boxes(answers: Mapping[str, str], path: str) -> dict[str, str]:
    """Return which boxes of a date are wrong, and how.

    "missing" is an empty box and "figure" one without a valid number; "month" marks a day that its
    month does not have. The result is empty where the boxes form a date or are all empty.
    """
    typed = dict(zip(DATE_BOXES, date_boxes(answers, path), strict=True))
    written = _iso_date(*typed.values())
    if not written or _is_date(written):
        return {}
    # Try each box in a date whose other boxes are valid.
    valid_boxes = {"day": "1", "month": "1", "year": "2000"}
    wrong = {
        box: "figure" if value.strip() else "missing"
        for box, value in typed.items()
        if not _is_date(_iso_date(*(valid_boxes | {box: value}).values()))
    }
    return wrong or {"day": "month"}


def _is_date(written: str) -> bool:
    try:
        values.day(written)
    except values.InvalidValue:
        return False
    return True


def from_date(path: str, on: date) -> Answers:
    """Return a date as it would have been typed into its boxes."""
    return {
        f"{path}-{box}": str(number)
        for box, number in zip(DATE_BOXES, (on.day, on.month, on.year), strict=True)
    }


def to_content(answers: Answers) -> dict[str, Any]:
    """Return the content of the card file; a part with answers but no status is "listed"."""
    content: dict[str, Any] = {"format": FORMAT}
    typed = join_dates(answers)
    if typed.get(_ORAL, "").strip() == BACKUP:
        typed |= {_ORAL: "listed", _PURPOSE: BACKUP}
    for path, value in typed.items():
        if value.strip():
            place = field_paths.place(path)
            cut = value[:_MAX_LENGTH]
            flatten.put(content, path, place.as_typed(cut) if place else cut)
    content.setdefault("regimen", {}).setdefault("drug", "baclofen")
    for part in _parts_with_status(content):
        if part and "status" not in part:
            part["status"] = "listed"
    return flatten.close_lists(content)


def _parts_with_status(content: dict[str, Any]) -> list[Any]:
    regimen = content["regimen"]
    named = [content.get(name) for name in ("allergies", "medicines", "directives")]
    return [*named, regimen.get("other_pump_drugs"), regimen.get("oral_baclofen")]


def join_dates(answers: Answers) -> Answers:
    """Return the answers with each date in one piece, written YYYY-MM-DD as far as it is one."""
    joined: Answers = {}
    for path, value in answers.items():
        box = _DATE_BOX.fullmatch(path)
        if not box:
            joined[path] = value
        elif box[1] not in joined:
            joined[box[1]] = _iso_date(*date_boxes(answers, box[1]))
    return joined


def _iso_date(day: str, month: str, year: str) -> str:
    typed = (year, month, day)
    if not any(box.strip() for box in typed):
        return ""
    return "-".join(_digits(box).zfill(width) for box, width in zip(typed, (4, 2, 2), strict=True))


def _digits(typed: str) -> str:
    """Convert digits of any script to 0-9 without leading zeros; leave anything else as it is."""
    stripped = typed.strip()
    return str(int(stripped)) if stripped.isdecimal() and len(stripped) <= 4 else stripped or "?"


def as_typed(value: Any, path: str) -> Answers:
    """Return a value of a card file as it would have been typed."""
    if isinstance(value, bool):
        return {path: "yes" if value else "no"}
    place = field_paths.place(path)
    if place and place.is_date:
        return from_date(path, date.fromisoformat(value))
    return {path: values.unambiguous_number(value) if isinstance(value, Decimal) else str(value)}


def _is_encodable(text: str) -> bool:
    """Return whether the text can be written to a page: half a surrogate pair cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
