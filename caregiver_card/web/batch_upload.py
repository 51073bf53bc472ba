"""Print a small caseload over the web: check an uploaded file, then print it, and store nothing."""

import base64
import binascii
import io
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from flask import Blueprint, Response, abort, render_template, request

from caregiver_card.briefing.field_labels import label
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import (
    batch,
    cases,
    date_order,
    findings,
    summary,
    template,
    workbook,
    workbook_guard,
    workbook_template,
)
from caregiver_card.caseload.batch import BatchPlan
from caregiver_card.caseload.findings import Finding
from caregiver_card.caseload.spreadsheet import UnreadableTable
from caregiver_card.caseload.summary import PatientSummary
from caregiver_card.caseload.workbook import WorkbookTable
from caregiver_card.printing import printer
from caregiver_card.web import batch_findings, limiting, responses
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

# Printing occupies one of the two workers, which serve the emergency pages as well. So many cards
# take a few seconds (``tests.bench batch``). The command line has no such limit.
MOST_CARDS = 25
# In bytes: twice the size of so many full rows. The form sends the file once more in base64.
LARGEST_FILE = 128 * 1024
# A workbook of so many rows has a tenth of this in XML, and this is read in less than a second.
LARGEST_UNPACKED = 4 * 1024 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("batch_upload", __name__)


@dataclass(frozen=True, slots=True)
class _CheckedFile:
    """A file after the check: its patients and its findings."""

    persons: tuple[PatientSummary, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether an error prevents printing."""
        return any(finding.fault.level == ERROR for finding in self.findings)


@bp.get("/new/batch")
def caseload_page() -> str:
    """Choose a file."""
    return _page()


@bp.post("/new/batch")
@print_work
def check_and_print() -> str | Response | tuple[str, int]:
    """Answer how the file was saved if need be, see what is in it, and print it."""
    raw, plan = _posted_file(), _plan()
    if not raw:
        return _page(_file_fault("caseload-empty")), 422
    limiting.charge_address(limiting.TABLES)
    try:
        table = _table(raw)
    except UnreadableTable as unreadable:
        return _page(_unreadable(unreadable)), 422
    raw, checked = table.raw, _check(plan, table)
    if checked.has_errors:
        # What a cell of a workbook lacks is no longer known in the table.
        return _page(checked, unclear=b"" if table.has_errors else raw), 422
    if request.form.get("go") != "print":
        return _page(checked, raw)
    limiting.charge_address(limiting.BATCHES)
    return _print(plan, raw, len(checked.persons))


@bp.get("/new/batch/template.csv")
def table() -> Response:
    """The table to fill in, with one example row."""
    return responses.attachment(template.csv_file(), "text/csv; charset=utf-8", "cards.csv")


@bp.get("/new/batch/template.xlsx")
def workbook_to_fill_in() -> Response:
    """The same table as a workbook: headings in words, and lists to choose from."""
    made = workbook_template.xlsx_file(get_services().content)
    return responses.attachment(made, _XLSX, "cards.xlsx")


def _posted_file() -> bytes:
    """The uploaded file, or the one in the form, re-coded by the user's answers about it."""
    upload = request.files.get("file")
    if upload and upload.filename:
        # One byte more than the limit, so that the check sees that the file is too large.
        return upload.stream.read(LARGEST_FILE + 1)
    try:
        raw = base64.b64decode(request.form.get("given", ""), validate=True)
    except (binascii.Error, ValueError):
        abort(400)
    dates = request.form.get("dates")
    if dates and dates not in date_order.ORDERS:
        abort(400)
    return cases.normalize(raw, request.form.get("encoding"), dates)


def _plan() -> BatchPlan:
    layout, paper = request.form.get("layout", "wallet"), request.form.get("paper", "a4")
    if layout not in printer.LAYOUTS or paper not in printer.PAPERS:
        abort(400)
    services = get_services()
    return BatchPlan(
        layout=layout,
        paper=paper,
        black=bool(request.form.get("black")),
        public_url=services.config.public_url,
        today=services.today,
        bound=request.form.get("kind") != "zip",
    )


def _file_fault(code: str, **details: int) -> _CheckedFile:
    return _CheckedFile(findings=(Finding(Fault(ERROR, "file", code, details), (0,)),))


def _table(raw: bytes) -> WorkbookTable:
    """The file as a table, if it is a workbook. Raises ``UnreadableTable``."""
    # The user's answers may have made a file longer.
    if len(raw) > LARGEST_FILE * 2 or (request.files and len(raw) > LARGEST_FILE):
        raise workbook_guard.refusal("caseload-large", most=LARGEST_FILE // 1024)
    if workbook_guard.is_workbook(raw):
        return workbook.to_table(raw, get_services().content, LARGEST_UNPACKED)
    # A workbook came back as a table with an answer about its dates: what it hid goes along.
    return WorkbookTable(raw, workbook.hidden_rows(_hidden()))


def _hidden() -> list[int]:
    typed = request.form.get("hidden", "").split()[:MOST_CARDS]
    return [int(each) for each in typed if each.isascii() and each.isdecimal() and len(each) < 8]


def _unreadable(unreadable: UnreadableTable) -> _CheckedFile:
    return _CheckedFile(findings=tuple(findings.group_faults(unreadable.faults)))


def _check(plan: BatchPlan, table: WorkbookTable) -> _CheckedFile:
    try:
        rows = list(batch.check_rows(plan, table.raw, MOST_CARDS))
    except UnreadableTable as unreadable:
        return _unreadable(unreadable)
    content = get_services().content
    persons = [summary.summarize(checked, content) for checked in rows if checked.row.content]
    faults = workbook.join_faults(table, chain.from_iterable(each.faults for each in rows))
    return _CheckedFile(tuple(persons), tuple(findings.group_faults(faults, len(persons))))


def _print(plan: BatchPlan, raw: bytes, count: int) -> Response | tuple[str, int]:
    buffer = io.BytesIO()
    output = batch.output(buffer, plan, get_services().content, count)
    unprintable = list[Finding]()
    for row in cases.cards(raw):
        printed = batch.print_row(plan, row)
        if printed.fault:
            unprintable.append(Finding(printed.fault, (printed.row,)))
        else:
            output.add(printed)
    if unprintable:
        return _page(_CheckedFile(findings=tuple(unprintable))), 422
    output.close()
    mimetype, name = (
        ("application/pdf", "cards.pdf") if plan.bound else ("application/zip", "cards.zip")
    )
    return responses.attachment(buffer.getvalue(), mimetype, name)


def _page(checked: _CheckedFile | None = None, raw: bytes = b"", unclear: bytes = b"") -> str:
    """The form, with the errors of a file, or with its patients and warnings.

    ``raw`` is a file that can be printed, ``unclear`` one that can be printed once the user says
    how it was saved.
    """
    checked = checked or _CheckedFile()
    shown = [finding for finding in checked.findings if raw or finding.fault.level == ERROR]
    return render_template(
        "new_card/batch.html",
        wrong=bool(shown) and not raw,
        persons=checked.persons,
        columns=batch_findings.of_columns(shown),
        by_row=batch_findings.by_row(shown),
        letters=batch_findings.sample_words(shown),
        dates=batch_findings.sample_dates(shown) if raw or unclear else ("", []),
        hidden=" ".join(batch_findings.hidden_rows(checked.findings)),
        given=base64.b64encode(raw or unclear).decode(),
        ready=bool(raw),
        most=MOST_CARDS,
        largest=LARGEST_FILE // 1024,
        layouts=_options(printer.LAYOUTS, "batch.layout."),
        papers=_options(printer.PAPERS, "batch.paper."),
        fills=_column_choices(),
    )


def _column_choices() -> list[tuple[str, str, str]]:
    """The columns that take one of a few words: label, path, and the words."""
    content = get_services().content
    choices = template.choices().items()
    return [(label(path, content) or path, path, ", ".join(words)) for path, words in choices]


def _options(keys: Iterable[str], prefix: str) -> list[tuple[str, str]]:
    """The options of a choice, each with its label."""
    return [(key, get_services().content.say(f"{prefix}{key}")) for key in keys]
