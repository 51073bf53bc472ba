"""A card file as a table has it: one value for each path, ``contacts[0].phone``, and back."""

import re
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]")


def flattened(content: Any, path: str = "") -> dict[str, Any]:
    """Every value of a card file by its path; an empty list leaves nothing."""
    if isinstance(content, dict):
        inner = [(f"{path}.{key}" if path else key, value) for key, value in content.items()]
    elif isinstance(content, list):
        inner = [(f"{path}[{index}]", value) for index, value in enumerate(content)]
    else:
        return {path: content}
    flat: dict[str, Any] = {}
    for at, value in inner:
        flat |= flattened(value, at)
    return flat


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """The card file of such values."""
    content: dict[str, Any] = {}
    for path, value in flat.items():
        put(content, path, value)
    return listed(content)


def put(content: dict[Any, Any], path: str, value: Any) -> None:
    """Put a value at a path; a list is kept as a table by index until all is there."""
    steps = [int(found[2]) if found[2] else found[1] for found in _STEP.finditer(path)]
    for step in steps[:-1]:
        content = content.setdefault(step, {})
    content[steps[-1]] = value


def listed(content: dict[str, Any]) -> dict[str, Any]:
    """What ``put`` has put, with lists for tables by index; they close up where one is missing."""
    return _listed(content)  # type: ignore[no-any-return]


def _listed(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    if content and all(isinstance(key, int) for key in content):
        return [_listed(content[key]) for key in sorted(content)]
    return {key: _listed(value) for key, value in content.items()}
