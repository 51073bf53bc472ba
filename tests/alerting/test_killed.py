"""Two senders, killed at random without a word, send 500 alerts, half of them
in each database: none lost, none twice.

SMTP has no answer to a sender that dies in the microseconds between its last word and any note of
it: the next one has to send again, under the same Message-ID, which mailboxes keep once. So one
such copy may come in a very long while; anything else is a fault.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.store import open_store
from tests.alerting.house import SECRET, overdue
from tests.alerting.mailbox import mailbox
from tests.alerting.telling import person
from tests.cast import card_of
from tests.servers import environment

# Half a minute each: left out of make test-fast.
pytestmark = pytest.mark.browser

_ROOT = Path(__file__).parent.parent.parent
_CARDS, _PEOPLE = 25, 10


def _fill(url: str) -> Engine:
    """Cards with an appointment that passed yesterday, and ten people told of each."""
    store = open_store(url)
    bureau, now = AlertService(store.engine, SECRET), datetime.now(UTC)
    keeper = CardService(store, bureau)
    today = now.date()
    card = card_of(
        overdue(
            **{
                "refill.last_refill_on": f"{today - timedelta(days=60)}",
                "refill.next_appointment_on": f"{today - timedelta(days=2)}",
                "refill.alarm_date": f"{today + timedelta(days=60)}",
                "verified.on": f"{today - timedelta(days=10)}",
                # Where it is eight or later now, so that the day's alerts are due.
                "time_zone": "Pacific/Kiritimati" if now.hour < 8 else "UTC",
            }
        )
    )
    for number in range(_CARDS):
        owned = keeper.vault.owned(keeper.add(card, now).owner)
        people = [person(f"P{number}x{each}", subjects=("refill",)) for each in range(_PEOPLE)]
        bureau.invite(owned.card_id, card, 1, people[0], now)
        bureau.records.change(owned.card_id, now, partial(_with_people, people))
    return store.engine


def _with_people(
    people: list[Recipient], book: AlertRecord
) -> tuple[AlertRecord, list[QueuedMessage]]:
    return replace(book, people=tuple(people)), []


class _Senders:
    """Two senders at any moment, one of which is killed now and then."""

    def __init__(self, url: str, port: int) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.alerting.killable", url, str(port)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.kills = 0
        self._running = [self._start(), self._start()]

    def _start(self) -> int:
        assert self._parent.stdin and self._parent.stdout
        self._parent.stdin.write("\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    def kill_one(self, chance: random.Random) -> None:
        """Without a word, wherever it is."""
        unlucky = chance.randrange(2)
        os.kill(self._running[unlucky], signal.SIGKILL)
        self.kills += 1
        self._running[unlucky] = self._start()

    def end(self) -> None:
        """Both, and what started them."""
        for each in self._running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        assert self._parent.stdin
        self._parent.stdin.close()
        assert self._parent.stdout
        self._parent.stdout.close()
        self._parent.wait(20)


def _counts(engine: Engine) -> dict[int, int]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT state, count(*) FROM alert_outbox GROUP BY state"))
        return {state: count for state, count in rows}


@contextlib.contextmanager
def _senders(url: str, port: int) -> Iterator[_Senders]:
    made = _Senders(url, port)
    try:
        yield made
    finally:
        made.end()


def test_a_service_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """``alerts work`` sends what ``alerts send`` would, and SIGTERM ends it without a fault."""
    url = f"sqlite:///{tmp_path}/instance/cards.sqlite"
    with mailbox() as box:
        bureau, now = AlertService(open_store(url).engine, SECRET), datetime.now(UTC)
        keeper = CardService(open_store(url), bureau)
        owned = keeper.vault.owned(keeper.add(card_of(overdue()), now).owner)
        settings = {"CARD_MAIL_URL": f"smtp://127.0.0.1:{box.port}", "CARD_DATABASE_URL": url}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "alerts"]
        for number, word in enumerate(("send", "work")):
            asked = person(f"P{number}", confirmed_at=None)
            bureau.invite(owned.card_id, owned.card, 1, asked, now)
            run = subprocess.Popen(
                [*command, word],
                cwd=_ROOT,
                env={**environment(tmp_path, 8000), **settings},
                stdout=subprocess.PIPE,
                text=True,
            )
            end = time.monotonic() + 60
            while len(box.taken) <= number and time.monotonic() < end:
                time.sleep(0.05)
            run.send_signal(signal.SIGTERM if word == "work" else signal.SIGCONT)
            assert (run.communicate(timeout=60)[0][:7], run.returncode) == ("sent: 1", 0)
        assert [to for to, _ in box.taken] == ["p0@family.example", "p1@family.example"]


def test_senders_that_are_killed_lose_nothing_and_double_nothing(
    database_url: str,
) -> None:
    """Each of the 500 arrives, and a mailbox shows it once."""
    engine, chance = _fill(database_url), random.Random(6)
    with mailbox() as box, _senders(database_url, box.port) as senders:
        end = time.monotonic() + 280
        while _counts(engine) != {2: _CARDS * _PEOPLE}:
            assert time.monotonic() < end, _counts(engine)
            # After some messages, and never too late for the last ones.
            enough, soon = len(box.taken) + chance.randrange(4, 16), time.monotonic() + 4
            while len(box.taken) < enough and time.monotonic() < soon:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.05))
            senders.kill_one(chance)
        taken = Counter((mail["Message-ID"], to) for to, mail in box.taken)

    copies = sum(taken.values()) - len(taken)
    print(f"{senders.kills} kills, {len(taken)} alerts, {copies} second copies")
    assert len({to for _, to in taken}) == len(taken) == _CARDS * _PEOPLE
    assert copies <= 1
    assert senders.kills > 20
    engine.dispose()
