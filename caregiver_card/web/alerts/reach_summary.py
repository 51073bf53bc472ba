"""Who hears of a card's alerts, in words: for every page of its owner."""

from caregiver_card.alerting.log_texts import Heard, LogTexts
from caregiver_card.alerting.service import UnreadableRecord
from caregiver_card.web.services import services


def heard(card_id: bytes) -> Heard:
    """Who hears now, as far as anybody can know."""
    here = services()
    bureau, now, say = here.keeper().bureau, here.clock(), here.content.say
    assert bureau is not None
    try:
        book = bureau.book(card_id)
    except UnreadableRecord:
        return Heard(red=(say("people.unreadable"),))
    if book is None and bureau.books.had(card_id):
        return Heard(red=(f"{say('people.reach.nobody')} {say('people.reach.left')}",))
    if book is None:
        return Heard(lines=(say("people.none"),))
    idle_since = bureau.books.neglected(card_id, now)
    return LogTexts(book, now, here.content, here.config.ways).heard(idle_since)
