"""The operator rotates the key, loses it, or takes the wrong one; and a newer schema."""

import sqlite3
from typing import Any

import pytest

from tests.cast import alex
from tests.web.shell import Shell

# Many small ones, together some seconds.
pytestmark = pytest.mark.slow

OLD, NEW, OTHER = "o" * 40, "n" * 40, "x" * 40


@pytest.fixture
def kept(shell: Shell) -> Shell:
    """A database with a card, under the old key."""
    added = shell.run("card", "add", shell.file(alex(), "alex.json"), CARD_SECRET_KEY=OLD)
    assert added.status == 0, added.err
    return shell


def test_a_wrong_key_sends_nothing_and_says_so_in_one_line(kept: Shell) -> None:
    """Exit status 2; with the right one nothing is said."""
    done = kept.run("alerts", "send", CARD_SECRET_KEY=OTHER)
    assert (done.status, done.out) == (2, "")
    assert done.err == "ERROR CARD_SECRET_KEY: not the key of this database; nothing is sent\n"
    assert kept.run("alerts", "send", CARD_SECRET_KEY=OLD).status == 0


def test_a_weak_key_sends_nothing_and_adds_a_card(kept: Shell) -> None:
    """What needs no key goes on."""
    done = kept.run("alerts", "send", CARD_SECRET_KEY="short")
    assert done.status == 2
    assert "ERROR CARD_SECRET_KEY: shorter than 32 characters; nothing is sent" in done.err
    assert kept.run("card", "check", kept.folder / "alex.json", CARD_SECRET_KEY="short").status == 0


def test_a_key_is_rotated_from_a_file_or_a_setting(kept: Shell) -> None:
    """Never from the command line, where every user of the machine could read it."""
    path = kept.folder / "new"
    path.write_text(f"{NEW}\n")
    done = kept.run("card", "rotate-key", "--new-key-file", path, CARD_SECRET_KEY=OLD)
    assert (done.status, done.out) == (0, "lists: 0\nmessages: 0\n")
    assert kept.run("alerts", "send", CARD_SECRET_KEY=NEW).status == 0
    assert kept.run("alerts", "send", CARD_SECRET_KEY=OLD).status == 2
    again = kept.run("card", "rotate-key", "--new-key-file", path, CARD_SECRET_KEY=OLD)
    assert (again.status, again.out) == (0, "This is the key of the database already.\n")
    back = kept.run("card", "rotate-key", CARD_SECRET_KEY=NEW, CARD_NEW_SECRET_KEY=OLD)
    assert back.status == 0 and kept.run("alerts", "send", CARD_SECRET_KEY=OLD).status == 0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"CARD_SECRET_KEY": OLD}, "give the new key in --new-key-file"),
        ({"CARD_SECRET_KEY": OLD, "CARD_NEW_SECRET_KEY": "short"}, "32 characters or more"),
        ({"CARD_SECRET_KEY": OTHER, "CARD_NEW_SECRET_KEY": NEW}, "not the key of this database"),
    ],
    ids=["none", "short", "wrong"],
)
def test_a_rotation_is_refused_in_one_line(kept: Shell, settings: Any, says: str) -> None:
    """Exit status 2, and nothing is changed."""
    done = kept.run("card", "rotate-key", **settings)
    assert done.status == 2 and says in done.err and done.err.count("\n") == 1
    assert kept.run("alerts", "send", CARD_SECRET_KEY=OLD).status == 0


def test_a_lost_key_is_begun_anew_and_what_is_gone_is_named(kept: Shell) -> None:
    """CARD_SECRET_KEY itself is the new one where no other is given; not while it fits."""
    refused = kept.run("card", "rotate-key", "--lost", CARD_SECRET_KEY=OLD, CARD_NEW_SECRET_KEY=NEW)
    assert refused.status == 2 and "loses nothing" in refused.err
    done = kept.run("card", "rotate-key", "--lost", CARD_SECRET_KEY=OTHER)
    assert done.status == 0
    assert "lists that cannot be read any more: 0\n" in done.out and "Gone with" in done.out
    assert kept.run("alerts", "send", CARD_SECRET_KEY=OTHER).status == 0


@pytest.mark.parametrize(
    "command",
    [
        ("alerts", "send"),
        ("alerts", "work"),
        ("card", "add", "alex.json"),
        ("card", "rotate-key"),
        ("backup", "create", "copy"),
        ("backup", "restore", "copy"),
    ],
    ids=" ".join,
)
def test_a_newer_schema_is_said_in_one_line(kept: Shell, command: tuple[str, ...]) -> None:
    """By every command that opens the database; exit status 2 and no traceback."""
    copy = kept.folder / "copy"
    assert kept.run("backup", "create", copy, CARD_SECRET_KEY=OLD).status == 0
    with sqlite3.connect(kept.folder / "instance" / "cards.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    words = [kept.folder / each if each in ("alex.json", "copy") else each for each in command]
    done = kept.run(*words, CARD_SECRET_KEY=OLD, CARD_NEW_SECRET_KEY=NEW)
    assert done.status == 2, done.err
    errors = [line for line in done.err.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 1 and "newer version of this program" in errors[0]
    assert "Traceback" not in done.err
