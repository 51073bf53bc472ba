"""One field of a form, as a template draws it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """A warning that the user confirms with a tick."""

    words: str
    answer: str


@dataclass(slots=True)
class FormField:
    """One field of a form; a list has its fields in ``rows``."""

    name: str
    kind: str
    label: str
    hint: str = ""
    value: Any = ""
    unit: str = ""
    # Each a value and its words; of a choice, a line below them too.
    options: list[tuple[str, ...]] = field(default_factory=list)
    # Of a time zone: the options, in named groups.
    groups: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    optional: bool = False
    error: str = ""
    # Of a date: the parts that are wrong, unless the whole date is.
    wrong: dict[str, str] = field(default_factory=dict)
    # Of a date that may be typed as "10 weeks": what was typed there. Else ``None``.
    after: str | None = None
    # Of a date: a message about the day worked out from ``after``.
    said: str = ""
    # Whether its value is that of a hospital's file.
    is_theirs: bool = False
    questions: list[FieldQuestion] = field(default_factory=list)
    rows: list[list["FormField"]] = field(default_factory=list)
    # Of a list: whether it has a new row, which then gets the focus.
    grown: bool = False
    suggestions: list[str] = field(default_factory=list)
    # What a number may have meant: what to write instead, and the words of its button.
    guesses: list[tuple[str, str]] = field(default_factory=list)
    # What the card says now, where a form changes it: since when, and what.
    on_card: tuple[str, str] | None = None
    # Of a choice: what some of its answers ask for, and which answers.
    revealed: list["FormField"] = field(default_factory=list)
    opens: tuple[str, ...] = ()

    @property
    def all(self) -> list["FormField"]:
        """This field and all within it: every field that can have a fault."""
        rows = [inner for row in self.rows for inner in row]
        return [self, *rows, *(inner for outer in self.revealed for inner in outer.all)]

    @property
    def is_filled(self) -> bool:
        """Whether anything is written in here: then it is shown, whatever the choice is."""
        written = (
            each.value if isinstance(each.value, tuple) else (each.value,) for each in self.all
        )
        return any(part.strip() for parts in written for part in parts)

    @property
    def place(self) -> str:
        """The id that the error summary links to.

        Of a date it is that of its first wrong part, of a number in doubt that of what to choose.
        """
        if self.error and self.guesses:
            return f"{self.name}-guess"
        # The box of the day has the name of the date itself.
        first = next(iter(self.wrong), "day")
        return self.name if first == "day" else f"{self.name}-{first}"
