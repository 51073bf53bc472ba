"""An owner's card -> what its owner sees: what needs attention, what it says, its copies."""

from dataclasses import dataclass
from datetime import date

from caregiver_card.briefing.alert_texts import AlertText
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.changes import Change, recorded
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.briefing.field_labels import label
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.questionnaire import confirmations, field_paths, steps
from caregiver_card.storage.records import OwnedCard, VersionEntry


@dataclass(frozen=True, slots=True)
class OverviewSection:
    """One subject of the card: what is recorded, what is not, and the step that edits it."""

    step: str
    rows: tuple[Change, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something unusual on the card that nobody has answered yet, and where that is done."""

    label: str
    words: str
    step: str


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One version, and what it changed about the one before it."""

    entry: VersionEntry
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the owner's page of one day."""

    owned: OwnedCard
    briefing: Briefing
    today: date
    due: tuple[AlertText, ...]
    questions: tuple[OpenQuestion, ...]
    sections: tuple[OverviewSection, ...]

    @property
    def confirmed_today(self) -> bool:
        """Whether confirming the card once more would change nothing."""
        return self.owned.card.verified.on == self.today


def overview(owned: OwnedCard, content: Content, today: date) -> Overview:
    """What the owner sees on ``today``."""
    briefing = brief(owned.card, content, owned.version)
    return Overview(
        owned,
        briefing,
        today,
        tuple(briefing.on(today)),
        tuple(open_questions(owned.card, content, today)),
        sections(owned.card, content),
    )


def open_questions(card: Card, content: Content, today: date) -> list[OpenQuestion]:
    """What may be a slip of the pen; what is only worth knowing is not asked here."""
    return [
        OpenQuestion(label(each.path, content), sentence(each, content), _step(each.path))
        for each in confirmations.open_questions(codec.open_warnings(card, today))
    ]


def sections(card: Card, content: Content) -> tuple[OverviewSection, ...]:
    """What the card says, by the steps in which it is asked; those with nothing to ask are out."""
    told = [(_step(each.path), each) for each in recorded(card, content)]
    paths = {each.path for _, each in told}
    absent = [
        (_step(path), label(path, content))
        for path in field_paths.places()
        if "[" not in path and path not in paths
    ]
    found = (
        OverviewSection(
            step.key,
            tuple(each for key, each in told if key == step.key),
            tuple(words for key, words in absent if key == step.key),
        )
        for step in steps.STEPS
    )
    return tuple(each for each in found if each.rows or not steps.BY_KEY[each.step].when)


def _step(path: str) -> str:
    """The key of the step that asks for a path; an empty string where none does."""
    step = steps.step_of(path)
    return step.key if step else ""
