"""A small caseload over the web: looked through, then printed; nothing of it is kept."""

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
from caregiver_card.caseload.summary import Person
from caregiver_card.printing import printer
from caregiver_card.web.services import get_services

# A wallet card keeps a worker for a fifteenth of a second (`tests.bench batch`), a sheet a fifth.
# Two workers serve everything, emergency pages included: 25 cards are two to five seconds in which
# the other one serves alone. The command line has no such limit.
MOST_CARDS = 25
# Twice what so many full rows take; it travels once more in the form, where a third is added.
LARGEST_FILE = 128 * 1024

bp = Blueprint("batch_upload", __name__)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file that was looked through: whom it is about, and what was found in it."""

    persons: tuple[Person, ...] = ()
    found: tuple[Finding, ...] = ()

    @property
    def is_faulty(self) -> bool:
        """Whether something must be mended before anything is printed."""
        return any(each.fault.level == ERROR for each in self.found)


@bp.route("/new/batch", methods=["GET", "POST"])
def caseload_page() -> str | Response | tuple[str, int]:
    """Choose a file; say how it was saved where that is asked; see what is in it; print."""
    if request.method == "GET":
        return _page()
    raw, plan = _given(), _plan()
    if not raw:
        return _page(_whole("caseload-empty")), 422
    seen = _looked_through(plan, raw)
    if seen.is_faulty:
        return _page(seen, asked=raw), 422
    if request.form.get("go") != "print":
        return _page(seen, raw)
    return _printed(plan, raw, len(seen.persons))


@bp.get("/new/batch/template.csv")
def table() -> Response:
    """The table to fill in, with one row as an example."""
    response = Response(template.template(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="cards.csv"'
    return response


def _given() -> bytes:
    """The file as it was chosen, or as it came back from a page, with what was said of it there."""
    chosen = request.files.get("file")
    if chosen and chosen.filename:
        # One byte more than the largest file tells that there is more.
        return chosen.stream.read(LARGEST_FILE + 1)
    try:
        raw = base64.b64decode(request.form.get("given", ""), validate=True)
    except (binascii.Error, ValueError):
        abort(400)
    dates = request.form.get("dates")
    if dates and dates not in date_order.ORDERS:
        abort(400)
    return cases.told(raw, request.form.get("encoding"), dates)


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


def _whole(code: str, **details: int) -> _Seen:
    return _Seen(found=(Finding(Fault(ERROR, "file", code, details), (0,)),))


def _looked_through(plan: BatchPlan, raw: bytes) -> _Seen:
    # What has been said of a file may have made it longer.
    if len(raw) > LARGEST_FILE * 2 or (request.files and len(raw) > LARGEST_FILE):
        return _whole("caseload-large", most=LARGEST_FILE // 1024)
    try:
        looked = list(batch.check_rows(plan, raw, MOST_CARDS))
    except UnreadableTable as unreadable:
        return _Seen(found=tuple(findings.gathered(unreadable.faults)))
    content = get_services().content
    return _Seen(
        tuple(summary.person(each, content) for each in looked if each.row.content),
        tuple(findings.gathered(chain.from_iterable(each.found for each in looked))),
    )


def _printed(plan: BatchPlan, raw: bytes, count: int) -> Response | tuple[str, int]:
    out = io.BytesIO()
    output = batch.output(out, plan, get_services().content, count)
    refused = list[Finding]()
    for row in cases.cards(raw):
        made = batch.print_row(plan, row)
        if made.fault:
            refused.append(Finding(made.fault, (made.row,)))
        else:
            output.add(made)
    if refused:
        return _page(_Seen(found=tuple(refused))), 422
    output.close()
    kind, name = (
        ("application/pdf", "cards.pdf") if plan.bound else ("application/zip", "cards.zip")
    )
    response = Response(out.getvalue(), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(seen: _Seen | None = None, raw: bytes = b"", asked: bytes = b"") -> str:
    """The form; under what is wrong with a file, or beside what is to be looked at once more.

    ``raw``: a file that can be printed. ``asked``: one that could be, if a person says how it was
    saved.
    """
    seen = seen or _Seen()
    shown = [each for each in seen.found if raw or each.fault.level == ERROR]
    return render_template(
        "new_card/batch.html",
        wrong=bool(shown) and not raw,
        persons=seen.persons,
        columns=[_line(each) for each in shown if len(each.rows) > 1 or not each.rows[0]],
        by_row=_by_row(shown),
        letters=_letters(shown),
        dates=_dates(shown),
        given=base64.b64encode(raw or asked).decode(),
        ready=bool(raw),
        most=MOST_CARDS,
        largest=LARGEST_FILE // 1024,
        layouts=_named(printer.LAYOUTS, "batch.layout."),
        papers=_named(printer.PAPERS, "batch.paper."),
        fills=_choices(),
    )


def _letters(shown: list[Finding]) -> list[str]:
    """The words by which a person tells whether a file is Windows-1252."""
    asked = (each.fault.details for each in shown if each.fault.code == "table-encoding")
    return next((list(each["words"]) for each in asked), [])


def _dates(shown: list[Finding]) -> tuple[str, list[tuple[str, date]]]:
    """The order in which all dates of a table can be read, and what some of them then are."""
    order = findings.order(shown)
    read = [(typed, date_order.readings(typed)) for typed in findings.of_dates(shown)]
    return order, [(typed, each[order]) for typed, each in read if order in each]


def _line(each: Finding) -> tuple[str, tuple[str, str], str]:
    """Where a finding is, its field in words and its column, and what is to be said of it."""
    content = get_services().content
    rows = fault_messages.in_rows(each.rows, content) if len(each.rows) > 1 else ""
    return rows, _place(each.fault), fault_messages.sentence(each.fault, content)


def _by_row(shown: list[Finding]) -> dict[int, list[tuple[str, tuple[str, str], str]]]:
    """What is found in single rows, under each row."""
    held: dict[int, list[tuple[str, tuple[str, str], str]]] = {}
    for each in shown:
        if len(each.rows) == 1 and each.rows[0]:
            held.setdefault(each.rows[0], []).append(_line(each))
    return held


def _choices() -> list[tuple[str, str, str]]:
    """The columns that take one of a few words: their names in words, and what they take."""
    content = get_services().content
    choices = ((path, allowed) for path, allowed in template.choices().items())
    return [(label(path, content) or path, path, ", ".join(words)) for path, words in choices]


def _named(keys: Iterable[str], beginning: str) -> list[tuple[str, str]]:
    """What can be chosen, each with its words."""
    return [(each, get_services().content.say(f"{beginning}{each}")) for each in keys]


def _place(fault: Fault) -> tuple[str, str]:
    """The field in words, and its column; neither where a whole row or the file is meant."""
    if fault.path == "file":
        return "", ""
    return label(fault.path, get_services().content), fault.path
