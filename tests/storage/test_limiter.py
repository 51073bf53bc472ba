"""Limits that all workers share: in both databases and in Redis, refusing nobody in doubt."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import Engine, insert, select, text

from caregiver_card.storage import database
from caregiver_card.storage.database import counting_engine, engine_for, writing
from caregiver_card.storage.limit_counters import LONGEST_WINDOW, LimitCounters
from caregiver_card.storage.limiter import Limit, Limiter, WrongLimitStorage, make_limiter
from caregiver_card.storage.schema import limit_counters
from caregiver_card.storage.store import open_store
from tests.servers import free_port

SECRET = "a key for tests that is long enough to be one"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SAVES = Limit("saves", 5, 3600)


class Asked:
    """A limiter of one process, with the moment it believes in and what it logged."""

    made: ClassVar[list["Asked"]] = []

    def __init__(self, url: str, redis_url: str = "", secret: str = SECRET) -> None:
        self.made.append(self)
        self.now = NOON
        self.log: list[str] = []
        self.limiter: Limiter = make_limiter(
            url, redis_url, secret, lambda: self.now, self.log.append
        )

    def take(self, *who: str, limit: Limit = SAVES) -> int:
        """The seconds to wait, or 0."""
        return self.limiter.take(limit, *who)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """No connection stays open."""
    yield
    while Asked.made:
        Asked.made.pop().limiter.close()


@pytest.fixture
def url(ready_url: str) -> Iterator[str]:
    """The address of a database, whose counters go with the test."""
    yield ready_url
    engine = engine_for(ready_url)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM limit_counters"))
    engine.dispose()


def _rows(url: str) -> list[tuple[bytes, int, int]]:
    engine = engine_for(url)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(select(limit_counters))]
    engine.dispose()
    return rows


def test_so_many_and_no_more_until_the_window_ends(url: str) -> None:
    """Each who has a count of their own, and each limit."""
    here = Asked(url)
    assert [here.take("card") for _ in range(6)] == [0, 0, 0, 0, 0, 3600]
    here.now += timedelta(minutes=59)
    assert here.take("card") == 60
    assert here.take("another card") == 0 == here.take("card", limit=Limit("prints", 5, 3600))
    here.now += timedelta(minutes=1)
    assert here.take("card") == 0


def test_what_one_worker_counts_every_other_knows(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though they ask at the same moment: none is counted twice, none is forgotten."""
    # However busy this machine is; who loses patience refuses nobody, which is told below.
    monkeypatch.setattr(database, "COUNTING_MS", 30_000)
    workers = [Asked(url) for _ in range(4)]
    many = Limit("saves", 40, 3600)
    with ThreadPoolExecutor(4) as threads:
        taken = threads.map(
            lambda at: workers[at % 4].take("card", limit=many) == 0, range(60), timeout=60
        )
        assert sum(taken) == 40
    assert not any("cannot be asked" in line for worker in workers for line in worker.log)


def test_the_database_holds_neither_an_address_nor_a_token(url: str) -> None:
    """Nor anything that all addresses of the internet could be tried against without the secret."""
    here = Asked(url)
    here.take("203.0.113.7", "0123456789ABCDEFGHJKMNPQRS")
    ((key, count, _),) = _rows(url)
    assert len(key) == 16 and count == 1
    Asked(url, secret=SECRET + "x").take("203.0.113.7", "0123456789ABCDEFGHJKMNPQRS")
    assert len(_rows(url)) == 2


def test_what_is_over_is_deleted(url: str) -> None:
    """The table does not grow with those who came once."""
    here = Asked(url)
    for number in range(50):
        here.take(f"visitor {number}")
    here.now += timedelta(hours=2)
    for number in range(3):
        here.take(f"later {number}")
    assert len(_rows(url)) == 3


def test_a_wrong_clock_locks_nobody_out(url: str) -> None:
    """A window that begins next year is over now, and its row goes."""
    ahead = Asked(url)
    ahead.now += timedelta(days=365)
    for _ in range(6):
        ahead.take("card")
    here = Asked(url)
    assert here.take("card") == 0
    assert [ends for _, _, ends in _rows(url)] == [NOON.timestamp() + 3600]
    assert here.take("somebody else") == 0
    assert LONGEST_WINDOW == 24 * 3600


def test_a_locked_database_refuses_nobody(sqlite_url: str) -> None:
    """It is asked for a tenth of a second, says so in one line, and is left alone for a while."""
    open_store(sqlite_url).dispose()
    here = Asked(sqlite_url)
    writer = engine_for(sqlite_url)
    with writing(writer):
        began = datetime.now(UTC)
        assert {here.take("card") for _ in range(50)} == {0}
        assert datetime.now(UTC) - began < timedelta(seconds=1)
    assert here.log == ["limits: cannot be asked (OperationalError)"]
    here.now += timedelta(seconds=6)
    assert [here.take("card") for _ in range(6)][-1] == 3600
    writer.dispose()


def test_a_database_that_is_away_refuses_nobody(tmp_path: Path) -> None:
    """Neither PostgreSQL nor a file without the table."""
    away = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    for url in (away, f"sqlite:///{tmp_path}/empty.sqlite"):
        here = Asked(url)
        assert [here.take("card") for _ in range(9)] == [0] * 9
        assert here.log == ["limits: cannot be asked (OperationalError)"]


@pytest.mark.slow
def test_a_lock_in_postgresql_refuses_nobody(ready_postgresql_url: str) -> None:
    """Whoever holds the row."""
    here = Asked(ready_postgresql_url)
    here.take("card")
    holder = engine_for(ready_postgresql_url)
    with writing(holder) as connection:
        connection.execute(text("UPDATE limit_counters SET count = 5"))
        began = datetime.now(UTC)
        assert here.take("card") == 0
        assert datetime.now(UTC) - began < timedelta(seconds=2)
    assert here.log == ["limits: cannot be asked (OperationalError)"]
    with writing(holder) as connection:
        connection.execute(text("DELETE FROM limit_counters"))
    holder.dispose()


def test_whoever_is_refused_costs_no_query(url: str) -> None:
    """A flood beyond the limit is answered from memory, and logged once."""
    here = Asked(url)
    for _ in range(6):
        here.take("card")
    engine = engine_for(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE limit_counters SET count = 1"))
    engine.dispose()
    assert {here.take("card") for _ in range(99)} == {3600}
    assert here.log == ["limits: saves is used up for 3600 s"]


def test_a_count_for_later_keeps_nobody_waiting(sqlite_url: str) -> None:
    """Not even for a lock; it is counted once there is none."""
    open_store(sqlite_url).dispose()
    here = Asked(sqlite_url)
    for _ in range(6):
        assert here.limiter.refused_for(SAVES, "guesser") == 0
        here.limiter.take_later(SAVES, "guesser")
    here.limiter.wait_for_counts()
    assert here.limiter.refused_for(SAVES, "guesser") == 3600


def test_the_storage_does_all_that_the_library_may_ask(url: str) -> None:
    """The library's other strategies and its reset use these."""
    engine = counting_engine(url)
    storage = LimitCounters(engine, lambda: NOON)
    assert storage.check() and storage.get("key") == 0
    assert [storage.incr("key", 60), storage.incr("key", 60, 2)] == [1, 3]
    assert (storage.get("key"), storage.get_expiry("key")) == (3, NOON.timestamp() + 60)
    storage.clear("key")
    assert storage.get("key") == 0
    storage.incr("other", 60)
    assert storage.reset() == 1
    engine.dispose()


def test_a_full_table_is_swept_a_little_at_a_time(sqlite_url: str) -> None:
    """No request pays for all those before it."""
    open_store(sqlite_url).dispose()
    engine: Engine = engine_for(sqlite_url)
    with writing(engine) as connection:
        old = [{"key": bytes([at]) * 16, "count": 1, "ends": 5} for at in range(100)]
        connection.execute(insert(limit_counters), old)
    engine.dispose()
    here = Asked(sqlite_url)
    here.take("card")
    assert len(_rows(sqlite_url)) == 81


# Redis ------------------------------------------------------------------------------------------


def test_a_limit_that_is_used_up_is_counted_for_the_operator(url: str) -> None:
    """Once for each who, for a day; asking uses nothing up."""
    here, prints = Asked(url), Limit("prints", 1, 60)
    assert here.limiter.used_up([SAVES, prints]) == []
    for who in ("card", "another card"):
        for _ in range(9):
            here.take(who)
    here.take("card", limit=prints)
    here.now += timedelta(hours=23)
    assert here.limiter.used_up([SAVES, prints]) == [(SAVES, 2, NOON + timedelta(days=1))]
    here.now += timedelta(hours=1)
    assert here.limiter.used_up([SAVES, prints]) == []


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of this module's own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("Redis is not installed; these tests need the package redis-server")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, *options], stdout=log, stderr=log)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        probe = make_limiter("", url, SECRET, lambda: datetime.now(UTC), lambda _: None)
        _until(lambda: bool(probe._strategy.storage.check()))
        yield url
    finally:
        server.terminate()
        server.wait(20)


def _until(is_so: Callable[[], bool]) -> None:
    end = datetime.now(UTC) + timedelta(seconds=20)
    while datetime.now(UTC) < end:
        try:
            if is_so():
                return
        except Exception:
            continue
    raise AssertionError("it did not come")


@pytest.mark.slow
def test_redis_counts_for_machines_without_a_common_database(redis_url: str) -> None:
    """The same limits, and nothing readable in it either; no database is opened."""
    machines = [Asked("sqlite:////nowhere/at/all", redis_url) for _ in range(2)]
    for machine in machines:
        machine.now = datetime.now(UTC)
    waits = [machines[at % 2].take("203.0.113.7") for at in range(6)]
    assert waits[:5] == [0] * 5 and 3590 < waits[5] <= 3600
    assert not any("cannot be asked" in line for machine in machines for line in machine.log)
    connection = machines[0].limiter._strategy.storage.get_connection()  # type: ignore[attr-defined]
    keys = b" ".join(connection.keys())
    assert keys and b"203.0" not in keys
    used_up = (machines[0].limiter.used_up([SAVES]) or [])[0]
    assert used_up[:2] == (SAVES, 1) and used_up[2] > machines[0].now + timedelta(hours=23)


@pytest.mark.slow
def test_a_redis_that_is_away_refuses_nobody() -> None:
    """A wrong port, and a network that swallows what is sent."""
    for host in (f"127.0.0.1:{free_port()}", "192.0.2.1:6379"):
        here = Asked("", f"redis://{host}/0")
        began = datetime.now(UTC)
        assert [here.take("card") for _ in range(9)] == [0] * 9
        assert datetime.now(UTC) - began < timedelta(seconds=1)
        assert len(here.log) == 1 and here.log[0].startswith("limits: cannot be asked (")
        assert here.limiter.used_up([SAVES]) is None


@pytest.mark.parametrize("url", ["memory://", "redis:", "http://redis", "redis+cluster://x", "x"])
def test_what_is_no_redis_is_refused_at_once(url: str) -> None:
    """An address with a slip in it is not found out at the first save."""
    with pytest.raises(WrongLimitStorage):
        make_limiter("", url, SECRET, lambda: NOON, print)


def test_only_a_redis_needs_its_library() -> None:
    """Nobody else pays for loading it."""
    code = "import sys, caregiver_card.storage.limiter; sys.exit('redis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
