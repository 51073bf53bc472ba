"""Ten minutes of pages, saves, prints and alerts at once: no error, and memory stays flat.

``python -m tests.bench.soak [MINUTES]``, as ``make soak`` runs it. The server is started as
``make run`` starts it, with a mail server of the bench's own.
"""

import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import requests

from caregiver_card.alerting.service import AlertService
from caregiver_card.storage.store import open_store
from tests.alerting.mailbox import mailbox
from tests.alerting.telling import person
from tests.bench import examples, servers
from tests.bench.figures import Row, table
from tests.bench.storm import TOKEN

MINUTES = 10.0
# What Python and SQLite keep for later grows a little for longer than the first minutes.
MOST_GROWN = 1.05
_SAMPLE_S = 5.0
_SECRET = "0" * 64


class Soak:
    """A server, its card, and what came of every request."""

    def __init__(self, server: servers.Server, url: str) -> None:
        self.server, self.added = server, examples.add(url, "typical")
        self.store = open_store(url)
        self.alerts = AlertService(self.store.engine, _SECRET)
        self.counts: Counter[str] = Counter()
        self.end = threading.Event()

    def open_pages(self) -> None:
        """Forty a second."""
        self._repeat("page", 0.025, lambda: self._get(f"/c/{self.added.reader_links[0].token}"))

    def print_sheets(self) -> None:
        """One a second."""
        path = f"/c/{self.added.reader_links[0].token}/card.pdf?layout=sheet"
        self._repeat("print", 1, lambda: self._get(path))

    def save(self) -> None:
        """Add a copy and revoke it, by their forms: a card has a limit of copies."""
        session = requests.Session()
        home = self.server.address(f"/o/{self.added.owner}")
        wallet = self.added.reader_links[0].id

        def save() -> bool:
            fields = {"label": f"bag {self.counts['save']}"}
            if not _send(session, f"{home}/copies/new", fields):
                return False
            copies = set(re.findall(r"/copies/(\w+)/revoke", session.get(home).text)) - {wallet}
            return all(_send(session, f"{home}/copies/{each}/revoke", {}) for each in copies)

        self._repeat("save", 2, save)

    def tell(self) -> None:
        """Somebody is asked whether they want alerts, in the place of who was asked before."""

        before = ""

        def tell() -> bool:
            nonlocal before
            card, now = examples.card("typical"), datetime.now(UTC)
            if before:
                self.alerts.remove_recipient(self.card_id, before, now)
            each = person(f"P{time.time_ns()}", confirmed_at=None)
            self.alerts.invite(self.card_id, card, 1, each, now)
            before = each.id
            return True

        self._repeat("invitation", 30, tell)

    @property
    def card_id(self) -> bytes:
        """What the tables call the card."""
        with self.store.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT id FROM cards").scalar_one()
        return bytes(found)

    def _get(self, path: str) -> bool:
        response, body = self.server.get(path)
        return response.status == 200 and len(body) > 1000

    def _repeat(self, name: str, pause: float, work: Callable[[], bool]) -> None:
        while not self.end.wait(pause):
            try:
                is_right = work()
            except Exception as error:
                print(f"{name}: {error!r}", file=sys.stderr)
                is_right = False
            self.counts[name if is_right else f"{name}: failed"] += 1


def soak(minutes: float) -> list[Row]:
    """The counts and the memory."""
    with tempfile.TemporaryDirectory() as name, mailbox() as box, ExitStack() as stack:
        folder, mail_url = Path(name), f"smtp://127.0.0.1:{box.port}"
        url = f"sqlite:///{folder / 'cards.sqlite'}"
        server = stack.enter_context(servers.project(folder, url, mail_url=mail_url, public_url=""))
        soaked = Soak(server, url)
        works = (soaked.open_pages, soaked.print_sheets, soaked.save, soaked.tell)
        threads = [threading.Thread(target=work) for work in works]
        for thread in threads:
            thread.start()
        samples = _watch(server.pid, minutes)
        soaked.end.set()
        for thread in threads:
            thread.join()
        soaked.store.dispose()
        soaked.counts["mails"] = len(box.taken)
    return _rows(soaked.counts, samples)


def _rows(counts: Counter[str], samples: list[int]) -> list[Row]:
    failed = sum(count for name, count in counts.items() if name.endswith("failed"))
    said = ", ".join(f"{count:,} {name}s" for name, count in counts.items())
    # Past the first fifth, and the last fifth.
    fifth = len(samples) // 5
    early, late = median(samples[fifth : 2 * fifth]), median(samples[-fifth:])
    grown = late / early
    memory = f"{grown:.2f} ({early / 1e6:,.0f} MB, then {late / 1e6:,.0f} MB)"
    return [
        Row("soak: failed", said, f"{failed}", "0", failed == 0),
        Row(
            "soak: memory of all processes",
            "after the first fifth",
            memory,
            f"<= {MOST_GROWN:.2f}",
            grown <= MOST_GROWN,
        ),
    ]


def _watch(parent: int, minutes: float) -> list[int]:
    """The memory of the server and its children, in bytes, again and again."""
    samples, end = [], time.monotonic() + minutes * 60
    while time.monotonic() < end:
        time.sleep(_SAMPLE_S)
        samples.append(sum(map(_memory, [parent, *_children(parent)])))
    return samples


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(each) for each in listed]


def _memory(pid: int) -> int:
    """What it has alone, and its share of what it shares (Linux)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _send(session: requests.Session, address: str, fields: dict[str, str]) -> bool:
    """Send a form as its page gives it."""
    found = TOKEN.search(session.get(address).text)
    given = {"csrf_token": found[1] if found else "", **fields}
    return session.post(address, data=given, allow_redirects=False).status_code == 303


if __name__ == "__main__":
    print(table(soak(float(sys.argv[1]) if sys.argv[1:] else MINUTES)))
