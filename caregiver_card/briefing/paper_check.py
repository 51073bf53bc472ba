"""A mark from a paper -> whether that paper is still right, and in which facts it is not.

A reader's token opens the present card and no older one. So each save keeps beside it, sealed
under the same key, a table: for each older mark the paths of the facts that differ by now. What
the old values were does not stand there; the owner, who can look back, is shown them as well.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caregiver_card.briefing import isolates, version_mark
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.changes import Change, recorded
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.field_labels import label
from caregiver_card.briefing.version_mark import VersionMark
from caregiver_card.card import printed_facts
from caregiver_card.card.model import Card

# Each is opened at every save, in some milliseconds. Sixty monthly refills are five years, and no
# paper that has been carried that long is whole.
MOST_PAST = 60


@dataclass(frozen=True, slots=True)
class PaperStatus:
    """What is to be said of a paper.

    ``kind``: "right"; "reworded" (every fact is right, the program's sentences are newer);
    "differs"; "alike" (an older version and today's share this mark); "unknown" (no mark of this
    card's); "untold" (saved by a program that kept no table). The changes say what differs.
    """

    kind: str
    typed: VersionMark
    wallet: tuple[Change, ...] = ()
    larger: tuple[Change, ...] = ()


def version_table(past: Iterable[Card], present: Card) -> bytes:
    """What is kept beside ``present``: older marks with the paths in which they differ from it."""
    differing: dict[str, list[str]] = {}
    # "Still right" saves the same facts again and again.
    for known, card in {printed_facts.facts(card): card for card in past}.items():
        paths = printed_facts.differences(card, present)
        if paths:
            held = differing.setdefault(version_mark.mark_of_facts(known), [])
            held += (path for path in paths if path not in held)
    return json.dumps(differing).encode()


def check_paper(
    typed: VersionMark, kept: bytes | None, present: Card, content: Content, old: Card | None = None
) -> PaperStatus:
    """What is to be said of the paper with this mark; ``old`` is its card, for those who may see.

    ``kept`` is the ``table``, or ``None`` where there is none.
    """
    today = version_mark.parse_mark(version_mark.mark_of(brief(present, content)))
    differing: dict[str, list[str]] = json.loads(kept or b"{}")
    paths = differing.get(typed.facts, [])
    rows = _rows(paths, old, present, content)
    wallet = tuple(row for row in rows if printed_facts.fits_wallet(row.path))
    larger = tuple(row for row in rows if not printed_facts.fits_wallet(row.path))
    if today and typed.facts == today.facts:
        reworded = typed.words not in ("", today.words)
        kind = "alike" if paths else "reworded" if reworded else "right"
    elif paths:
        kind = "differs"
    else:
        kind = "unknown" if kept is not None else "untold"
    return PaperStatus(kind, typed, wallet, larger)


def check_own_paper(
    typed: VersionMark, past: Sequence[Card], present: Card, content: Content
) -> PaperStatus:
    """The same for an owner, who may see what stands on the paper; ``past`` is newest first."""
    marked = (
        each
        for each in past
        if version_mark.mark_of_facts(printed_facts.facts(each)) == typed.facts
    )
    old = next((each for each in marked if printed_facts.differences(each, present)), None)
    return check_paper(typed, version_table(past, present), present, content, old)


def after_saving(old: Card, new: Card, content: Content) -> PaperStatus:
    """What is to be said of the prints of ``old``, now that the card is ``new``."""
    typed = VersionMark(version_mark.mark_of_facts(printed_facts.facts(old)))
    return check_own_paper(typed, [old], new, content)


def _rows(paths: list[str], old: Card | None, new: Card, content: Content) -> list[Change]:
    """The facts at these paths as prints of both cards say them; without ``old`` as today's do."""
    after = _shown(new, content) if paths else {}
    before = _shown(old, content) if paths and old else {}
    none = content.say("status.not_recorded")
    return [
        Change(_label(path, content), before.get(path, none), after.get(path, none), path)
        for path in paths
    ]


def _shown(card: Card, content: Content) -> dict[str, str]:
    """The words of every fact that is recorded; of a list that is not shared, that it is not."""
    briefing = brief(card, content)
    rows: dict[str, list[str]] = {}
    for each in recorded(card, content):
        rows.setdefault(each.path, []).append(each.after)
    first = next(at for at, each in enumerate(card.contacts) if each.phone)
    contacts = rows["contacts"]
    others = contacts[:first] + contacts[first + 1 :]
    return {
        **{path: isolates.joined(words, "; ") for path, words in rows.items()},
        **_listings(briefing),
        printed_facts.ALARM_DATE: briefing.alarm_date.value,
        printed_facts.CONFIRMED_UNUSUAL: "; ".join(briefing.cautions)
        or content.say("paper.none_unusual"),
        printed_facts.FIRST_CONTACT: contacts[first],
        printed_facts.OTHER_CONTACTS: isolates.joined(others, "; ") or content.say("paper.nobody"),
    }


def _listings(b: Briefing) -> dict[str, str]:
    """The lists that have a status, in words."""
    held = {
        "allergies": b.allergies,
        "medicines": b.medicines,
        "directives": b.directives,
        "regimen.other_pump_drugs": b.pump_drugs,
        "regimen.oral_baclofen": b.oral,
    }
    return {path: isolates.joined(each.items, "; ") or each.words for path, each in held.items()}


def _label(path: str, content: Content) -> str:
    """What a fact is called; a path that an older program kept and this one has not is "other"."""
    own = content.text.get(f"paper.label-{path.replace('.', '-')}")
    named = own or label(path, content) or label(f"{path}.status", content)
    return named or content.say("paper.other")
