"""Convert a card file to one value per path, as in a table (``contacts[0].phone``), and back."""

import re
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]")


def flatten(content: Any, path: str = "") -> dict[str, Any]:
    """Return every value of a card file by its path; an empty list leaves no value."""
    if isinstance(content, dict):
        inner = [(f"{path}.{key}" if path else key, value) for key, value in content.items()]
    elif isinstance(content, list):
        inner = [(f"{path}[{index}]", value) for index, value in enumerate(content)]
    else:
        return {path: content}
    flat: dict[str, Any] = {}
    for inner_path, value in inner:
        flat |= flatten(value, inner_path)
    return flat


def unflatten(flat: dict[str, Any]) -> dict[str, Any]:
    """Return the card file that has these values."""
    content: dict[str, Any] = {}
    for path, value in flat.items():
        put(content, path, value)
    return close_lists(content)


def put(content: dict[Any, Any], path: str, value: Any) -> None:
    """Set the value at a path; until ``close_lists`` a list is a dict by index."""
    steps = [int(match[2]) if match[2] else match[1] for match in _STEP.finditer(path)]
    for step in steps[:-1]:
        content = content.setdefault(step, {})
    content[steps[-1]] = value


def close_lists(content: dict[str, Any]) -> dict[str, Any]:
    """Turn the dicts by index that ``put`` leaves into lists; a missing index leaves no gap."""
    return _close(content)  # type: ignore[no-any-return]


def _close(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    if content and all(isinstance(key, int) for key in content):
        return [_close(content[key]) for key in sorted(content)]
    return {key: _close(value) for key, value in content.items()}
