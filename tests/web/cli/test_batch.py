"""``card batch`` as a clinic runs it: checked whole, printed whole, or not at all."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from caregiver_card.web import create_app
from tests import tables
from tests.cast import absent, alex, sam, tuyet
from tests.printing.text.test_glyphs import NOBODYS
from tests.prints import Print, Side, own_size
from tests.web.client import PageClient
from tests.web.client import config as config_of
from tests.web.shell import ADDRESS, ROOT, Shell

# Every test is a command with processes of its own.
pytestmark = pytest.mark.slow

_THREE = (alex(), tuyet(), sam())


def _table(shell: Shell, *files: dict[str, Any], name: str = "cards.csv") -> Path:
    path = shell.folder / name
    path.write_bytes(tables.table(*files))
    return path


def _scanned(side: Side) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(side.raster(200))}


def _many(count: int) -> list[dict[str, Any]]:
    return [sam({"patient.full_name": f"Sam Lee {number}"}) for number in range(count)]


# Printing ---------------------------------------------------------------------------------------


def test_a_table_becomes_one_document(shell: Shell) -> None:
    """Two pages a card in the order of the rows, tagged, each code to the public guide."""
    out = shell.folder / "cards.pdf"
    done = shell.run("card", "batch", _table(shell, *_THREE), "--out", out)
    assert (done.status, done.out) == (0, "")
    assert all(line.startswith("WARNING row ") for line in done.err.splitlines())
    printed = Print(out.read_bytes())
    assert len(printed.sides) == 6
    for side, name in zip(printed.sides[::2], ("Alex", "Wójcik", "Sam"), strict=True):
        assert name in side.text
        assert _scanned(side) == {"HTTP://CARD.EXAMPLE/GUIDE"}
    assert [tag for tag, _ in printed.structure()].count("Document") == 3
    assert shell.names() == {"cards.csv", "cards.pdf"}
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_zip_has_a_tagged_document_for_each_card(shell: Shell) -> None:
    """Under names that sort as the rows do and hold nothing that a system refuses."""
    greek = sam({"patient.full_name": "Αλέξανδρος / ..\\"})
    out = shell.folder / "cards.zip"
    table = _table(shell, *_THREE, greek)
    done = shell.run("card", "batch", table, "--layout", "fold", "--out", out)
    assert done.status == 0
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "00002-alex-rivera.pdf",
            "00003-nguyen-thi-anh-tuyet-featherst.pdf",
            "00004-sam-lee.pdf",
            "00005.pdf",
        ]
        first = Print(archive.read("00002-alex-rivera.pdf"))
        assert all(own_size(archive.read(each)) for each in archive.namelist())
    assert len(first.sides) == 1 and first.structure()


def test_json_lines_go_from_standard_input_to_standard_output(shell: Shell) -> None:
    """As one document."""
    done = shell.run("card", "batch", "-", "--out", "-", given=tables.lines(*_THREE))
    assert done.status == 0 and len(Print(done.raw).sides) == 6


def test_several_processes_print_what_one_prints(shell: Shell) -> None:
    """In the same order; the results of two are put together as those of one."""
    out = shell.folder / "cards.zip"
    done = shell.run("card", "batch", _table(shell, *_many(9)), "--out", out)
    assert done.status == 0
    single = shell.folder / "single.pdf"
    shell.run("card", "print", shell.file(_many(9)[8]), "--out", single)
    with zipfile.ZipFile(out) as archive:
        assert [name[:5] for name in archive.namelist()] == [f"{row:05d}" for row in range(2, 11)]
        assert archive.read("00010-sam-lee-8.pdf") == single.read_bytes()


def test_the_template_s_example_is_not_printed(shell: Shell) -> None:
    """It comes to standard output, or into a file; its row is named until it is deleted."""
    done = shell.run("card", "batch", "--template")
    assert done.status == 0 and done.raw.startswith(b"\xef\xbb\xbfformat,region,")
    into = shell.run("card", "batch", "--template", "--out", shell.folder / "t.csv")
    assert into.status == 0 and (shell.folder / "t.csv").read_bytes() == done.raw
    printed = shell.run("card", "batch", shell.folder / "t.csv", "--out", "-")
    assert (printed.status, printed.raw) == (2, b"")
    assert printed.err.startswith("ERROR row 2: still holds the template's example (region, ")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("change", "encoding", "flag", "says"),
    [
        ({"patient.full_name": "José Ibáñez"}, "cp1252", ("--encoding", "windows-1252"), "José"),
        (
            {"refill.alarm_date": "24/12/2026"},
            "utf-8",
            ("--dates", "day-month-year"),
            "24 Dec 2026",
        ),
    ],
)
def test_how_a_table_was_saved_is_said_and_not_guessed(
    shell: Shell, change: dict[str, Any], encoding: str, flag: tuple[str, str], says: str
) -> None:
    """The refusal shows what it would read, and with which words of the command."""
    raw = tables.table(sam(change), encoding=encoding)
    done = shell.run("card", "batch", "-", "--out", "-", given=raw)
    (line,) = [each for each in done.err.splitlines() if each.startswith("ERROR ")]
    assert done.status == 2 and says in line and " ".join(flag) in line
    told = shell.run("card", "batch", "-", "--out", "-", *flag, given=raw)
    assert told.status == 0 and len(Print(told.raw).sides) == 2


# Refusing ---------------------------------------------------------------------------------------


def test_every_fault_has_its_row_and_nothing_is_printed(shell: Shell) -> None:
    """On standard error, exit status 2, and what was there before is still there."""
    out = shell.folder / "cards.pdf"
    out.write_bytes(b"before")
    wrong = alex({"contacts[1].phone": "12", "patient.full_name": ""})
    done = shell.run("card", "batch", _table(shell, sam(), wrong, sam()), "--out", out)
    errors = [line for line in done.err.splitlines() if line.startswith("ERROR ")]
    assert (done.status, done.out) == (2, "")
    assert [line.split(":")[0] for line in errors] == [
        "ERROR row 3 patient.full_name",
        "ERROR row 3 contacts[1].phone",
    ]
    assert any(
        line.startswith("WARNING row 4 patient.full_name: ") for line in done.err.splitlines()
    )
    assert out.read_bytes() == b"before" and shell.names() == {"cards.csv", "cards.pdf"}


def test_a_letter_that_no_font_has_is_named_with_its_field(shell: Shell) -> None:
    """Before anything is printed, and only where the layout would print it."""
    unseen = alex({"patient.full_name": f"Alex {NOBODYS}", "contacts[1].name": NOBODYS})
    done = shell.run("card", "batch", _table(shell, sam(), unseen), "--out", shell.folder / "o.pdf")
    assert done.status == 2
    assert f"ERROR row 3 patient.full_name: the letter “{NOBODYS}” (U+10FFFD)" in done.err
    assert f"ERROR row 3 contacts[1].name: the letter “{NOBODYS}”" in done.err
    elsewhere = sam({"directives": {"status": "not_shared", "text": NOBODYS}})
    fine = shell.run("card", "batch", _table(shell, elsewhere), "--out", shell.folder / "o.pdf")
    assert fine.status == 0, fine.err


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "ERROR file: holds no card"),
        (b"name,phone\nSam,1\n", "ERROR file: does not begin with a row that names the columns"),
        (b"region,pump.color,region\nGB,,\n", "ERROR row 1 pump.color: is no column of a card"),
        (b"{}\n", "ERROR row 1: does not say its format"),
        (b"{\n", "ERROR row 1: is not"),
    ],
)
def test_what_is_no_caseload_is_said_in_a_line(shell: Shell, given: bytes, says: str) -> None:
    """With its row, if it has one."""
    done = shell.run("card", "batch", "-", "--out", "-", given=given)
    assert (done.status, done.raw) == (2, b"")
    assert says in done.err and "Traceback" not in done.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("cards.csv",), "--template"),
        (("--out", "o.pdf"), "--template"),
        (("-", "--out", "o.docx"), ".zip"),
        (("-", "--out", "-", "--store"), "--store"),
        (("none.csv", "--out", "o.pdf"), "No such file"),
        (("-", "--out", "none/o.pdf"), "cannot be written"),
        (("-", "--out", "."), "-"),
    ],
)
def test_a_command_that_cannot_be_is_one_line(
    shell: Shell, words: tuple[str, ...], says: str
) -> None:
    """And leaves nothing behind."""
    done = shell.run("card", "batch", *words, given=tables.table(sam()))
    errors = [line for line in done.err.splitlines() if line.startswith("ERROR file: ")]
    assert done.status == 2 and len(errors) == 1 and says in errors[0]
    assert shell.names() == set()


# Storing ----------------------------------------------------------------------------------------


def test_stored_cards_open_by_the_addresses_in_the_list(shell: Shell) -> None:
    """Each row with its own, and each printed code leads to its own page."""
    out = shell.folder / "cards.pdf"
    done = shell.run("card", "batch", _table(shell, *_THREE), "--store", "--out", out)
    assert done.status == 0, done.err
    assert "3 cards are kept" in done.err
    listed = list(csv.DictReader(io.StringIO(done.out)))
    assert [(each["row"], each["name"][:4]) for each in listed] == [
        ("2", "Alex"), ("3", "Nguy"), ("4", "Sam ")
    ]  # fmt: skip
    database = f"sqlite:///{shell.folder}/instance/cards.sqlite"
    app = create_app(config_of(shell.folder, database_url=database))
    client = PageClient(
        app, [each[kind].split("/")[-1] for each in listed for kind in each if "/" in each[kind]]
    )
    for each, side in zip(listed, Print(out.read_bytes()).sides[::2], strict=True):
        assert _scanned(side) == {each["reader"].upper()}
        assert each["name"] in client.page(each["reader"].removeprefix(ADDRESS)).text
        assert client.page(each["owner"].removeprefix(ADDRESS))
    app.extensions["services"].cards().store.dispose()


def test_a_name_in_the_list_is_no_formula(shell: Shell) -> None:
    """A spreadsheet program would run it."""
    table = _table(shell, sam({"patient.full_name": "=1+1"}))
    done = shell.run("card", "batch", table, "--store", "--out", shell.folder / "o.zip")
    assert "\n2,'=1+1,http" in done.out


def test_nothing_is_stored_unless_everything_is(shell: Shell) -> None:
    """Neither with an error in a row, nor where the file cannot be written."""
    wrong = _table(shell, sam(), alex({"patient": absent}))
    for table, out in ((wrong, "o.pdf"), (_table(shell, sam(), name="x.csv"), "none/o.pdf")):
        done = shell.run("card", "batch", table, "--store", "--out", shell.folder / out)
        assert (done.status, done.out) == (2, "")
    if (shell.folder / "instance").exists():
        database = f"sqlite:///{shell.folder}/instance/cards.sqlite"
        app = create_app(config_of(shell.folder, database_url=database))
        with app.extensions["services"].cards().store.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM cards").scalar() == 0
        app.extensions["services"].cards().store.dispose()


# Interrupted ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("how", ["interrupted", "killed", "a process less"])
def test_an_interruption_leaves_nothing_behind(shell: Shell, how: str) -> None:
    """No file, whole or half, no stored card, and no process that goes on."""
    (shell.folder / "cards.csv").write_bytes(tables.table(*_many(60)))
    command = (
        *(sys.executable, "-m", "flask", "--app", "wsgi", "card", "batch"),
        *("cards.csv", "--store", "--out", "o.pdf"),
    )
    with subprocess.Popen(
        command, cwd=shell.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**shell.environment(), "PYTHONPATH": str(ROOT)}, start_new_session=True,
    ) as process:  # fmt: skip
        workers = _workers(process)
        assert workers, "it ended before it was interrupted"
        if how == "a process less":
            os.kill(workers[0], signal.SIGKILL)
        else:
            process.send_signal(signal.SIGINT if how == "interrupted" else signal.SIGKILL)
        out, err = process.communicate(timeout=60)
    statuses = {"interrupted": 128 + signal.SIGINT, "killed": -signal.SIGKILL, "a process less": 2}
    assert (process.returncode, out) == (statuses[how], b"")
    if how != "killed":
        assert b"nothing is kept" in err.lower() and b"Traceback" not in err
    deadline = time.monotonic() + 20
    while any(map(_is_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [each for each in workers if _is_alive(each)]
    assert shell.names() - {"instance"} == {"cards.csv"}


def _workers(process: "subprocess.Popen[bytes]") -> list[int]:
    """The processes that share the work, once there are some."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        found = [int(each) for each in children.read_text().split()]
        if len(found) >= min(2, len(os.sched_getaffinity(0))):
            # They have begun by now, and are far from done.
            time.sleep(0.3)
            return found
        time.sleep(0.02)
    return []


def _is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
