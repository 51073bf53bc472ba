"""Who hears, and who is told when fewer do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from caregiver_card.alerting.messages import MessageWriter
from caregiver_card.alerting.policy import alert_record as books
from caregiver_card.alerting.policy import channel_checks, reach
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.reach import Standing
from caregiver_card.alerting.policy.recipients import OPENED, Audience, Recipient
from caregiver_card.storage.crypto import new_token
from caregiver_card.storage.rows import OutboxState
from tests.alerting.house import URL
from tests.alerting.mailbox import Mailbox
from tests.alerting.policy.test_escalation import grave, missed
from tests.alerting.telling import Family, at, book, person
from tests.house import House

NOW = at("2026-11-28 12:00")
DAY = timedelta(days=1)


def phone(name: str = "Ours", **changes: Any) -> Recipient:
    """A phone that was put on the list on the owner's page."""
    return person(name, **{"channel": "push", "address": "{}", **changes})


STANDINGS: list[tuple[dict[str, Any], Standing]] = [
    ({}, Standing.RECEIVING),
    ({"confirmed_at": None}, Standing.INVITED),
    ({"stopped_at": NOW}, Standing.STOPPED),
    ({"gone_at": NOW, "trouble": "mail-address"}, Standing.ADDRESS_GONE),
    ({"stopped_at": NOW, "gone_at": NOW}, Standing.ADDRESS_GONE),
    ({"channel": "push"}, Standing.NO_CHANNEL),
    ({"trouble": "mail-away"}, Standing.FAILING),
    ({"trouble": channel_checks.SILENT}, Standing.SILENT),
    ({"snoozed_until": NOW + DAY}, Standing.SNOOZED),
    ({"snoozed_until": NOW - DAY}, Standing.RECEIVING),
    # The server has it again, and nothing was sent since.
    ({"trouble": "none"}, Standing.RECEIVING),
]


@pytest.mark.parametrize("changes, standing", STANDINGS, ids=lambda value: str(value)[:40])
def test_it_stands_one_way_with_everybody(changes: dict[str, Any], standing: Standing) -> None:
    """On a server that sends by e-mail alone."""
    found = reach.reach(book(missed(), person(**changes)), NOW, {"mail"})
    assert [each for _, each in found.standings] == [standing]


@pytest.mark.parametrize("changes, standing", STANDINGS, ids=lambda value: str(value)[:40])
def test_who_is_said_to_hear_is_told_of_an_emergency(
    changes: dict[str, Any], standing: Standing
) -> None:
    """The rule of the pages and the rounds of the sender agree, in every turn."""
    for turn in (1, 5):
        family = Family(book(grave(), person(**{"turn": turn, **changes})))
        told = family.watch([at("2026-11-28 12:00")])
        # A channel that does not work is tried all the same.
        tried = standing in (Standing.NO_CHANNEL, Standing.FAILING)
        assert bool(told) == (standing.receives or tried)


def test_a_subject_that_nobody_chose_is_told_to_nobody() -> None:
    """Somebody hears, and of a missed refill nobody."""
    family = book(missed(), person(subjects=("card",)), person("Dad", subjects=("refill",)))
    assert "refill" not in reach.reach(family, NOW).uncovered_subjects
    stopped = family.with_changed_recipient("dad", lambda each: replace(each, stopped_at=NOW))
    found = reach.reach(stopped, NOW)
    assert found.receiving() and found.uncovered_subjects == ["refill", "replacement", "watch"]


def test_a_pause_of_all_ends_with_the_first_of_them() -> None:
    """One who has not paused ends it at once."""
    ends = NOW + 3 * DAY
    two = [person(snoozed_until=NOW + 7 * DAY), person("Dad", snoozed_until=ends)]
    assert reach.reach(book(missed(), *two), NOW).snoozed_until == ends
    assert reach.reach(book(missed(), *two, person("Nan")), NOW).snoozed_until is None
    assert reach.reach(book(missed()), NOW).snoozed_until is None


# The phones of whoever keeps the card ---------------------------------------------------------


def looked(book: AlertRecord, *, ways: set[str] | None = None) -> tuple[AlertRecord, list[str]]:
    """What a sender's look leaves, and the phones that are told that fewer hear."""
    book, notes = reach.check_audience(book, NOW, ways)
    assert all(each.what == reach.AUDIENCE_LOST for each in notes)
    return book, [each.person for each in notes]


def stop(book: AlertRecord, name: str) -> AlertRecord:
    """Somebody pressed "Stop all messages"."""
    return book.with_changed_recipient(name, lambda each: replace(each, stopped_at=NOW))


def test_the_phones_hear_once_that_nobody_else_does() -> None:
    """Each time that it becomes so, and never while it stays so."""
    here, told = looked(book(missed(), person(), phone()))
    assert told == [] and here.heard is Audience.OTHERS
    here = stop(here, "mum")
    for expected in (["ours"], [], []):
        here, told = looked(here)
        assert told == expected
    here, told = looked(
        here.with_changed_recipient("mum", lambda each: replace(each, stopped_at=None))
    )
    assert told == []
    assert looked(stop(here, "mum"))[1] == ["ours"]


def test_a_phone_that_wants_no_refills_hears_that_nobody_does() -> None:
    """It is told whatever it chose, even in a pause."""
    own = phone(subjects=(OPENED,), snoozed_until=NOW + DAY)
    here, _ = looked(book(missed(), person(), own))
    here, told = looked(stop(here, "mum"))
    assert told == ["ours"] and here.heard is Audience.NOBODY


@pytest.mark.parametrize("changes", [{"stopped_at": NOW}, {"gone_at": NOW}], ids=str)
def test_a_phone_that_stopped_or_is_gone_hears_nothing(changes: dict[str, Any]) -> None:
    """Stop is stop: then the owner's page has to say it."""
    here, _ = looked(book(missed(), person(), phone(**changes)))
    assert looked(stop(here, "mum"))[1] == []


def test_a_list_on_which_nobody_ever_heard_is_no_news() -> None:
    """Somebody was asked just now, or a phone is the first on the list."""
    for people in ((person(confirmed_at=None), phone()), (phone(),), (person(confirmed_at=None),)):
        assert looked(book(missed(), *people))[1] == []


def test_a_phone_that_fails_is_not_told_of_itself() -> None:
    """But of the others' loss, once it can be reached again."""
    failing = phone(trouble="push-away")
    assert looked(replace(book(missed(), failing), heard=Audience.OWNER))[1] == []
    lost = book(missed(), person(stopped_at=NOW), failing)
    here, told = looked(replace(lost, heard=Audience.OTHERS))
    assert told == ["ours"]
    mended, told = looked(
        here.with_changed_recipient("ours", lambda each: replace(each, trouble=""))
    )
    assert told == [] and mended.heard is Audience.OWNER


def test_a_server_without_mail_tells_nobody_by_mail() -> None:
    """Whoever said yes once."""
    here, _ = looked(book(missed(), person(), phone()), ways={"mail", "push"})
    assert looked(here, ways={"push"})[1] == ["ours"]


def test_a_book_of_yesterday_knows_who_had_said_yes() -> None:
    """Its first look tells the phones what the pages did not; a phone alone hears nothing."""

    def of_yesterday(*people: Recipient) -> AlertRecord:
        raw = books.dump(book(missed(), *people))
        rest = raw.replace(b',"heard":0', b"").replace(b',"asked_by":"","exact":false', b"")
        assert b"heard" not in rest and b"exact" not in rest
        return books.load(rest)

    assert looked(of_yesterday(person(stopped_at=NOW), phone()))[1] == ["ours"]
    assert looked(of_yesterday(person(confirmed_at=None), phone()))[1] == []


@pytest.mark.parametrize("heard", [Audience.NOBODY, Audience.OWNER])
def test_the_message_names_nobody(heard: Audience) -> None:
    """Neither the patient, nor who stopped, nor the illness; at any hour, on a locked phone."""
    own = phone(open_subject=True)
    here = replace(book(missed(), person(stopped_at=NOW), own), heard=heard, called="Our Sam")
    note = books.QueuedMessage(reach.AUDIENCE_LOST, "ours", {"before": Audience.OTHERS})
    message = MessageWriter(here, own, new_token(), URL, NOW).write(note)
    assert message
    said = f"{message.subject} {message.text} {message.lock_screen}"
    assert "now" in message.subject and "owner's page" in said
    for secret in ("Mum", "Sam", "pump", "aclofen", "Lee"):
        assert secret not in said


def test_what_is_mended_meanwhile_is_not_said() -> None:
    """Somebody hears again before the message goes out."""
    here = replace(book(missed(), person(), phone()), heard=Audience.OTHERS)
    note = books.QueuedMessage(reach.AUDIENCE_LOST, "ours", {"before": Audience.OTHERS})
    assert MessageWriter(here, here.people[1], new_token(), URL, NOW).write(note) is None


# From a stop to the phone ---------------------------------------------------------------------


@pytest.mark.slow
def test_it_goes_out_once_though_senders_die(either: House, post: Mailbox) -> None:
    """Noted and queued in one step: of ten senders, the first two killed, one says it."""
    either.channels["push"] = either.channels["mail"]
    own = phone(address="ours@family.example", quiet=("00:00", "23:59"))
    either.tell(person(), own)
    either.send()
    told = either.bureau.recipients.open(either.book.recipient("mum").token)
    assert told
    either.bureau.recipients.stop(told, either.now)
    # One dies after its look, one with the message in hand.
    either.bureau.records.evaluate(either.card_id, either.now, {"mail", "push"})
    assert either.bureau.records.outbox.claim(either.now)
    for _ in range(8):
        either.send(timedelta(minutes=6))
    subjects = [mail["Subject"] for mail in post.to("ours@family.example")]
    said = [each for each in subjects if each.startswith("Only your own phones")]
    assert len(said) == 1
    (entry,) = [each for each in either.log if each.queued.what == reach.AUDIENCE_LOST]
    assert entry.row.state == OutboxState.SENT
