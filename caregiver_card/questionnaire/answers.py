"""What a person has typed, before it is a card: raw words by their path, and nothing judged yet.

The paths are those of the card file, so that the faults of a reading name the fields. A date is
three boxes, ``PATH-day``, ``-month`` and ``-year``, and stays three until it is read: what is no
date is then shown again exactly as it was typed.
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

DAY_PARTS = ("day", "month", "year")
_DAY_PART = re.compile(r"(.+)-(day|month|year)")
# One question about tablets, whose answers the card file has in two places.
_ORAL, _PURPOSE = "regimen.oral_baclofen.status", "regimen.oral_baclofen.purpose"
# No text of a card is as long; more would only make the file too large to say what is wrong.
_LONGEST = 2000


def from_card(card: Card) -> Answers:
    """A card as it would have been typed; nothing of it is lost."""
    content = json.loads(codec.encode(card), parse_float=Decimal, parse_int=Decimal)
    del content["format"]
    typed: Answers = {}
    for path, value in flatten.flattened(content).items():
        typed |= _typed(value, path)
    if typed.pop(_PURPOSE, "") == BACKUP:
        typed[_ORAL] = BACKUP
    return typed


def of_file(raw: bytes) -> Answers:
    """A card file that can be read, in its own words, as it would have been typed."""
    content = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal)
    del content["format"]
    typed: Answers = {}
    for path, value in flatten.flattened(content).items():
        if value is not None:
            typed |= _typed(value, path)
    return typed


def loads(raw: str) -> Answers:
    """Answers that travelled through a browser; what could not be an answer is left behind."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {
        path: words
        for path, words in content.items()
        if isinstance(words, str) and is_answer(path) and _is_whole(words)
    }


def dumps(answers: Answers) -> str:
    """Answers for a hidden field."""
    return json.dumps(answers, separators=(",", ":"))


def read(answers: Answers, today: date) -> Reading:
    """What the card file of these answers would be, read by the one reader there is."""
    return codec.read(json.dumps(nested(answers)).encode(), today, doubts_as_warnings=True)


def is_answer(path: str) -> bool:
    """Whether a card has such a place."""
    part = _DAY_PART.fullmatch(path)
    found = field_paths.place(part[1] if part else path)
    return found is not None and found.is_day == bool(part) and len(path) < 80


def under(answers: Mapping[str, str], path: str) -> Answers:
    """The answers at a path and beneath it that say something."""
    below = (f"{path}.", f"{path}[", f"{path}-")
    return {
        each: words
        for each, words in answers.items()
        if (each == path or each.startswith(below)) and words.strip()
    }


def without(answers: Mapping[str, str], path: str) -> Answers:
    """The answers but for those at a path and beneath it."""
    below = (f"{path}.", f"{path}[", f"{path}-")
    return {
        each: words
        for each, words in answers.items()
        if each != path and not each.startswith(below)
    }


def day(answers: Mapping[str, str], path: str) -> tuple[str, str, str]:
    """The three boxes of a date, as typed."""
    typed = [answers.get(f"{path}-{part}", "") for part in DAY_PARTS]
    return typed[0], typed[1], typed[2]


def wrong_parts(answers: Mapping[str, str], path: str) -> dict[str, str]:
    """Which boxes of a date are wrong, and how: "missing", "figure", or "month" for a day that
    its month has not. Nothing where the boxes are a date, or all of them are empty.
    """
    typed = dict(zip(DAY_PARTS, day(answers, path), strict=True))
    whole = _one_day(*typed.values())
    if not whole or _is_day(whole):
        return {}
    # Each box is tried in a date that is right but for it.
    right = {"day": "1", "month": "1", "year": "2000"}
    wrong = {
        part: "figure" if words.strip() else "missing"
        for part, words in typed.items()
        if not _is_day(_one_day(*(right | {part: words}).values()))
    }
    return wrong or {"day": "month"}


def _is_day(written: str) -> bool:
    try:
        values.day(written)
    except values.InvalidValue:
        return False
    return True


def as_day(path: str, on: date) -> Answers:
    """A date as it would have been typed."""
    return {
        f"{path}-{part}": str(number)
        for part, number in zip(DAY_PARTS, (on.day, on.month, on.year), strict=True)
    }


def nested(answers: Answers) -> dict[str, Any]:
    """The content of the card file; where a part has answers but no status, it is listed."""
    content: dict[str, Any] = {"format": FORMAT}
    typed = joined(answers)
    if typed.get(_ORAL, "").strip() == BACKUP:
        typed |= {_ORAL: "listed", _PURPOSE: BACKUP}
    for path, words in typed.items():
        if words.strip():
            flatten.put(content, path, words[:_LONGEST])
    content.setdefault("regimen", {}).setdefault("drug", "baclofen")
    for part in _listings(content):
        if part and "status" not in part:
            part["status"] = "listed"
    return flatten.listed(content)


def _listings(content: dict[str, Any]) -> list[Any]:
    regimen = content["regimen"]
    named = [content.get(name) for name in ("allergies", "medicines", "directives")]
    return [*named, regimen.get("other_pump_drugs"), regimen.get("oral_baclofen")]


def joined(answers: Answers) -> Answers:
    """The answers with each date in one piece, YYYY-MM-DD as far as it is one."""
    joined: Answers = {}
    for path, words in answers.items():
        part = _DAY_PART.fullmatch(path)
        if not part:
            joined[path] = words
        elif part[1] not in joined:
            joined[part[1]] = _one_day(*day(answers, part[1]))
    return joined


def _one_day(on: str, month: str, year: str) -> str:
    typed = (year, month, on)
    if not any(each.strip() for each in typed):
        return ""
    return "-".join(
        _digits(each).zfill(width) for each, width in zip(typed, (4, 2, 2), strict=True)
    )


def _digits(typed: str) -> str:
    """Digits of any script as 0 to 9, without leading zeros; anything else as it is."""
    bare = typed.strip()
    return str(int(bare)) if bare.isdecimal() and len(bare) <= 4 else bare or "?"


def _typed(value: Any, path: str) -> Answers:
    if isinstance(value, bool):
        return {path: "yes" if value else "no"}
    found = field_paths.place(path)
    if found and found.is_day:
        return as_day(path, date.fromisoformat(value))
    return {path: values.format_number(value) if isinstance(value, Decimal) else str(value)}


def _is_whole(words: str) -> bool:
    """Whether the words can be written to a page: half a surrogate pair cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in words)
