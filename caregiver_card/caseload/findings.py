"""The faults of a caseload as a person corrects them: a slip in a whole column counts once.

Dates in another order always count by column, for only the whole column shows which order it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import date_order
from caregiver_card.caseload.spreadsheet import DATE_ORDER

# A fault in so many rows concerns the column; so does one in every row of a shorter table.
COLUMN_WIDE = 4
# Faults that differ only in this detail are the same.
_TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault with every row that has it; row 0 is the whole file."""

    fault: Fault
    rows: tuple[int, ...]


def group_faults(faults: Iterable[tuple[int, Fault]], cards: int = 0) -> list[Finding]:
    """Return column-wide faults first, then the others by row.

    ``cards`` is the number of rows with a card, if it is known.
    """
    alike: dict[str, list[tuple[int, Fault]]] = {}
    for row, fault in faults:
        alike.setdefault(_kind(fault), []).append((row, fault))
    by_column, by_row = list[Finding](), list[Finding]()
    for group in alike.values():
        rows, first = tuple(row for row, _ in group), group[0][1]
        if first.code == DATE_ORDER:
            dates = [str(fault.details[_TYPED]) for _, fault in group]
            finding = Finding(_order(dates, first), rows)
            (by_column if len(rows) > 1 else by_row).append(finding)
        elif len(rows) >= COLUMN_WIDE or len(rows) == cards > 1:
            by_column.append(Finding(first, rows))
        else:
            by_row += (Finding(fault, (row,)) for row, fault in group)
    return by_column + sorted(by_row, key=lambda finding: finding.rows[0])


def proven_order(findings: Iterable[Finding]) -> str:
    """Return the one order in which all dates of a table can be read, if a column proves it.

    Empty if no column does, if two prove different orders, or if a date cannot be read in it.
    """
    faults = [finding.fault for finding in findings]
    proven = {fault.details["order"] for fault in faults if fault.code == "dates-order"}
    is_mixed = any(fault.code == "dates-mixed" for fault in faults)
    return proven.pop() if len(proven) == 1 and not is_mixed else ""


def dates_in_question(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the typed dates that stand for their columns, to show what each would become."""
    all_details = (finding.fault.details for finding in findings)
    return (str(details[_TYPED]) for details in all_details if "order" in details)


def _kind(fault: Fault) -> str:
    if fault.code == DATE_ORDER:
        return f"{fault.path} {fault.code}"
    details = {name: value for name, value in fault.details.items() if name != _TYPED}
    return f"{fault.level} {fault.path} {fault.code} {details!r}"


def _order(column: list[str], fault: Fault) -> Fault:
    """Return the fault that all dates of a column together show."""
    possible = date_order.orders(column)
    days = {typed: set(date_order.readings(typed).values()) for typed in column}
    clear, unclear = (
        min(column, key=lambda typed: len(days[typed])),
        max(column, key=lambda typed: len(days[typed])),
    )
    if not possible:
        other = next(typed for typed in column if not date_order.orders([clear, typed]))
        return Fault(ERROR, fault.path, "dates-mixed", {_TYPED: clear, "other": other})
    if len(possible) > 1 and len(days[unclear]) > 1:
        one, other_day = (date_order.readings(unclear)[order] for order in possible[:2])
        details = {_TYPED: unclear, "order": "", "one": one, "other": other_day}
        return Fault(ERROR, fault.path, "dates-either", details)
    order, offer = possible[0], f"--dates {possible[0]}"
    details = {
        _TYPED: clear,
        "order": order,
        "day": date_order.readings(clear)[order],
        "offer": offer,
    }
    return Fault(ERROR, fault.path, "dates-order", details)
