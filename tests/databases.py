"""A database of its own for every test that asks for one: SQLite and PostgreSQL in turn.

The PostgreSQL server is started once, in a temporary folder, without syncing to the disk. It comes
from the system's packages; without it these tests fail and say which package is missing.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from caregiver_card.storage.store import open_store
from tests import ready

_MISSING = "PostgreSQL is not installed; these tests need the package postgresql"
# Settings that only a server whose data may be lost at any time can have.
_SERVER_OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= "
    "-c autovacuum=off"
)


# The fast tests use SQLite alone: starting the other takes longer than many of them together.
_KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=_KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=_KINDS)
def ready_url(request: pytest.FixtureRequest) -> str:
    """The same with its tables made before, which is faster; a test must not change these."""
    return str(request.getfixturevalue(f"ready_{request.param}_url"))


@pytest.fixture
def meanwhile() -> Iterator[Callable[..., "Future[object]"]]:
    """Starts something in another thread and gives it time to get stuck or done."""
    with ThreadPoolExecutor() as pool:

        def start(work: Callable[..., object], *arguments: object) -> "Future[object]":
            future = pool.submit(work, *arguments)
            time.sleep(0.15)
            return future

        yield start


@pytest.fixture
def ready_sqlite_url(sqlite_url: str) -> str:
    """The address of a SQLite database without a card."""
    ready.put(Path(sqlite_url.removeprefix("sqlite:///")))
    return sqlite_url


@pytest.fixture
def ready_postgresql_url(common_postgresql_url: str) -> Iterator[str]:
    """The address of a PostgreSQL database without a card."""
    yield common_postgresql_url
    store = open_store(common_postgresql_url)
    with store.engine.begin() as connection:
        # All but one go with their cards.
        for table in (
            "cards",
            "alert_invitations",
            "operator_notes",
            "limit_counters",
            "drafts",
            "key_checks",
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    store.dispose()


@pytest.fixture(scope="session")
def common_postgresql_url(postgresql_database: Callable[[], str]) -> str:
    """The address of a PostgreSQL database that many tests use in turn."""
    url = postgresql_database()
    open_store(url)
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path}/instance/cards.sqlite"


@pytest.fixture
def postgresql_url(postgresql_database: Callable[[], str]) -> str:
    """The address of an empty PostgreSQL database."""
    return postgresql_database()


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases on a server of this test run."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory(prefix="cards-", ignore_cleanup_errors=True) as folder:
        server = PostgresqlServer(Path(folder))
        server.start()

        def make() -> str:
            name = f"cards_{next(numbers)}"
            server.make_schema(name)
            return server.url(name)

        try:
            yield make
        finally:
            server.stop()


class PostgresqlServer:
    """A PostgreSQL server on a socket in one folder, as a user that it agrees to run as."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.as_user: list[str] = []
        self._admin: Engine | None = None
        if os.geteuid() == 0:
            self.as_user = ["runuser", "-u", "postgres", "--"]
            self._hand_over()

    def start(self) -> None:
        """Makes the data folder and starts; returns when the server answers."""
        # Another order of letters than that of bytes, as most installations have.
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en",
        )
        options = f"{_SERVER_OPTIONS} -k {self.folder}"
        self._run(
            "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-o", options, "start"
        )

    def make_schema(self, name: str) -> None:
        """Makes an empty database."""
        if self._admin is None:
            self._admin = create_engine(self.url("public"), pool_pre_ping=True)
        with self._admin.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")

    def stop(self) -> None:
        """Stops at once, whoever is still connected."""
        if self._admin:
            self._admin.dispose()
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def url(self, schema: str) -> str:
        """The address of a schema, which is as good as a database and made in a moment."""
        path = f"-csearch_path%3D{schema}"
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}&options={path}"

    def _hand_over(self) -> None:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.fail(_MISSING, pytrace=False)
        os.chown(self.folder, user.pw_uid, user.pw_gid)

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [*self.as_user, _program(program), *map(str, arguments)]
        log = self.folder / "commands"
        with log.open("ab") as out:
            done = subprocess.run(command, stdout=out, stderr=out, cwd=self.folder, check=False)
        if done.returncode != 0:
            pytest.fail(f"{program} failed:\n{log.read_text()}", pytrace=False)


def _program(name: str) -> str:
    """Debian keeps the server's programs out of the path, in a folder for each major version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: each.parent.name)
    found = shutil.which(
        name, path=os.pathsep.join([*map(str, reversed(versions)), os.environ["PATH"]])
    )
    if found is None:
        pytest.fail(_MISSING, pytrace=False)
    return found
