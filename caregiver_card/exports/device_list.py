"""What a device keeps of a card for its start page: a name, where it opens, and what is due when.

Every alert with its days goes along, so that the device can tell without asking the server.
"""

import json

from caregiver_card.briefing.briefing import Briefing


def record(briefing: Briefing, owner: str, reader: str) -> str:
    """The record as JSON; ``owner`` and ``reader`` are tokens, the second empty without a copy."""
    return json.dumps(
        {
            "name": briefing.person.name,
            "path": f"/o/{owner}",
            # Where the numbers to call are, for whoever hears the pump and has this device at hand.
            "reader": f"/c/{reader}" if reader else "",
            "due": [
                {
                    "title": each.title,
                    "word": briefing.content.say(f"severity.{each.alert.severity.name}"),
                    "grave": int(each.alert.severity),
                    "first": each.alert.first_on.isoformat(),
                    "last": each.alert.last_on.isoformat() if each.alert.last_on else "",
                }
                for each in briefing.notices
                if each.alert.severity
            ],
        },
        ensure_ascii=True,
    )
