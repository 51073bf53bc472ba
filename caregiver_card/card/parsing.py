"""JSON as it stands in a file -> a draft of a card, and every fault found on the way.

A draft has all fields of a part; one that could not be read is ``None``.
"""

from dataclasses import MISSING, fields
from types import SimpleNamespace
from typing import Any

from caregiver_card.card import values
from caregiver_card.card.rules import ERROR, Fault


class JsonObject(list[tuple[str, Any]]):
    """A JSON object as it stands in the file, repeated keys and all."""


class FileParser:
    """One way through a file, along the declarations of ``card``.

    A doubtful value is taken where its path is in ``confirmed``; otherwise it is a fault of the
    level ``doubt``.
    """

    def __init__(self, region: str | None, confirmed: frozenset[str], doubt: str = ERROR) -> None:
        self.region, self._confirmed, self._doubt = region, confirmed, doubt
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
        if raw is None or (isinstance(raw, str) and not values.seen(raw).strip()):
            if each.default is MISSING:
                self.error(path, "missing")
            return None
        return self._value(each.metadata["parse"], raw, path)

    def _value(self, parse: values.Parser, raw: Any, path: str) -> Any:
        if isinstance(raw, (list, dict)):
            return self.error(path, "not-value")
        if isinstance(raw, str) and not getattr(parse, "is_text", False):
            raw = values.seen(raw)
        try:
            return parse(raw, self.region)
        except values.DoubtfulValue as doubt:
            if path not in self._confirmed:
                self.faults.append(Fault(self._doubt, path, doubt.code, doubt.details))
            return doubt.value
        except values.InvalidValue as fault:
            return self.error(path, fault.code, **fault.details)

    def _part(self, each: Any, raw: Any, path: str) -> Any:
        kind = each.metadata["part"]
        if raw is None or (isinstance(raw, JsonObject) and _blank(raw)):
            if each.default is MISSING:
                # Name each thing that is missing, not the box it belongs into.
                return self.part(kind, (), path)
            return None
        if not isinstance(raw, JsonObject):
            self.error(path, "not-object")
            return None
        return self.part(kind, raw, path)

    def _parts(self, each: Any, raw: Any, path: str) -> Any:
        kind, most = each.metadata["parts"], each.metadata["most"]
        if raw is None or raw == "":
            return ()
        if not isinstance(raw, list) or isinstance(raw, JsonObject):
            self.error(path, "not-list")
            return ()
        if len(raw) > most:
            self.error(path, "too-many", most=most, count=len(raw))
        found = []
        for index, item in enumerate(raw[:most]):
            here = f"{path}[{index}]"
            if not isinstance(kind, type):
                found.append(self._value(kind, item, here))
            elif isinstance(item, JsonObject):
                found.append(self.part(kind, item, here))
            else:
                self.error(here, "not-object")
        return tuple(found)


def _blank(pairs: JsonObject) -> bool:
    """Whether an object says nothing: every value is empty."""
    return all(
        value is None or (isinstance(value, str) and not value.strip()) for _, value in pairs
    )
