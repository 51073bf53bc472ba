"""The texts of one language: reviewed clinical statements, and the interface text.

Everything is read once from ``data/``. An incomplete file stops the program at the start, before
any page could miss a text.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.lists import format_list

from caregiver_card.briefing import sources

# 16 Nov 2026, in Unicode's letters (CLDR).
_DAY = "d MMM y"
_DATA = Path(__file__).parent.parent / "data"


class IncompleteContent(ValueError):
    """A content file lacks something that a page needs; the message names it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One clinical sentence with its sources and its review.

    ``sources`` are keys of ``Content.sources``; that of a seed names its line too: ``seed-001:21``.
    """

    key: str
    group: str
    text: str
    sources: tuple[str, ...]
    covers: tuple[str, ...]
    reviewed_by: str
    reviewed_on: str
    extra: dict[str, Any]


class Content:
    """All the texts of one language, with its way of writing dates, lists and countries."""

    def __init__(self, language: str, folder: Path = _DATA) -> None:
        self.language = language
        self.sources = sources.sources(_read(folder / "sources.toml"))
        self.groups = {
            path.stem: self._statements(path)
            for path in sorted((folder / "clinical" / language).glob("*.toml"))
        }
        self.text = _texts(folder / "text" / language)
        self._emergency = _read(folder / "emergency_numbers.toml")

    def _statements(self, path: Path) -> dict[str, Statement]:
        return {key: self._statement(path.stem, key, row) for key, row in _read(path).items()}

    def _statement(self, group: str, key: str, row: dict[str, Any]) -> Statement:
        place = f"{group}.{key}"
        for name in ("text", "sources", "reviewed_by", "reviewed_on"):
            if name not in row:
                raise IncompleteContent(f"{place} has no {name}")
        if not row["text"] or not row["sources"]:
            raise IncompleteContent(f"{place} has no words or no source")
        if bool(row["reviewed_by"]) != bool(row["reviewed_on"]):
            raise IncompleteContent(f"{place}: a review needs a name and a date")
        for source in row["sources"]:
            if source.partition(":")[0] not in self.sources:
                raise IncompleteContent(f"{place} cites {source}, which sources.toml lacks")
        known = {"text", "sources", "covers", "reviewed_by", "reviewed_on"}
        return Statement(
            key=key,
            group=group,
            text=row["text"],
            sources=tuple(row["sources"]),
            covers=tuple(row.get("covers", ())),
            reviewed_by=row["reviewed_by"],
            reviewed_on=str(row["reviewed_on"]),
            extra={name: value for name, value in row.items() if name not in known},
        )

    def statement(self, place: str) -> Statement:
        """Return the statement at ``group.key``."""
        group, _, key = place.partition(".")
        return self.groups[group][key]

    def ranked(self, group: str, rank: str) -> tuple[Statement, ...]:
        """Return the statements of ``group`` with a rank: "lead", "course" or "more"."""
        statements = self.groups[group].values()
        return tuple(statement for statement in statements if statement.extra.get("rank") == rank)

    def tagged(self, tag: str, value: Any = True) -> tuple[Statement, ...]:
        """The statements that bear ``tag = value`` in their files, or ``value`` in its list."""

        def bears(statement: Statement) -> bool:
            held = statement.extra.get(tag)
            return value in held if isinstance(held, list) else held == value

        return tuple(filter(bears, self.statements))

    def clinical(self, place: str) -> str:
        """Return the text of the statement at ``group.key``."""
        return self.statement(place).text

    def say(self, place: str, **details: Any) -> str:
        """Return the interface text at ``place`` filled with ``details``, dates written out."""
        filled = {name: self._shown(value) for name, value in details.items()}
        return self.text[place].format_map(filled)

    def _shown(self, value: Any) -> Any:
        return self.day(value) if isinstance(value, date) else value

    def day(self, day: date) -> str:
        """Write out a date: 16 Nov 2026."""
        return _day(day, self.language)

    def day_frames(self) -> list[str]:
        """How a day of each month is written, with ``{day}`` and ``{year}`` to be filled in."""
        pattern = _DAY.replace("d ", "'{day}' ").replace(" y", " '{year}'")
        months = (date(2000, month, 1) for month in range(1, 13))
        return [format_date(each, pattern, locale=self.language) for each in months]

    def weekday(self, day: date) -> str:
        """Write out a date with the day of the week: Monday, 16 November 2026."""
        return format_date(day, "EEEE, d MMMM y", locale=self.language)

    def join_and(self, words: list[str]) -> str:
        """Join words into a list: a, b and c."""
        return format_list(words, locale=self.language)

    def join_or(self, words: list[str]) -> str:
        """Join words into a choice: a, b or c."""
        return format_list(words, style="or", locale=self.language)

    def country(self, region: str) -> str:
        """Return the name of a country, or its code where the language has no name for it."""
        return str(Locale.parse(self.language).territories.get(region, region))

    def time_zones(self, region: str, chosen: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the time zones to choose from, in groups: a country's own first, then all.

        ``chosen``, the present choice, stays among them even under a name that is no longer used.
        """
        own, everywhere = _zones(region), _zones()
        if chosen in available_timezones() and chosen not in everywhere:
            own = sorted({*own, chosen})
        groups = [(self.country(region), own), (self.say("form.zones_all"), everywhere)]
        return [
            (name, sorted(map(_choice, zones), key=itemgetter(1)))
            for name, zones in groups
            if zones
        ]

    def only_time_zone(self, region: str) -> str:
        """Return the time zone of a country that has just one; otherwise an empty string."""
        zones = _zones(region)
        return zones[0] if len(zones) == 1 else ""

    def emergency_number(self, region: str) -> str | None:
        """Return the number that calls an ambulance in ``region``, if a source gives it."""
        row = self._emergency.get(region)
        return row["number"] if row else None

    @property
    def statements(self) -> list[Statement]:
        """Every statement of every group."""
        return [statement for group in self.groups.values() for statement in group.values()]


@cache
def _zones(region: str = "") -> list[str]:
    """Return the names of a country's time zones, or those of all countries."""
    table = get_global("territory_zones")
    named = table.get(region, ()) if region else {"UTC", *chain.from_iterable(table.values())}
    return sorted({*named} & available_timezones())


def _choice(zone: str) -> tuple[str, str]:
    """Return a time zone and how a list shows it: town first, since people look for the town."""
    area, _, town = zone.replace("_", " ").rpartition("/")
    return zone, f"{town} ({area})" if area else town


# A briefing names most of its days more than once.
@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return format_date(day, _DAY, locale=language)


@cache
def load(language: str = "en") -> Content:
    """Read the texts of one language, once."""
    return Content(language)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _texts(folder: Path) -> dict[str, str]:
    """Read the interface texts of all files in ``folder``; refuse a key that two files have."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        read = _flatten(_read(path))
        if repeated := texts.keys() & read:
            raise IncompleteContent(f"{path.name}: {min(repeated)} stands in another file already")
        texts |= read
    return texts


def _flatten(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        place = f"{prefix}{key}"
        if isinstance(value, dict):
            flat |= _flatten(value, f"{place}.")
        else:
            flat[place] = value
    return flat
