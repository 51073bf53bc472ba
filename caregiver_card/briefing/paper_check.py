"""Check a printed card by its version mark: is it still right, and which facts differ?

A reader's token opens the present card and no older one. So each save stores a table with the card,
sealed under the same key: for each older mark the paths of the facts that differ by now. It does
not hold the old values; only the owner, who may open older versions, sees those.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caregiver_card.briefing import isolates, version_mark
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.changes import Change, recorded_values
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.field_labels import label
from caregiver_card.briefing.version_mark import VersionMark
from caregiver_card.card import printed_facts
from caregiver_card.card.model import Card

# Every save opens this many older versions. Sixty monthly refills are five years, longer than paper
# lasts in a pocket.
MOST_PAST = 60


@dataclass(frozen=True, slots=True)
class PaperStatus:
    """What a check says about a print.

    ``kind`` is one of "right"; "reworded" (every fact is right, but the program's sentences are
    newer); "differs"; "alike" (an older version shares today's mark); "unknown" (not a mark of this
    card); "untold" (stored by a program that kept no table). ``wallet`` and ``larger`` list the
    facts that differ on the wallet card, and on larger prints only.
    """

    kind: str
    typed: VersionMark
    wallet: tuple[Change, ...] = ()
    larger: tuple[Change, ...] = ()


def version_table(past: Iterable[Card], present: Card) -> bytes:
    """Return the table to store with ``present``: older marks with the paths that differ."""
    differing: dict[str, list[str]] = {}
    # Confirming a card as still right stores the same facts again.
    for facts, card in {printed_facts.facts(card): card for card in past}.items():
        paths = printed_facts.differences(card, present)
        if paths:
            known = differing.setdefault(version_mark.mark_of_facts(facts), [])
            known += (path for path in paths if path not in known)
    return json.dumps(differing).encode()


def check_paper(
    typed: VersionMark,
    table: bytes | None,
    present: Card,
    content: Content,
    old: Card | None = None,
) -> PaperStatus:
    """Check the print with the mark ``typed`` against ``present``.

    ``table`` comes from ``version_table``, or is ``None`` where none is stored. ``old`` is the card
    on the print, for an owner, who may see its values.
    """
    today = version_mark.parse_mark(version_mark.mark_of(brief(present, content)))
    differing: dict[str, list[str]] = json.loads(table or b"{}")
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
        kind = "unknown" if table is not None else "untold"
    return PaperStatus(kind, typed, wallet, larger)


def check_own_paper(
    typed: VersionMark, past: Sequence[Card], present: Card, content: Content
) -> PaperStatus:
    """Check a print for an owner, who may see the values on it.

    ``past`` holds the older versions, the newest first.
    """
    with_mark = (
        card
        for card in past
        if version_mark.mark_of_facts(printed_facts.facts(card)) == typed.facts
    )
    old = next((card for card in with_mark if printed_facts.differences(card, present)), None)
    return check_paper(typed, version_table(past, present), present, content, old)


def after_saving(old: Card, new: Card, content: Content) -> PaperStatus:
    """Return what to say about the prints of ``old`` now that the card is ``new``."""
    typed = VersionMark(version_mark.mark_of_facts(printed_facts.facts(old)))
    return check_own_paper(typed, [old], new, content)


def _rows(paths: list[str], old: Card | None, new: Card, content: Content) -> list[Change]:
    """Return how prints of both cards read at these paths; without ``old``, only the new."""
    after = _texts_by_path(new, content) if paths else {}
    before = _texts_by_path(old, content) if paths and old else {}
    none = content.say("status.not_recorded")
    return [
        Change(_label(path, content), before.get(path, none), after.get(path, none), path)
        for path in paths
    ]


def _texts_by_path(card: Card, content: Content) -> dict[str, str]:
    """Return the words of every recorded fact; a list that is not shared says only that."""
    briefing = brief(card, content)
    rows: dict[str, list[str]] = {}
    for value in recorded_values(card, content):
        rows.setdefault(value.path, []).append(value.after)
    first = next(index for index, contact in enumerate(card.contacts) if contact.phone)
    contacts = rows["contacts"]
    others = contacts[:first] + contacts[first + 1 :]
    return {
        **{path: isolates.join_isolated(words, "; ") for path, words in rows.items()},
        **_list_texts(briefing),
        printed_facts.ALARM_DATE: briefing.alarm_date.value,
        printed_facts.CONFIRMED_UNUSUAL: "; ".join(briefing.cautions)
        or content.say("paper.none_unusual"),
        printed_facts.FIRST_CONTACT: contacts[first],
        printed_facts.OTHER_CONTACTS: isolates.join_isolated(others, "; ")
        or content.say("paper.nobody"),
    }


def _list_texts(briefing: Briefing) -> dict[str, str]:
    """Return the lists with a status, in words."""
    lists = {
        "allergies": briefing.allergies,
        "medicines": briefing.medicines,
        "directives": briefing.directives,
        "regimen.other_pump_drugs": briefing.pump_drugs,
        "regimen.oral_baclofen": briefing.oral,
    }
    return {
        path: isolates.join_isolated(list_text.items, "; ") or list_text.words
        for path, list_text in lists.items()
    }


def _label(path: str, content: Content) -> str:
    """Return the label of a fact; a path that only an older program knew is "other"."""
    own = content.text.get(f"paper.label-{path.replace('.', '-')}")
    known = own or label(path, content) or label(f"{path}.status", content)
    return known or content.say("paper.other")
