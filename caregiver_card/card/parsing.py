"""Parse the JSON of a card file into a draft of a card, and collect every fault on the way.

A draft has all the fields of its part; a field that cannot be read is ``None``.
"""

from dataclasses import MISSING, fields
from types import SimpleNamespace
from typing import Any

from caregiver_card.card import values
from caregiver_card.card.rules import ERROR, Fault


class JsonObject(list[tuple[str, Any]]):
    """A JSON object as it stands in the file, repeated keys included."""


class FileParser:
    """Parses one file along the declarations in ``model``; collects ``faults``.

    A doubtful value is accepted where ``confirmed`` has its path; otherwise it is also a fault, of
    the level ``doubt``.
    """

    def __init__(self, region: str | None, confirmed: frozenset[str], doubt: str = ERROR) -> None:
        self.region, self._confirmed, self._doubt = region, confirmed, doubt
        self.faults: list[Fault] = []

    def add_error(self, path: str, code: str, **details: Any) -> None:
        """Record an error at ``path``."""
        self.faults.append(Fault(ERROR, path, code, details))

    def parse_part(self, kind: Any, pairs: Any, path: str) -> Any:
        """Return a draft of one part: a namespace with all its fields."""
        prefix = f"{path}." if path else ""
        declared = {field.metadata.get("key", field.name): field for field in fields(kind)}
        values_by_key: dict[str, Any] = {}
        for key, value in pairs:
            if key not in declared:
                printable = key.strip() and key.isprintable()
                shown_path = f"{prefix}{key[:40]}" if printable else path or "file"
                self.add_error(shown_path, "key-unknown", near=values.closest(key, declared))
            elif key in values_by_key:
                self.add_error(f"{prefix}{key}", "key-twice")
            else:
                values_by_key[key] = value
        draft = SimpleNamespace()
        for key, field in declared.items():
            value = self._parse_field(field, values_by_key.get(key), f"{prefix}{key}")
            setattr(draft, field.name, value)
        return draft

    def _parse_field(self, field: Any, raw: Any, path: str) -> Any:
        if "part" in field.metadata:
            return self._parse_part(field, raw, path)
        if "parts" in field.metadata:
            return self._parse_parts(field, raw, path)
        # An empty string counts as an absent key.
        if raw is None or (isinstance(raw, str) and not values.strip_invisible(raw).strip()):
            if field.default is MISSING:
                self.add_error(path, "missing")
            return None
        return self._parse_value(field.metadata["parse"], raw, path)

    def _parse_value(self, parse: values.Parser, raw: Any, path: str) -> Any:
        if isinstance(raw, (list, dict)):
            return self.add_error(path, "not-value")
        if isinstance(raw, str) and not getattr(parse, "is_text", False):
            raw = values.strip_invisible(raw)
        try:
            return parse(raw, self.region)
        except values.DoubtfulValue as doubt:
            if path not in self._confirmed:
                self.faults.append(Fault(self._doubt, path, doubt.code, doubt.details))
            return doubt.value
        except values.InvalidValue as fault:
            return self.add_error(path, fault.code, **fault.details)

    def _parse_part(self, field: Any, raw: Any, path: str) -> Any:
        kind = field.metadata["part"]
        if raw is None or (isinstance(raw, JsonObject) and _is_blank(raw)):
            if field.default is MISSING:
                # Report each missing field, not the part as a whole.
                return self.parse_part(kind, (), path)
            return None
        if not isinstance(raw, JsonObject):
            self.add_error(path, "not-object")
            return None
        return self.parse_part(kind, raw, path)

    def _parse_parts(self, field: Any, raw: Any, path: str) -> Any:
        kind, most = field.metadata["parts"], field.metadata["most"]
        if raw is None or raw == "":
            return ()
        if not isinstance(raw, list) or isinstance(raw, JsonObject):
            self.add_error(path, "not-list")
            return ()
        if len(raw) > most:
            self.add_error(path, "too-many", most=most, count=len(raw))
        parsed = []
        for index, item in enumerate(raw[:most]):
            item_path = f"{path}[{index}]"
            if not isinstance(kind, type):
                parsed.append(self._parse_value(kind, item, item_path))
            elif isinstance(item, JsonObject):
                parsed.append(self.parse_part(kind, item, item_path))
            else:
                self.add_error(item_path, "not-object")
        return tuple(parsed)


def _is_blank(pairs: JsonObject) -> bool:
    """Return whether every value of an object is empty."""
    return all(
        value is None or (isinstance(value, str) and not value.strip()) for _, value in pairs
    )
