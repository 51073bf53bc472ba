"""The command ``card rotate-key``: another CARD_SECRET_KEY for the database."""

from pathlib import Path

import click

from caregiver_card import files
from caregiver_card.alerting import key_rotation
from caregiver_card.alerting.memory_copy import MemoryCopy
from caregiver_card.storage import key_check
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.key_check import KeyState
from caregiver_card.web import config
from caregiver_card.web.cli.cards import AWAY, card_service, refuse
from caregiver_card.web.key_file import key_file
from caregiver_card.web.services import get_services

_SETTING = "CARD_SECRET_KEY"


@click.command("rotate-key")
@click.option("--new-key-file", type=click.Path(path_type=Path), help="The file of the new key.")
@click.option("--lost", is_flag=True, help="The old key is lost: begin a new one without it.")
def rotate_key(new_key_file: Path | None, lost: bool) -> None:
    """Seal everything under another secret key.

    The new key is in --new-key-file or in CARD_NEW_SECRET_KEY; the old one in CARD_SECRET_KEY, as
    always. With --lost, and neither of the two, CARD_SECRET_KEY is the new key. Lists of people
    told, what waits to be sent, phones, links in messages and the family's own devices go on
    working. Afterwards start every server and sender with the new key.
    """
    old, new = get_services().config.secret_key, _new_key(new_key_file)
    engine = card_service().store.engine
    new = new or (old if lost else "")
    if not new:
        refuse("give the new key in --new-key-file or in CARD_NEW_SECRET_KEY", _SETTING)
    if len(new) < key_check.SHORTEST_KEY:
        refuse(f"the new key must have {key_check.SHORTEST_KEY} characters or more", _SETTING)
    if MemoryCopy(engine).exists:
        refuse("alerts of a full disk are not written back yet; run alerts send first", "database")
    kept = key_file(old, config.ROOT / "instance")
    try:
        if key_check.key_state(engine, new) is KeyState.RIGHT:
            click.echo("This is the key of the database already.")
        elif lost:
            _begin_again(old, new)
        else:
            _rotate(old, new, kept)
    except (*AWAY, StoreFailure):
        refuse("cannot be reached, or cannot be written to; nothing was changed", "database")
    if kept and new != old:
        _keep(kept, new)


def _rotate(old: str, new: str, kept: Path | None) -> None:
    engine = card_service().store.engine
    if kept:
        # On the disk before anything is sealed under it: a key that exists nowhere opens nothing.
        _write(_waiting(kept), new)
    try:
        done = key_rotation.rotate(engine, old, new)
    except key_check.WrongKey:
        refuse("not the key of this database; --lost begins a new one without it", _SETTING)
    click.echo(f"lists: {done.lists}")
    click.echo(f"messages: {done.messages}")
    if done.lost_lists or done.lost_messages:
        click.echo(
            f"WARNING alerts: {done.lost_lists} lists and {done.lost_messages} messages were"
            " unreadable before and stay so",
            err=True,
        )


def _begin_again(old: str, new: str) -> None:
    engine = card_service().store.engine
    if key_check.key_state(engine, old) is KeyState.RIGHT:
        refuse("is the key of this database; rotate-key without --lost loses nothing", _SETTING)
    done = key_rotation.start_over(engine, new)
    click.echo(f"lists that cannot be read any more: {done.lost_lists}")
    click.echo(f"waiting messages that are withdrawn: {done.lost_messages}")
    click.echo(
        "Gone with the key: who is told on these lists, the phones on them, the links in messages"
        " already sent, and which devices are a family's own. Every card opens as before. The"
        " owners of these cards see that nobody gets alerts, and can start their lists again."
    )


def _new_key(path: Path | None) -> str:
    if path is None:
        return get_services().config.new_secret_key
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        refuse(f"{path} cannot be read", _SETTING)


def _keep(kept: Path, new: str) -> None:
    """Put the new key in the place of the old one, which the program itself kept."""
    waiting = _waiting(kept)
    if not waiting.exists():
        _write(waiting, new)
    waiting.replace(kept)
    click.echo(f"{kept} has the new key.")


def _waiting(kept: Path) -> Path:
    return kept.with_name(f"{kept.name}.new")


def _write(path: Path, key: str) -> None:
    try:
        files.write_atomically(str(path), key.encode())
    except OSError as error:
        refuse(f"{path} cannot be written: {error.strerror}", _SETTING)
