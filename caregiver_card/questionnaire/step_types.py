"""What a page of questions is made of: fields, lists of fields, and the step that holds them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One question. In ``Rows`` the path is the key within a row."""

    path: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    unit: str = ""
    # Of a date: the other date from which it may be said as "10 weeks".
    after: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list that grows by a button: each row has these fields."""

    path: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One page. ``owns``: the paths whose faults are shown on it; the longest match wins.

    ``first``: asked of everybody on the way to a new card; the others are offered at its end.
    ``when``: asked only if the field has one of these values.
    """

    key: str
    owns: tuple[str, ...]
    fields: tuple[Field | Rows, ...]
    first: bool = True
    when: tuple[str, tuple[str, ...]] | None = None
