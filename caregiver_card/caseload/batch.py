"""A row of a caseload -> its print; many prints -> one file, written as they come.

``make`` is the work of one process among several: it takes and gives only what can be sent.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, NamedTuple, Protocol

from caregiver_card import files
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import Content, load
from caregiver_card.card import codec
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import cases
from caregiver_card.caseload.cases import Case, DuplicateFinder
from caregiver_card.caseload.spreadsheet import TableRow
from caregiver_card.pages import page_version
from caregiver_card.printing import printer
from caregiver_card.printing.errors import OF_A_CARD, reason
from caregiver_card.printing.pdf import join_parts
from caregiver_card.printing.pdf.join import PdfJoiner
from caregiver_card.printing.pdf.join_parts import ParsedPdf
from caregiver_card.printing.text import glyphs
from caregiver_card.questionnaire import flatten
from caregiver_card.storage import new_card
from caregiver_card.storage.new_card import PreparedCard


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """How a caseload is to be printed.

    ``bound``: into one document. ``kept_at``: the cards get readers' addresses of their own,
    because they will be stored with this moment; otherwise their codes open the public guide.
    """

    layout: str
    paper: str
    black: bool
    public_url: str
    today: date
    bound: bool
    kept_at: datetime | None = None


class PrintedRow(NamedTuple):
    """What came of a row: a print, or what stood against it; and the card to be stored."""

    row: int
    name: str
    print: ParsedPdf | bytes | None
    admitted: PreparedCard | None = None
    fault: Fault | None = None


def print_row(plan: BatchPlan, row: TableRow) -> PrintedRow:
    """Print a row that has no errors."""
    card = codec.read(row.content, plan.today).card
    if card is None:
        raise ValueError(f"row {row.number} is no card any more")
    briefing, admitted = brief(card, load(), 1 if plan.kept_at else None), None
    if plan.kept_at:
        page = page_version.render_page(briefing)
        admitted = new_card.prepare(card, page, (plan.layout,), plan.kept_at)
    name = card.patient.full_name
    try:
        printed = _print(plan, briefing, admitted)
    except OF_A_CARD as found:
        return PrintedRow(row.number, name, None, fault=_fault(found))
    return PrintedRow(
        row.number, name, join_parts.parse_pdf(printed) if plan.bound else printed, admitted
    )


def _print(plan: BatchPlan, briefing: Briefing, admitted: PreparedCard | None) -> bytes:
    address = f"{plan.public_url}/guide"
    if admitted:
        address = f"{plan.public_url}/c/{admitted.added.reader_links[0].token}"
    return printer.write(
        plan.layout,
        briefing,
        address,
        paper=plan.paper,
        black=plan.black,
        to_guide=not admitted,
    )


def _fault(found: Exception, path: str = "file") -> Fault:
    return Fault(ERROR, path, "unprintable", {"why": reason(found, load())})


class Looked(NamedTuple):
    """A row that was looked through: what it says, and all that was found in it."""

    row: TableRow
    case: Case
    found: list[tuple[int, Fault]]


def check_rows(plan: BatchPlan, raw: bytes, most: int = cases.MOST_CARDS) -> Iterator[Looked]:
    """Each row of a file before anything is printed, with its faults, each with its row.

    Raises ``UnreadableTable``.
    """
    register = DuplicateFinder()
    for row in cases.rows(raw, most):
        case = register.enter(cases.validate_row(row, plan.today))
        found = (*case.faults, *_unprintable(plan, row, case))
        yield Looked(row, case, [(row.number, each) for each in found])


def _unprintable(plan: BatchPlan, row: TableRow, case: Case) -> Iterator[Fault]:
    """The fields whose letters no font has.

    Not every layout prints every field, so a doubtful card is printed once to be sure.
    """
    # One look at all letters of a card, for nearly always there are all of them.
    if not case.card or not _lacking(written := codec.encode(case.card).decode()):
        return
    held = flatten.flattened(json.loads(written))
    found = [(path, fault) for path, words in held.items() if (fault := _lacking(words))]
    if found and print_row(plan, row).fault:
        yield from (_fault(fault, cases.place(path, row)) for path, fault in found)


def _lacking(words: object) -> glyphs.MissingLetter | None:
    try:
        glyphs.check(str(words))
    except glyphs.MissingLetter as found:
        return found
    return None


class Output(Protocol):
    """One file of many prints."""

    def add(self, made: PrintedRow) -> None:
        """Write one more print."""

    def close(self) -> None:
        """Finish the file."""


def output(stream: BinaryIO, plan: BatchPlan, content: Content, count: int) -> Output:
    """One document for a bound plan, otherwise a zip of documents."""
    if plan.bound:
        title = content.say("batch.document", count=count, day=plan.today)
        return Document(stream, title, content.language)
    return Archive(stream, plan.today)


class Document:
    """All cards in one document, page after page."""

    def __init__(self, stream: BinaryIO, title: str, language: str) -> None:
        self._binder = PdfJoiner(stream, title, language)

    def add(self, made: PrintedRow) -> None:
        """Bind one more card in."""
        if not isinstance(made.print, ParsedPdf):
            raise TypeError("a print that was not taken apart")
        self._binder.add(made.print, made.name)

    def close(self) -> None:
        """Write the root."""
        self._binder.close()


class Archive:
    """A zip with a document a card, in the order of the rows."""

    def __init__(self, stream: BinaryIO, today: date) -> None:
        # The documents are compressed in themselves.
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)
        self._day = (today.year, today.month, today.day, 0, 0, 0)

    def add(self, made: PrintedRow) -> None:
        """Put one more card in; its name sorts by row and holds nothing that a system refuses."""
        if not isinstance(made.print, bytes):
            raise TypeError("a print that was taken apart")
        name = "-".join(filter(None, (f"{made.row:05d}", files.slug(made.name))))
        self._archive.writestr(zipfile.ZipInfo(f"{name}.pdf", self._day), made.print)

    def close(self) -> None:
        """Write the list of contents."""
        self._archive.close()
