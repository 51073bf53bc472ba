"""Convert between a ``Card`` and the card file.

The reader accepts every format version ever written; the writer writes the newest. One pass finds
every fault: a field that cannot be read becomes ``None`` in a draft of the card, and the rules
between fields then check the rest. The format: ``docs/card-format.md``.
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

# A card with every list full takes some 60 kB; four times that is a mistake or an attack.
MAX_FILE_BYTES = 256 * 1024


class UnreadableCard(ValueError):
    """Stored bytes are not a card that this program can read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a file: every fault found, and the card if none of them is an error."""

    card: Card | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that must be corrected before there is a card."""
        return tuple(fault for fault in self.faults if fault.level == ERROR)


def read(raw: bytes, today: date, *, doubts_as_warnings: bool = False) -> Reading:
    """Read a card file from outside; ``today`` decides which dates lie in the future.

    A doubtful value is an error until a person has confirmed it; with ``doubts_as_warnings`` it is
    a warning, which a form then asks about.
    """
    try:
        return _read_content(_parse(raw), today, WARNING if doubts_as_warnings else ERROR)
    except _UnusableFile as fault:
        return Reading(None, (Fault(ERROR, "file", fault.code, fault.details),))


def open_warnings(card: Card, today: date) -> tuple[Fault, ...]:
    """Return the unanswered warnings of a card, as if it were entered on ``today``."""
    return read(encode(card), today, doubts_as_warnings=True).faults


def _read_content(content: Any, today: date, doubt: str) -> Reading:
    """Read the parsed JSON of a file; a doubtful value is a fault of level ``doubt``."""
    draft, faults = _draft(content, doubt)
    # A field that could not be read has its fault already.
    unreadable = {fault.path for fault in faults}
    faults += (fault for fault in rules.errors(draft, today) if fault.path not in unreadable)
    settled = {*unreadable, *draft.confirmed}
    faults += (
        replace(fault, level=doubt) for fault in rules.doubts(draft) if fault.path not in settled
    )
    card = None if any(fault.level == ERROR for fault in faults) else _build(Card, draft)
    faults += warnings.unanswered(draft, today)
    return Reading(card, tuple(faults))


def decode(raw: bytes) -> Card:
    """Read a card that this program has stored.

    Raises ``UnreadableCard`` for anything else.
    """
    try:
        # Its doubtful values were confirmed under the rules of the day it was stored.
        draft, faults = _draft(_parse(raw), WARNING)
    except _UnusableFile as fault:
        raise UnreadableCard(fault.code) from None
    if unreadable := [fault.path for fault in faults if fault.level == ERROR]:
        raise UnreadableCard(", ".join(unreadable))
    try:
        return _build(Card, draft)  # type: ignore[no-any-return]
    except InvalidCard as fault:
        raise UnreadableCard(str(fault)) from None


def encode(card: Card) -> bytes:
    """Return the card file: keys in the order of the declarations, absent values left out."""
    return json.dumps(to_json(card), ensure_ascii=False, indent=1).encode()


def to_json(card: Card) -> dict[str, Any]:
    """Return the content of the card file as a dict ready for JSON."""
    return {"format": FORMAT, **_to_plain(card)}


def encode_shared(card: Card) -> bytes:
    """Return the card file without the content of lists marked "not shared"."""
    content = {"format": FORMAT, **_without_hidden(_to_plain(card))}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


# Reading --------------------------------------------------------------------------------------


class _UnusableFile(ValueError):
    """The file as a whole cannot be read as a card."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def _parse(raw: bytes) -> Any:
    if len(raw) > MAX_FILE_BYTES:
        raise _UnusableFile("file-large", most=MAX_FILE_BYTES // 1024)
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=JsonObject,
            parse_float=Decimal,
            parse_constant=_reject_constant,
        )
    except UnicodeDecodeError as fault:
        raise _UnusableFile(
            "file-encoding", at=fault.start, words=decoding.non_ascii_words(raw)
        ) from None
    except json.JSONDecodeError as fault:
        raise _UnusableFile("file-json", line=fault.lineno, column=fault.colno) from None
    except (RecursionError, ValueError, ArithmeticError):
        # Endless nesting, a number of thousands of digits, NaN, 1e99999999999999999999.
        raise _UnusableFile("file-odd") from None


def _reject_constant(constant: str) -> Any:
    raise ValueError(constant)


def _draft(content: Any, doubt: str) -> tuple[Any, list[Fault]]:
    """Return a draft of the card, ``None`` for each missing value, and the faults of parsing."""
    if not isinstance(content, JsonObject):
        raise _UnusableFile("file-no-card")
    format_name = dict(content).get("format")
    if format_name is None:
        raise _UnusableFile("file-no-format", format=FORMAT)
    if not isinstance(format_name, str) or format_name not in _READERS:
        shown = (
            format_name[:40] if isinstance(format_name, str) and format_name.isprintable() else "?"
        )
        raise _UnusableFile("file-format", found=shown, format=FORMAT)
    return _READERS[format_name](content, doubt)


def _read_version_1(content: JsonObject, doubt: str) -> tuple[Any, list[Fault]]:
    by_key = dict(content)
    parser = FileParser(_region(by_key.get("region")), _confirmed(by_key.get("confirmed")), doubt)
    draft = parser.parse_part(Card, [pair for pair in content if pair[0] != "format"], "")
    if sum(key == "format" for key, _ in content) > 1:
        parser.add_error("format", "key-twice")
    return draft, parser.faults


_READERS = {FORMAT: _read_version_1}


def _confirmed(raw: Any) -> frozenset[str]:
    paths = raw if isinstance(raw, list) else ()
    return frozenset(path for path in paths if isinstance(path, str))


def _region(raw: Any) -> str | None:
    try:
        return telephones.region(raw)
    except values.InvalidValue:
        return None


def _build(kind: Any, draft: Any) -> Any:
    """Build a part from a draft that has no faults."""
    content = {}
    for declared in fields(kind):
        value = getattr(draft, declared.name)
        if "part" in declared.metadata and value is not None:
            value = _build(declared.metadata["part"], value)
        elif "parts" in declared.metadata and isinstance(declared.metadata["parts"], type):
            value = tuple(_build(declared.metadata["parts"], item) for item in value)
        content[declared.name] = value
    return kind(**content)


# Writing --------------------------------------------------------------------------------------


def _to_plain(value: Any) -> Any:
    """Convert a part or a value to what JSON can hold."""
    if isinstance(value, tuple):
        return [_to_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if not hasattr(value, "__dataclass_fields__"):
        return value
    content = {}
    for declared in fields(value):
        inner = getattr(value, declared.name)
        if inner is not None and inner != ():
            content[declared.metadata.get("key", declared.name)] = _to_plain(inner)
    return content


def _without_hidden(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_hidden(item) for item in content]
    if not isinstance(content, dict):
        return content
    if content.get("status") == "not_shared":
        return {"status": "not_shared"}
    return {key: _without_hidden(value) for key, value in content.items()}
