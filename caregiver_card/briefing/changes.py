"""What changed between two versions of a card, in everyday words.

The module walks the declarations of the card, so that it cannot miss a field added there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from caregiver_card.briefing import isolates
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.field_labels import label, value_text
from caregiver_card.card.model import Card


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the label of the value, and how it reads before and after.

    ``path`` is its place on the card, for a link to the form that edits it; it is never shown.
    """

    label: str
    before: str
    after: str
    path: str = ""


def changes(old: Card, new: Card, content: Content) -> tuple[Change, ...]:
    """Return the differences between two versions, in the order of the card file."""
    return tuple(map(_protected, _walk(Card, old, new, "", content)))


def recorded_values(card: Card, content: Content) -> tuple[Change, ...]:
    """Return everything that a card records, as its changes from an empty card."""
    return tuple(map(_protected, _walk(Card, None, card, "", content)))


def _protected(change: Change) -> Change:
    return isolates.protect_texts(change, (Change,), ("path",))


def _walk(kind: Any, old: Any, new: Any, path: str, content: Content) -> Iterator[Change]:
    """Yield the changes of one part; an absent part is one whose fields are all absent."""
    for declared in fields(kind):
        place = f"{path}{declared.metadata.get('key', declared.name)}"
        before, after = getattr(old, declared.name, None), getattr(new, declared.name, None)
        if before == after:
            continue
        if "part" in declared.metadata and not declared.metadata["whole"]:
            yield from _walk(declared.metadata["part"], before, after, f"{place}.", content)
        elif "parts" in declared.metadata:
            kind_of_item = declared.metadata["parts"]
            yield from _items(kind_of_item, before or (), after or (), place, content)
        else:
            was, now = (value_text(place, value, content) for value in (before, after))
            yield Change(label(place, content), was, now, place)


def _items(
    kind: Any, old: tuple[Any, ...], new: tuple[Any, ...], path: str, content: Content
) -> Iterator[Change]:
    """Yield the changes of a list: of each item, of items added and removed, and of their order."""
    pairs = _pairs(old, new)
    item, absent = content.say(f"label.{path}.item"), content.say("change.not_listed")
    for was, now in sorted(pairs.items()):
        if old[was] != new[now]:
            lead = _lead(new[now])
            for change in _walk(kind, old[was], new[now], f"{path}.", content):
                named = content.say("change.of_item", item=item, name=lead, label=change.label)
                yield replace(change, label=named)
    for index, removed in enumerate(old):
        if index not in pairs:
            yield Change(item, _one_line(removed, path, content), absent, path)
    for index, added in enumerate(new):
        if index not in pairs.values():
            yield Change(item, absent, _one_line(added, path, content), path)
    new_positions = [pairs[index] for index in sorted(pairs)]
    if new_positions != sorted(new_positions):
        yield Change(
            content.say("change.order", item=item),
            "; ".join(_name(old[index], path, content) for index in sorted(pairs)),
            "; ".join(_name(new[index], path, content) for index in sorted(new_positions)),
            path,
        )


def _pairs(old: tuple[Any, ...], new: tuple[Any, ...]) -> dict[int, int]:
    """Match old items with new ones: equal items first, then those with the same name."""
    pairs: dict[int, int] = {}
    tests: tuple[Callable[[Any, Any], bool], ...] = (
        lambda was, now: bool(was == now),
        lambda was, now: bool(_lead(was) == _lead(now)),
    )
    for same in tests:
        for index, item in enumerate(old):
            taken = set(pairs.values())
            free = (at for at, other in enumerate(new) if at not in taken and same(item, other))
            match = next(free, None) if index not in pairs else None
            if match is not None:
                pairs[index] = match
    return pairs


def _lead(item: Any) -> Any:
    """Return what names an item: its first field."""
    return item if isinstance(item, str) else getattr(item, fields(item)[0].name)


def _name(item: Any, path: str, content: Content) -> str:
    return value_text(path, item, content) if isinstance(item, str) else str(_lead(item))


def _one_line(item: Any, path: str, content: Content) -> str:
    """Return an item of a list in one line."""
    if isinstance(item, str):
        return value_text(path, item, content)
    texts = {
        declared.name: value_text(f"{path}.{declared.name}", getattr(item, declared.name), content)
        for declared in fields(item)
        if getattr(item, declared.name) is not None
    }
    frame = content.text.get(f"as_read.{path}.item")
    return frame.format_map(texts) if frame else ", ".join(texts.values())
