"""A briefing -> the short texts to copy into a phone's own emergency screen, ready-made.

The danger stands first. Each number stands in one text of a phone only, so that a phone which is
updated in part cannot say two doses. No address of the page is in them: a phone may copy what it
holds to places that nobody here knows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from caregiver_card.briefing import isolates
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import ListText
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.isolates import NO_BREAK

# Letters in one text. No source was found for what a field holds; this is what the most important
# words of a card take where each of them is as long as a card allows.
LONGEST = 600
# Letters for a list within a text that holds other things too.
_LIST = 200


@dataclass(frozen=True, slots=True)
class Text:
    """What goes into one field of one kind of phone; ``key`` names the field."""

    key: str
    words: str


class _Part(NamedTuple):
    """Words of a text; with a ``key`` they may give way, and are then named by it."""

    words: str
    key: str = ""


def texts(briefing: Briefing) -> dict[str, tuple[Text, ...]]:
    """The texts of each kind of phone, in the order of its fields."""
    content = briefing.content
    what, notes = list(_condition(briefing)), list(_notes(briefing))
    shared = (
        Text("allergies", _allergies(briefing)),
        Text("medications", _fitted(_medications(briefing), content)),
    )
    return {
        "iphone": (
            Text("conditions", _fitted(what, content)),
            Text("notes", _fitted(notes, content)),
            *shared,
        ),
        # One field for both, as far as the sources tell.
        "android": (Text("notes", _fitted([*what, *notes], content)), *shared),
    }


def _condition(b: Briefing) -> Iterator[_Part]:
    yield _Part(f"{b.what}. {b.stop}")
    yield _Part(f"{b.team.name}: {b.team.shown}.")
    yield _Part(f"{b.pump_name}, {b.location}.")


def _notes(b: Briefing) -> Iterator[_Part]:
    yield _Part(f"{b.alarm_date.label}: {b.alarm_date.value}.")
    yield _Part(b.content.say("offline.confirmed", day=b.confirmed_on))
    signs = " ".join(f"{each.title}: {each.cue}." for each in b.signs if each.key != "allergy")
    yield _Part(signs, "signs")
    yield _Part(b.mri_line, "mri")
    yield _Part(b.content.clinical("danger.never_line"), "never")


def _medications(b: Briefing) -> Iterator[_Part]:
    say = b.content.say
    dose = say("medicalid.dose", concentration=b.concentration.number, dose=b.dose.number)
    drugs = say("page.with_others", drugs=_some(b.pump_drugs, _LIST, b.content))
    yield _Part(f"{dose}, {drugs if b.pump_drugs.items else b.pump_drugs.words}.")
    yield _Part(say("offline.confirmed", day=b.confirmed_on))
    if b.cautions:
        yield _Part(". ".join(b.cautions) + ".", "cautions")
    oral = "; ".join(b.oral.items) or b.oral.words
    yield _Part(f"{say('page.oral')}: {oral}.")
    others = _some(b.medicines, _LIST, b.content)
    yield _Part(
        f"{say('page.medicines')}: {others}." if b.medicines.items else f"{others}.", "medicines"
    )


def _allergies(b: Briefing) -> str:
    return _plain(_some(b.allergies, LONGEST, b.content))


def _some(listing: ListText, room: int, content: Content) -> str:
    """A list's items as far as they fit, and how many more there are; or what its status says."""
    items = listing.items
    for count in range(len(items), 0, -1):
        more = len(items) - count
        words = isolates.joined(items[:count], "; ")
        if more:
            words = content.say("medicalid.more", items=words, count=more)
        if len(words) <= room:
            return words
    return content.say("medicalid.all", count=len(items)) if items else listing.words


def _fitted(parts: Iterable[_Part], content: Content) -> str:
    """The parts in one line; the last ones give way until they fit, and are named."""
    kept, gone = list(parts), list[str]()
    while len(words := _joined(kept, gone, content)) > LONGEST:
        last = max((index for index, part in enumerate(kept) if part.key), default=None)
        if last is None:
            break
        gone.insert(0, content.say(f"medicalid.left-{kept.pop(last).key}"))
    return words


def _joined(kept: Sequence[_Part], gone: list[str], content: Content) -> str:
    words = [each.words for each in kept]
    if gone:
        words.append(content.say("medicalid.left", what=content.listed(gone)))
    return _plain(" ".join(words))


def _plain(words: str) -> str:
    """One line, whose numbers keep their units, and their order among Hebrew or Arabic words."""
    return isolates.whole(" ".join(words.replace(NO_BREAK, " ").split()))
