"""The command line: thin commands over the core, each with one clear line per fault."""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import AppGroup

from caregiver_card import backup, codec, emergency, keysheet, notices, wallet
from caregiver_card.briefing import Briefing, brief
from caregiver_card.card import Card
from caregiver_card.content import load
from caregiver_card.keeper import Keeper
from caregiver_card.report import line
from caregiver_card.rules import ERROR, Fault
from caregiver_card.web.config import Config
from caregiver_card.web.public import LAYOUTS, PAPERS
from caregiver_card.web.security import UNPRINTABLE, reason

_FILE = click.argument("file", metavar="FILE.json")
_OUT = click.option("--out", required=True, help="Where to write it; - for standard output.")


def register(
    app: Flask, keeper: Callable[[], Keeper], clock: Callable[[], datetime], config: Config
) -> None:
    """Give the app its commands: ``card``, ``alerts`` and ``backup``."""
    app.cli.add_command(_card(keeper, clock, config.public_url))
    app.cli.add_command(_alerts(clock))
    app.cli.add_command(_backup(keeper, config.database_url))


def _card(keeper: Callable[[], Keeper], clock: Callable[[], datetime], public_url: str) -> AppGroup:
    group = AppGroup("card", help="Check, keep and print card files.")

    @group.command()
    @_FILE
    def check(file: str) -> None:
        """Report every error and warning of a card file."""
        reading = _read(file, _today(clock))
        for fault in reading.faults:
            click.echo(line(fault, load()))
        if reading.errors:
            sys.exit(2)

    @group.command()
    @_FILE
    @click.option("--label", "labels", multiple=True, default=("wallet",), show_default=True)
    def add(file: str, labels: tuple[str, ...]) -> None:
        """Keep a card; prints its owner's and its readers' addresses."""
        kept = keeper().add(_valid(file, clock), clock(), labels)
        click.echo(f"owner: {public_url}/o/{kept.owner}")
        for copy in kept.readers:
            click.echo(f"reader: {public_url}/c/{copy.token}")

    @group.command("print")
    @_FILE
    @click.option(
        "--layout", type=click.Choice((*LAYOUTS, "key")), default="wallet", show_default=True
    )
    @click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)
    @click.option("--reader-url", help="What the QR opens; without it, the public guide.")
    @click.option("--owner-url", help="What the QR of the key sheet opens; for its layout alone.")
    @_OUT
    def print_card(
        file: str, layout: str, paper: str, reader_url: str | None, owner_url: str | None, out: str
    ) -> None:
        """Print a card without keeping it."""
        briefing = _briefing(_valid(file, clock))
        if (layout == "key") != bool(owner_url):
            _refuse(load().say("keysheet.owner_url"))
        address = reader_url or f"{public_url}/guide"
        try:
            if owner_url:
                written = keysheet.sheet(briefing.person.name, owner_url, paper, load())
            else:
                written = wallet.card(briefing, address, to_guide=not reader_url)
        except UNPRINTABLE as fault:
            _refuse(reason(fault, load()))
        _write(out, written)

    @group.command()
    @_FILE
    @_OUT
    def page(file: str, out: str) -> None:
        """Write the emergency page as one self-contained file."""
        briefing = _briefing(_valid(file, clock))
        _write(out, emergency.page(briefing, _today(clock)).encode())

    return group


def _alerts(clock: Callable[[], datetime]) -> AppGroup:
    group = AppGroup("alerts", help="What is due for a card.")

    @group.command("list")
    @_FILE
    @click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today without it.")
    def list_alerts(file: str, on: datetime | None) -> None:
        """The alerts that hold on a day, as JSON, gravest first."""
        day = on.date() if on else _today(clock)
        found = notices.listing(_valid(file, clock), load(), day)
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))

    return group


def _backup(keeper: Callable[[], Keeper], database_url: str) -> AppGroup:
    group = AppGroup("backup", help="Copies of a running database.")

    @group.command()
    @click.argument("path", type=click.Path(path_type=Path))
    def create(path: Path) -> None:
        """Write a consistent copy to a new file and prove it."""
        _prove(lambda: backup.create(keeper().store, path))

    @group.command()
    @click.argument("path", type=click.Path(path_type=Path))
    def restore(path: Path) -> None:
        """Fill the empty database of CARD_DATABASE_URL from a copy and prove it."""
        _prove(lambda: backup.restore(path, database_url))

    return group


def _prove(work: Callable[[], Any]) -> None:
    try:
        proof = work()
    except backup.BackupRefused as fault:
        _refuse(str(fault))
    for table, count in proof.counts.items():
        click.echo(f"{table}: {count}")
    click.echo(f"sha256: {proof.digest}")


def _today(clock: Callable[[], datetime]) -> date:
    """The day where the command is run."""
    return clock().astimezone().date()


def _read(file: str, today: date) -> codec.Reading:
    try:
        with click.open_file(file, "rb") as stream:
            # One byte more than the largest card tells that there is more.
            raw = stream.read(codec.LARGEST_FILE + 1)
    except OSError as fault:
        gone = Fault(ERROR, "file", "file-missing", {"reason": fault.strerror or str(fault)})
        return codec.Reading(None, (gone,))
    return codec.read(raw, today)


def _valid(file: str, clock: Callable[[], datetime]) -> Card:
    """The card in a file; its faults go to standard error, and errors end the command."""
    reading = _read(file, _today(clock))
    for fault in reading.faults:
        click.echo(line(fault, load()), err=True)
    if reading.card is None:
        sys.exit(2)
    return reading.card


def _briefing(card: Card) -> Briefing:
    return brief(card, load())


def _refuse(words: str) -> NoReturn:
    click.echo(f"ERROR file: {words}", err=True)
    sys.exit(2)


def _write(out: str, content: bytes) -> None:
    """Write whole or not at all."""
    if out == "-":
        sys.stdout.buffer.write(content)
        return
    target = Path(out)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # mkstemp makes files for their owner alone; this one is meant to be handed on.
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as fault:
        _refuse(f"{out} cannot be written: {fault.strerror}")
