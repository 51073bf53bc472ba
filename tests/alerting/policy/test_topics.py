"""What takes the place of what, on a phone and for a phone that is off."""

import re
from collections import defaultdict
from datetime import timedelta

from caregiver_card.alerting.channels.channel import Message
from caregiver_card.alerting.messages import MessageWriter
from caregiver_card.alerting.policy.alert_record import QueuedMessage
from caregiver_card.alerting.policy.channel_checks import TEST_ALERT
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.storage.crypto import new_token
from tests.alerting.house import URL
from tests.alerting.policy.test_escalation import grave, quarters
from tests.alerting.telling import Family, at, book, person

START = at("2026-11-21 08:00")


def told(days: int) -> list[tuple[str, Message]]:
    """What a family with an emergency, and milder things beside it, is told in some days."""
    family = Family(book(grave(), person(proof="weekly"), person("Dad", turn=2)))
    found = []
    for now in quarters(START, START + timedelta(days=days)):
        for note in family.look(now):
            to = family.book.recipient(note.person)
            assert to
            message = MessageWriter(family.book, to, new_token(), URL, now).write(note)
            assert message
            found.append((to.id, message))
    return found


def test_a_repetition_takes_the_place_of_what_it_repeats() -> None:
    """And of nothing else: of one topic all say the same, as gravely, to the same person."""
    messages = told(9)
    by_topic = defaultdict(set)
    for to, message in messages:
        by_topic[message.topic].add((to, message.severity, message.summary))
    assert all(len(each) == 1 for each in by_topic.values()), by_topic
    grave_ones = [each.topic for _, each in messages if each.severity == Severity.EMERGENCY]
    assert len(grave_ones) > 100 and len({*grave_ones}) < 12
    assert len({each.key for _, each in messages}) == len(messages)


def test_a_topic_tells_nothing() -> None:
    """32 letters at most that addresses may hold; another card's or person's are others."""
    (_, first), *_ = told(0)
    (_, other), *_ = told(0)
    assert first.summary == other.summary and first.topic != other.topic
    assert re.fullmatch(r"[\w-]{1,32}", first.topic) and first.topic != first.key


def test_what_happens_twice_is_shown_twice() -> None:
    """Two openings of a copy are two facts; two tests are one question."""
    here = book(grave(), mum := person())
    opened = QueuedMessage("opened", mum.id, {"copy": "van", "at": START.isoformat(), "sure": True})
    for note, same in ((opened, False), (QueuedMessage(TEST_ALERT, mum.id), True)):
        one, other = (
            MessageWriter(here, mum, new_token(), URL, START).write(note) for _ in range(2)
        )
        assert one and other
        assert (one.topic == other.topic) == same
