"""A moment in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from caregiver_card.briefing.content import Content


def format_moment(moment: datetime, zone: ZoneInfo, content: Content) -> str:
    """Return a moment's day and time in a zone: ``21 Nov 2026, 08:04``."""
    local = moment.astimezone(zone)
    return f"{content.day(local.date())}, {local:%H:%M}"
