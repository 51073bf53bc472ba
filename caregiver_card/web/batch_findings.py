"""What is found in a caseload's file, in the words and the order of its page."""

from collections.abc import Iterable
from datetime import date

from caregiver_card.briefing import fault_messages
from caregiver_card.briefing.field_labels import label
from caregiver_card.card.rules import Fault
from caregiver_card.caseload import date_order, findings, workbook
from caregiver_card.caseload.findings import Finding
from caregiver_card.web.services import get_services

# The rows of a finding, its label and column, and its message.
FindingLine = tuple[str, tuple[str, str], str]


def sample_words(shown: list[Finding]) -> list[str]:
    """Words by which the user can tell whether a file is Windows-1252."""
    details = (finding.fault.details for finding in shown if finding.fault.code == "table-encoding")
    return next((list(each["words"]) for each in details), [])


def sample_dates(shown: list[Finding]) -> tuple[str, list[tuple[str, date]]]:
    """The order in which every date of a table can be read, and some dates read in this order."""
    order = findings.proven_order(shown)
    readings = [(typed, date_order.readings(typed)) for typed in findings.dates_in_question(shown)]
    return order, [(typed, dates[order]) for typed, dates in readings if order in dates]


def hidden_rows(found: Iterable[Finding]) -> list[str]:
    """The rows that the spreadsheet program does not show."""
    hidden = (finding.rows for finding in found if finding.fault.code == workbook.HIDDEN)
    return [str(row) for rows in hidden for row in rows]


def _is_of_one_row(finding: Finding) -> bool:
    return len(finding.rows) == 1 and finding.rows[0] != 0


def _line(finding: Finding) -> FindingLine:
    """The rows of a finding, its field, and its message."""
    content = get_services().content
    rows = fault_messages.rows_text(finding.rows, content) if len(finding.rows) > 1 else ""
    return rows, _field(finding.fault), fault_messages.sentence(finding.fault, content)


def of_columns(shown: list[Finding]) -> list[FindingLine]:
    """The findings of whole columns and of the file."""
    return [_line(finding) for finding in shown if not _is_of_one_row(finding)]


def by_row(shown: list[Finding]) -> dict[int, list[FindingLine]]:
    """The findings of single rows, by row."""
    lines: dict[int, list[FindingLine]] = {}
    for finding in shown:
        if _is_of_one_row(finding):
            lines.setdefault(finding.rows[0], []).append(_line(finding))
    return lines


def _field(fault: Fault) -> tuple[str, str]:
    """The label and the column of a fault; both empty for the whole file."""
    if fault.path == "file":
        return "", ""
    return label(fault.path, get_services().content), fault.path
