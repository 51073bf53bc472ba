"""``card batch``: a clinic's whole caseload, checked entirely before anything is printed."""

import csv
import os
import pickle
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor
from functools import partial
from typing import Any, BinaryIO, TypeVar

import click
from flask.cli import with_appcontext

from caregiver_card import files
from caregiver_card.briefing.fault_messages import line
from caregiver_card.card import decoding
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import batch, cases, date_order, findings, spreadsheet, worker_pool
from caregiver_card.caseload.batch import BatchPlan, PrintedRow
from caregiver_card.caseload.spreadsheet import UnreadableTable
from caregiver_card.caseload.template import template as to_fill_in
from caregiver_card.printing import printer
from caregiver_card.printing.errors import UNPRINTABLE, reason
from caregiver_card.storage.new_card import NewCard
from caregiver_card.web.cli import signals
from caregiver_card.web.cli.cards import AWAY, card_service, refuse, write
from caregiver_card.web.services import get_services

_T = TypeVar("_T")
# Below this a process would start for less work than its start takes.
_WORTH_A_PROCESS = 4


@click.command("batch")
@with_appcontext
@click.argument("file", metavar="FILE.csv|FILE.jsonl", required=False)
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
@click.option("--template", is_flag=True, help="Write a CSV to fill in, and nothing else.")
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
    """Print a whole caseload from a CSV table or JSON lines.

    Every fault is reported by row and field, and nothing is printed unless there is none. Without
    --store nothing is kept and each QR opens the public guide. With it each card is kept, all of
    them or none; the table of row, name, owner's and reader's address goes to standard output
    before they are kept. Whoever has that table can change and delete the cards.
    """
    content = get_services().content
    if template:
        return write(out or "-", to_fill_in())
    if not file or not out:
        refuse(content.say("batch.needed"))
    if not out.endswith((".pdf", ".zip")) and out != "-":
        refuse(content.say("batch.kind"))
    if store and out == "-":
        refuse(content.say("batch.list_and_file"))
    plan, raw = _plan(layout, paper, black, out, store), cases.told(_read(file), encoding, dates)
    try:
        with signals.interruptible():
            _produce(plan, raw, _checked(plan, raw), out)
    except signals.Interrupted as ended:
        click.echo(content.say("batch.interrupted"), err=True)
        sys.exit(ended.status)
    except UNPRINTABLE as fault:
        refuse(reason(fault, content))
    except BrokenExecutor:
        refuse(content.say("batch.died"))
    except OSError as fault:
        refuse(f"{out} cannot be written: {fault.strerror}")


def _plan(layout: str, paper: str, black: bool, out: str, store: bool) -> BatchPlan:
    services = get_services()
    return BatchPlan(
        layout=layout,
        paper=paper,
        black=black,
        public_url=services.config.public_url,
        today=services.today,
        bound=not out.endswith(".zip"),
        kept_at=services.clock() if store else None,
    )


def _read(file: str) -> bytes:
    try:
        with click.open_file(file, "rb") as stream:
            # One byte more than the largest file tells that there is more.
            return bytes(stream.read(cases.LARGEST_FILE + 1))
    except OSError as fault:
        refuse(get_services().content.say("fault.file-missing", reason=fault.strerror))


def _checked(plan: BatchPlan, raw: bytes) -> int:
    """How many cards there are; every fault goes to standard error, and errors end the command."""
    content, found = get_services().content, list[tuple[int, Fault]]()
    try:
        count = sum(1 for _ in cases.cards(raw))
        for looked in _with_bar(batch.check_rows(plan, raw), count, "checking"):
            found += looked.found
    except UnreadableTable as unreadable:
        found += unreadable.faults
    for each in findings.gathered(found):
        click.echo(line(each.fault, content, *each.rows), err=True)
    if any(fault.level == ERROR for _, fault in found):
        sys.exit(2)
    return count


def _produce(plan: BatchPlan, raw: bytes, count: int, out: str) -> None:
    """Print all into one file, which gets its name last of all."""
    if plan.kept_at:
        # Whether there is a database is asked first; a connection must not cross a fork.
        if not card_service().store.ping():
            refuse("cannot be reached", "database")
        card_service().store.dispose()
    said = ""
    try:
        with files.whole(out) as stream, tempfile.TemporaryFile() as sealed:
            table = _print(plan, raw, count, stream, sealed)
            stream.flush()
            os.fsync(stream.fileno())
            if plan.kept_at:
                _keep(table, sealed)
                said = get_services().content.say("batch.stored", count=count)
    finally:
        # Once they are kept that is said, even if the file then does not get its name.
        if said:
            click.echo(said, err=True)


def _print(
    plan: BatchPlan, raw: bytes, count: int, stream: BinaryIO, sealed: Any
) -> list[tuple[int, str, str, str]]:
    """Print every card; what is to be stored goes to ``sealed``, and its addresses come back."""
    services, table, wrong = get_services(), [], False
    output = batch.output(stream, plan, services.content, count)
    for made in _with_bar(_made(plan, raw, count), count, "printing"):
        if made.fault:
            click.echo(line(made.fault, services.content, made.row), err=True)
            wrong = True
        if wrong:
            continue
        output.add(made)
        if made.admitted:
            kept = made.admitted.kept
            owner, reader = (
                services.address("o", kept.owner),
                services.address("c", kept.readers[0].token),
            )
            table.append((made.row, made.name, owner, reader))
            pickle.dump(made.admitted.rows, sealed)
    if wrong:
        sys.exit(2)
    output.close()
    return table


def _made(plan: BatchPlan, raw: bytes, count: int) -> Iterator[PrintedRow]:
    processes = min(_cores(), max(1, count // _WORTH_A_PROCESS))
    work = partial(batch.print_row, plan)
    if processes > 1:
        # Once in this process: what fonts, words and styles take is then shared by all.
        work(next(cases.cards(raw)))
    return worker_pool.map_in_order(work, cases.cards(raw), processes)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _keep(table: list[tuple[int, str, str, str]], sealed: Any) -> None:
    """List every address, then store all cards at once; from there on nothing interrupts."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("row", "name", "owner", "reader"))
    writer.writerows((row, spreadsheet.escape_formula(name), *links) for row, name, *links in table)
    sys.stdout.flush()
    signals.hold()
    sealed.seek(0)
    try:
        card_service().vault.add_all(_sealed_rows(sealed, len(table)))
    except AWAY:
        refuse("cannot be reached", "database")


def _sealed_rows(sealed: Any, count: int) -> Iterator[NewCard]:
    for _ in range(count):
        yield pickle.load(sealed)


def _with_bar(things: Iterable[_T], count: int, doing: str) -> Iterator[_T]:
    """The things one by one, with a bar and the time left where a person looks on."""
    with click.progressbar(
        things,
        length=count,
        label=get_services().content.say(f"batch.{doing}"),
        file=sys.stderr,
        show_pos=True,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        yield from bar
