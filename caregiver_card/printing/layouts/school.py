"""The page for a school, a day centre or a respite home: what people there may see, and what to do.

Its readers are no clinicians. It shows the signs, whom to call and what never to do, in the
sentences that are meant for anyone, and of the patient only what they need.
"""

from collections.abc import Iterable

from caregiver_card.briefing.briefing import Briefing, SignGroup
from caregiver_card.briefing.card_texts import NO_BREAK
from caregiver_card.briefing.content import Statement
from caregiver_card.printing.flow.columns import Zone
from caregiver_card.printing.flow.paragraphs import Paragraph, SheetSection, total_height
from caregiver_card.printing.layouts import left_out, one_page
from caregiver_card.printing.layouts.print_job import Layout, PrintJob
from caregiver_card.style_sheets import points

_BAND_PT = points("school-band") + 2 * points("band-padding") + points("band-gap")
_GAP_PT = 8.0
_BODY_PT, _CUE_PT, _CALL_PT, _NUMBER_PT, _NAME_PT = 9.5, 10.5, 13.0, 26.0, 18.0
_PAGE_MM, _OFFLINE_MM = 30.0, 30.0
_ALLERGY_LINES = 6
# What is there, or is named by its section where it had no room.
_SHOWN = frozenset(
    (
        *("", "hospital", "note", "allergies", "normal", "communication", "contact", "language"),
        "others",
        *("alarm", "refill", "mode", "location", "drugs", "caution", "never", "late", "by"),
    )
)


def html(order: PrintJob) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    b, width = order.briefing, one_page.width_pt(order)
    codes = one_page.codes(order, _PAGE_MM)
    beside = one_page.remaining_width_pt(order, codes)
    note = one_page.note(b, _BODY_PT, beside)
    call = one_page.lines(_call(b, note), beside)
    call_pt = max(total_height(call), *(each.height_pt for each in codes)) + _GAP_PT
    zones = _zones(order, width, "" if note else b.team_note)
    return one_page.page(
        order,
        "school.html",
        _BAND_PT + call_pt,
        zones,
        left_out.left(b, _SHOWN),
        codes=codes,
        call=call,
        call_pt=call_pt,
        remaining_width_pt=beside,
    )


def _call(b: Briefing, note: str) -> tuple[Paragraph, ...]:
    """Who it is, and whom to call, in order."""
    say = b.content.say
    first = f"{say('school.emergency')} {b.emergency.name}"
    pars = [
        Paragraph(b.person.name, size_pt=_NAME_PT, bold=True),
        Paragraph(b.person.born_words, size_pt=_BODY_PT),
        Paragraph(first, "1.", _CALL_PT, bold=True),
        Paragraph(say("school.team"), "2.", _CALL_PT, bold=True),
        Paragraph(b.team.shown, size_pt=_NUMBER_PT, bold=True),
        Paragraph(". ".join(filter(None, [b.hospital, note])), size_pt=_BODY_PT),
    ]
    return tuple(pars)


def _section(b: Briefing, key: str, rank: int, pars: Iterable[Paragraph]) -> SheetSection:
    held = tuple(pars)
    heading, title = b.content.say(f"leaf.head-{key}"), held[0].bullet
    # A colon is for words that go on in the same line.
    return SheetSection(
        key, heading.removesuffix(":") if title else heading, held, rank, title=title
    )


def _statements(statements: Iterable[Statement]) -> list[Paragraph]:
    """Statements, a line of a list each."""
    return [Paragraph(each.text, size_pt=_BODY_PT, bullet=True) for each in statements]


def _sentence(b: Briefing, place: str) -> Paragraph:
    return Paragraph(b.content.clinical(place), size_pt=_BODY_PT)


def _zones(order: PrintJob, width_pt: float, note: str) -> list[Zone]:
    b = order.briefing
    half = Zone(((),), spread=2).room_pt(width_pt)
    marks = tuple(group.key for group in b.signs)
    noted = [_section(b, "note", 1, [Paragraph(note, size_pt=_BODY_PT)])] if note else []
    return [
        Zone(((*noted, *_person(b, half, one_page.more(order))),), spread=2),
        Zone(tuple(_signs(b, group) for group in b.signs), marks=marks),
        Zone(((*_rules(b), *_crew(order)),), spread=2),
    ]


def _person(b: Briefing, room_pt: float, more: str) -> list[SheetSection]:
    say = b.content.say
    allergic = one_page.several(
        b.allergies, more, _ALLERGY_LINES, room_pt, size_pt=_BODY_PT, bold=True
    )
    communicates = f"{say('page.communicates')}:"
    usual = [
        Paragraph(b.person.baseline, size_pt=_BODY_PT),
        Paragraph(b.person.communication, communicates, _BODY_PT),
    ]
    first, others = one_page.contacts(b)
    found = [
        _section(b, "family", 0, one_page.contact(first, _BODY_PT, _CALL_PT)),
        _section(b, "usual", 1, usual),
        _section(b, "allergies", 0, [allergic]),
    ]
    if others:
        pars = [par for each in others for par in one_page.contact(each, _BODY_PT, _CALL_PT)]
        found.insert(1, _section(b, "others", 2, pars))
    return found


def _signs(b: Briefing, group: SignGroup) -> tuple[SheetSection, ...]:
    leads = (Paragraph(each.text, size_pt=_BODY_PT, bullet=True) for each in group.leads)
    first = (Paragraph(group.cue, size_pt=_CUE_PT, bold=True), *leads)
    words = " ".join(each.text for each in one_page.calling(group, "anyone"))
    anyone = Paragraph(words, size_pt=_BODY_PT, bold=True)
    return (
        SheetSection(group.key, group.title, first, title=True),
        SheetSection(f"first-{group.key}", b.content.say("leaf.head-first"), (anyone,)),
    )


def _rules(b: Briefing) -> list[SheetSection]:
    """What a sound means, what never to do, what else to see and to whom to say it."""
    alarms = [each for each in b.alarms if each.extra.get("rank") == "lead"]
    site = b.content.ranked("pump_site", "lead")
    return [
        _section(b, "alarms", 1, _statements(alarms)),
        _section(b, "nots", 0, _statements(b.content.tagged("school", "never"))),
        _section(b, "late", 1, _statements(b.content.tagged("school", "mind"))),
        _section(b, "any_sign", 3, [_sentence(b, "actions.any_worry")]),
        _section(b, "site", 4, _statements(site)),
        _section(b, "watch", 5, _statements(b.content.tagged("school", "watch"))),
    ]


def _crew(order: PrintJob) -> list[SheetSection]:
    """What those who come for the person ask first."""
    b = order.briefing
    given = "; ".join((*b.dose.notes, *b.concentration.notes))
    measures = [
        f"{each.number}{NO_BREAK}{each.unit} {words}"
        for each, words in (
            (b.dose, b.content.say("school.a_day")),
            (b.concentration, b.content.say("school.strength")),
        )
    ]
    dose = f"{b.content.say('print.drug')} {', '.join(measures)}"
    dates = f"{b.refill.label}: {b.refill.value}. {b.alarm_date.label}: {b.alarm_date.value}."
    pars = [
        Paragraph(dose, size_pt=_CUE_PT, bold=True),
        Paragraph(f"{given[:1].upper()}{given[1:]}.", size_pt=_BODY_PT, bold=bool(b.mixture)),
        Paragraph(f"{b.device}, {b.location}", size_pt=_BODY_PT),
        Paragraph(dates, size_pt=_BODY_PT),
    ]
    return [_section(b, "crew", 0, pars)]


LAYOUT = Layout(html, ("paper.css", "school.css"), one_page.expected, _OFFLINE_MM)
