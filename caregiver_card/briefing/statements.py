"""The clinical statements of one language, each with its passport: where its words come from.

An English statement is made from its sources. A translated one is made from the English, which its
file repeats as ``of``: a statement whose English has changed since is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What a statement's file says of it that is no text of its own; the rest are tags and parts.
_OWN = {"text", "sources", "covers", "reviewed_by", "reviewed_on"}
# Further texts of a statement: a cell of the table, a short form for a print.
PARTS = ("feature", "withdrawal", "overdose", "line", "called", "never")
# All that these groups say is critical; of the others, what has one of these words.
_CRITICAL_GROUPS = ("danger", "do_nots", "mri")
# Lists of signs among them, which say nothing that a lost word would reverse.
_SIGNS = re.compile(r"_(cue|line|rest)$")
_CRITICAL_WORDS = re.compile(
    r"\b(never|not|no|nor|without|only|until|before|cannot|unless)\b|n't\b", re.IGNORECASE
)
_PASSPORT = ("text", "of", "made_by", "back", "reviewed_by", "reviewed_on")


class IncompleteContent(ValueError):
    """A content file lacks something that a page needs; the message names it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One clinical sentence with its sources, its passport and its review.

    ``sources`` are keys of ``Content.sources``; that of a seed names its line too: ``seed-001:21``.
    ``english`` is what it was made from, ``made_by`` who did (``machine``, or a name), ``worded``
    the addresses of leaflets whose words for signs it uses, and ``back`` its translation back by
    somebody who saw nothing else. In English ``english`` is the text itself.
    """

    key: str
    group: str
    text: str
    sources: tuple[str, ...]
    covers: tuple[str, ...]
    reviewed_by: str
    reviewed_on: str
    extra: dict[str, Any]
    parts: Mapping[str, "Statement"]
    english: str
    made_by: str = ""
    worded: tuple[str, ...] = ()
    back: str = ""
    # Of a part: which.
    part: str = ""

    @property
    def place(self) -> str:
        """Where the statement stands: ``group.key``, or ``group.key.part``."""
        return ".".join(filter(None, (self.group, self.key, self.part)))

    @property
    def is_critical(self) -> bool:
        """Whether a lost word could harm: danger, never, MRI, and each negation or limit."""
        is_in_group = self.group in _CRITICAL_GROUPS and not _SIGNS.search(self.key)
        is_never = self.extra.get("says") == "never"
        return is_in_group or is_never or bool(_CRITICAL_WORDS.search(self.english))

    @property
    def beneath(self) -> str:
        """The English to show under a critical text that no clinician has checked, or nothing."""
        is_checked = self.text == self.english or self.reviewed_by
        return "" if is_checked or not self.is_critical else self.english


def english_group(group: str, rows: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the statements of an English file; ``known`` are the sources.

    Raises ``IncompleteContent`` for a statement without words, source or review.
    """
    return {key: _english(group, key, row, known) for key, row in rows.items()}


def _english(group: str, key: str, row: dict[str, Any], known: Mapping[str, Any]) -> Statement:
    place = f"{group}.{key}"
    _require(row, ("text", "sources", "reviewed_by", "reviewed_on"), place)
    if not row["text"] or not row["sources"]:
        raise IncompleteContent(f"{place} has no words or no source")
    for source in row["sources"]:
        if source.partition(":")[0] not in known:
            raise IncompleteContent(f"{place} cites {source}, which sources.toml lacks")

    def statement(text: str, parts: Mapping[str, Statement], part: str = "") -> Statement:
        return Statement(
            key=key,
            group=group,
            text=text,
            sources=tuple(row["sources"]),
            covers=tuple(row.get("covers", ())),
            reviewed_by=row["reviewed_by"],
            reviewed_on=str(row["reviewed_on"]),
            extra={name: row[name] for name in row if name not in _OWN and name not in PARTS},
            parts=parts,
            english=text,
            part=part,
        )

    return statement(
        row["text"], {name: statement(row[name], {}, name) for name in PARTS if name in row}
    )


def translated_group(
    group: str, rows: dict[str, Any], english: Mapping[str, Statement]
) -> dict[str, Statement]:
    """Return the statements of a translated file; all but the words is that of the English.

    Raises ``IncompleteContent`` for a statement that is missing, or made from another English.
    """
    if unknown := rows.keys() - english.keys():
        raise IncompleteContent(f"{group}.{min(unknown)}: the English has no such statement")
    return {key: _translated(rows.get(key), each) for key, each in english.items()}


def _translated(row: dict[str, Any] | None, english: Statement, part: str = "") -> Statement:
    place = ".".join(filter(None, (english.group, english.key, part)))
    if row is None:
        raise IncompleteContent(f"{place} is missing")
    _require(row, _PASSPORT, place)
    if not row["text"] or not row["made_by"]:
        raise IncompleteContent(f"{place} has no words, or not who made them")
    if row["of"] != english.english:
        raise IncompleteContent(f"{place} was made from other words: {row['of']}")
    return Statement(
        key=english.key,
        group=english.group,
        text=row["text"],
        sources=english.sources,
        covers=english.covers,
        reviewed_by=row["reviewed_by"],
        reviewed_on=str(row["reviewed_on"]),
        extra=english.extra,
        parts={
            name: _translated(row.get(name), each, name) for name, each in english.parts.items()
        },
        english=english.english,
        made_by=row["made_by"],
        worded=tuple(row.get("worded", ())),
        back=row["back"],
        part=part,
    )


def _require(row: dict[str, Any], names: tuple[str, ...], place: str) -> None:
    for name in names:
        if name not in row:
            raise IncompleteContent(f"{place} has no {name}")
    if bool(row["reviewed_by"]) != bool(row["reviewed_on"]):
        raise IncompleteContent(f"{place}: a review needs a name and a date")
