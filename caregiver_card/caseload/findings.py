"""What is found in a caseload, as a person mends it: a slip that goes through a column is one.

Dates in another order always are: in which one they are written only the whole column can tell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload import date_order
from caregiver_card.caseload.spreadsheet import DATE_ORDER

# The same fault in so many rows is a matter of the column.
MANY = 4
# A card cannot tell one row's from another's: it is the typed words that differ, not the fault.
_TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and every row that has it; row 0 is the whole file."""

    fault: Fault
    rows: tuple[int, ...]


def gathered(found: Iterable[tuple[int, Fault]]) -> list[Finding]:
    """What goes through a column first, the rest row by row, as it came."""
    alike: dict[str, list[tuple[int, Fault]]] = {}
    for row, fault in found:
        alike.setdefault(_kind(fault), []).append((row, fault))
    many, single = list[Finding](), list[Finding]()
    for held in alike.values():
        rows, first = tuple(row for row, _ in held), held[0][1]
        if first.code == DATE_ORDER:
            one = Finding(_order([str(fault.details[_TYPED]) for _, fault in held], first), rows)
            (many if len(rows) > 1 else single).append(one)
        elif len(rows) >= MANY:
            many.append(Finding(first, rows))
        else:
            single += (Finding(fault, (row,)) for row, fault in held)
    return many + sorted(single, key=lambda each: each.rows[0])


def order(findings: Iterable[Finding]) -> str:
    """The one order in which all dates of a table can be read, where a column proves it.

    Empty where none does, where two prove different ones, or a date cannot be read in it.
    """
    proven = {each.fault.details["order"] for each in findings if each.fault.code == "dates-order"}
    others = {each.fault.code for each in findings} & {"dates-mixed"}
    return proven.pop() if len(proven) == 1 and not others else ""


def of_dates(findings: Iterable[Finding]) -> Iterator[str]:
    """The dates that stand for their columns: what each would become is shown before it does."""
    return (str(each.fault.details[_TYPED]) for each in findings if "order" in each.fault.details)


def _kind(fault: Fault) -> str:
    if fault.code == DATE_ORDER:
        return f"{fault.path} {fault.code}"
    details = {name: value for name, value in fault.details.items() if name != _TYPED}
    return f"{fault.level} {fault.path} {fault.code} {details!r}"


def _order(column: list[str], fault: Fault) -> Fault:
    """What can be said of the dates of a column from all of them."""
    possible = date_order.orders(column)
    meant = {typed: set(date_order.readings(typed).values()) for typed in column}
    clear, unclear = (
        min(column, key=lambda each: len(meant[each])),
        max(column, key=lambda each: len(meant[each])),
    )
    if not possible:
        other = next(each for each in column if not date_order.orders([clear, each]))
        return Fault(ERROR, fault.path, "dates-mixed", {_TYPED: clear, "other": other})
    if len(possible) > 1 and len(meant[unclear]) > 1:
        one, other_day = (date_order.readings(unclear)[each] for each in possible[:2])
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
