"""The signs of withdrawal, overdose and allergy, which are the same for every patient."""

from dataclasses import dataclass

from caregiver_card.briefing.content import Content, Statement

# In the order of every page.
SIGNS = ("withdrawal", "overdose", "allergy")


@dataclass(frozen=True, slots=True)
class SignGroup:
    """Withdrawal, overdose or allergy: the first signs, the others, and what they call for."""

    key: str
    title: str
    cue: str
    line: str
    # What the line says beyond the cue, for the wallet card.
    rest: str
    leads: tuple[Statement, ...]
    course: tuple[Statement, ...]
    more: tuple[Statement, ...]
    calls_for: tuple[Statement, ...]


def signs(content: Content) -> tuple[SignGroup, ...]:
    """Return the three groups of signs, which are the same for every patient."""
    return tuple(
        SignGroup(
            key=key,
            title=content.say(f"page.{key}"),
            cue=content.clinical(f"danger.{key}_cue"),
            line=content.clinical(f"danger.{key}_line"),
            rest=content.clinical(f"danger.{key}_rest"),
            leads=content.ranked(key, "lead"),
            course=content.ranked(key, "course"),
            more=content.ranked(key, "more"),
            calls_for=content.tagged("for", key),
        )
        for key in SIGNS
    )
