"""A summary of who receives a card's alerts, for its owner's pages."""

from caregiver_card.alerting.reach_texts import ReachSummary, ReachTexts
from caregiver_card.alerting.service import UnreadableRecord
from caregiver_card.web.services import get_services


def reach(card_id: bytes) -> ReachSummary:
    """Summarize who receives the card's alerts at present."""
    services = get_services()
    alerts, now, say = services.cards().alerts, services.clock(), services.content.say
    assert alerts is not None
    try:
        record = alerts.record(card_id)
    except UnreadableRecord:
        is_right = alerts.key_state.is_usable
        return ReachSummary(red=(say("people.unreadable" if is_right else "people.wrong_key"),))
    if record is None and alerts.records.existed(card_id):
        return ReachSummary(red=(f"{say('people.reach.nobody')} {say('people.reach.left')}",))
    if record is None:
        return ReachSummary(lines=(say("people.none"),))
    overdue_since = alerts.records.overdue_since(card_id, now)
    return ReachTexts(record, now, services.content, services.config.channels).reach_summary(
        overdue_since
    )
