"""A disk below its floor, full to the last byte, or read-only: the real server, the real sender."""

import contextlib
import http.cookiejar
import io
import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.questionnaire import answers
from caregiver_card.storage.records import AddedCard
from caregiver_card.storage.rows import OutboxState
from caregiver_card.storage.store import open_store
from tests.alerting.house import SECRET, overdue
from tests.alerting.mailbox import Mailbox, mailbox, text_of
from tests.alerting.telling import person
from tests.cast import WORDS, alex, card_of, file_of
from tests.servers import Server, environment, free_port, gunicorn
from tests.small_disk import SmallDisk, small_disk
from tests.web.website import hidden

# A server of its own for each.
pytestmark = pytest.mark.slow

_READER = (
    "",
    "?l=de",
    "/beeping",
    "/see",
    "/keep",
    "/kept.json",
    "/card.pdf",
    "/contact.vcf",
    "/refills.ics",
    "/lockscreen.png",
    "/page.html",
    "/medical-id",
    "/paper",
    "/seen",
)


class Browser:
    """A browser with its cookies."""

    def __init__(self, server: Server) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._url, self._opener = server.url, urllib.request.build_opener(jar)

    def open(self, path: str, **sent: str) -> tuple[int, str]:
        """Fetch with GET, or send a form."""
        data = urllib.parse.urlencode(sent).encode() if sent else None
        try:
            with self._opener.open(self._url + path, data, timeout=30) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, fault.read().decode()

    def press(self, page: str, action: str, **typed: str) -> tuple[int, str]:
        """Open a page and send its form for ``action``."""
        source = self.open(page)[1]
        form = re.search(
            rf'<form method="post" action="{re.escape(action)}".*?</form>', source, re.S
        )
        assert form, f"{page} has no form for {action}"
        return self.open(action, **hidden(form[0]) | typed)


@dataclass
class Household:
    """A small disk with one card, somebody told of it, and the ways to run the program on it."""

    disk: SmallDisk
    folder: Path
    post: Mailbox
    kept: AddedCard
    port: int

    @property
    def settings(self) -> dict[str, str]:
        """Those of each command."""
        return {
            "CARD_DATABASE_URL": self.disk.database,
            "CARD_MAIL_URL": f"smtp://127.0.0.1:{self.post.port}",
        }

    def flask(
        self, *words: str, given: bytes = b"", **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        """A command of the program, within the disk."""
        return subprocess.run(
            [*self.disk.within, sys.executable, "-m", "flask", "--app", "wsgi", *words],
            env=environment(self.folder, self.port, **(self.settings | settings)),
            input=given.decode(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def server(self, **settings: str) -> contextlib.AbstractContextManager[Server]:
        """The real server, within the disk."""
        given: dict[str, Any] = {**self.settings, **settings}
        return gunicorn(self.folder, port=self.port, within=self.disk.within, **given)

    def log(self) -> list[OutboxEntry]:
        """What the card's owner can read of what was sent."""
        with tempfile.TemporaryDirectory() as folder:
            self.disk.shell(f"cp cards.sqlite* {folder}")
            store = open_store(f"sqlite:///{folder}/cards.sqlite")
            bureau = AlertService(store.engine, SECRET)
            keeper = CardService(store, bureau)
            found = bureau.log(keeper.vault.owned(self.kept.owner).card_id, 100)
            store.dispose()
        return found

    def queue_test(self) -> None:
        """A test message, wished for on the owner's page, waits to be sent."""
        words = ["-m", "tests.queue_test_message", self.disk.database, self.kept.owner]
        subprocess.run([*self.disk.within, sys.executable, *words], check=True, timeout=60)

    @property
    def mails(self) -> list[str]:
        """The ids of the messages that came."""
        return [mail["Message-ID"] for _, mail in self.post.taken]


def _household(disk: SmallDisk, folder: Path, post: Mailbox) -> Household:
    store, now = open_store(f"sqlite:///{folder}/cards.sqlite"), datetime.now(UTC)
    bureau, today = AlertService(store.engine, SECRET), now.date()
    keeper = CardService(store, bureau)
    card = card_of(
        overdue(
            **{
                "refill.last_refill_on": f"{today - timedelta(days=60)}",
                "refill.next_appointment_on": f"{today - timedelta(days=2)}",
                "refill.alarm_date": f"{today + timedelta(days=60)}",
                "verified.on": f"{today - timedelta(days=100)}",
                # Where it is eight or later now, so that the day's alerts are due.
                "time_zone": "Pacific/Kiritimati" if now.hour < 8 else "UTC",
            }
        )
    )
    kept = keeper.add(card, now)
    owned = keeper.vault.owned(kept.owner)
    bureau.invite(owned.card_id, card, 1, person(subjects=("refill",)), now)
    store.dispose()
    said = disk.shell(f"mv {folder}/cards.sqlite .")
    assert not said, said
    return Household(disk, folder, post, kept, free_port())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Household]:
    """An overdue card, and Mum, who said yes and was not told yet."""
    with small_disk(tmp_path) as disk, mailbox() as post:
        yield _household(disk, tmp_path, post)


def _opens_everywhere(home: Household) -> None:
    reader = home.kept.reader_links[0].token
    with home.server() as server:
        browser = Browser(server)
        assert "Sam" in browser.open(f"/c/{reader}")[1]
        for below in _READER:
            status, _ = browser.open(f"/c/{reader}{below}")
            assert status == 200, (below, status, server.log.read_text()[-2000:])
        assert browser.open(f"/c/{reader[:-1]}")[0] == 404
        assert browser.open(f"/o/{home.kept.owner}")[0] == 200
        assert server.get("/healthz") == (200, b"ok\n")


def test_below_the_floor_no_new_card_is_taken_and_every_other_thing_goes_on(
    home: Household,
) -> None:
    """In words, with what was typed; a save, an "I know", an alert and a deletion are stored."""
    owner = f"/o/{home.kept.owner}"
    with home.server() as server:
        browser = Browser(server)
        begun = hidden(browser.open("/new")[1])
        typed = answers.dumps(answers.from_file(file_of(alex())))
        begun["answers"] = typed
        confirmed = answers.under(answers.loads(typed), "verified")
        sent = begun | confirmed | {"go": "save"}
        status, said = browser.open("/new/check", **sent)
        assert status == 503 and WORDS.say("error.title-disk") in said
        assert hidden(said)["answers"] == typed, "what was typed is kept"
        assert "disk: below CARD_DISK_FLOOR" in server.log.read_text()

        assert browser.press(owner, f"{owner}/still-right")[0] == 200
        assert home.flask("alerts", "send").stdout.startswith("sent: 1")
        know = re.findall(r"(/a/\w+)", text_of(home.post.taken[0][1]))[0]
        assert browser.press(know, know, go="know")[0] == 200
        assert any(each.row.seen_at for each in home.log())
        refused = home.flask("card", "add", "-", given=file_of(alex()))
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.endswith("ERROR disk: the free space is below CARD_DISK_FLOOR\n")
        batch = ("card", "batch", "-", "--store", "--out", f"{home.folder}/cards.pdf")
        refused = home.flask(*batch, given=json.dumps(alex()).replace("\n", " ").encode())
        assert (refused.returncode, refused.stdout) == (2, "") and "ERROR disk: " in refused.stderr
        refused = home.flask("backup", "create", f"{home.disk.path}/copy")
        assert (refused.returncode, refused.stdout) == (2, "") and "ERROR disk: " in refused.stderr
        assert home.flask("backup", "create", f"{home.folder}/copy").returncode == 0
        assert browser.press(f"{owner}/delete", f"{owner}/delete")[0] == 200
        assert browser.open(owner)[0] == 404
    assert (
        home.flask("card", "add", "-", given=file_of(alex()), CARD_DISK_FLOOR="1").returncode == 0
    )


def test_on_a_full_disk_every_address_of_a_card_opens(home: Household) -> None:
    """Also after a restart, when not even the index of the log can be made.

    A save is refused with what was typed, and the log says why in a line.
    """
    home.disk.fill()
    _opens_everywhere(home)
    owner = f"/o/{home.kept.owner}"
    with home.server() as server:
        status, said = Browser(server).press(owner, f"{owner}/still-right")
        assert status == 503 and hidden(said)["version"] == "1"
        why = [line for line in server.log.read_text().splitlines() if "database: " in line]
        assert len(why) == 1 and why[0].endswith("database: full")
        assert "write: the database: full" in server.get("/readyz")[1].decode()


@pytest.mark.parametrize("left", ["the log of a killed server", "nothing"])
def test_on_a_read_only_disk_every_address_of_a_card_opens(home: Household, left: str) -> None:
    """Whether the last server ended well, or left a log with the newest version in it."""
    if left != "nothing":
        home.disk.shell(f"{sys.executable} -c '{_LEAVE_A_LOG}' cards.sqlite")
        assert "cards.sqlite-wal" in home.disk.shell("ls")
        assert "cards.sqlite-shm" not in home.disk.shell("rm cards.sqlite-shm; ls")
    home.disk.protect()
    _opens_everywhere(home)
    home.disk.protect("rw")


_LEAVE_A_LOG = """
import os, sqlite3, sys
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("PRAGMA wal_autocheckpoint=0")
file.execute("UPDATE cards SET saved_on = saved_on")
os._exit(0)
"""


@pytest.mark.parametrize("state", ["full", "read-only"])
def test_an_alert_goes_out_once_where_nothing_can_be_written(home: Household, state: str) -> None:
    """What is due anew and what waits alike; once there is room, what was sent is noted."""
    home.queue_test()
    home.disk.fill() if state == "full" else home.disk.protect()
    first = home.flask("alerts", "send")
    assert (first.returncode, first.stdout[:7]) == (0, "sent: 2"), first.stderr
    assert first.stderr.startswith(f"WARNING database: {state}; alerts go out")
    for _ in range(3):
        assert home.flask("alerts", "send").stdout == ""
    assert len(set(home.mails)) == len(home.mails) == 2
    know = [
        found for _, mail in home.post.taken for found in re.findall(r"(/a/\w+)", text_of(mail))
    ]

    with home.server() as server:
        # It is known that the message is not written down yet: not a page that says "unknown".
        assert {server.get(each)[0] for each in know} <= {200, 503}
    home.disk.make_room() if state == "full" else home.disk.protect("rw")
    after = home.flask("alerts", "send")
    assert (after.returncode, after.stdout, after.stderr) == (0, "", "")
    assert len(home.mails) == 2
    assert [each.row.state for each in home.log()] == [OutboxState.SENT] * 2
    with home.server() as server:
        assert {server.get(each)[0] for each in know} == {200}


def test_a_service_goes_on_while_the_disk_fills(home: Household) -> None:
    """``alerts work`` tells of what comes after the disk filled, and says why it cannot note."""
    run = subprocess.Popen(
        [*home.disk.within, sys.executable, "-m", "flask", "--app", "wsgi", "alerts", "work"],
        env=environment(home.folder, home.port, **home.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert isinstance(run.stdout, io.BufferedReader)
    try:
        assert run.stdout.readline()[:7] == b"sent: 1"
        home.queue_test()
        home.disk.fill()
        assert run.stdout.readline()[:7] == b"sent: 1"
    finally:
        run.terminate()
        _, err = run.communicate(timeout=30)
    assert b"WARNING database: full" in err
    assert len(home.mails) == 2
