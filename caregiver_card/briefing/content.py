"""The texts of one language: reviewed clinical statements, and the interface text.

Everything is read once from ``data/``. An incomplete file stops the program at the start, before
any page could miss a text.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Optional

import tomli
from babel.dates import format_date
from babel.lists import format_list

from caregiver_card.briefing import isolates, manners, reviews, sources, statements, texts
from caregiver_card.briefing.reviews import Review, Reviews
from caregiver_card.briefing.statements import IncompleteContent as IncompleteContent
from caregiver_card.briefing.statements import Statement as Statement
from caregiver_card.card import values

ENGLISH = "en"
_DATA = Path(__file__).parent.parent / "data"
FOLDER = _DATA / "languages"


class Content:
    """All the texts of one language, with its way of writing dates, lists and countries."""

    def __init__(
        self,
        language: str = ENGLISH,
        folder: Path = _DATA,
        reviewed: Mapping[str, Review] = MappingProxyType({}),
        english: Optional["Content"] = None,
    ) -> None:
        self.language = language
        self.sources = sources.sources(_read(folder / "sources.toml"))
        self._emergency = _read(folder / "emergency_numbers.toml")
        own = folder / "languages" / language
        self.manner = manners.manner(language, _read(own / "language.toml"))
        if language != ENGLISH:
            english = english or Content(ENGLISH, folder)
        self.text, self.forms = texts.read(own / "text", self.manner.plurals)
        if english:
            texts.check_complete(self.text, self.forms, english.text, english.forms, language)
        self.groups = {
            group: {key: self._statement(each, reviewed) for key, each in rows.items()}
            for group, rows in self._groups(own / "clinical", english).items()
        }

    @property
    def is_rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return manners.is_rtl(self.language)

    def _statement(self, statement: Statement, reviewed: Mapping[str, Review]) -> Statement:
        # A review is of what is shown.
        return reviews.apply(self._shown_statement(statement), reviewed)

    def _shown_statement(self, statement: Statement) -> Statement:
        if not self.is_rtl:
            return statement
        parts = {name: self._shown_statement(part) for name, part in statement.parts.items()}
        return replace(statement, text=self._protected(statement.text), parts=parts)

    def _groups(
        self, folder: Path, english: Optional["Content"]
    ) -> dict[str, dict[str, Statement]]:
        files = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
        if english is None:
            return {
                group: statements.english_group(group, rows, self.sources)
                for group, rows in files.items()
            }
        return {
            group: statements.translated_group(group, files.get(group, {}), rows)
            for group, rows in english.groups.items()
        }

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
        """Return the interface text at ``place`` filled with ``details``.

        Dates are written out, and a ``Decimal`` with the language's mark. A text with forms is in
        the form for its ``count``.
        """
        filled = {name: self._shown(value) for name, value in details.items()}
        forms = self.forms.get(place)
        text = forms[self.manner.plural(details["count"])] if forms else self.text[place]
        return self._protected(text.format_map(filled))

    def _protected(self, words: str) -> str:
        return isolates.protect_numbers(words) if self.is_rtl else words

    def _shown(self, value: Any) -> Any:
        match value:
            case date():
                return self.day(value)
            case Decimal():
                return self.number(value)
        return value

    def number(self, value: Decimal) -> str:
        """Write a number whole, with the language's mark and no other: 1260.5, or 1260,5."""
        return values.unambiguous_number(value).replace(".", self.manner.decimal_mark)

    def day(self, day: date) -> str:
        """Write out a date: 16 Nov 2026."""
        return _day(day, self.manner.day, self.language)

    def day_frames(self) -> list[str]:
        """How a day of each month is written, with ``{day}`` and ``{year}`` to be filled in."""
        frame = manners.frame(self.manner.day)
        months = (date(2000, month, 1) for month in range(1, 13))
        return [_day(each, frame, self.language) for each in months]

    def weekday(self, day: date) -> str:
        """Write out a date with the day of the week: Monday, 16 November 2026."""
        return _day(day, self.manner.weekday, self.language)

    def join_and(self, words: list[str]) -> str:
        """Join words into a list: a, b and c."""
        return format_list(words, locale=self.manner.locale)

    def join_or(self, words: list[str]) -> str:
        """Join words into a choice: a, b or c."""
        return format_list(words, style="or", locale=self.manner.locale)

    def country(self, region: str) -> str:
        """Return the name of a country, or its code where the language has no name for it."""
        return str(self.manner.locale.territories.get(region, region))

    def emergency_number(self, region: str) -> str | None:
        """Return the number that calls an ambulance in ``region``, if a source gives it."""
        row = self._emergency.get(region)
        return row["number"] if row else None

    @cached_property
    def is_reviewed(self) -> bool:
        """Whether a clinician has reviewed each critical statement. An emergency page asks."""
        return all(each.reviewed_by for each in self.every_statement if each.is_critical)

    @cached_property
    def state(self) -> str:
        """What is to be said of the translation: ``machine``, ``checked``, or nothing of English.

        It is checked when a clinician has reviewed each critical statement.
        """
        if self.language == ENGLISH:
            return ""
        return "machine" if any(each.beneath for each in self.every_statement) else "checked"

    @cached_property
    def worded(self) -> int:
        """How many statements use the words of an official leaflet."""
        return sum(bool(each.worded) for each in self.every_statement)

    @property
    def every_statement(self) -> list[Statement]:
        """Every statement, and behind it its parts: what a reviewer reads."""
        return list(reviews.every(self.statements))

    @property
    def statements(self) -> list[Statement]:
        """Every statement of every group."""
        return [statement for group in self.groups.values() for statement in group.values()]


# A briefing names most of its days more than once.
@lru_cache(maxsize=4096)
def _day(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=manners.locale(language))


def load(language: str = ENGLISH) -> Content:
    """Read the texts of one language, once."""
    return _loaded(language)


@cache
def _loaded(language: str) -> Content:
    english = None if language == ENGLISH else load(ENGLISH)
    return Content(language, reviewed=_reviews.get(language, {}), english=english)


# What clinicians have reviewed in this installation.
_reviews: Reviews = {}


def use_reviews(found: Reviews) -> None:
    """Show these reviews from now on; the program calls it once, at its start."""
    if found != _reviews:
        _reviews.clear()
        _reviews.update(found)
        _loaded.cache_clear()


def used_reviews() -> bytes:
    """Return the reviews that are shown, as a file has them."""
    return reviews.write(_reviews)


def _read(path: Path) -> dict[str, Any]:
    return tomli.loads(path.read_text("utf-8"))
