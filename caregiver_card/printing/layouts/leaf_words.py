"""Words that the one-page prints share."""

import re

from caregiver_card.briefing import isolates
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.call_texts import ContactText
from caregiver_card.briefing.card_texts import NO_BREAK, ListText
from caregiver_card.briefing.content import Statement
from caregiver_card.briefing.sign_groups import SignGroup


def words(listed: ListText) -> str:
    """A list in one line, or the text of its status; a number is never parted from its unit."""
    return re.sub(r"(?<=\d) (?=\w)", NO_BREAK, "; ".join(listed.items) or listed.words)


def both(
    statement: Statement, before: str = "", bold: bool = False
) -> tuple[tuple[str, bool], ...]:
    """A statement as runs of a paragraph, with the English behind it where nobody checked it."""
    own = (f"{before}{statement.text}", bold)
    english = isolates.isolate(f"[{statement.beneath}]")
    return (own, (english, False)) if statement.beneath else (own,)


def contacts(b: Briefing) -> tuple[ContactText, list[ContactText]]:
    """The first contact with a telephone number, and all others."""
    first = next(contact for contact in b.contacts if contact.number)
    return first, [contact for contact in b.contacts if contact is not first]


def calling(group: SignGroup, audience: str) -> list[Statement]:
    """The actions that a group of signs calls for, of ``audience``: "anyone" or "clinician"."""
    return [action for action in group.calls_for if action.extra["audience"] == audience]
