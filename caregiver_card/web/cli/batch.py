"""``card batch``: check a clinic's whole caseload, then print it."""

import csv
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from functools import partial
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from caregiver_card import files
from caregiver_card.briefing.fault_messages import line
from caregiver_card.card import decoding
from caregiver_card.caseload import (
    batch,
    cases,
    date_order,
    spreadsheet,
    worker_pool,
)
from caregiver_card.caseload.batch import BatchPlan, PrintedRow
from caregiver_card.caseload.template import csv_file as to_fill_in
from caregiver_card.caseload.workbook_template import xlsx_file
from caregiver_card.printing import printer
from caregiver_card.printing.errors import UNPRINTABLE, reason
from caregiver_card.storage.disk_space import DiskBelowFloor
from caregiver_card.storage.new_card import NewCard
from caregiver_card.web.cli import batch_check, signals
from caregiver_card.web.cli.cards import AWAY, card_service, refuse, why, write
from caregiver_card.web.services import get_services

# Cards for each process, at least: for fewer, starting a process takes longer than their prints.
_CARDS_A_PROCESS = 4


@click.command("batch")
@with_appcontext
@click.argument("file", metavar="FILE.xlsx|FILE.csv|FILE.jsonl", required=False)
@click.option("--layout", type=click.Choice(printer.LAYOUTS), default="wallet", show_default=True)
@click.option("--paper", type=click.Choice(printer.PAPERS), default="a4", show_default=True)
@click.option("--black", is_flag=True, help="Black only: no colour, no tint.")
@click.option("--out", help="OUT.pdf for one document, OUT.zip for one a card; - is a PDF.")
@click.option("--store", is_flag=True, help="Keep each card; lists all addresses, a secret.")
@click.option(
    "--encoding",
    type=click.Choice((decoding.WINDOWS,)),
    help="How a table was saved that is not UTF-8, if what it then says is right.",
)
@click.option(
    "--dates",
    type=click.Choice(tuple(date_order.ORDERS)),
    help="The order in which all dates of the table are written, if it is not YYYY-MM-DD.",
)
@click.option("--template", is_flag=True, help="Only write the table to fill in: CSV, or OUT.xlsx.")
def print_all(
    file: str | None,
    layout: str,
    paper: str,
    black: bool,
    out: str | None,
    store: bool,
    encoding: str | None,
    dates: str | None,
    template: bool,
) -> None:
    """Print a whole caseload from a workbook, a CSV table or JSON lines.

    Every fault is reported by row and field, and nothing is printed unless there is none. Without
    --store nothing is kept and each QR opens the public guide. With it each card is kept, all of
    them or none; the table of row, name, owner's and reader's address goes to standard output
    before they are kept. Whoever has that table can change and delete the cards.
    """
    content = get_services().content
    if template:
        return _write_template(out or "-")
    if not file or not out:
        refuse(content.say("batch.needed"))
    if not out.endswith((".pdf", ".zip")) and out != "-":
        refuse(content.say("batch.kind"))
    if store and out == "-":
        refuse(content.say("batch.list_and_file"))
    plan, table = _plan(layout, paper, black, out, store), batch_check.read(file, encoding, dates)
    try:
        with signals.interruptible():
            _produce(plan, table.raw, batch_check.check(plan, table), out)
    except signals.Interrupted as interrupted:
        click.echo(content.say("batch.interrupted"), err=True)
        sys.exit(interrupted.status)
    except UNPRINTABLE as error:
        refuse(reason(error, content))
    except BrokenExecutor:
        refuse(content.say("batch.died"))
    except OSError as error:
        refuse(f"{out} cannot be written: {error.strerror}")


def _write_template(out: str) -> None:
    write(out, xlsx_file(get_services().content) if out.endswith(".xlsx") else to_fill_in())


def _plan(layout: str, paper: str, black: bool, out: str, store: bool) -> BatchPlan:
    services = get_services()
    return BatchPlan(
        layout=layout,
        paper=paper,
        black=black,
        public_url=services.config.public_url,
        today=services.today,
        bound=not out.endswith(".zip"),
        stored_at=services.clock() if store else None,
    )


def _produce(plan: BatchPlan, raw: bytes, count: int, out: str) -> None:
    """Print every card into one file, which gets its name at the very end."""
    if plan.stored_at:
        # Fail early without a database. A connection must not cross a fork.
        if not card_service().store.ping():
            refuse("cannot be reached", "database")
        _require_room()
        card_service().store.dispose()
    message = ""
    try:
        with files.atomic_writer(out) as stream, tempfile.TemporaryFile() as sealed:
            links = _print(plan, raw, count, stream, sealed)
            stream.flush()
            os.fsync(stream.fileno())
            if plan.stored_at:
                _store(links, sealed)
                message = get_services().content.say("batch.stored", count=count)
    finally:
        # The cards are stored, even if the file then cannot be given its name.
        if message:
            click.echo(message, err=True)


def _print(
    plan: BatchPlan, raw: bytes, count: int, stream: BinaryIO, sealed: Any
) -> list[tuple[int, str, str, str]]:
    """Print every card into ``stream``, and write the rows to store into ``sealed``.

    Returns row number, name, owner's and reader's address of each stored card.
    """
    services, links, has_faults = get_services(), [], False
    output = batch.output(stream, plan, services.content, count)
    for printed in batch_check.with_bar(_print_rows(plan, raw, count), count, "printing"):
        if printed.fault:
            click.echo(line(printed.fault, services.content, printed.row), err=True)
            has_faults = True
        if has_faults:
            continue
        output.add(printed)
        if printed.prepared:
            tokens = printed.prepared.added
            owner = services.address("o", tokens.owner)
            reader = services.address("c", tokens.reader_links[0].token)
            links.append((printed.row, printed.name, owner, reader))
            pickle.dump(printed.prepared.rows, sealed)
    if has_faults:
        sys.exit(2)
    output.close()
    return links


def _print_rows(plan: BatchPlan, raw: bytes, count: int) -> Iterator[PrintedRow]:
    processes = min(_cores(), max(1, count // _CARDS_A_PROCESS))
    work = partial(batch.print_row, plan)
    if processes > 1:
        # One print before the fork, so that all processes share the loaded fonts and styles.
        work(next(cases.cards(raw)))
    return worker_pool.map_in_order(work, cases.cards(raw), processes)


def _cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _store(links: list[tuple[int, str, str, str]], sealed: Any) -> None:
    """Write the table of addresses, then store all cards in one transaction.

    Signals are ignored from the moment at which storing begins.
    """
    _require_room(sealed.tell())
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("row", "name", "owner", "reader"))
    writer.writerows(
        (row, spreadsheet.escape_formula(name), *addresses) for row, name, *addresses in links
    )
    sys.stdout.flush()
    signals.ignore()
    sealed.seek(0)
    try:
        card_service().vault.add_all(_sealed_rows(sealed, len(links)))
    except AWAY as error:
        refuse(why(error), "database")


def _require_room(more: int = 0) -> None:
    """End the command if ``more`` bytes, or a new card, may not be stored."""
    try:
        card_service().store.disk.require(more)
    except DiskBelowFloor as error:
        refuse(str(error), "disk")


def _sealed_rows(sealed: Any, count: int) -> Iterator[NewCard]:
    for _ in range(count):
        yield pickle.load(sealed)
