"""The elements of the questionnaire: fields, lists of fields, and the steps that hold them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One question; within ``Rows`` its path is the key within a row."""

    path: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    unit: str = ""
    # For a date: the path of the date that a time span ("10 weeks") counts from.
    after: str = ""
    # The choice that this belongs to, and the answers to it that ask for this.
    opened_by: tuple[str, tuple[str, ...]] = ("", ())


@dataclass(frozen=True, slots=True)
class Rows:
    """A list to which a button adds rows; each row has these fields."""

    path: str
    fields: tuple[Field, ...]
    opened_by: tuple[str, tuple[str, ...]] = ("", ())


@dataclass(frozen=True, slots=True)
class Step:
    """One page of questions.

    ``owns`` lists the paths whose faults the page shows; the longest match wins. Steps that are
    ``first`` are on the way to every new card; the others are offered at its end. With ``when`` the
    step is asked only if that field has one of those values. One that is ``hidden`` is offered
    nowhere among the others until it has an answer: what needs it leads to it.
    """

    key: str
    owns: tuple[str, ...]
    fields: tuple[Field | Rows, ...]
    first: bool = True
    when: tuple[str, tuple[str, ...]] | None = None
    hidden: bool = False
