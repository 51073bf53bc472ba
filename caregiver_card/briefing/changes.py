"""Two versions of a card -> what changed, in words a person would use.

The declarations of the card are walked, so that a field added there cannot be forgotten here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from caregiver_card.briefing import isolates
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.field_labels import label, words
from caregiver_card.card.model import Card


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: what it is called, how it was, how it is.

    ``path`` is its place on the card, for a link to where it is edited; it is never shown.
    """

    label: str
    before: str
    after: str
    path: str = ""


def changes(old: Card, new: Card, content: Content) -> tuple[Change, ...]:
    """What differs between two versions, in the order of the card file."""
    return tuple(map(_marked, _walk(Card, old, new, "", content)))


def recorded(card: Card, content: Content) -> tuple[Change, ...]:
    """All that a card says, as what it would change about an empty one."""
    return tuple(map(_marked, _walk(Card, None, card, "", content)))


def _marked(change: Change) -> Change:
    return isolates.marked(change, (Change,), ("path",))


def _walk(kind: Any, old: Any, new: Any, path: str, content: Content) -> Iterator[Change]:
    """The changes of one part; a part that is absent is one whose fields all are."""
    for each in fields(kind):
        here = f"{path}{each.metadata.get('key', each.name)}"
        before, after = getattr(old, each.name, None), getattr(new, each.name, None)
        if before == after:
            continue
        if "part" in each.metadata and not each.metadata["whole"]:
            yield from _walk(each.metadata["part"], before, after, f"{here}.", content)
        elif "parts" in each.metadata:
            kind_of_item = each.metadata["parts"]
            yield from _items(kind_of_item, before or (), after or (), here, content)
        else:
            was, now = (words(here, value, content) for value in (before, after))
            yield Change(label(here, content), was, now, here)


def _items(
    kind: Any, old: tuple[Any, ...], new: tuple[Any, ...], path: str, content: Content
) -> Iterator[Change]:
    """The changes of a list, item by item, and of its order."""
    pairs = _pairs(old, new)
    item, absent = content.say(f"label.{path}.item"), content.say("change.not_listed")
    for was, now in sorted(pairs.items()):
        if old[was] != new[now]:
            lead = _lead(new[now])
            for each in _walk(kind, old[was], new[now], f"{path}.", content):
                named = content.say("change.of_item", item=item, name=lead, label=each.label)
                yield replace(each, label=named)
    for index, each in enumerate(old):
        if index not in pairs:
            yield Change(item, _whole(each, path, content), absent, path)
    for index, each in enumerate(new):
        if index not in pairs.values():
            yield Change(item, absent, _whole(each, path, content), path)
    kept = [pairs[index] for index in sorted(pairs)]
    if kept != sorted(kept):
        yield Change(
            content.say("change.order", item=item),
            "; ".join(_name(old[index], path, content) for index in sorted(pairs)),
            "; ".join(_name(new[index], path, content) for index in sorted(kept)),
            path,
        )


def _pairs(old: tuple[Any, ...], new: tuple[Any, ...]) -> dict[int, int]:
    """Which item became which: the equal ones first, then those that go by the same name."""
    pairs: dict[int, int] = {}
    tests: tuple[Callable[[Any, Any], bool], ...] = (
        lambda was, now: bool(was == now),
        lambda was, now: bool(_lead(was) == _lead(now)),
    )
    for same in tests:
        for index, item in enumerate(old):
            taken = set(pairs.values())
            free = (at for at, other in enumerate(new) if at not in taken and same(item, other))
            found = next(free, None) if index not in pairs else None
            if found is not None:
                pairs[index] = found
    return pairs


def _lead(item: Any) -> Any:
    """What an item goes by: its first field."""
    return item if isinstance(item, str) else getattr(item, fields(item)[0].name)


def _name(item: Any, path: str, content: Content) -> str:
    return words(path, item, content) if isinstance(item, str) else str(_lead(item))


def _whole(item: Any, path: str, content: Content) -> str:
    """An item of a list in one line."""
    if isinstance(item, str):
        return words(path, item, content)
    spoken = {
        each.name: words(f"{path}.{each.name}", getattr(item, each.name), content)
        for each in fields(item)
        if getattr(item, each.name) is not None
    }
    frame = content.text.get(f"as_read.{path}.item")
    return frame.format_map(spoken) if frame else ", ".join(spoken.values())
