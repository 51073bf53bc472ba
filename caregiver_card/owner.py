"""An owner's card -> the owner's page: what needs attention, the copies, the history."""

from datetime import date

from markupsafe import Markup

from caregiver_card.briefing import Briefing
from caregiver_card.opened import Owned
from caregiver_card.paper import style, template


def page(briefing: Briefing, owned: Owned, today: date) -> str:
    """The owner's page on ``today`` as one HTML page."""
    content = briefing.content
    return template("owner.html").render(
        b=briefing,
        t=content.say,
        language=content.language,
        css=Markup(style("emergency.css")),
        due=[(each, each.away(today, content.language)) for each in briefing.on(today)],
        today=content.day(today),
        copies=[
            (copy, content.day(copy.made_on), copy.seen_on and content.day(copy.seen_on))
            for copy in owned.copies
        ],
        history=[(entry, content.day(entry.saved_at.date())) for entry in owned.history],
    )
