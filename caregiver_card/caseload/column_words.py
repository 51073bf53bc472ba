"""The columns of a clinic's workbook in words: each heading and each choice, to its path and code.

Read from the texts of a language, so that a workbook in another one has headings of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from caregiver_card.briefing.content import Content
from caregiver_card.briefing.field_labels import label, value_text
from caregiver_card.card import telephones, values
from caregiver_card.caseload import template
from caregiver_card.questionnaire import field_paths

# What tells patients apart stands first, and stays in view.
FIRST = ("patient.full_name", "patient.date_of_birth")
# A clinic adds columns with the next numbers: "Medicine 6: name".
_MOST_ITEMS = 30
_SWITCHES = {"yes": "answer.yes", "no": "answer.no"}
# Choices whose words are an option's of the questions.
_OPTIONS = {"regimen.oral_baclofen.purpose": "batch.purpose."}
_CONFIRMED = "confirmed[]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its path and heading, and the words of its choices, by code."""

    path: str
    heading: str
    unit: str
    needed: bool
    choices: dict[str, str]


class ColumnWords:
    """The columns in the words of one language, and the way back."""

    def __init__(self, content: Content) -> None:
        self._content = content
        paths = dict.fromkeys((*FIRST, *template.columns()))
        self.columns = tuple(self._column(path) for path in paths)
        self._paths = dict(self._names())
        self._codes = {
            place: {_folded(word): code for code, word in self._choices(place).items()}
            for place in ("region", *template.choices())
        }

    def path(self, heading: str) -> str:
        """Return the path of a heading in words or of a path; empty if it is neither."""
        return self._paths.get(_folded(heading), "")

    def headings(self) -> list[str]:
        """Return the headings of the template."""
        return [column.heading for column in self.columns]

    def code(self, path: str, typed: str) -> str:
        """Return the code for which a choice's word stands, otherwise the text as typed."""
        place = field_paths.without_indexes(path)
        if path.startswith("confirmed["):
            return self.path(typed) or typed
        choices = self._codes.get(path) or self._codes.get(place) or {}
        return choices.get(_folded(typed), typed)

    def _column(self, path: str) -> Column:
        field = field_paths.places()[_pattern(path)]
        needed = field.needed and "[" not in path
        return Column(path, self._heading(path, needed), self._unit(path), needed,
                      self._choices(path))  # fmt: skip

    def _heading(self, path: str, needed: bool) -> str:
        name, unit = label(path, self._content) or path, self._unit(path)
        if unit:
            name = self._content.say("workbook.with_unit", name=name, unit=unit)
        return self._content.say("workbook.required", name=name) if needed else name

    def _unit(self, path: str) -> str:
        place = field_paths.without_indexes(path)
        frame = self._content.text.get(f"as_read.{place}", "")
        return frame.format(value="").strip()

    def _choices(self, path: str) -> dict[str, str]:
        if path == "region":
            codes = sorted(telephones.regions(), key=self._content.country)
            return {code: self._content.country(code) for code in codes}
        return {code: self._word(path, code) for code in template.choices().get(path, ())}

    def _word(self, path: str, code: str) -> str:
        if path in _OPTIONS:
            return self._content.say(f"{_OPTIONS[path]}{code}")
        if template.choices()[path] == list(_SWITCHES):
            return self._content.say(_SWITCHES[code])
        word = value_text(path, code, self._content)
        return word[:1].upper() + word[1:]

    def _names(self) -> Iterator[tuple[str, str]]:
        for pattern, field in field_paths.places().items():
            paths = (pattern.replace("[]", f"[{index}]", 1) for index in range(_MOST_ITEMS))
            for path in paths if "[]" in pattern else (pattern,):
                needed = field.needed and "[" not in path
                yield _folded(path), path
                yield _folded(self._heading(path, False)), path
                yield _folded(self._heading(path, needed)), path
        yield "format", "format"


@cache
def column_words(content: Content) -> ColumnWords:
    """Return the columns in the language of these texts."""
    return ColumnWords(content)


def _pattern(path: str) -> str:
    field = field_paths.place(path)
    if field is None:
        raise ValueError(f"{path} is no path")
    return field.path


def _folded(text: str) -> str:
    return " ".join(values.strip_invisible(text).split()).casefold()
