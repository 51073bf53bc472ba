"""``/readyz``, ``card status`` and the metrics say what is, each fault with its cause."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from caregiver_card.storage.limiter import make_limiter
from caregiver_card.storage.migrations import HEAD
from caregiver_card.web import release
from caregiver_card.web.limiting import ZIPS
from tests.alerting.mailbox import mailbox
from tests.cast import alex
from tests.servers import AWAY, SECRET, gunicorn
from tests.web.client import Site, site_in
from tests.web.shell import Shell
from tests.web.website import MAIL_URL, NOON, Website

_ALL_WELL = "write: ok\nsender: ok\nkey: ok\ndisk: ok\nclock: ok\npass: ok\n"


def _lines(site: Site) -> dict[str, str]:
    answer = site.app.test_client().get("/readyz")
    assert answer.status_code == (200 if answer.text == _ALL_WELL else 503)
    assert answer.mimetype == "text/plain"
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


def _next(site: Site, later: timedelta = timedelta(minutes=1)) -> None:
    """So much later that it is looked at anew."""
    site.clock.now += later


def test_a_server_with_everything_is_ready(site: Site) -> None:
    """Every check has its line."""
    assert site.client.get("/readyz").text == _ALL_WELL


def test_a_server_whose_sender_has_not_run_says_so(tmp_path: Path) -> None:
    """Never, then lately, then not for an hour: only where there is something to send with."""
    house = Website(tmp_path, mail_url=MAIL_URL)
    with mailbox() as house.post:
        browser = house.browser
        assert "sender: no sender has run yet" in browser.get("/readyz").text
        run = house.app.test_cli_runner().invoke(args=["alerts", "send"])
        assert run.exit_code == 0
        house.now += timedelta(minutes=1)
        assert browser.get("/readyz").text == _ALL_WELL
        house.now += timedelta(hours=1)
        answer = browser.get("/readyz")
        assert answer.status_code == 503
        assert "sender: no sender has run for 61 minutes" in answer.text
        assert browser.get(f"/c/{house.kept.reader_links[0].token}").status_code == 200
        assert browser.get("/healthz").text == "ok\n", "a proxy goes on sending readers here"
    house.keeper.store.dispose()


def test_a_disk_below_its_floor_is_named(tmp_path: Path) -> None:
    """With what is free and what the floor is."""
    with site_in(tmp_path, disk_floor=9_000_000) as site:
        assert re.fullmatch(
            r"\d+ MB free, below the floor of 9000000 MB; no new card is taken",
            _lines(site)["disk"],
        )


def test_a_clock_that_cannot_be_right_is_named(site: Site) -> None:
    """Before the release, before a card's last save, before what was noted."""
    site.add(alex())
    assert _lines(site)["clock"] == "ok"
    _next(site, timedelta(minutes=-10))
    assert "was noted before" in _lines(site)["clock"]
    site.clock.now = NOON - timedelta(days=1)
    assert "before this program's release" in _lines(site)["clock"]
    site.clock.now = NOON + timedelta(days=30)
    site.add(alex())
    site.clock.now = NOON + timedelta(days=29)
    assert "a card was saved on 2026-12-21" in _lines(site)["clock"]


def test_a_database_that_takes_no_writes_is_named(site: Site) -> None:
    """Locked by another process for longer than anybody waits."""
    engine = site.keeper.store.engine
    with engine.connect() as holder:
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        with engine.connect() as impatient:
            impatient.exec_driver_sql("PRAGMA busy_timeout=10")
        assert _lines(site)["write"] == "the database: locked"
        holder.exec_driver_sql("ROLLBACK")
    _next(site)
    assert _lines(site)["write"] == "ok"


def test_a_schema_of_another_program_is_named(site: Site) -> None:
    """The way back was taken while this server ran: it has to be restarted."""
    with site.keeper.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    _next(site)
    assert _lines(site)["write"].startswith("the database has schema 0004, and this program")


def test_who_asks_often_keeps_nothing_busy(site: Site) -> None:
    """Within five seconds nothing is written again."""
    site.client.get("/readyz")
    with site.keeper.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM operator_notes"))
    _next(site, timedelta(seconds=4))
    site.client.get("/readyz")
    with site.keeper.store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM operator_notes")).scalar() == 0


@pytest.fixture
def measured(tmp_path: Path) -> Iterator[Site]:
    """A site with an address for its metrics."""
    with site_in(tmp_path, metrics_path="/metrics-47") as site:
        yield site


def _samples(site: Site) -> dict[str, float]:
    answer = site.app.test_client().get("/metrics-47")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    pattern = r'caregiver_card_[a-z_]+(\{[a-z]+="[\w.-]+"(,[a-z]+="[\w.-]+")*\})? [\d.e+]+'
    for line in answer.text.splitlines():
        assert re.fullmatch(pattern, line), line
    pairs = (line.rsplit(" ", 1) for line in answer.text.splitlines())
    return {name.removeprefix("caregiver_card_"): float(value) for name, value in pairs}


def test_metrics_count_what_is_stored(measured: Site) -> None:
    """Cards, versions, messages by state, free space, and every check."""
    before = _samples(measured)
    owner = measured.add(alex()).owner
    measured.keeper.save(owner, measured.keeper.vault.owned(owner).card, 1, "", NOON)
    after = _samples(measured)
    assert (before["cards"], after["cards"], after["versions"]) == (0, 1, 2)
    assert after['messages{state="queued"}'] == after["oldest_waiting_seconds"] == 0
    assert after["disk_free_bytes"] > 0 and after['ready{check="write"}'] == 1
    assert after[f'info{{version="{release.VERSION}",schema="{HEAD}",database="sqlite"}}'] == 1


def test_metrics_are_off_until_they_have_an_address(site: Site) -> None:
    """404, as for any address that is not there."""
    assert site.client.get("/metrics").status_code == 404


@pytest.mark.slow
def test_every_process_gives_the_same_figures(tmp_path: Path) -> None:
    """They are the database's, whichever worker answers."""
    with gunicorn(tmp_path, CARD_METRICS_PATH="/metrics", WEB_CONCURRENCY="3") as server:
        first = server.get("/metrics")
        assert first[0] == 200 and b"caregiver_card_cards 0\n" in first[1]
        pattern = rb"caregiver_card_disk_free_bytes.*\n"
        answers = {re.sub(pattern, b"", server.get("/metrics")[1]) for _ in range(20)}
        assert len(answers) == 1
        assert server.get("/readyz") == (200, _ALL_WELL.encode())


@pytest.mark.slow
def test_status_says_what_an_operator_asks(shell: Shell) -> None:
    """And, once a backup was made, when; nothing of a patient, and no token."""
    added = shell.run("card", "add", "-", given=shell.file(alex()).read_bytes())
    assert added.status == 0
    said = shell.run("card", "status")
    assert (said.status, said.err) == (0, "")
    lines = dict(line.split(": ", 1) for line in said.out.splitlines())
    assert lines["program"].startswith(release.VERSION)
    assert lines["schema"] == f"{HEAD}; this program's is {HEAD}"
    assert (lines["database"], lines["cards"]) == ("sqlite", "1, 0 of them with people told")
    assert (lines["messages waiting"], lines["oldest waiting"]) == ("0", "none")
    assert lines["last backup"] == "never" and lines["free space"].endswith(" MB")
    assert "Alex" not in said.out
    assert shell.run("backup", "create", shell.folder / "copy").status == 0
    assert re.search(r"last backup: \d{4}-.*, 0 minutes ago", shell.run("card", "status").out)


@pytest.mark.slow
def test_status_says_which_limits_were_used_up(shell: Shell) -> None:
    """How often within a day, by nobody in particular."""
    added = shell.run("card", "add", "-", given=shell.file(alex()).read_bytes())
    assert added.status == 0
    assert "limits used up: none\n" in shell.run("card", "status").out
    assert "limits used up: off\n" in shell.run("card", "status", CARD_LIMITS="off").out
    url = f"sqlite:///{shell.folder}/instance/cards.sqlite"
    limiter = make_limiter(url, "", SECRET, lambda: datetime.now(UTC), print)
    for who in ("203.0.113.7", "203.0.113.8"):
        while not limiter.take(ZIPS[0], who):
            pass
    limiter.close()
    said = shell.run("card", "status").out
    assert re.search(r"limits used up: zips 2 times since \d{4}-.* UTC\n", said)
    assert "203.0" not in said


@pytest.mark.slow
def test_status_ends_with_2_where_something_is_at_fault(shell: Shell) -> None:
    """One line for each fault, on standard error."""
    said = shell.run("card", "status", CARD_MAIL_URL=MAIL_URL)
    assert said.status == 2
    assert said.err.startswith("ERROR sender: no sender has run yet")
    away = shell.run("card", "status", CARD_DATABASE_URL=AWAY)
    assert (away.status, away.out) == (2, "") and away.err.startswith("ERROR database: ")


def test_the_release_is_the_packages() -> None:
    """Its number is written twice, and its day is past."""
    root = Path(__file__).parents[2]
    assert f'version = "{release.VERSION}"' in (root / "pyproject.toml").read_text()
    assert date(2026, 1, 1) < release.RELEASED_ON <= datetime.now(UTC).date()
