"""Print a small caseload over the web: check an uploaded file, then print it, and store nothing."""

import base64
import binascii
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from flask import Blueprint, Response, abort, render_template, request

from caregiver_card.briefing import fault_messages
from caregiver_card.briefing.field_labels import label
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import batch, cases, date_order, findings, summary, template
from caregiver_card.caseload.batch import BatchPlan
from caregiver_card.caseload.findings import Finding
from caregiver_card.caseload.spreadsheet import UnreadableTable
from caregiver_card.caseload.summary import PatientSummary
from caregiver_card.printing import printer
from caregiver_card.web import limiting
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

# Printing occupies one of the two workers, which serve the emergency pages as well. So many cards
# take a few seconds (``tests.bench batch``). The command line has no such limit.
MOST_CARDS = 25
# In bytes: twice the size of so many full rows. The form sends the file once more in base64.
LARGEST_FILE = 128 * 1024

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
    checked = _check(plan, raw)
    if checked.has_errors:
        return _page(checked, unclear=raw), 422
    if request.form.get("go") != "print":
        return _page(checked, raw)
    limiting.charge_address(limiting.BATCHES)
    return _print(plan, raw, len(checked.persons))


@bp.get("/new/batch/template.csv")
def table() -> Response:
    """The table to fill in, with one example row."""
    response = Response(template.csv_file(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="cards.csv"'
    return response


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


def _check(plan: BatchPlan, raw: bytes) -> _CheckedFile:
    # The user's answers may have made a file longer.
    if len(raw) > LARGEST_FILE * 2 or (request.files and len(raw) > LARGEST_FILE):
        return _file_fault("caseload-large", most=LARGEST_FILE // 1024)
    try:
        rows = list(batch.check_rows(plan, raw, MOST_CARDS))
    except UnreadableTable as unreadable:
        return _CheckedFile(findings=tuple(findings.group_faults(unreadable.faults)))
    content = get_services().content
    return _CheckedFile(
        tuple(summary.summarize(checked, content) for checked in rows if checked.row.content),
        tuple(findings.group_faults(chain.from_iterable(checked.faults for checked in rows))),
    )


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
    response = Response(buffer.getvalue(), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
        columns=[_line(finding) for finding in shown if not _is_of_one_row(finding)],
        by_row=_by_row(shown),
        letters=_sample_words(shown),
        dates=_sample_dates(shown),
        given=base64.b64encode(raw or unclear).decode(),
        ready=bool(raw),
        most=MOST_CARDS,
        largest=LARGEST_FILE // 1024,
        layouts=_options(printer.LAYOUTS, "batch.layout."),
        papers=_options(printer.PAPERS, "batch.paper."),
        fills=_column_choices(),
    )


def _sample_words(shown: list[Finding]) -> list[str]:
    """Words by which the user can tell whether a file is Windows-1252."""
    details = (finding.fault.details for finding in shown if finding.fault.code == "table-encoding")
    return next((list(each["words"]) for each in details), [])


def _sample_dates(shown: list[Finding]) -> tuple[str, list[tuple[str, date]]]:
    """The order in which every date of a table can be read, and some dates read in this order."""
    order = findings.proven_order(shown)
    readings = [(typed, date_order.readings(typed)) for typed in findings.dates_in_question(shown)]
    return order, [(typed, dates[order]) for typed, dates in readings if order in dates]


def _is_of_one_row(finding: Finding) -> bool:
    return len(finding.rows) == 1 and finding.rows[0] != 0


def _line(finding: Finding) -> tuple[str, tuple[str, str], str]:
    """The rows of a finding, its field, and its message."""
    content = get_services().content
    rows = fault_messages.rows_text(finding.rows, content) if len(finding.rows) > 1 else ""
    return rows, _field(finding.fault), fault_messages.sentence(finding.fault, content)


def _by_row(shown: list[Finding]) -> dict[int, list[tuple[str, tuple[str, str], str]]]:
    """The findings of single rows, by row."""
    lines: dict[int, list[tuple[str, tuple[str, str], str]]] = {}
    for finding in shown:
        if _is_of_one_row(finding):
            lines.setdefault(finding.rows[0], []).append(_line(finding))
    return lines


def _column_choices() -> list[tuple[str, str, str]]:
    """The columns that take one of a few words: label, path, and the words."""
    content = get_services().content
    choices = template.choices().items()
    return [(label(path, content) or path, path, ", ".join(words)) for path, words in choices]


def _options(keys: Iterable[str], prefix: str) -> list[tuple[str, str]]:
    """The options of a choice, each with its label."""
    return [(key, get_services().content.say(f"{prefix}{key}")) for key in keys]


def _field(fault: Fault) -> tuple[str, str]:
    """The label and the column of a fault; both empty for the whole file."""
    if fault.path == "file":
        return "", ""
    return label(fault.path, get_services().content), fault.path
