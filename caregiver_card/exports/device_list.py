"""The entry of a card in the list that a device keeps for its start page.

It holds the card's name and address, and every alert with its days, so that the device knows what
is due without asking the server.
"""

import json

from caregiver_card.briefing import call_texts
from caregiver_card.briefing.briefing import Briefing


def device_entry(briefing: Briefing, owner: str, reader: str) -> str:
    """Return the entry as JSON, given the two tokens; ``reader`` may be empty."""
    return json.dumps(
        {
            "name": briefing.person.name,
            "path": f"/o/{owner}",
            # The page with the numbers to call, for whoever hears the pump and has this device.
            "reader": f"/c/{reader}" if reader else "",
            "calls": call_texts.to_dial(briefing.team, briefing.emergency),
            "due": [
                {
                    "title": notice.title,
                    "word": briefing.content.say(f"severity.{notice.alert.severity.name}"),
                    "grave": int(notice.alert.severity),
                    "first": notice.alert.first_on.isoformat(),
                    "last": notice.alert.last_on.isoformat() if notice.alert.last_on else "",
                }
                for notice in briefing.notices
                if notice.alert.severity
            ],
        },
        ensure_ascii=True,
    )
