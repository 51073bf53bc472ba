"""A small caseload over the web: looked through, then printed; nothing of it is kept."""

import base64
import binascii
import io
from collections.abc import Iterable

from flask import Blueprint, Response, abort, render_template, request

from caregiver_card.caseload import batch, cases, spreadsheet
from caregiver_card.caseload.batch import Plan
from caregiver_card.caseload.spreadsheet import UnreadableTable
from caregiver_card.labels import label
from caregiver_card.printing import layouts
from caregiver_card.report import sentence
from caregiver_card.rules import ERROR, Fault
from caregiver_card.web import warmup
from caregiver_card.web.services import services

# A card keeps a worker for a fifteenth of a second (`tests.bench batch`), and two workers serve
# everything, emergency pages included: 25 are some two seconds. The command line has no such limit.
MOST_CARDS = 25
# Twice what so many full rows take; it travels once more in the form, where a third is added.
LARGEST_FILE = 128 * 1024

Found = list[tuple[int, Fault]]
upload = Blueprint("upload", __name__)


@upload.route("/new/batch", methods=["GET", "POST"])
def caseload_page() -> str | Response | tuple[str, int]:
    """Choose a file; see what is found in it; print."""
    if request.method == "GET":
        return _page()
    raw, plan = _given(), _plan()
    if not raw:
        return _page([(0, Fault(ERROR, "file", "caseload-empty"))]), 422
    found, count = _checked(plan, raw)
    if any(fault.level == ERROR for _, fault in found):
        return _page(found), 422
    if request.form.get("go") != "print":
        return _page(found, raw, count)
    return _printed(plan, raw, count)


@upload.get("/new/batch/template.csv")
def table() -> Response:
    """The table to fill in, with one row as an example."""
    response = Response(spreadsheet.template(warmup.EXAMPLE.read_bytes()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="cards.csv"'
    return response


def _given() -> bytes:
    """The file as it was chosen, or as it came back from the page that looked it through."""
    chosen = request.files.get("file")
    if chosen and chosen.filename:
        # One byte more than the largest file tells that there is more.
        return chosen.stream.read(LARGEST_FILE + 1)
    try:
        return base64.b64decode(request.form.get("given", ""), validate=True)
    except (binascii.Error, ValueError):
        abort(400)


def _plan() -> Plan:
    layout, paper = request.form.get("layout", "wallet"), request.form.get("paper", "a4")
    if layout not in layouts.LAYOUTS or paper not in layouts.PAPERS:
        abort(400)
    here = services()
    return Plan(
        layout=layout,
        paper=paper,
        black=bool(request.form.get("black")),
        public_url=here.config.public_url,
        today=here.today,
        bound=request.form.get("kind") != "zip",
    )


def _checked(plan: Plan, raw: bytes) -> tuple[Found, int]:
    """What is found in a file, and how many cards it has."""
    if len(raw) > LARGEST_FILE:
        large = {"most": LARGEST_FILE // 1024}
        return [(0, Fault(ERROR, "file", "caseload-large", large))], 0
    try:
        found = [each for row in batch.checked(plan, raw, MOST_CARDS) for each in row]
        return found, sum(1 for _ in cases.cards(raw))
    except UnreadableTable as unreadable:
        return list(unreadable.faults), 0


def _printed(plan: Plan, raw: bytes, count: int) -> Response | tuple[str, int]:
    out = io.BytesIO()
    output = batch.output(out, plan, services().content, count)
    refused: Found = []
    for row in cases.cards(raw):
        made = batch.make(plan, row)
        if made.fault:
            refused.append((made.row, made.fault))
        else:
            output.add(made)
    if refused:
        return _page(refused), 422
    output.close()
    kind, name = (
        ("application/pdf", "cards.pdf") if plan.bound else ("application/zip", "cards.zip")
    )
    response = Response(out.getvalue(), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(found: Found | None = None, raw: bytes = b"", count: int = 0) -> str:
    """The form; under what is wrong with a file, or beside what is to be looked at once more."""
    content = services().content
    shown = [each for each in found or () if raw or each[1].level == ERROR]
    faults = [(row, _place(fault), sentence(fault, content)) for row, fault in shown]
    return render_template(
        "editor/batch.html",
        faults=faults,
        wrong=bool(faults) and not raw,
        given=base64.b64encode(raw).decode(),
        count=count,
        most=MOST_CARDS,
        largest=LARGEST_FILE // 1024,
        layouts=_named(layouts.LAYOUTS, "batch.layout."),
        papers=_named(layouts.PAPERS, "batch.paper."),
    )


def _named(keys: Iterable[str], beginning: str) -> list[tuple[str, str]]:
    """What can be chosen, each with its words."""
    return [(each, services().content.say(f"{beginning}{each}")) for each in keys]


def _place(fault: Fault) -> tuple[str, str]:
    """The field in words, and its column; neither where a whole row or the file is meant."""
    if fault.path == "file":
        return "", ""
    return label(fault.path, services().content), fault.path
