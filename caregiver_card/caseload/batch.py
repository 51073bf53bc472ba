"""Prints the rows of a caseload, and writes many prints into one file.

``print_row`` is the work of one process among several, so its arguments and its result can be
pickled.
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
from caregiver_card.briefing.languages import content_for
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import cases
from caregiver_card.caseload.cases import Case, DuplicateFinder
from caregiver_card.caseload.spreadsheet import TableRow
from caregiver_card.pages import page_version
from caregiver_card.printing import print_languages, printer
from caregiver_card.printing.errors import ONE_CARD_ERRORS, reason
from caregiver_card.printing.pdf import join_parts
from caregiver_card.printing.pdf.join import PdfJoiner
from caregiver_card.printing.pdf.join_parts import ParsedPdf
from caregiver_card.printing.text import glyphs
from caregiver_card.questionnaire import flatten
from caregiver_card.storage import new_card
from caregiver_card.storage.new_card import PreparedCard


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """How to print a caseload.

    ``bound`` puts all cards into one document. With ``stored_at`` the cards get reader links of
    their own, because they will be stored with that time; without it their codes open the public
    guide.
    """

    layout: str
    paper: str
    black: bool
    public_url: str
    today: date
    bound: bool
    stored_at: datetime | None = None


class PrintedRow(NamedTuple):
    """A printed row: its print, or the fault that prevented it; and the card to store, if any."""

    row: int
    name: str
    print: ParsedPdf | bytes | None
    prepared: PreparedCard | None = None
    fault: Fault | None = None


def print_row(plan: BatchPlan, row: TableRow) -> PrintedRow:
    """Print a row that has no errors. Raises ValueError if the row makes no card."""
    card = codec.read(row.content, plan.today).card
    if card is None:
        raise ValueError(f"row {row.number} is no card any more")
    briefing, prepared = brief(card, content_for(card), 1 if plan.stored_at else None), None
    if plan.stored_at:
        page = page_version.render_page(briefing)
        prepared = new_card.prepare(card, page, (plan.layout,), plan.stored_at)
    name = card.patient.full_name
    try:
        printed = _print(plan, card, briefing, prepared)
    except ONE_CARD_ERRORS as error:
        return PrintedRow(row.number, name, None, fault=_fault(error))
    return PrintedRow(
        row.number, name, join_parts.parse_pdf(printed) if plan.bound else printed, prepared
    )


def _print(plan: BatchPlan, card: Card, briefing: Briefing, prepared: PreparedCard | None) -> bytes:
    address = f"{plan.public_url}/guide"
    if prepared:
        address = f"{plan.public_url}/c/{prepared.added.reader_links[0].token}"
    return printer.make_pdf(
        plan.layout,
        briefing,
        address,
        paper=plan.paper,
        black=plan.black,
        to_guide=not prepared,
        english=print_languages.in_english(card, briefing.content, 1 if prepared else None),
    )


def _fault(error: Exception, path: str = "file") -> Fault:
    return Fault(ERROR, path, "unprintable", {"why": reason(error, load())})


class CheckedRow(NamedTuple):
    """A row with its case and with every fault in it, each with its row number."""

    row: TableRow
    case: Case
    faults: list[tuple[int, Fault]]


def check_rows(plan: BatchPlan, raw: bytes, most: int = cases.MAX_CARDS) -> Iterator[CheckedRow]:
    """Yield each row of a file with its faults, before anything is printed.

    Raises ``UnreadableTable``.
    """
    register = DuplicateFinder()
    for row in cases.rows(raw, most):
        case = register.check(cases.validate_row(row, plan.today))
        faults = (*case.faults, *_unprintable(plan, row, case))
        yield CheckedRow(row, case, [(row.number, fault) for fault in faults])


def _unprintable(plan: BatchPlan, row: TableRow, case: Case) -> Iterator[Fault]:
    """Yield a fault for each field with a letter that no font has.

    Not every layout prints every field, so a card with such a letter is printed once to be sure.
    """
    # All letters of a card at once first: hardly any card lacks one.
    if not case.card or not _missing_letter(text := codec.encode(case.card).decode()):
        return
    values = flatten.flatten(json.loads(text))
    errors = [(path, error) for path, value in values.items() if (error := _missing_letter(value))]
    if errors and print_row(plan, row).fault:
        yield from (_fault(error, cases.table_path(path, row)) for path, error in errors)


def _missing_letter(value: object) -> glyphs.MissingLetter | None:
    try:
        glyphs.check(str(value))
    except glyphs.MissingLetter as error:
        return error
    return None


class Output(Protocol):
    """A file of many prints."""

    def add(self, printed: PrintedRow) -> None:
        """Write one more print."""

    def close(self) -> None:
        """Finish the file."""


def output(stream: BinaryIO, plan: BatchPlan, content: Content, count: int) -> Output:
    """Return a document for a bound plan, otherwise a zip of documents."""
    if plan.bound:
        title = content.say("batch.document", count=count, day=plan.today)
        return Document(stream, title, content.language)
    return Archive(stream, plan.today)


class Document:
    """All cards in one document, page after page."""

    def __init__(self, stream: BinaryIO, title: str, language: str) -> None:
        self._joiner = PdfJoiner(stream, title, language)

    def add(self, printed: PrintedRow) -> None:
        """Append one card."""
        if not isinstance(printed.print, ParsedPdf):
            raise TypeError("a print that was not parsed")
        self._joiner.add(printed.print, printed.name)

    def close(self) -> None:
        """Finish the document."""
        self._joiner.close()


class Archive:
    """A zip with one document a card, in the order of the rows."""

    def __init__(self, stream: BinaryIO, today: date) -> None:
        # The documents are compressed already.
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)
        self._day = (today.year, today.month, today.day, 0, 0, 0)

    def add(self, printed: PrintedRow) -> None:
        """Add one card; its file name sorts by row and is valid on every system."""
        if not isinstance(printed.print, bytes):
            raise TypeError("a print that was parsed")
        name = "-".join(filter(None, (f"{printed.row:05d}", files.slug(printed.name))))
        self._archive.writestr(zipfile.ZipInfo(f"{name}.pdf", self._day), printed.print)

    def close(self) -> None:
        """Write the directory of the zip."""
        self._archive.close()
