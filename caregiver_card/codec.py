"""``Card`` <-> the card file. Reads every format that was ever written; writes the newest.

One reading finds every fault: each field that cannot be read leaves ``None`` in a draft of the
card, and the rules between fields then look at what is there.
"""

import json
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from caregiver_card import questions, rules, values
from caregiver_card.card import FORMAT, Card, InvalidCard
from caregiver_card.rules import ERROR, Fault

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


def read(raw: bytes, today: date) -> Reading:
    """Read a card file as a person gave it; ``today`` decides what is in the future."""
    try:
        return read_object(_parse(raw), today)
    except _Unusable as fault:
        return Reading(None, (Fault(ERROR, "file", fault.code, fault.details),))


def read_object(content: Any, today: date) -> Reading:
    """The same for a card that has been taken out of its file already."""
    draft, faults = _draft(content)
    # A field that could not be read has its fault already.
    read_badly = {fault.path for fault in faults}
    faults += (each for each in rules.errors(draft, today) if each.path not in read_badly)
    card = None if faults else _build(Card, draft)
    faults += questions.open_ones(draft, today)
    return Reading(card, tuple(faults))


def decode(raw: bytes) -> Card:
    """A card that this program wrote; raises ``UnreadableCard`` for anything else."""
    try:
        draft, faults = _draft(_parse(raw))
    except _Unusable as fault:
        raise UnreadableCard(fault.code) from None
    if faults:
        raise UnreadableCard(", ".join(fault.path for fault in faults))
    try:
        return _build(Card, draft)  # type: ignore[no-any-return]
    except InvalidCard as fault:
        raise UnreadableCard(str(fault)) from None


def encode(card: Card) -> bytes:
    """The card file: keys in the order of the declarations, nothing that is not recorded."""
    content = {"format": FORMAT, **_written(card)}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


# Reading --------------------------------------------------------------------------------------


class _Unusable(ValueError):
    """The whole file is of no use."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it stands in the file, repeated keys and all."""


def _parse(raw: bytes) -> Any:
    if len(raw) > LARGEST_FILE:
        raise _Unusable("file-large", most=LARGEST_FILE // 1024)
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_Pairs,
            parse_float=Decimal,
            parse_constant=_no,
        )
    except UnicodeDecodeError as fault:
        raise _Unusable("file-encoding", at=fault.start) from None
    except json.JSONDecodeError as fault:
        raise _Unusable("file-json", line=fault.lineno, column=fault.colno) from None
    except (RecursionError, ValueError, ArithmeticError):
        # Brackets nested without end, a number of thousands of digits, NaN, 1e99999999999999999999.
        raise _Unusable("file-odd") from None


def _no(constant: str) -> Any:
    raise ValueError(constant)


def _draft(content: Any) -> tuple[Any, list[Fault]]:
    """The content as typed values, ``None`` where there is none, and what could not be read."""
    if not isinstance(content, _Pairs):
        raise _Unusable("file-no-card")
    stated = dict(content).get("format")
    if stated is None:
        raise _Unusable("file-no-format", format=FORMAT)
    if not isinstance(stated, str) or stated not in _READERS:
        found = stated[:40] if isinstance(stated, str) and stated.isprintable() else "?"
        raise _Unusable("file-format", found=found, format=FORMAT)
    return _READERS[stated](content)


def _version_1(content: _Pairs) -> tuple[Any, list[Fault]]:
    walk = _Walk(_region(dict(content).get("region")))
    draft = walk.part(Card, [pair for pair in content if pair[0] != "format"], "")
    if sum(key == "format" for key, _ in content) > 1:
        walk.error("format", "key-twice")
    return draft, walk.faults


_READERS = {FORMAT: _version_1}


def _region(raw: Any) -> str | None:
    try:
        return values.region(raw)
    except values.InvalidValue:
        return None


class _Walk:
    """One way through a file, along the declarations of ``card``."""

    def __init__(self, region: str | None) -> None:
        self.region = region
        self.faults: list[Fault] = []

    def error(self, path: str, code: str, **details: Any) -> None:
        self.faults.append(Fault(ERROR, path, code, details))

    def part(self, kind: Any, pairs: Any, path: str) -> Any:
        """A draft of one part: a namespace with all its fields."""
        prefix = f"{path}." if path else ""
        declared = {each.metadata.get("key", each.name): each for each in fields(kind)}
        given: dict[str, Any] = {}
        for key, value in pairs:
            if key not in declared:
                named = key.strip() and key.isprintable()
                shown = f"{prefix}{key[:40]}" if named else path or "file"
                self.error(shown, "key-unknown", near=values.near(key, declared))
            elif key in given:
                self.error(f"{prefix}{key}", "key-twice")
            else:
                given[key] = value
        draft = SimpleNamespace()
        for key, each in declared.items():
            setattr(draft, each.name, self._field(each, given.get(key), f"{prefix}{key}"))
        return draft

    def _field(self, each: Any, raw: Any, path: str) -> Any:
        if "part" in each.metadata:
            return self._part(each, raw, path)
        if "parts" in each.metadata:
            return self._parts(each, raw, path)
        # An empty string is the same as an absent key.
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if each.default is MISSING:
                self.error(path, "missing")
            return None
        return self._value(each.metadata["parse"], raw, path)

    def _value(self, parse: values.Parser, raw: Any, path: str) -> Any:
        if isinstance(raw, (list, dict)):
            return self.error(path, "not-value")
        try:
            return parse(raw, self.region)
        except values.InvalidValue as fault:
            return self.error(path, fault.code, **fault.details)

    def _part(self, each: Any, raw: Any, path: str) -> Any:
        kind = each.metadata["part"]
        if raw is None or (isinstance(raw, _Pairs) and _blank(raw)):
            if each.default is MISSING:
                # Name each thing that is missing, not the box it belongs into.
                return self.part(kind, (), path)
            return None
        if not isinstance(raw, _Pairs):
            self.error(path, "not-object")
            return None
        return self.part(kind, raw, path)

    def _parts(self, each: Any, raw: Any, path: str) -> Any:
        kind, most = each.metadata["parts"], each.metadata["most"]
        if raw is None or raw == "":
            return ()
        if not isinstance(raw, list) or isinstance(raw, _Pairs):
            self.error(path, "not-list")
            return ()
        if len(raw) > most:
            self.error(path, "too-many", most=most, count=len(raw))
        found = []
        for index, item in enumerate(raw[:most]):
            here = f"{path}[{index}]"
            if not isinstance(kind, type):
                found.append(self._value(kind, item, here))
            elif isinstance(item, _Pairs):
                found.append(self.part(kind, item, here))
            else:
                self.error(here, "not-object")
        return tuple(found)


def _blank(pairs: _Pairs) -> bool:
    """Whether an object says nothing: every value is empty."""
    return all(
        value is None or (isinstance(value, str) and not value.strip()) for _, value in pairs
    )


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
