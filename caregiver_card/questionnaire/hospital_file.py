"""Read a hospital's summary (HL7 IPS on FHIR R4) into answers that somebody then confirms.

Nothing in it is believed in silence: each value is named as the hospital's. The concentration, the
daily dose and the number for any hour are never taken from it, and "none known" is always asked.
What is stopped, refuted, entered in error, or altered by an extension is named and never filled in.
Narratives are not read.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import field_paths, hospital_entries
from caregiver_card.questionnaire.hospital_entries import Entry, Json, Skipped

# HL7's largest example is 0.5 MB; with a scanned letter in it, some more.
MAX_BYTES = 8 * 1024 * 1024


class WrongFile(ValueError):
    """A file that is no summary of one person; the message says why."""


@dataclass(frozen=True, slots=True)
class HospitalFile:
    """What a summary says, by path of the card, and what was not taken, with the reason."""

    answers: dict[str, str]
    skipped: tuple[Skipped, ...]


def read(raw: bytes) -> HospitalFile:
    """Read one summary. Raises ``WrongFile``."""
    entries = _entries(raw)
    patients = [each for each in entries if each.kind == "Patient"]
    if len(patients) != 1:
        raise WrongFile(f"it is about {len(patients)} people, not about one")
    answers: dict[str, str] = {}
    skipped: list[Skipped] = []
    for path, value in _found(patients[0], entries, skipped):
        place = field_paths.place(path)
        assert place, path
        try:
            place.parse_typed(value, None)
        except InvalidValue:
            skipped.append(Skipped(path, value, "a card cannot hold it"))
        else:
            answers[path] = value
    return HospitalFile(answers, tuple(skipped))


def _found(
    patient: Entry, entries: list[Entry], skipped: list[Skipped]
) -> Iterator[tuple[str, str]]:
    yield from hospital_entries.patient(patient)
    for kind, of in (
        ("AllergyIntolerance", hospital_entries.allergies),
        ("MedicationStatement", hospital_entries.medicines),
        ("DeviceUseStatement", hospital_entries.pumps),
    ):
        chosen = []
        for each in entries:
            if each.kind == kind:
                reason = hospital_entries.why_not(each)
                if reason:
                    skipped.append(Skipped(kind, each.words, reason))
                else:
                    chosen.append(each)
        yield from of(chosen, entries, skipped)


def _entries(raw: bytes) -> list[Entry]:
    if len(raw) > MAX_BYTES:
        raise WrongFile(f"it is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise WrongFile("it is no JSON that can be read") from None
    if not isinstance(content, dict) or content.get("resourceType") != "Bundle":
        raise WrongFile("it is no summary: a FHIR bundle is expected")
    found = [_entry(each) for each in _list(content.get("entry"))]
    return [each for each in found if each]


def _entry(raw: Any) -> Entry | None:
    resource = raw.get("resource") if isinstance(raw, dict) else None
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return None
    kind, own = resource["resourceType"], resource.get("id")
    names = {raw.get("fullUrl"), f"{kind}/{own}" if isinstance(own, str) else None}
    return Entry(kind, frozenset(each for each in names if isinstance(each, str)), resource)


def _list(value: Any) -> list[Json]:
    return value if isinstance(value, list) else []
