"""``Card`` <-> the card file. Reads every format that was ever written; writes the newest.

One reading finds every fault: each field that cannot be read leaves ``None`` in a draft of the
card, and the rules between fields then look at what is there.
"""

import json
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from caregiver_card.card import decoding, rules, telephones, values, warnings
from caregiver_card.card.model import FORMAT, Card, InvalidCard
from caregiver_card.card.parsing import FileParser, JsonObject
from caregiver_card.card.rules import ERROR, WARNING, Fault

# The largest card with every list full is some 60 kB; four times that is a mistake or an attack.
LARGEST_FILE = 256 * 1024


class UnreadableCard(ValueError):
    """A stored card that is not one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: a card when there are no errors, and everything found on the way."""

    card: Card | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What must be mended."""
        return tuple(fault for fault in self.faults if fault.level == ERROR)


def read(raw: bytes, today: date, *, asking: bool = False) -> Reading:
    """Read a card file as a person gave it; ``today`` decides what is in the future.

    A doubtful value is an error until a person has confirmed it; with ``asking``, a question.
    """
    try:
        return _reading(_parse(raw), today, WARNING if asking else ERROR)
    except _Unusable as fault:
        return Reading(None, (Fault(ERROR, "file", fault.code, fault.details),))


def questions_of(card: Card, today: date) -> tuple[Fault, ...]:
    """What a card raises on this day and nobody has answered, as if it were typed today."""
    return read(encode(card), today, asking=True).faults


def _reading(content: Any, today: date, doubt: str) -> Reading:
    """What comes of a file that is JSON."""
    draft, faults = _draft(content, doubt)
    # A field that could not be read has its fault already.
    read_badly = {fault.path for fault in faults}
    faults += (each for each in rules.errors(draft, today) if each.path not in read_badly)
    answered = {*read_badly, *draft.confirmed}
    faults += (replace(e, level=doubt) for e in rules.doubts(draft) if e.path not in answered)
    card = None if any(each.level == ERROR for each in faults) else _build(Card, draft)
    faults += warnings.unanswered(draft, today)
    return Reading(card, tuple(faults))


def decode(raw: bytes) -> Card:
    """A card that this program wrote; raises ``UnreadableCard`` for anything else."""
    try:
        # What was stored was asked about by the rules of its day.
        draft, faults = _draft(_parse(raw), WARNING)
    except _Unusable as fault:
        raise UnreadableCard(fault.code) from None
    if broken := [fault.path for fault in faults if fault.level == ERROR]:
        raise UnreadableCard(", ".join(broken))
    try:
        return _build(Card, draft)  # type: ignore[no-any-return]
    except InvalidCard as fault:
        raise UnreadableCard(str(fault)) from None


def encode(card: Card) -> bytes:
    """The card file: keys in the order of the declarations, nothing that is not recorded."""
    return json.dumps(to_json(card), ensure_ascii=False, indent=1).encode()


def to_json(card: Card) -> dict[str, Any]:
    """What stands in the card file, before it is JSON."""
    return {"format": FORMAT, **_written(card)}


def encode_shared(card: Card) -> bytes:
    """The card file as others may have it: lists that are not shared are empty."""
    content = {"format": FORMAT, **_without_hidden(_written(card))}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


# Reading --------------------------------------------------------------------------------------


class _Unusable(ValueError):
    """The whole file is of no use."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def _parse(raw: bytes) -> Any:
    if len(raw) > LARGEST_FILE:
        raise _Unusable("file-large", most=LARGEST_FILE // 1024)
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=JsonObject,
            parse_float=Decimal,
            parse_constant=_no,
        )
    except UnicodeDecodeError as fault:
        raise _Unusable("file-encoding", at=fault.start, words=decoding.sample(raw)) from None
    except json.JSONDecodeError as fault:
        raise _Unusable("file-json", line=fault.lineno, column=fault.colno) from None
    except (RecursionError, ValueError, ArithmeticError):
        # Brackets nested without end, a number of thousands of digits, NaN, 1e99999999999999999999.
        raise _Unusable("file-odd") from None


def _no(constant: str) -> Any:
    raise ValueError(constant)


def _draft(content: Any, doubt: str) -> tuple[Any, list[Fault]]:
    """The content as typed values, ``None`` where there is none, and what could not be read."""
    if not isinstance(content, JsonObject):
        raise _Unusable("file-no-card")
    stated = dict(content).get("format")
    if stated is None:
        raise _Unusable("file-no-format", format=FORMAT)
    if not isinstance(stated, str) or stated not in _READERS:
        found = stated[:40] if isinstance(stated, str) and stated.isprintable() else "?"
        raise _Unusable("file-format", found=found, format=FORMAT)
    return _READERS[stated](content, doubt)


def _version_1(content: JsonObject, doubt: str) -> tuple[Any, list[Fault]]:
    stated = dict(content)
    walk = FileParser(_region(stated.get("region")), _confirmed(stated.get("confirmed")), doubt)
    draft = walk.part(Card, [pair for pair in content if pair[0] != "format"], "")
    if sum(key == "format" for key, _ in content) > 1:
        walk.error("format", "key-twice")
    return draft, walk.faults


_READERS = {FORMAT: _version_1}


def _confirmed(raw: Any) -> frozenset[str]:
    paths = raw if isinstance(raw, list) else ()
    return frozenset(each for each in paths if isinstance(each, str))


def _region(raw: Any) -> str | None:
    try:
        return telephones.region(raw)
    except values.InvalidValue:
        return None


def _build(kind: Any, draft: Any) -> Any:
    """A part from a draft without faults."""
    content = {}
    for each in fields(kind):
        value = getattr(draft, each.name)
        if "part" in each.metadata and value is not None:
            value = _build(each.metadata["part"], value)
        elif "parts" in each.metadata and isinstance(each.metadata["parts"], type):
            value = tuple(_build(each.metadata["parts"], item) for item in value)
        content[each.name] = value
    return kind(**content)


# Writing --------------------------------------------------------------------------------------


def _written(thing: Any) -> Any:
    if isinstance(thing, tuple):
        return [_written(item) for item in thing]
    if isinstance(thing, Decimal):
        return int(thing) if thing == int(thing) else float(thing)
    if isinstance(thing, date):
        return thing.isoformat()
    if not hasattr(thing, "__dataclass_fields__"):
        return thing
    content = {}
    for each in fields(thing):
        value = getattr(thing, each.name)
        if value is not None and value != ():
            content[each.metadata.get("key", each.name)] = _written(value)
    return content


def _without_hidden(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_hidden(item) for item in content]
    if not isinstance(content, dict):
        return content
    if content.get("status") == "not_shared":
        return {"status": "not_shared"}
    return {key: _without_hidden(value) for key, value in content.items()}
