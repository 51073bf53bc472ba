"""What an owner sees of a card: what needs attention, what the card says, and what it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from caregiver_card.briefing import paper_check
from caregiver_card.briefing.alert_texts import AlertText
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.changes import Change, recorded_values
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.briefing.field_labels import label
from caregiver_card.card import codec
from caregiver_card.card.alert_kinds import KINDS
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.card.model import Card
from caregiver_card.card.patient_clock import local_time
from caregiver_card.charts.dose_steps import SavedCard
from caregiver_card.questionnaire import confirmations, field_paths, steps
from caregiver_card.storage.records import LastPrint, OwnedCard, ReaderLink, VersionEntry

# Layouts that say what the wallet card says, and one that names nobody and holds numbers alone.
_WALLET_SIZED, _NUMBERS_ONLY = ("wallet", "fold"), ("labels",)
# The label of a new card's first copy.
_WALLET = "wallet"
# Whether there were signs with a sound of the pump, and the beginning of its note's mark.
SIGNS = ("yes", "no", "unsure")
_SOUND = "sound "
_NUMBERS = ("region", "team.phone_24h")


@dataclass(frozen=True, slots=True)
class OverviewSection:
    """One subject of the card: what is recorded, what is missing, and the step that edits it."""

    step: str
    rows: tuple[Change, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An unusual value that nobody has confirmed yet, and the step where that is done."""

    label: str
    words: str
    step: str


@dataclass(frozen=True, slots=True)
class CopyState:
    """A reader link, and whether its last print still says what the card says.

    ``place`` is where it is printed, below the owner's address. ``differing`` names what the print
    says otherwise; it is None where no print was noted.
    """

    link: ReaderLink
    place: str
    differing: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One version, and its changes from the version before it."""

    entry: VersionEntry
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class NotedSound:
    """A sound of the pump that the last save noted: when, by the patient's clock, and the signs.

    ``signs`` is "yes", "no" or "unsure", which counts as yes.
    """

    at: datetime
    signs: str

    @property
    def is_emergency(self) -> bool:
        """Whether emergency services are to be called, and not the pump team."""
        return self.signs != "no"


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the owner's page of one day."""

    owned: OwnedCard
    briefing: Briefing
    today: date
    due: tuple[AlertText, ...]
    questions: tuple[OpenQuestion, ...]
    sections: tuple[OverviewSection, ...]
    sound: NotedSound | None

    @property
    def level(self) -> str:
        """How grave the gravest notice is: "red", "due", or "ok" where nothing is due."""
        if self.sound:
            return "red"
        gravest = max((each.alert.severity for each in self.due), default=Severity.INFO)
        return "red" if gravest >= Severity.URGENT else "due" if gravest else "ok"

    @property
    def is_refill_late(self) -> bool:
        """Whether a day by which the pump was to be refilled has come and is urgent."""
        return any(
            KINDS[each.alert.kind].subject == "refill"
            and each.is_urgent
            and each.alert.due_on <= self.today
            for each in self.due
        )

    @property
    def confirmed_today(self) -> bool:
        """Whether confirming the card once more would change nothing."""
        # A day to come was confirmed under a faster clock: it does not go back.
        return self.owned.card.verified.on >= self.today


def overview(owned: OwnedCard, content: Content, today: date) -> Overview:
    """Return what the owner sees on ``today``."""
    briefing = brief(owned.card, content, owned.version)
    return Overview(
        owned,
        briefing,
        today,
        tuple(briefing.on(today)),
        tuple(open_questions(owned.card, content, today)),
        sections(owned.card, content),
        noted_sound(owned),
    )


def sound_mark(signs: str) -> str:
    """Return the mark of a note about a sound of the pump; ``signs`` as in ``NotedSound``."""
    return f"{_SOUND}{signs}"


def noted_sound(owned: OwnedCard) -> NotedSound | None:
    """Return the sound that the newest version notes; whatever is saved after it answers it."""
    newest = owned.history[0]
    signs = newest.mark.removeprefix(_SOUND)
    if signs == newest.mark or signs not in SIGNS:
        return None
    return NotedSound(local_time(owned.card.time_zone or "", newest.saved_at), signs)


def open_questions(card: Card, content: Content, today: date) -> list[OpenQuestion]:
    """Return the unusual values that may be slips; what only informs is left out."""
    return [
        OpenQuestion(label(fault.path, content), sentence(fault, content), _step(fault.path))
        for fault in confirmations.open_questions(codec.open_warnings(card, today))
    ]


def wallet_copy(links: Sequence[ReaderLink]) -> ReaderLink | None:
    """Return the copy in the wallet: the one so named, the only one, or the one so printed.

    None where the owner must be asked.
    """
    named = [link for link in links if _WALLET in link.label.casefold()]
    printed = [
        link for link in links if link.last_print and link.last_print.layout in _WALLET_SIZED
    ]
    return next((found[0] for found in (named, links, printed) if len(found) == 1), None)


def copies(owned: OwnedCard, saved: Sequence[SavedCard], content: Content) -> tuple[CopyState, ...]:
    """Return the copies, oldest first, each compared with the version that was printed of it.

    Then the codes for record systems of which a sheet was printed.
    """
    cards = {each.version: each.card for each in saved}
    links = sorted(owned.reader_links, key=lambda link: (link.made_on, link.label))
    places = [(link, f"copies/{link.id}") for link in links]
    places += [(link, f"record/{link.id}") for link in owned.code_links if link.last_print]
    return tuple(
        CopyState(link, place, _differing(link.last_print, cards, owned.card, content))
        for link, place in places
    )


def _differing(
    last: LastPrint | None, cards: Mapping[int, Card], card: Card, content: Content
) -> tuple[str, ...] | None:
    if last is None or last.version not in cards:
        return None
    status = paper_check.after_saving(cards[last.version], card, content)
    rows = status.wallet if last.layout in _WALLET_SIZED else status.wallet + status.larger
    if last.layout in _NUMBERS_ONLY:
        rows = tuple(row for row in rows if row.path in _NUMBERS)
    return tuple(row.label for row in rows)


def sections(card: Card, content: Content) -> tuple[OverviewSection, ...]:
    """Return what the card says, step by step, without empty steps that only some people see."""
    recorded = [(_step(row.path), row) for row in recorded_values(card, content)]
    paths = {row.path for _, row in recorded}
    missing = [
        (_step(path), label(path, content))
        for path in field_paths.places()
        # A card without a language is in English.
        if "[" not in path and path != "language" and _is_missing(path, paths)
    ]
    by_step = (
        OverviewSection(
            step.key,
            tuple(row for key, row in recorded if key == step.key),
            tuple(name for key, name in missing if key == step.key),
        )
        for step in steps.STEPS
    )
    return tuple(section for section in by_step if section.rows or not _is_for_some(section.step))


def _is_for_some(key: str) -> bool:
    """Whether a step is asked of some people only."""
    step = steps.BY_KEY[key]
    return step.hidden or step.when is not None


def _is_missing(path: str, recorded: set[str]) -> bool:
    """Whether a field that can be filled in is not; a part that says "none" lacks nothing."""
    part = path.rpartition(".")[0]
    status = f"{part}.status"
    if path in recorded or part in recorded:
        return False
    if path == status or status not in field_paths.places():
        return True
    return any(each.startswith(f"{part}.") and each != status for each in recorded)


def _step(path: str) -> str:
    """Return the key of the step that asks for a path, or an empty string if none does."""
    step = steps.step_of(path)
    return step.key if step else ""
