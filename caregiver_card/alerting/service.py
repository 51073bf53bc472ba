"""What the pages do with the people told: invite, change, pause, answer, read the log."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from caregiver_card.alerting.messages import CONFIRM
from caregiver_card.alerting.outbox import LEASE, Outbox, OutboxEntry
from caregiver_card.alerting.policy import escalation, page_opened
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.plan import plan
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.recipient_service import RecipientService
from caregiver_card.alerting.record_store import Change, RecordStore
from caregiver_card.alerting.sealing import Sealer
from caregiver_card.briefing.content import Content
from caregiver_card.card.model import Card
from caregiver_card.storage import crypto

# Each is a message at every repetition; a family and its helpers are fewer.
MOST_PEOPLE = 12
MOST_A_DAY = 20
# Nobody can be flooded with invitations or tests from somebody's page.
_ASKED_AGAIN_AFTER = timedelta(minutes=10)


class UnreadableRecord(RuntimeError):
    """The people told were sealed under another CARD_SECRET_KEY."""


class AlertService:
    """The people told of every card."""

    def __init__(
        self, engine: Engine, secret: str, content: Content, lease: timedelta = LEASE
    ) -> None:
        sealer = Sealer(secret)
        self.books = RecordStore(engine, sealer, Outbox(engine, sealer, lease))
        self.recipients = RecipientService(self.books)
        self._content, self._secret = content, secret

    def replanning(
        self, card: Card, version: int, now: datetime
    ) -> Callable[[Connection, bytes], None]:
        """What a save does to the card's book, in the save's own transaction."""

        def replan(connection: Connection, card_id: bytes) -> None:
            # A book that cannot be opened is the owner's page's to show: the card is saved anyway.
            with suppress(crypto.BrokenSeal):
                self.books.change_within(connection, card_id, now, self._planned(card, version))

        return replan

    def replan(self, card_id: bytes, card: Card, version: int, now: datetime) -> None:
        """What an older program planned of a stored card, by the rules of this one."""
        if self.readable(card_id):
            self.books.change(card_id, now, self._planned(card, version))

    def _planned(self, card: Card, version: int) -> Change:
        def by(book: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            newer = book.plan.version > version
            made = book.plan if newer else plan(card, self._content, version)
            return replace(book, plan=made), []

        return by

    def book(self, card_id: bytes) -> AlertRecord | None:
        """A card's book, if anybody is told. Raises Unreadable."""
        try:
            return self.books.read(card_id)
        except crypto.BrokenSeal:
            raise UnreadableRecord from None

    def readable(self, card_id: bytes) -> AlertRecord | None:
        """A card's book, unless it has none or it cannot be opened."""
        with suppress(UnreadableRecord):
            return self.book(card_id)
        return None

    def invite(
        self, card_id: bytes, card: Card, version: int, person: Recipient, now: datetime
    ) -> None:
        """One more person, who is asked for a yes, unless they gave it, before anything is sent."""
        empty = AlertRecord(plan(card, self._content, version))
        self.books.open_for(card_id, now, empty)
        self.books.link(card_id, person.token)

        def by(book: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            if len(book.people) >= MOST_PEOPLE:
                return book, []
            book = book.with_person(person)
            return (book, []) if person.confirmed_at else _asking(book, person, CONFIRM, now)

        self.books.change(card_id, now, by)

    def may_invite(self, card_id: bytes, now: datetime) -> bool:
        """Whether one more person fits, and today has seen few enough invitations."""
        book = self.readable(card_id)
        if book and len(book.people) >= MOST_PEOPLE:
            return False
        asked = [each for each in self.log(card_id, 2 * MOST_A_DAY) if each.note.what == CONFIRM]
        return sum(each.row.made_at > now - timedelta(days=1) for each in asked) < MOST_A_DAY

    def start_again(self, card_id: bytes) -> None:
        """Drops a list that cannot be read any more, with its log."""
        self.books.discard(card_id)
        self.books.outbox.discard(card_id)

    def ask_again(self, card_id: bytes, person_id: str, what: str, now: datetime) -> bool:
        """Another invitation or a test, unless the last one was just sent."""
        asked = False

        def by(book: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            nonlocal asked
            person = book.person(person_id)
            if person is None or _just_asked(book, person_id, what, now):
                return book, []
            asked = True
            return _asking(book, person, what, now)

        self.books.change(card_id, now, by)
        return asked

    def change(self, card_id: bytes, person_id: str, now: datetime, **wishes: Any) -> None:
        """What the owner set for one person."""
        self._change(card_id, person_id, now, lambda person: replace(person, **wishes))

    def remove(self, card_id: bytes, person_id: str, now: datetime) -> None:
        """Nobody is told under this entry any more."""
        book = self.book(card_id)
        person = book.person(person_id) if book else None
        if book and person and len(book.people) == 1:
            # Without people the server keeps nothing that it could read.
            self.books.discard(card_id)
        elif person:
            self.books.unlink(person.token)
            self.books.change(card_id, now, lambda book: (book.without_person(person_id), []))

    def call(self, card_id: bytes, called: str, now: datetime) -> None:
        """What the messages call the patient; empty for nothing."""
        self.books.change(card_id, now, lambda book: (replace(book, called=called), []))

    def know(self, card_id: bytes, keys: list[str], by: str, now: datetime) -> None:
        """The owner says "I know" on the owner's page."""
        self.books.change(card_id, now, lambda book: escalation.acknowledge(book, keys, by, now))

    def label(self, card_id: bytes, labels: Mapping[str, str], now: datetime) -> None:
        """The names of copies by their ids, to say which one was opened."""
        self.books.change(
            card_id, now, lambda book: (replace(book, copies={**book.copies, **labels}), [])
        )

    def opened(self, card_id: bytes, copy_id: str, *, sure: bool, now: datetime) -> None:
        """Somebody opened a copy; costs one look-up where nobody is told."""
        book = self.readable(card_id)
        if book and page_opened.record_opening(book, copy_id, sure=sure, now=now)[1]:
            self.books.change(
                card_id,
                now,
                lambda book: page_opened.record_opening(book, copy_id, sure=sure, now=now),
            )

    def ours(self, card_id: bytes) -> tuple[str, str]:
        """A name for a card and a mark, by which the family's own phones are known."""
        mark = crypto.derived_key(self._secret, card_id, "our phone").hex()
        return mark[:8], mark[8:48]

    def log(self, card_id: bytes, most: int) -> list[OutboxEntry]:
        """What was sent, newest first. Raises Unreadable."""
        try:
            return self.books.outbox.log(card_id, most)
        except crypto.BrokenSeal:
            raise UnreadableRecord from None

    def _change(
        self,
        card_id: bytes,
        person_id: str,
        now: datetime,
        change: Callable[[Recipient], Recipient],
    ) -> None:
        self.books.change(card_id, now, lambda book: (book.changed(person_id, change), []))


def _asking(
    book: AlertRecord, person: Recipient, what: str, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    number = now.date().toordinal()
    return book.having_told(person.id, what, number, now), [QueuedMessage(what, person.id)]


def _just_asked(book: AlertRecord, person_id: str, what: str, now: datetime) -> bool:
    told = book.told.get(f"{person_id}|{what}")
    return told is not None and now - _ASKED_AGAIN_AFTER < told.at <= now
