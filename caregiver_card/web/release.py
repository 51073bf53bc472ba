"""Which release of the program this is, and from when: no clock can be earlier."""

from datetime import date

VERSION = "0.1.0"
RELEASED_ON = date(2026, 11, 21)
