"""A card or a form that was begun and is not saved yet."""

import json
from dataclasses import dataclass, field, replace

from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.hospital_file import HospitalFile
from caregiver_card.questionnaire.hospital_words import Skipped
from caregiver_card.questionnaire.relative_dates import ResolvedDates
from caregiver_card.questionnaire.step_types import Field, Rows


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far, also what cannot be accepted.

    ``sent`` has the forms that were sent once: they say what is wrong. ``said`` has the sentences
    about days that were worked out from a time span, what was picked from two versions, or what is
    wrong in a form without questions, by path.
    ``version`` is that of the card that a form was filled in from, ``note`` the note of its save.
    ``hospital`` is what a hospital's file said of a new card.
    """

    typed: Answers = field(default_factory=dict)
    sent: frozenset[str] = frozenset()
    said: dict[str, str] = field(default_factory=dict)
    version: int = 0
    note: str = ""
    hospital: HospitalFile = HospitalFile()

    def typing(self, typed: Answers, fields: tuple[Field | Rows, ...] = ()) -> "Draft":
        """Return the draft with these answers, and nothing said any more about these fields."""
        paths = {each.path for each in fields}
        said = {path: words for path, words in self.said.items() if path not in paths}
        return replace(self, typed=typed, said=said)

    def sending(self, form: str) -> "Draft":
        """Return the draft with a form that was sent."""
        return replace(self, sent=self.sent | {form})

    def saying(self, resolved: ResolvedDates) -> "Draft":
        """Return the draft with the days that were worked out."""
        return replace(self, typed=resolved.typed, said=self.said | resolved.sentences)

    def dumps(self) -> bytes:
        """Return the draft as bytes, to be sealed."""
        content = {
            "typed": self.typed,
            "sent": sorted(self.sent),
            "said": self.said,
            "version": self.version,
            "note": self.note,
            "hospital": [self.hospital.answers, self.hospital.skipped],
        }
        return json.dumps(content, separators=(",", ":")).encode()


def loads(raw: bytes) -> Draft:
    """Return a draft that ``dumps`` wrote."""
    content = json.loads(raw)
    typed, sent, said = content["typed"], frozenset(content["sent"]), content["said"]
    # A draft that an earlier program wrote has no note, and no hospital.
    taken, skipped = content.get("hospital", ({}, ()))
    hospital = HospitalFile(taken, tuple(Skipped(*each) for each in skipped))
    return Draft(typed, sent, said, content["version"], content.get("note", ""), hospital)
