"""Read a hospital's summary (HL7 IPS on FHIR R4) into answers that somebody then confirms.

Nothing in it is believed in silence: each value is named as the hospital's. The concentration, the
daily dose and the number for any hour are never taken from it, and "none known" is always asked.
What is stopped, refuted, entered in error, or altered by an extension is named and never filled in.
Narratives are not read.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from caregiver_card.questionnaire import field_paths, hospital_entries, hospital_words
from caregiver_card.questionnaire.field_paths import fits
from caregiver_card.questionnaire.hospital_entries import ALLERGIES, MEDICINES, Named, Values
from caregiver_card.questionnaire.hospital_words import Entry, Json, Skipped, skipped

# HL7's largest example is 0.5 MB; with a scanned letter in it, some more.
MAX_MEGABYTES = 8
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
# Of everything that is named, taken or not; the fullest of 113 samples has 36.
_MOST_ENTRIES = 300
# Of objects and lists, each of which takes some hundred bytes of memory; the samples have a tenth.
_MOST_PARTS = 200_000


class WrongFile(ValueError):
    """A file that is no summary of one person.

    ``code`` is the key of a text under ``hospital_wrong``, ``details`` fill it.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def too_large() -> WrongFile:
    """Return what refuses a file that is too large to be read."""
    return WrongFile("large", most=MAX_MEGABYTES)


@dataclass(frozen=True, slots=True)
class HospitalFile:
    """What a summary says, by path of the card, and what was not taken, with the reason."""

    answers: Values = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()


def read(raw: bytes) -> HospitalFile:
    """Read one summary. Raises ``WrongFile``."""
    if not raw.strip():
        raise WrongFile("missing")
    if len(raw) > MAX_BYTES:
        raise too_large()
    entries, named = _entries(_content(raw))
    patients = [each for each in entries if each.kind == "Patient"]
    if len(patients) != 1:
        raise WrongFile("people", count=len(patients))
    if sum(each.kind in hospital_entries.KINDS for each in entries) > _MOST_ENTRIES:
        raise WrongFile("long", most=_MOST_ENTRIES)
    left: list[Skipped] = []
    answers = _fitting(hospital_entries.patient(patients[0], left), left)
    answers |= _fitting(hospital_entries.pumps(entries, named, left), left)
    for path, rows in (
        (ALLERGIES, hospital_entries.allergies(entries, left)),
        (MEDICINES, hospital_entries.medicines(entries, named, left)),
    ):
        answers |= _fitting_rows(path, rows, left)
    return HospitalFile(answers, tuple(left))


def _fitting(values: Values, left: list[Skipped]) -> Values:
    """The values that a card can hold."""
    said = {path: value for path, value in values.items() if value}
    taken = {path: value for path, value in said.items() if fits(path, value)}
    left += [skipped(path, said[path], "no_room") for path in said if path not in taken]
    return taken


def _fitting_rows(path: str, rows: Iterable[Values], left: list[Skipped]) -> Values:
    """The rows that a card can hold, each once; one without its name is none."""
    taken: list[Values] = []
    seen: list[Values] = []
    for row in rows:
        if row in seen:
            continue
        seen.append(row)
        key, name = next(iter(row.items()))
        if len(taken) == field_paths.most_rows(path) or not fits(f"{path}[].{key}", name):
            left.append(skipped(path, name, "no_room"))
            continue
        said = {each: value for each, value in row.items() if value}
        kept = {each: value for each, value in said.items() if fits(f"{path}[].{each}", value)}
        left += [
            skipped(path, f"{name}: {said[each]}", "no_room") for each in said if each not in kept
        ]
        taken.append(kept)
    return {f"{path}[{at}].{key}": row[key] for at, row in enumerate(taken) for key in row}


def _content(raw: bytes) -> Json:
    if raw.count(b"{") + raw.count(b"[") > _MOST_PARTS:
        raise WrongFile("unreadable")
    try:
        return json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number
        )
    except WrongFile:
        raise
    except (ValueError, RecursionError):
        # Also a number of some thousand digits, and lists a thousand deep.
        raise WrongFile("unreadable") from None


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # Which of the two is meant, nobody knows.
        raise WrongFile("unreadable")
    return found


def _no_number(word: str) -> None:
    raise WrongFile("unreadable")


def _entries(content: Json) -> tuple[list[Entry], Named]:
    """The entries, and the same by what refers to them."""
    if not isinstance(content, dict) or content.get("resourceType") != "Bundle":
        raise WrongFile("other_kind")
    around = {key: value for key, value in content.items() if key != "entry"}
    if hospital_words.alters(around):
        raise WrongFile("altered")
    entries: list[Entry] = []
    named: Named = {}
    for raw in hospital_words.listed(content.get("entry")):
        if entry := _entry(raw):
            entries.append(entry)
            for name in _names(raw, entry):
                # A reference that two entries bear means the first.
                named.setdefault(name, entry)
            if entry.kind == "Composition":
                _check(entry)
    return entries, named


def _check(document: Entry) -> None:
    if document.is_altered:
        raise WrongFile("altered")
    if document.resource.get("status") == "entered-in-error":
        raise WrongFile("mistake")


def _entry(raw: Json) -> Entry | None:
    resource = hospital_words.part(raw, "resource")
    kind = hospital_words.part(resource, "resourceType")
    if not isinstance(resource, dict) or not isinstance(kind, str):
        return None
    return Entry(kind, resource, hospital_words.alters(raw))


def _names(raw: Json, entry: Entry) -> list[str]:
    names = [hospital_words.line(raw.get("fullUrl"))]
    if own := hospital_words.line(entry.resource.get("id")):
        names.append(f"{entry.kind}/{own}")
    return [each for each in names if each]
