"""The words: clinical statements with their passports, and the interface text, by language.

Everything is read once from data/; what is incomplete is refused at the start, not on a page.
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

# 16 Nov 2026, in Unicode's letters (CLDR).
_DAY = "d MMM y"
_DATA = Path(__file__).parent.parent / "data"


class IncompleteContent(ValueError):
    """A content file lacks something that a page needs; the message names it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from: a seed page (``file``) or a public page (``url``)."""

    key: str
    title: str
    url: str = ""
    file: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One clinical sentence with its passport.

    ``sources`` are keys of ``Content.sources``, a seed's with its line: ``seed-001:21``.
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
    """All words of one language."""

    def __init__(self, language: str, folder: Path = _DATA) -> None:
        self.language = language
        self.sources = {
            key: Source(key=key, **row) for key, row in _read(folder / "sources.toml").items()
        }
        self.groups = {
            path.stem: self._statements(path)
            for path in sorted((folder / "clinical" / language).glob("*.toml"))
        }
        self.text = _words(folder / "text" / language)
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
        """The statement at ``group.key``."""
        group, _, key = place.partition(".")
        return self.groups[group][key]

    def ranked(self, group: str, rank: str) -> tuple[Statement, ...]:
        """The statements of ``group`` with this rank: "lead", "course" or "more"."""
        held = self.groups[group].values()
        return tuple(each for each in held if each.extra.get("rank") == rank)

    def tagged(self, tag: str, value: Any = True) -> tuple[Statement, ...]:
        """The statements that bear ``tag = value`` in their files, or ``value`` in its list."""

        def bears(statement: Statement) -> bool:
            held = statement.extra.get(tag)
            return value in held if isinstance(held, list) else held == value

        return tuple(filter(bears, self.statements))

    def clinical(self, place: str) -> str:
        """The words of the statement at ``group.key``."""
        return self.statement(place).text

    def say(self, place: str, **details: Any) -> str:
        """The interface text at ``place``, filled in; dates are written out."""
        filled = {name: self._shown(value) for name, value in details.items()}
        return self.text[place].format_map(filled)

    def _shown(self, value: Any) -> Any:
        return self.day(value) if isinstance(value, date) else value

    def day(self, day: date) -> str:
        """A date in words: 16 Nov 2026."""
        return _day(day, self.language)

    def day_frames(self) -> list[str]:
        """How a day of each month is written, with ``{day}`` and ``{year}`` to be filled in."""
        pattern = _DAY.replace("d ", "'{day}' ").replace(" y", " '{year}'")
        months = (date(2000, month, 1) for month in range(1, 13))
        return [format_date(each, pattern, locale=self.language) for each in months]

    def weekday(self, day: date) -> str:
        """A date in words with the day of the week: Monday, 16 November 2026."""
        return format_date(day, "EEEE, d MMMM y", locale=self.language)

    def listed(self, words: list[str]) -> str:
        """Words as one list: a, b and c."""
        return format_list(words, locale=self.language)

    def either(self, words: list[str]) -> str:
        """Words as one choice: a, b or c."""
        return format_list(words, style="or", locale=self.language)

    def country(self, region: str) -> str:
        """The name of a country; its code where the language has no name for it."""
        return str(Locale.parse(self.language).territories.get(region, region))

    def time_zones(self, region: str, held: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
        """The time zones to choose from, in groups: those of a country first, then all.

        ``held`` is one that was chosen before, and stays a choice under whatever name it has.
        """
        own, everywhere = _zones(region), _zones()
        if held in available_timezones() and held not in everywhere:
            own = sorted({*own, held})
        groups = [(self.country(region), own), (self.say("form.zones_all"), everywhere)]
        return [
            (name, sorted(map(_placed, zones), key=itemgetter(1)))
            for name, zones in groups
            if zones
        ]

    def only_time_zone(self, region: str) -> str:
        """The time zone of a country that has one; an empty string for any other."""
        zones = _zones(region)
        return zones[0] if len(zones) == 1 else ""

    def emergency_number(self, region: str) -> str | None:
        """The number that brings an ambulance in ``region``, where a source tells it."""
        row = self._emergency.get(region)
        return row["number"] if row else None

    @property
    def statements(self) -> list[Statement]:
        """Every statement of every group."""
        return [each for group in self.groups.values() for each in group.values()]


@cache
def _zones(region: str = "") -> list[str]:
    """The names of a country's time zones, or of all that any country has."""
    table = get_global("territory_zones")
    named = table.get(region, ()) if region else {"UTC", *chain.from_iterable(table.values())}
    return sorted({*named} & available_timezones())


def _placed(zone: str) -> tuple[str, str]:
    """A time zone as it is chosen: by its town, for that is what somebody looks for."""
    area, _, town = zone.replace("_", " ").rpartition("/")
    return zone, f"{town} ({area})" if area else town


# A briefing names some dozens of days, most of them more than once.
@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return format_date(day, _DAY, locale=language)


@cache
def load(language: str = "en") -> Content:
    """The words of one language, read once."""
    return Content(language)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _words(folder: Path) -> dict[str, str]:
    """The interface words of all files in ``folder``; a word that stands in two is refused."""
    words: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        found = _flat(_read(path))
        if twice := words.keys() & found:
            raise IncompleteContent(f"{path.name}: {min(twice)} stands in another file already")
        words |= found
    return words


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        place = f"{prefix}{key}"
        if isinstance(value, dict):
            flat |= _flat(value, f"{place}.")
        else:
            flat[place] = value
    return flat
