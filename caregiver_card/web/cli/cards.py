"""The commands ``card``, ``alerts list`` and ``backup``."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from caregiver_card import files
from caregiver_card.briefing import alert_texts, languages
from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.fault_messages import line
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card_service import CardService
from caregiver_card.pages import emergency
from caregiver_card.printing import print_languages, printer
from caregiver_card.printing.errors import UNPRINTABLE, reason
from caregiver_card.storage import backup
from caregiver_card.storage.database import StoreFailure, UnusableAddress
from caregiver_card.storage.disk_space import DiskBelowFloor
from caregiver_card.storage.fault_causes import Cause, cause_of
from caregiver_card.storage.migrations import NewerSchema
from caregiver_card.storage.operator_notes import Event, OperatorNotes
from caregiver_card.web.services import get_services

# Raised if the database cannot be opened. Their messages may hold a password: do not print them.
AWAY = (StoreFailure, UnusableAddress)
NEWER = "set up by a newer version of this program, which alone can read it"
FILE = click.argument("file", metavar="FILE.json")
OUT = click.option("--out", required=True, help="Where to write it; - for standard output.")


card = AppGroup("card", help="Check, keep and print card files.")
alert_commands = AppGroup("alerts", help="What is due for a card, and who is told.")
backups = AppGroup("backup", help="Copies of a running database.")


@card.command()
@FILE
def check(file: str) -> None:
    """Report every error and warning of a card file."""
    reading = _read(file)
    for fault in reading.faults:
        click.echo(line(fault, get_services().content))
    if reading.errors:
        sys.exit(2)


@card.command()
@FILE
@click.option("--label", "labels", multiple=True, default=("wallet",), show_default=True)
def add(file: str, labels: tuple[str, ...]) -> None:
    """Keep a card; prints its owner's and its readers' addresses."""
    services, card = get_services(), valid_card(file)
    cards = card_service()
    try:
        added = cards.add(card, services.clock(), labels)
    except DiskBelowFloor as error:
        refuse(str(error), "disk")
    except AWAY as error:
        refuse(why(error), "database")
    click.echo(f"owner: {services.address('o', added.owner)}")
    for reader_link in added.reader_links:
        click.echo(f"reader: {services.address('c', reader_link.token)}")


@card.command("print")
@FILE
@click.option(
    "--layout",
    type=click.Choice((*printer.LAYOUTS, printer.KEY)),
    default="wallet",
    show_default=True,
)
@click.option("--paper", type=click.Choice(printer.PAPERS), default="a4", show_default=True)
@click.option("--black", is_flag=True, help="Black only: no colour, no tint.")
@click.option("--back", help="The language of a card's back, if that is another, such as es.")
@click.option("--reader-url", help="What the QR opens; without it, the public guide.")
@click.option("--owner-url", help="What the QR of the key sheet opens; for its layout alone.")
@OUT
def print_card(
    file: str,
    layout: str,
    paper: str,
    black: bool,
    back: str | None,
    reader_url: str | None,
    owner_url: str | None,
    out: str,
) -> None:
    """Print a card without keeping it."""
    content, card = get_services().content, valid_card(file)
    if back and back not in languages.offered():
        refuse(languages.refusal(back))
    if (layout == printer.KEY) != bool(owner_url):
        refuse(content.say("keysheet.owner_url"))
    address = owner_url or reader_url or f"{get_services().config.public_url}/guide"
    own = languages.content_for(card)
    try:
        pdf = printer.make_pdf(
            layout,
            brief(card, own),
            address,
            paper=paper,
            black=black,
            to_guide=not (owner_url or reader_url),
            card_file=codec.encode_shared(card),
            english=print_languages.in_english(card, own),
            back=brief(card, languages.content_of(back)) if back else None,
        )
    except UNPRINTABLE as error:
        refuse(reason(error, content))
    write(out, pdf)


@card.command()
@FILE
@OUT
def page(file: str, out: str) -> None:
    """Write the emergency page as one self-contained file."""
    card = valid_card(file)
    briefing = brief(card, languages.content_for(card))
    write(out, emergency.page(briefing, get_services().today).encode())


@alert_commands.command("list")
@FILE
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today without it.")
def list_alerts(file: str, on: datetime | None) -> None:
    """The alerts that hold on a day, as JSON, most severe first."""
    day, card = on.date() if on else get_services().today, valid_card(file)
    alerts = alert_texts.list_alerts(card, languages.content_for(card), day)
    click.echo(json.dumps(alerts, ensure_ascii=False, indent=1))


@backups.command()
@click.argument("path", type=click.Path(path_type=Path))
def create(path: Path) -> None:
    """Write a consistent copy to a new file and prove it."""
    store = card_service().store
    try:
        store.disk.require_for_copy(path.parent)
    except DiskBelowFloor as error:
        refuse(str(error), "disk")
    _report(lambda: backup.create(store, path))
    try:
        OperatorNotes(store.engine).write(Event.BACKUP, get_services().clock())
    except StoreFailure as error:
        click.echo(f"WARNING database: {why(error)}; the backup is made and not noted", err=True)


@backups.command()
@click.argument("path", type=click.Path(path_type=Path))
def restore(path: Path) -> None:
    """Fill the empty database of CARD_DATABASE_URL from a copy and prove it."""
    _report(lambda: backup.restore(path, get_services().config.database_url))


def _report(work: Callable[[], Any]) -> None:
    """Do the work, and print the row counts and the checksum that it returns."""
    try:
        checksum = work()
    except backup.BackupRefused as error:
        refuse(str(error))
    except NewerSchema:
        refuse(NEWER, "database")
    except AWAY as error:
        refuse(why(error), "database")
    except OSError as error:
        refuse(error.strerror or type(error).__name__)
    for table, count in checksum.counts.items():
        click.echo(f"{table}: {count}")
    click.echo(f"sha256: {checksum.digest}")


def card_service() -> CardService:
    """Return the card service; without a database, end the command with one line."""
    try:
        return get_services().cards()
    except NewerSchema:
        refuse(NEWER, "database")
    except (*AWAY, OSError) as error:
        refuse(why(error), "database")


def why(error: Exception) -> str:
    """Say in a word or two why the database failed; an address that is none cannot be reached."""
    return cause_of(error) if isinstance(error, StoreFailure) else Cause.AWAY


def _read(file: str) -> codec.Reading:
    try:
        with click.open_file(file, "rb") as stream:
            # One byte more than the limit, so that the codec sees that the file is too large.
            raw = stream.read(codec.MAX_FILE_BYTES + 1)
    except OSError as error:
        fault = Fault(ERROR, "file", "file-missing", {"reason": error.strerror or str(error)})
        return codec.Reading(None, (fault,))
    return codec.read(raw, get_services().today)


def valid_card(file: str) -> Card:
    """Read the card in a file, and write its faults to standard error.

    Errors end the command with status 2.
    """
    reading = _read(file)
    for fault in reading.faults:
        click.echo(line(fault, get_services().content), err=True)
    if reading.card is None:
        sys.exit(2)
    return reading.card


def refuse(message: str, path: str = "file") -> NoReturn:
    """End the command with an error of one line, and status 2."""
    click.echo(f"ERROR {path}: {message}", err=True)
    sys.exit(2)


def write(out: str, content: bytes) -> None:
    """Write a file whole or not at all; an error ends the command."""
    try:
        files.write_atomically(out, content)
    except OSError as error:
        refuse(f"{out} cannot be written: {error.strerror}")
