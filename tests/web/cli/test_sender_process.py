"""The sender that a server starts beside it: it sends, goes on after a fault, ends with it."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.alerting.sender import Pass, Sender
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.store import open_store
from caregiver_card.web import create_app
from caregiver_card.web.cli import alerts
from caregiver_card.web.config import Config
from tests.alerting.house import SECRET, overdue
from tests.alerting.mailbox import Mailbox, mailbox
from tests.alerting.telling import person
from tests.cast import card_of
from tests.servers import Server, gunicorn

# A server of its own for each.
pytestmark = pytest.mark.slow

_PATIENCE_S = 60


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def senders(master: int) -> list[int]:
    """The numbers of the senders that say that they belong to a server."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[-3:-1] == [b"--beside", str(master).encode()]:
            found.append(int(each.name))
    return found


@dataclass
class Place:
    """A running server with somebody to ask."""

    server: Server
    folder: Path

    def ask(self, name: str) -> None:
        """Put somebody on the list of a new card, who is then asked by mail."""
        store = open_store(f"sqlite:///{self.folder}/instance/cards.sqlite")
        bureau, now = AlertService(store.engine, SECRET), datetime.now(UTC)
        keeper = CardService(store, bureau)
        owned = keeper.vault.owned(keeper.add(card_of(overdue()), now).owner)
        bureau.invite(owned.card_id, owned.card, 1, person(name, confirmed_at=None), now)
        store.dispose()


@contextmanager
def place(folder: Path, post: Mailbox, **settings: str) -> Iterator[Place]:
    """As ``make run`` starts it."""
    (folder / "instance").mkdir()
    given: dict[str, Any] = {
        "CARD_MAIL_URL": f"smtp://127.0.0.1:{post.port}",
        "CARD_SENDER": "on",
        **settings,
    }
    with gunicorn(folder, WEB_CONCURRENCY="1", **given) as running:
        yield Place(running, folder)


def test_it_works(tmp_path: Path) -> None:
    """Who is asked gets the mail, and nobody had to start anything; it ends with the server."""
    with mailbox() as post:
        with place(tmp_path, post) as running:
            running.ask("mum")
            until(lambda: bool(post.taken))
            assert post.taken[0][0] == "mum@family.example"
            (sender,) = senders(running.server.pid)
        until(lambda: not Path(f"/proc/{sender}").exists())
        assert "sent: 1" in running.server.log.read_text()


def test_it_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    """Or each of them would leave one behind."""
    with mailbox() as post, place(tmp_path, post) as running:
        until(lambda: len(senders(running.server.pid)) == 1)
        os.kill(running.server.pid, signal.SIGKILL)
        until(lambda: not senders(running.server.pid))


@pytest.mark.parametrize("settings", [{"CARD_SENDER": "off"}, {"CARD_MAIL_URL": ""}], ids=str)
def test_where_nothing_is_to_be_sent_there_is_none(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    """It is turned off, or there is no way to send."""
    with mailbox() as post, place(tmp_path, post, **settings) as running:
        assert not senders(running.server.pid)


def test_a_fault_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody may be there to start it again; what went wrong is in the log."""
    config = Config(f"sqlite:///{tmp_path}/cards.sqlite", "http://card.example", SECRET, 0)
    passes = iter([RuntimeError("something that nobody thought of"), None])

    def run(*_given: object) -> Pass:
        if fault := next(passes):
            raise fault
        os.kill(os.getpid(), signal.SIGTERM)
        return Pass()

    monkeypatch.setattr(Sender, "run", run)
    monkeypatch.setattr(alerts, "_INTERVAL_S", 0)
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        done = create_app(config).test_cli_runner().invoke(args=["alerts", "work"])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert done.exit_code == 0 and "something that nobody thought of" in caplog.text
