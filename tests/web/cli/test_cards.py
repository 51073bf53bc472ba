"""The command line as a clinic's script sees it: what is printed where, and the exit status."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cast import absent, alex, file_of, sam, tuyet
from tests.prints import Print, codes
from tests.web.reading import Page, audit
from tests.web.shell import ADDRESS, Shell

# Every test is a process of its own.
pytestmark = pytest.mark.slow


def _wrong() -> dict[str, Any]:
    """A file with four faults in four places."""
    return alex(
        {
            "patient.full_name": absent,
            "regimen.concentration_mcg_per_ml": 2,
            "contacts[1].phone": "12",
            "pump.colour": "grey",
        }
    )


# check ----------------------------------------------------------------------------------------


def test_it_works(shell: Shell) -> None:
    """A sound file has no error; warnings alone leave the exit status 0."""
    done = shell.run_afresh("card", "check", shell.file(alex()))
    assert (done.status, done.err) == (0, "")
    assert all(line.startswith("WARNING ") for line in done.out.splitlines())
    assert shell.names() == {"card.json"}, "a check left something behind"


def test_check_reports_every_fault_at_once(shell: Shell) -> None:
    """One line each, LEVEL path: message, on standard output, exit status 2."""
    done = shell.run_afresh("card", "check", "-", given=file_of(_wrong()))
    errors = [line for line in done.out.splitlines() if line.startswith("ERROR ")]
    assert done.status == 2 and done.err == ""
    assert {line.split()[1] for line in errors} == {
        "patient.full_name:",
        "regimen.concentration_mcg_per_ml:",
        "contacts[1].phone:",
        "pump.colour:",
    }
    assert "2000 mcg/mL" in done.out
    assert shell.names() == set()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "JSON"),
        (b"{", "line 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "one JSON object"),
        (b"{}", "format"),
        (b'{"format":"caregiver-card/99"}', "caregiver-card/99"),
        (b" " * 300_000, "256 kB"),
        (b"[" * 100_000, "JSON"),
    ],
    ids=["empty", "cut", "bytes", "list", "nothing", "newer", "large", "deep"],
)
def test_a_file_that_is_no_card_is_one_fault_of_the_file(
    shell: Shell, raw: bytes, says: str
) -> None:
    """Its path is "file" (a missing format may be named by its own)."""
    done = shell.run("card", "check", "-", given=raw)
    assert done.status == 2
    (line,) = done.out.splitlines()
    assert line.startswith(("ERROR file: ", "ERROR format: ")) and says in line


@pytest.mark.parametrize("command", [("check",), ("add",), ("page", "--out", "-")], ids=str)
@pytest.mark.parametrize("kind", ["missing", "a folder"])
def test_a_file_that_cannot_be_read_is_one_line(
    shell: Shell, command: tuple[str, ...], kind: str
) -> None:
    """Without a traceback, and with the reason."""
    path = shell.folder / "none.json" if kind == "missing" else shell.folder
    done = shell.run("card", *command, path)
    said = done.out if command == ("check",) else done.err
    assert done.status == 2
    (line,) = said.splitlines()
    assert line.startswith("ERROR file: cannot be read: ")
    assert ("No such file" if kind == "missing" else "directory") in line


# add ------------------------------------------------------------------------------------------


def test_add_prints_the_addresses_and_nothing_else(shell: Shell) -> None:
    """``owner: URL`` and ``reader: URL``, one a line; warnings go to standard error."""
    done = shell.run("card", "add", shell.file(alex()))
    owner, reader = done.out.splitlines()
    assert done.status == 0
    assert owner.startswith(f"owner: {ADDRESS}/o/") and len(owner.split("/")[-1]) == 26
    assert reader.startswith(f"reader: {ADDRESS}/c/") and len(reader.split("/")[-1]) == 26
    assert all(line.startswith("WARNING ") for line in done.err.splitlines())


def test_add_makes_a_copy_for_each_label(shell: Shell) -> None:
    """Each with an address of its own."""
    done = shell.run(
        "card", "add", "-", "--label", "bag", "--label", "school", given=file_of(sam())
    )
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["owner", "reader", "reader"]
    assert len(set(done.out.split())) == 5


def test_add_refuses_and_writes_nothing(shell: Shell) -> None:
    """Every fault on standard error, nothing on standard output, no database."""
    done = shell.run("card", "add", "-", given=file_of(_wrong()))
    assert (done.status, done.raw) == (2, b"")
    assert len([line for line in done.err.splitlines() if line.startswith("ERROR ")]) == 4
    assert shell.names() == set()


# print and page -------------------------------------------------------------------------------


def test_print_writes_a_card_that_leads_to_the_guide(shell: Shell) -> None:
    """Nothing is kept: the code opens the public guide."""
    out = shell.folder / "card.pdf"
    done = shell.run("card", "print", shell.file(alex()), "--layout", "wallet", "--out", out)
    assert (done.status, done.out) == (0, "")
    printed = Print(out.read_bytes())
    assert codes(printed.sides[0].raster(300))["zxing"] == {"HTTP://CARD.EXAMPLE/GUIDE"}
    assert shell.names() == {"card.json", "card.pdf"}
    assert out.stat().st_mode & 0o777 == 0o600


def test_print_leads_where_it_is_told(shell: Shell) -> None:
    """From standard input to standard output, with the reader's own address."""
    url = "https://card.example/c/0123456789ABCDEFGHJKMNPQRS"
    done = shell.run(
        "card", "print", "-", "--paper", "letter", "--reader-url", url, "--out", "-",
        given=file_of(sam()),
    )  # fmt: skip
    assert done.status == 0
    assert codes(Print(done.raw).sides[0].raster(300))["zxing"] == {url.upper()}


def test_page_writes_one_file_that_needs_nothing(shell: Shell) -> None:
    """The emergency page, from standard input to standard output."""
    done = shell.run("card", "page", "-", "--out", "-", given=file_of(tuyet()))
    assert done.status == 0
    page = Page(done.out)
    audit(page)
    assert "Ánh-Tuyết" in page.text and page.all("img") == []


@pytest.mark.parametrize("command", ["print", "page"])
def test_a_wrong_card_is_not_written(shell: Shell, command: str) -> None:
    """What was there before stays as it was."""
    out = shell.folder / "out"
    out.write_text("before")
    done = shell.run("card", command, "-", "--out", out, given=file_of(_wrong()))
    assert (done.status, done.raw) == (2, b"")
    assert "ERROR patient.full_name: " in done.err
    assert out.read_text() == "before" and shell.names() == {"out"}


@pytest.mark.parametrize("kind", ["no folder", "a folder"])
def test_a_place_that_cannot_be_written_is_one_line(shell: Shell, kind: str) -> None:
    """Without a traceback, and nothing is left beside it."""
    out = shell.folder / "none" / "card.html" if kind == "no folder" else shell.folder / "taken"
    if kind == "a folder":
        out.mkdir()
    before = shell.names()
    done = shell.run("card", "page", "-", "--out", out, given=file_of(sam()))
    assert (done.status, done.raw) == (2, b"")
    errors = [line for line in done.err.splitlines() if line.startswith("ERROR ")]
    assert len(errors) == 1 and "cannot be written" in errors[0]
    assert "Traceback" not in done.err and shell.names() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--layout", "poster", "--out", "-"), "poster"),
        (("--paper", "a3", "--out", "-"), "a3"),
        ((), "--out"),
        (("--reader-url", "https://" + "long." * 40 + "example/", "--out", "-"), "ERROR"),
    ],
    ids=["layout", "paper", "no out", "a long address"],
)
def test_what_cannot_be_printed_is_refused(shell: Shell, words: tuple[str, ...], says: str) -> None:
    """Exit status 2 and a line that names it."""
    done = shell.run("card", "print", "-", *words, given=file_of(sam()))
    assert (done.status, done.raw) == (2, b"")
    assert says in done.err and "Traceback" not in done.err


def test_a_missing_letter_is_named(shell: Shell) -> None:
    """With the package that has it."""
    from tests.printing.layouts.test_wallet import _letter_without_a_font

    letter = _letter_without_a_font()
    file = file_of(alex({"patient.full_name": f"A {letter}"}))
    done = shell.run("card", "print", "-", "--out", "-", given=file)
    assert (done.status, done.raw) == (2, b"")
    assert letter in done.err and "fonts-noto" in done.err


# alerts ---------------------------------------------------------------------------------------


def test_alerts_are_listed_as_json(shell: Shell) -> None:
    """Gravest first, then by date; each with the five keys of the contract."""
    done = shell.run("alerts", "list", shell.file(alex()), "--on", "2026-11-21")
    found = json.loads(done.out)
    assert done.status == 0
    assert all(set(each) == {"kind", "severity", "due_on", "title", "action"} for each in found)
    grave = ["EMERGENCY", "URGENT", "DUE", "INFO"]
    order = [(grave.index(each["severity"]), each["due_on"]) for each in found]
    assert order == sorted(order) and order[0][0] == 0
    assert {"refill_missed", "alarm_date_reached", "card_review"} <= {e["kind"] for e in found}


@pytest.mark.parametrize("day", ["2026-02-30", "21.11.2026", "soon"])
def test_a_day_that_is_none_is_refused(shell: Shell, day: str) -> None:
    """Exit status 2, nothing on standard output."""
    done = shell.run("alerts", "list", "-", "--on", day, given=file_of(alex()))
    assert (done.status, done.raw) == (2, b"")
    assert day in done.err


def test_alerts_of_a_wrong_card_are_not_listed(shell: Shell) -> None:
    """Rather nothing than half a list."""
    done = shell.run("alerts", "list", "-", "--on", "2026-11-21", given=file_of(_wrong()))
    assert (done.status, done.raw) == (2, b"")


# backup ---------------------------------------------------------------------------------------


def _rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with sqlite3.connect(path) as connection:
        found = {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in ("cards", "versions", "links")
        }
    connection.close()
    return found


def test_a_backup_goes_there_and_back(shell: Shell) -> None:
    """What was kept is restored into another database, row for row, with the same proof."""
    shell.run("card", "add", "-", given=file_of(alex()))
    backup = shell.folder / "backup.sqlite"
    made = shell.run("backup", "create", backup)
    assert made.status == 0 and "sha256: " in made.out and "cards: 1" in made.out
    other = shell.folder / "other" / "cards.sqlite"
    restored = shell.run("backup", "restore", backup, CARD_DATABASE_URL=f"sqlite:///{other}")
    assert (restored.status, restored.out) == (0, made.out)
    assert _rows(other) == _rows(shell.folder / "instance" / "cards.sqlite")


def test_a_backup_that_cannot_be_is_refused(shell: Shell) -> None:
    """A name that is taken, a file that is none, a database that is not empty: one line each."""
    shell.run("card", "add", "-", given=file_of(sam()))
    backup, rubbish = shell.folder / "backup.sqlite", shell.folder / "rubbish"
    rubbish.write_bytes(b"no backup")
    assert shell.run("backup", "create", backup).status == 0
    before = _rows(shell.folder / "instance" / "cards.sqlite")
    for words in (("create", backup), ("restore", rubbish), ("restore", backup)):
        done = shell.run("backup", *words)
        assert (done.status, done.raw) == (2, b"")
        assert len(done.err.splitlines()) == 1 and done.err.startswith("ERROR ")
    assert _rows(shell.folder / "instance" / "cards.sqlite") == before


# Settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARD_PUBLIC_URL", "https://card.example/below"),
        ("CARD_NOTHING", "1"),
    ],
)
def test_a_wrong_setting_is_one_line(shell: Shell, name: str, value: str) -> None:
    """The command does not run; the setting is named without a traceback."""
    done = shell.run("card", "check", "-", given=file_of(sam()), **{name: value})
    assert (done.status, done.raw) == (2, b"")
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("ERROR ") and name in done.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://cards:passw0rd@127.0.0.1:9/cards?connect_timeout=1",
        "mysql://cards:passw0rd@127.0.0.1/cards",
        "sqlite:////dev/null/passw0rd/cards.sqlite",
    ],
    ids=["away", "unknown kind", "no folder"],
)
@pytest.mark.parametrize(
    "words", [("card", "add", "-"), ("backup", "create", "none/x")], ids=["add", "backup"]
)
def test_a_database_that_is_away_is_one_line(
    shell: Shell, words: tuple[str, ...], url: str
) -> None:
    """The failure has a line of its own and names no password."""
    done = shell.run(*words, given=file_of(sam()), CARD_DATABASE_URL=url)
    assert (done.status, done.raw) == (2, b"")
    errors = [line for line in done.err.splitlines() if not line.startswith("WARNING ")]
    assert errors == ["ERROR database: cannot be reached"]


def test_a_restore_into_a_database_that_is_away_is_one_line(shell: Shell) -> None:
    """The backup is sound, and there is nowhere to put it."""
    shell.run("card", "add", "-", given=file_of(sam()))
    backup = shell.folder / "backup.sqlite"
    assert shell.run("backup", "create", backup).status == 0
    url = "postgresql+psycopg://cards:passw0rd@127.0.0.1:9/cards?connect_timeout=1"
    done = shell.run("backup", "restore", backup, CARD_DATABASE_URL=url)
    assert (done.status, done.raw, done.err) == (2, b"", "ERROR database: cannot be reached\n")


# prune ----------------------------------------------------------------------------------------


def test_cards_that_nobody_used_are_listed_and_removed_only_with_a_yes(shell: Shell) -> None:
    """A day and a few digits a line; no name and no token; what was saved since stays."""
    for _ in range(2):
        shell.run("card", "add", shell.file(alex()))
    database = sqlite3.connect(shell.folder / "instance" / "cards.sqlite")
    assert shell.run("card", "prune", "--older-than", "30").out == "0 unused\n"
    database.execute("UPDATE cards SET saved_on = '2026-01-02'")
    database.commit()
    done = shell.run("card", "prune", "--older-than", "30")
    *rows, last = done.out.splitlines()
    assert done.status == 0 and last == "2 unused: nothing was removed; --yes removes them"
    assert all(re.fullmatch("2026-01-02 [0-9a-f]{12}", row) for row in rows) and len(rows) == 2
    database.execute("UPDATE cards SET version = 2 WHERE id = (SELECT min(id) FROM cards)")
    database.commit()
    done = shell.run("card", "prune", "--older-than", "30", "--yes")
    assert done.out.splitlines()[-1] == "1 unused: removed"
    assert database.execute("SELECT count(*) FROM cards").fetchone() == (1,)
    database.close()


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999999999"])
def test_prune_refuses_a_number_of_days_that_is_none(shell: Shell, days: str) -> None:
    """In one line, and nothing is removed."""
    done = shell.run("card", "prune", "--older-than", days, "--yes")
    assert done.status == 2 and days in done.err and "Traceback" not in done.err
