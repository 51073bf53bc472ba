"""Reads and checks the file of ``card batch``: every fault on standard error."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from caregiver_card.briefing.fault_messages import line
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import batch, cases, findings, workbook, workbook_guard
from caregiver_card.caseload.batch import BatchPlan
from caregiver_card.caseload.spreadsheet import UnreadableTable
from caregiver_card.caseload.workbook import WorkbookTable
from caregiver_card.web.cli.cards import refuse
from caregiver_card.web.services import get_services

_T = TypeVar("_T")


def read(file: str, encoding: str | None, dates: str | None) -> WorkbookTable:
    """Return the file as a table; the options say how it was saved."""
    try:
        with click.open_file(file, "rb") as stream:
            # One byte more than the limit, so that the reader sees that the file is too large.
            raw = bytes(stream.read(cases.LARGEST_FILE + 1))
    except OSError as error:
        refuse(get_services().content.say("fault.file-missing", reason=error.strerror))
    table = _table(raw)
    return table._replace(raw=cases.normalize(table.raw, encoding, dates))


def _table(raw: bytes) -> WorkbookTable:
    """Return the file as a table, if it is a workbook; one that cannot be read ends the command."""
    if not workbook_guard.is_workbook(raw) or len(raw) > cases.LARGEST_FILE:
        return WorkbookTable(raw)
    try:
        return workbook.to_table(raw, get_services().content)
    except UnreadableTable as unreadable:
        _report(unreadable.faults)
        sys.exit(2)


def check(plan: BatchPlan, table: WorkbookTable) -> int:
    """Write every fault to standard error, and return the number of cards.

    Errors end the command with status 2.
    """
    faults, count = list[tuple[int, Fault]](), 0
    try:
        count = sum(1 for _ in cases.cards(table.raw))
        for checked in with_bar(batch.check_rows(plan, table.raw), count, "checking"):
            faults += checked.faults
    except UnreadableTable as unreadable:
        faults += unreadable.faults
    faults = list(workbook.join_faults(table, faults))
    _report(faults)
    if any(fault.level == ERROR for _, fault in faults):
        sys.exit(2)
    return count


def _report(faults: Iterable[tuple[int, Fault]]) -> None:
    for finding in findings.group_faults(faults):
        click.echo(line(finding.fault, get_services().content, *finding.rows), err=True)


def with_bar(items: Iterable[_T], count: int, activity: str) -> Iterator[_T]:
    """Yield the items, with a progress bar on standard error if that is a terminal."""
    with click.progressbar(
        items,
        length=count,
        label=get_services().content.say(f"batch.{activity}"),
        file=sys.stderr,
        show_pos=True,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        yield from bar
