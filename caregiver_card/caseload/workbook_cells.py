"""The cells of a workbook as texts: what is shown, or a fault, never a guess."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from caregiver_card.card import times, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import field_paths

# Excel keeps 15 digits of a number and writes the others as it likes: 0.30000000000000004.
_DIGITS = 15
# Formats that round what is shown: 0, 0.0, #,##0.00.
_ROUNDED = re.compile(r"[#,]*0(?:\.(0+))?")
_DAY = timedelta(days=1)


class SpoiltCell(ValueError):
    """A cell whose value is not certain; ``code`` says why."""

    def __init__(self, code: str, typed: str) -> None:
        super().__init__(code)
        self.code, self.typed = code, typed

    def fault(self, path: str) -> Fault:
        """Return the fault of the cell in the column of that path."""
        return Fault(ERROR, path, self.code, {"typed": self.typed})


def text(path: str, value: object, number_format: str) -> str:
    """Return a cell as text. Raises ``SpoiltCell``."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(path, value, number_format)
        case datetime() | date():
            return _day(path, value)
        case time() | timedelta():
            return _clock(path, value)
    return str(value)


def _number(path: str, value: float, number_format: str) -> str:
    """Return a number as it is shown."""
    field = field_paths.place(path)
    if "phone" in path:
        raise SpoiltCell("cell-phone", _shown(value))
    if field and field.is_date:
        raise SpoiltCell("cell-date", _shown(value))
    if "%" in number_format:
        raise SpoiltCell("cell-percent", _shown(value))
    if abs(value) >= 10**_DIGITS:
        raise SpoiltCell("cell-shortened", _shown(value))
    shown = _shown(value)
    if rounded := _ROUNDED.fullmatch(number_format):
        places = len(rounded[1] or "")
        if round(Decimal(shown), places) != Decimal(shown):
            raise SpoiltCell("cell-rounded", shown)
    # The cell holds a number, so no mark of it is in doubt.
    return values.unambiguous_number(shown) if field and field.is_number else shown


def _shown(value: float) -> str:
    return values.format_number(Decimal(f"{value:.{_DIGITS}g}"))


def _day(path: str, value: date) -> str:
    field = field_paths.place(path)
    if isinstance(value, datetime):
        if value.time() != time():
            raise SpoiltCell("cell-moment", value.isoformat(" ", "minutes"))
        value = value.date()
    if not field or not field.is_date:
        raise SpoiltCell("cell-dated", value.isoformat())
    return value.isoformat()


def _clock(path: str, value: time | timedelta) -> str:
    field = field_paths.place(path)
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    minutes = round(value.total_seconds() / 60)
    shown = f"{minutes // 60:02}:{minutes % 60:02}"
    if not field or field.parse is not times.clock or not timedelta() <= value <= _DAY:
        raise SpoiltCell("cell-timed", shown)
    return shown
