"""Short texts to copy into a phone's own emergency screen.

The danger comes first. Each number appears in only one text per phone, so that a phone updated in
part cannot show two doses. No text contains the address of the page: a phone may copy its content
to places that nobody here knows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from caregiver_card.briefing import isolates
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import ListText
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.isolates import NO_BREAK

# Characters in one text. No source says what a field of a phone holds; this is the length of the
# most important texts of a card, each as long as a card permits.
MAX_LENGTH = 600
# Characters for a list that shares its text with others.
_MAX_LIST_LENGTH = 200


@dataclass(frozen=True, slots=True)
class MedicalIdText:
    """The text for one field of one kind of phone; ``key`` names the field."""

    key: str
    words: str


class _Part(NamedTuple):
    """Words of a text; a part with a ``key`` may be left out, and is then named by it."""

    words: str
    key: str = ""


def texts(briefing: Briefing) -> dict[str, tuple[MedicalIdText, ...]]:
    """Return the texts for each kind of phone, in the order of its fields."""
    content = briefing.content
    condition, notes = list(_condition(briefing)), list(_notes(briefing))
    shared = (
        MedicalIdText("allergies", _allergies(briefing)),
        MedicalIdText("medications", _fit(_medications(briefing), content)),
    )
    return {
        "iphone": (
            MedicalIdText("conditions", _fit(condition, content)),
            MedicalIdText("notes", _fit(notes, content)),
            *shared,
        ),
        # One field for both, as far as the sources say.
        "android": (MedicalIdText("notes", _fit([*condition, *notes], content)), *shared),
    }


def _condition(briefing: Briefing) -> Iterator[_Part]:
    yield _Part(f"{briefing.what.text}. {briefing.stop.text}")
    yield _Part(f"{briefing.team.name}: {briefing.team.shown}.")
    yield _Part(f"{briefing.pump_name}, {briefing.location}.")


def _notes(briefing: Briefing) -> Iterator[_Part]:
    yield _Part(f"{briefing.alarm_date.label}: {briefing.alarm_date.value}.")
    yield _Part(briefing.content.say("offline.confirmed", day=briefing.confirmed_on))
    signs = " ".join(
        f"{group.title}: {group.cue}." for group in briefing.signs if group.key != "allergy"
    )
    yield _Part(signs, "signs")
    yield _Part(briefing.mri_line.text, "mri")
    yield _Part(briefing.content.clinical("danger.never_line"), "never")


def _medications(briefing: Briefing) -> Iterator[_Part]:
    say = briefing.content.say
    dose = say(
        "medicalid.dose", concentration=briefing.concentration.number, dose=briefing.dose.number
    )
    drugs = say(
        "page.with_others",
        drugs=_shortened(briefing.pump_drugs, _MAX_LIST_LENGTH, briefing.content),
    )
    yield _Part(f"{dose}, {drugs if briefing.pump_drugs.items else briefing.pump_drugs.words}.")
    yield _Part(say("offline.confirmed", day=briefing.confirmed_on))
    if briefing.cautions:
        yield _Part(". ".join(briefing.cautions) + ".", "cautions")
    oral = "; ".join(briefing.oral.items) or briefing.oral.words
    yield _Part(f"{say('page.oral')}: {oral}.")
    others = _shortened(briefing.medicines, _MAX_LIST_LENGTH, briefing.content)
    yield _Part(
        f"{say('page.medicines')}: {others}." if briefing.medicines.items else f"{others}.",
        "medicines",
    )


def _allergies(briefing: Briefing) -> str:
    return _one_line(_shortened(briefing.allergies, MAX_LENGTH, briefing.content))


def _shortened(list_text: ListText, room: int, content: Content) -> str:
    """Return the items that fit into ``room`` characters and how many do not, or the status."""
    items = list_text.items
    for count in range(len(items), 0, -1):
        more = len(items) - count
        words = isolates.join_isolated(items[:count], "; ")
        if more:
            words = content.say("medicalid.more", items=words, count=more)
        if len(words) <= room:
            return words
    return content.say("medicalid.all", count=len(items)) if items else list_text.words


def _fit(parts: Iterable[_Part], content: Content) -> str:
    """Join the parts into one line; leave out the last ones until it fits, and name them."""
    kept, left_out = list(parts), list[str]()
    while len(words := _joined(kept, left_out, content)) > MAX_LENGTH:
        last = max((index for index, part in enumerate(kept) if part.key), default=None)
        if last is None:
            break
        left_out.insert(0, content.say(f"medicalid.left-{kept.pop(last).key}"))
    return words


def _joined(kept: Sequence[_Part], left_out: list[str], content: Content) -> str:
    words = [part.words for part in kept]
    if left_out:
        words.append(content.say("medicalid.left", what=content.join_and(left_out)))
    return _one_line(" ".join(words))


def _one_line(words: str) -> str:
    """Return one line whose numbers keep their units, and their order in right-to-left text."""
    return isolates.protect_numbers(" ".join(words.replace(NO_BREAK, " ").split()))
