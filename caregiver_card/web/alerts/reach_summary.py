"""A summary of who receives a card's alerts, for its owner's pages."""

from caregiver_card.alerting.log_texts import Heard, LogTexts
from caregiver_card.alerting.service import UnreadableRecord
from caregiver_card.web.services import get_services


def reach(card_id: bytes) -> Heard:
    """Summarize who receives the card's alerts at present."""
    services = get_services()
    alerts, now, say = services.cards().bureau, services.clock(), services.content.say
    assert alerts is not None
    try:
        record = alerts.book(card_id)
    except UnreadableRecord:
        return Heard(red=(say("people.unreadable"),))
    if record is None and alerts.books.had(card_id):
        return Heard(red=(f"{say('people.reach.nobody')} {say('people.reach.left')}",))
    if record is None:
        return Heard(lines=(say("people.none"),))
    idle_since = alerts.books.neglected(card_id, now)
    return LogTexts(record, now, services.content, services.config.channels).heard(idle_since)
