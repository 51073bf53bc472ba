"""Who hears of a card's alerts, in words: for every page of its owner."""

from caregiver_card.alerting.log_texts import LogTexts, ReachSummary
from caregiver_card.alerting.service import UnreadableRecord
from caregiver_card.web.services import services


def heard(card_id: bytes) -> ReachSummary:
    """Who hears now, as far as anybody can know."""
    here = services()
    bureau, now, say = here.keeper().alerts, here.clock(), here.content.say
    assert bureau is not None
    try:
        book = bureau.record(card_id)
    except UnreadableRecord:
        return ReachSummary(red=(say("people.unreadable"),))
    if book is None and bureau.records.existed(card_id):
        return ReachSummary(red=(f"{say('people.reach.nobody')} {say('people.reach.left')}",))
    if book is None:
        return ReachSummary(lines=(say("people.none"),))
    overdue_since = bureau.records.overdue_since(card_id, now)
    return LogTexts(book, now, here.content, here.config.ways).reach_summary(overdue_since)
