"""The pump team's own rescue plan, as it is shown: with its author, and when not to follow it."""

from dataclasses import dataclass

from caregiver_card.briefing import isolates
from caregiver_card.briefing.content import Content
from caregiver_card.card.model import Card


@dataclass(frozen=True, slots=True)
class RescueText:
    """The team's own rescue plan, in its own words."""

    text: str
    by: str
    warning: str


def rescue(card: Card, content: Content) -> RescueText | None:
    """Return the plan in its author's words, or ``None`` if there is none."""
    plan = card.regimen.rescue_plan
    if not plan:
        return None
    on = content.day(plan.written_on) if plan.written_on else content.say("page.rescue_undated")
    # Next to a Latin name, the day would part from its month.
    by = isolates.protect_numbers(plan.written_by, content.is_rtl)
    return RescueText(
        plan.text,
        content.say("page.rescue_by", by=by, on=on),
        content.say("page.rescue_warning", note=content.clinical("danger.oral_overdose_note")),
    )
