"""Who is told, changed at the same moment: none is one too many, and nobody and no name is lost."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from caregiver_card.alerting import link_labels
from caregiver_card.alerting.messages import INVITATION
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.plan import plan
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.service import MAX_INVITATIONS_A_DAY, MAX_RECIPIENTS, ListFull
from caregiver_card.storage.database import writing
from caregiver_card.storage.rows import Link
from caregiver_card.storage.schema import alert_links, alert_outbox, alert_records, links
from tests.alerting.telling import person
from tests.cast import WORDS
from tests.house import House

Meanwhile = Callable[..., "Future[object]"]


def _rows(house: House) -> list[list[tuple[object, ...]]]:
    """Everything that the database holds about those who are told."""
    with house.keeper.store.engine.connect() as connection:
        return [
            [tuple(row) for row in connection.execute(select(table))]
            for table in (alert_records, alert_links, alert_outbox)
        ]


def _invite(house: House, recipient: Recipient) -> None:
    owned = house.owned
    house.bureau.invite(owned.card_id, owned.card, owned.version, recipient, house.now)


def _invite_most(house: House, but: int = 0) -> None:
    """All invitations of a day but some; nobody stays on the list."""
    for _ in range(MAX_INVITATIONS_A_DAY - but):
        _invite(house, person(confirmed_at=None))
        house.bureau.remove_recipient(house.card_id, "mum", house.now)


def test_nothing_is_left_of_one_who_is_refused_by_a_full_list(house: House) -> None:
    """Neither on the list nor beside it."""
    for number in range(MAX_RECIPIENTS):
        house.person(f"P{number}")
    before = _rows(house)
    with pytest.raises(ListFull):
        _invite(house, person("Dad"))
    assert _rows(house) == before


def test_nothing_is_left_of_an_invitation_too_many(house: House) -> None:
    """However many alerts went out since; a phone is not asked, and a day later there is room."""
    _invite_most(house)
    alerts = [QueuedMessage("alerts", "mum")] * (2 * MAX_INVITATIONS_A_DAY)
    with writing(house.keeper.store.engine) as connection:
        now = house.now + timedelta(minutes=1)
        house.bureau.records.outbox.queue(connection, house.card_id, alerts, now)
    before = _rows(house)
    assert not house.bureau.may_invite(house.card_id, house.now)
    with pytest.raises(ListFull):
        _invite(house, person("Dad", confirmed_at=None))
    assert _rows(house) == before
    house.person("Phone")
    house.now += timedelta(days=1, minutes=1)
    assert house.bureau.may_invite(house.card_id, house.now)
    _invite(house, person("Dad", confirmed_at=None))


def test_of_two_invitations_at_once_the_one_too_many_is_refused(
    either: House, meanwhile: Meanwhile
) -> None:
    """The second waits for the first and counts it, though there was room when it came."""
    _invite_most(either, but=1)
    records, card_id, dad = either.bureau.records, either.card_id, person("Dad", confirmed_at=None)
    with writing(records.engine) as connection:
        empty = AlertRecord(plan(either.owned.card, WORDS, 1))
        records.create_if_missing(connection, card_id, either.now, empty)
        second = meanwhile(_invite, either, dad)
        assert not second.done()
        asked = [QueuedMessage(INVITATION, "mum")]
        records.outbox.queue(connection, card_id, asked, either.now)
    with pytest.raises(ListFull):
        second.result()
    assert either.bureau.recipients.open(dad.token) is None


def test_two_begin_a_list_at_once(either: House, meanwhile: Meanwhile) -> None:
    """The second finds the list that the first began, and takes nobody off it."""
    records, mum, dad = either.bureau.records, person("Mum"), person("Dad")
    with writing(records.engine) as connection:
        empty = AlertRecord(plan(either.owned.card, WORDS, 1), (mum,))
        records.create_if_missing(connection, either.card_id, either.now, empty)
        second = meanwhile(_invite, either, dad)
    second.result()
    assert either.book.people == (mum, dad)


def test_a_copy_that_is_made_meanwhile_keeps_its_name(either: House, meanwhile: Meanwhile) -> None:
    """Who forgets the copies that are gone looks which there are once nobody else names one."""
    either.person("Mum")
    records, card_id = either.bureau.records, either.card_id
    made = Link(b"new".ljust(32), card_id, "reader", b"", b"", either.now.date())
    name = made.lookup_id.hex()
    with writing(records.engine) as connection:
        connection.execute(insert(links), made._asdict())
        records.change_in_transaction(
            connection, card_id, either.now, lambda book: (replace(book, copies={name: "van"}), [])
        )
        forgetting = meanwhile(link_labels.forget_gone, records, card_id, either.now)
    forgetting.result()
    kept = either.bureau.record(card_id)
    assert kept and kept.copies == {name: "van"}


def test_who_is_added_while_the_last_is_removed_stays(either: House, meanwhile: Meanwhile) -> None:
    """A list goes with its last recipient, who is the last when the removal is written."""
    either.person("Mum")
    records, card_id, dad = either.bureau.records, either.card_id, person("Dad")
    with writing(records.engine) as connection:
        records.add_link(connection, card_id, dad.token)
        records.change_in_transaction(
            connection, card_id, either.now, lambda record: (record.with_recipient(dad), [])
        )
        removing = meanwhile(either.bureau.remove_recipient, card_id, "mum", either.now)
    removing.result()
    assert either.book.people == (dad,)
    assert either.bureau.recipients.open(dad.token)


def test_who_is_invited_while_the_last_is_being_removed_begins_the_list_anew(
    either: House, meanwhile: Meanwhile
) -> None:
    """The invitation waits for the removal, and finds the list discarded."""
    either.person("Mum")
    records, dad = either.bureau.records, person("Dad")
    with writing(records.engine) as connection:
        records.remove_in_transaction(connection, either.card_id, ["mum"], either.now)
        inviting = meanwhile(_invite, either, dad)
        assert not inviting.done()
    inviting.result()
    assert either.book.people == (dad,)
    assert either.bureau.recipients.open(dad.token)


def test_a_card_is_deleted_while_a_message_is_queued(either: House, meanwhile: Meanwhile) -> None:
    """Neither waits for the other for ever; nothing of the message is left."""
    either.person("Mum")
    records, card_id, message = either.bureau.records, either.card_id, QueuedMessage("test", "mum")
    with writing(records.engine) as connection:
        records.change_in_transaction(connection, card_id, either.now, lambda record: (record, []))
        deleting = meanwhile(either.keeper.vault.delete, either.kept.owner)
        assert not deleting.done()
        records.outbox.queue(connection, card_id, [message], either.now)
    deleting.result()
    assert _rows(either) == [[], [], []]
