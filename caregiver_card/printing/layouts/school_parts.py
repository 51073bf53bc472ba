"""The parts of the page for schools, broken into lines."""

from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import NO_BREAK
from caregiver_card.briefing.content import Statement
from caregiver_card.printing.flow import leaf
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.flow.leaf import BODY_PT, HUGE_PT, LARGE_PT, QUARTER_PT, TITLE_PT
from caregiver_card.printing.layouts import leaf_parts, leaf_words, wallet_texts
from caregiver_card.printing.layouts.leaf_parts import INSIDE_PT
from caregiver_card.printing.layouts.print_job import PrintJob
from caregiver_card.style_sheets import points

_BAR_PT = points("leaf-bar")
_NAME_LINES = 2
# The shares of the width of the cells of the plate.
_SHARES = (0.26, 0.4, 0.34)


class SchoolPanel(NamedTuple):
    """The signs of one kind, in the words of people who are no clinicians."""

    key: str
    title: str
    called: str
    signs: tuple[Text, ...]

    @property
    def height_pt(self) -> float:
        """The height with the bar."""
        signs = sum(each.height_pt + QUARTER_PT for each in self.signs)
        return _BAR_PT + leaf.line_pt(BODY_PT) + QUARTER_PT + signs


class CallCell(NamedTuple):
    """A cell of the plate of numbers: whom to call, the number, who that is."""

    label: str
    number: Text
    about: Text | None
    left_pt: float
    width_pt: float

    @property
    def height_pt(self) -> float:
        """The height without the white above and below."""
        about = self.about.height_pt if self.about else 0
        return leaf.line_pt(BODY_PT) + self.number.height_pt + about


def has(b: Briefing, key: str) -> bool:
    """Whether there is something to leave out."""
    if key == "others":
        return bool(leaf_words.contacts(b)[1])
    return bool(b.team_note) if key == "note" else True


def who(order: PrintJob, usual: bool) -> tuple[Text, ...]:
    """Who it is, one plain sentence, and how the person is on a normal day."""
    b, say, room = order.briefing, order.briefing.content.say, leaf_parts.beside_pt(order)
    name = leaf.text(LARGE_PT, room, (b.person.name, True))
    if name.height_pt > _NAME_LINES * leaf.line_pt(LARGE_PT) + 0.1:
        name = leaf.text(TITLE_PT, room, (b.person.name, True))
    communicates = f"{say('page.communicates')}:"
    first = (
        name,
        leaf.text(BODY_PT, room, (b.person.born_words, False)),
        leaf.text(TITLE_PT, room, (b.content.clinical("lay.plain"), False)),
    )
    if not usual:
        return first
    return (
        *first,
        leaf.text(BODY_PT, room, (say("leaf.normal"), True), (b.person.baseline, False)),
        leaf.text(BODY_PT, room, (communicates, True), (b.person.communication, False)),
    )


def panels(b: Briefing, room_pt: float, size_pt: float) -> tuple[SchoolPanel, ...]:
    """The three kinds of signs."""
    say = b.content.say
    return tuple(
        SchoolPanel(
            group.key,
            say(f"school.title-{group.key}"),
            b.content.text.get(f"school.called-{group.key}", ""),
            tuple(leaf.text(size_pt, room_pt, (each.text, True)) for each in _says(b, group.key)),
        )
        for group in b.signs
    )


def _says(b: Briefing, where: str) -> tuple[Statement, ...]:
    return b.content.tagged("says", where)


def late(b: Briefing, room_pt: float) -> Text:
    """That a sleepy person may have too little of the medicine."""
    words = b.content.clinical
    return leaf.text(BODY_PT, room_pt, (words("lay.late"), True), (words("lay.late_when"), False))


def cells(order: PrintJob, note: bool) -> tuple[CallCell, ...]:
    """The numbers in the order in which they are called."""
    b, say, width = order.briefing, order.briefing.content.say, leaf_parts.width_pt(order)
    first, _ = leaf_words.contacts(b)
    assert first.number
    hospital = ". ".join(filter(None, (b.hospital, b.team_note if note else "")))
    family = f"{first.name}, {first.about}" if first.about else first.name
    rows = (
        (say("school.at_once"), b.emergency.name, ""),
        (say("school.team"), b.team.shown, hospital),
        (say("school.family"), first.number.shown, family),
    )
    found: list[CallCell] = []
    left = 0.0
    for share, (label, number, about) in zip(_SHARES, rows, strict=True):
        room = width * share - 2 * INSIDE_PT
        sizes = (TITLE_PT,) if not found and not b.emergency.dial else (HUGE_PT, LARGE_PT, TITLE_PT)
        fitting = (each for each in sizes[bool(found) :] if _wide(number, each) <= room)
        value = leaf.text(next(fitting, TITLE_PT), room, (number, True))
        words = leaf.text(BODY_PT, room, (about, False)) if about else None
        found.append(CallCell(label, value, words, left, width * share))
        left += width * share
    return tuple(found)


def _wide(number: str, size_pt: float) -> float:
    return wallet_texts.width(number, size_pt, bold=True)


def also(b: Briefing, room_pt: float) -> tuple[Text, ...]:
    """Further contacts, each on a line of its own."""
    label, found = b.content.say("school.also"), []
    for each in leaf_words.contacts(b)[1]:
        about = f"{each.name}, {each.about}" if each.about else each.name
        number = each.number.shown.replace(" ", NO_BREAK) if each.number else ""
        runs = ((label, True), (about, False), (number, True))
        found.append(leaf.text(BODY_PT, room_pt, *runs))
    return tuple(found)


def said(order: PrintJob, left: tuple[str, ...]) -> tuple[Text, ...]:
    """What to say on the telephone, and what the ambulance crew asks first."""
    b, say, room = order.briefing, order.briefing.content.say, leaf_parts.width_pt(order)
    words = leaf.text(TITLE_PT, room, (say("school.say_name", name=b.person.name), False))
    if words.height_pt > leaf.line_pt(TITLE_PT) + 0.1:
        words = leaf.text(TITLE_PT, room, (say("school.say_person"), False))
    dose = say("school.dose", dose=b.dose.number, strength=b.concentration.number)
    dose = dose.replace(" mcg", f"{NO_BREAK}mcg")
    notes = wallet_texts.sentence(*b.dose.notes, *b.concentration.notes)
    low = wallet_texts.low(b)
    dates = f"{say('school.given', refill=b.refill.value)} {low.label} {low.day}."
    pump = f"{notes}. {b.device}, {b.location}. {dates}"
    return (
        words,
        *((leaf.text(BODY_PT, room, (say("school.tell"), False)),) if "tell" not in left else ()),
        leaf.text(TITLE_PT, room, (say("school.crew"), False), (dose, True)),
        leaf.text(BODY_PT, room, (pump, False)),
    )


def never(b: Briefing, width_pt: float) -> Text:
    """What nobody there may do."""
    room = width_pt - leaf_parts.never_pt(b) - 2 * INSIDE_PT
    items = [leaf.text(BODY_PT, room, (f"• {each.text}", True)) for each in _says(b, "never")]
    return leaf_parts.stacked(items)


def never_in_english(b: Briefing, room_pt: float) -> Text | None:
    """The same in English, where nobody checked the translation."""
    return leaf_parts.never_in_english(b, _says(b, "never"), room_pt)


def beeps(b: Briefing, room_pt: float) -> tuple[Text, ...]:
    """What to do about a sound of the pump."""
    keys = ("without_signs", "with_signs", "unknown_sound")
    return tuple(
        leaf.text(BODY_PT, room_pt, (b.content.clinical(f"alarms.{key}"), False)) for key in keys
    )


def watch(b: Briefing, room_pt: float) -> tuple[Text, ...]:
    """What else to see, and to whom to say it."""
    site = " ".join(each.text for each in b.content.ranked("pump_site", "lead")[:2])
    worry = b.content.clinical("actions.any_worry")
    words = (*(each.text for each in _says(b, "watch")), site, worry)
    return tuple(leaf.text(BODY_PT, room_pt, (each, False)) for each in words)
