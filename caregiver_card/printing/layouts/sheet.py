"""The emergency sheet: one page for the fridge, the hospital bag and the ambulance.

It shows the whole briefing in reading order, large. Sections that do not fit are left out by rank
and named.
"""

from collections.abc import Iterable

from caregiver_card.briefing.briefing import Briefing, SignGroup
from caregiver_card.briefing.card_texts import Fact
from caregiver_card.briefing.content import Statement
from caregiver_card.printing.flow.columns import Zone
from caregiver_card.printing.flow.paragraphs import Paragraph, SheetSection, total_height
from caregiver_card.printing.layouts import one_page
from caregiver_card.printing.layouts.print_job import Layout, PrintJob
from caregiver_card.style_sheets import points

_BAND_PT = points("sheet-band") + 2 * points("band-padding") + points("band-gap")
_GAP_PT = 6.0
_NUMBER_PT, _NAME_PT, _MEASURES_PT = 30.0, 18.0, 46.0
_FACT_PT, _CUE_PT, _SMALL_PT, _CONTACT_PT = 10.0, 10.5, 8.5, 13.0
_PAGE_MM, OFFLINE_MM = 30.0, 30.0
_ALLERGY_LINES = 5


def html(order: PrintJob) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    b, width = order.briefing, one_page.width_pt(order)
    codes = one_page.codes(order, _PAGE_MM)
    beside = one_page.remaining_width_pt(order, codes)
    note = one_page.note(b, _FACT_PT, beside)
    call, who = one_page.lines(_call(b, note), beside), one_page.lines(_who(b), width / 2)
    call_pt = max(total_height(call), *(each.height_pt for each in codes)) + _GAP_PT
    who_pt = max(total_height(who), _MEASURES_PT) + _GAP_PT
    return one_page.page(
        order,
        "sheet.html",
        _BAND_PT + call_pt + who_pt,
        _zones(b, width, one_page.more(order), "" if note else b.team_note),
        codes=codes,
        call=call,
        call_pt=call_pt,
        remaining_width_pt=beside,
        who=who,
        who_pt=who_pt,
    )


def _call(b: Briefing, note: str) -> tuple[Paragraph, ...]:
    """Whom to call, the pump team's number largest."""
    outside = f"{b.content.say('page.not_in_hospital')} {b.emergency.name}"
    pars = [
        Paragraph(outside, size_pt=13, bold=True),
        Paragraph(b.team.name, size_pt=_CUE_PT),
        Paragraph(b.team.shown, size_pt=_NUMBER_PT, bold=True),
        Paragraph(b.hospital, size_pt=_CUE_PT, bold=True),
        Paragraph(note, size_pt=_FACT_PT),
    ]
    if b.maker:
        pars.append(Paragraph(f"{b.maker.shown} ({b.maker.note})", f"{b.maker.name}:"))
    return tuple(par for par in pars if par.words)


def _who(b: Briefing) -> tuple[Paragraph, ...]:
    return (
        Paragraph(b.person.name, size_pt=_NAME_PT, bold=True),
        Paragraph(f"{b.person.born_words} · {b.person.weight}", size_pt=_CUE_PT),
    )


# What stands on it, in the order of the emergency page -----------------------------------------


def _zones(b: Briefing, width_pt: float, more: str, note: str) -> list[Zone]:
    """Everything, with what gives way first ranked highest."""
    marks = tuple(group.key for group in b.signs)
    half = Zone(((),), spread=2).room_pt(width_pt)
    noted = [_section(b, "note", 1, [Paragraph(note, size_pt=_FACT_PT)])] if note else []
    return [
        Zone(((*noted, *_person(b), *_pump(b), *_lists(b, half, more)),), spread=2),
        Zone(tuple(_signs(b, group) for group in b.signs), marks=marks),
        Zone(((*_telling(b), *_treating(b), *_rules(b), *_people(b)),), spread=2),
    ]


def _section(b: Briefing, key: str, rank: int, pars: Iterable[Paragraph]) -> SheetSection:
    return SheetSection(key, b.content.say(f"leaf.head-{key}"), tuple(pars), rank)


def _told(statements: Iterable[Statement]) -> Paragraph:
    """Whole sentences, one after the other."""
    return Paragraph(
        " ".join(f"{each.text.removesuffix('.')}." for each in statements), size_pt=_SMALL_PT
    )


def _person(b: Briefing) -> list[SheetSection]:
    say, person = b.content.say, b.person
    usual = [
        Paragraph(person.baseline, size_pt=_FACT_PT),
        Paragraph(person.communication, f"{say('page.communicates')}:", _FACT_PT),
    ]
    if person.has_wishes:
        usual.append(Paragraph(say("leaf.wishes"), bold=True))
    return [_section(b, "usual", 1, usual)]


def _pump(b: Briefing) -> list[SheetSection]:
    say = b.content.say
    named = [Paragraph(b.device, size_pt=_FACT_PT, bold=True)]
    if b.pump_name != b.device:
        named.append(Paragraph(say("leaf.pump_unknown")))
    given = (*b.dose.notes, b.location)
    found = [
        _section(b, "pump", 0, (*named, Paragraph("; ".join(given), size_pt=_FACT_PT))),
        _section(b, "mixture", 1, [Paragraph("; ".join(b.concentration.notes), size_pt=_FACT_PT)]),
        _section(b, "dates", 1, map(one_page.fact, b.dates)),
        _section(b, "giving", 2, [Paragraph(_answers(b.giving[1:]))]),
        _section(b, "oral", 1 if b.oral.items else 3, [one_page.listing(b.oral)]),
    ]
    return found


def _lists(b: Briefing, room_pt: float, more: str) -> list[SheetSection]:
    allergic = one_page.several(
        b.allergies, more, _ALLERGY_LINES, room_pt, size_pt=_FACT_PT, bold=True
    )
    return [
        _section(b, "allergies", 0, [allergic]),
        _section(b, "medicines", 1, [one_page.listing(b.medicines)]),
        _section(
            b, "risks", 4, [Paragraph(_answers((*b.person.about, *b.risks)), size_pt=_SMALL_PT)]
        ),
    ]


def _answers(facts: Iterable[Fact]) -> str:
    return "; ".join(f"{each.label}: {each.value}" for each in facts) + "."


def _signs(b: Briefing, group: SignGroup) -> tuple[SheetSection, ...]:
    """One kind of signs: what tells it, and what anyone does about it."""
    leads = (Paragraph(each.text, bullet=True) for each in group.leads)
    first = (Paragraph(group.cue, size_pt=_CUE_PT, bold=True), *leads)
    anyone = Paragraph(" ".join(each.text for each in one_page.calling(group, "anyone")), bold=True)
    return (
        SheetSection(group.key, group.title, first, title=True),
        SheetSection(f"first-{group.key}", b.content.say("leaf.head-first"), (anyone,), 1),
    )


def _treating(b: Briefing) -> list[SheetSection]:
    """What the signs call for in a hospital, then their course and the rarer ones."""
    content, (withdrawal, overdose, _) = b.content, b.signs
    caution = Paragraph(content.clinical("danger.oral_caution"), size_pt=_SMALL_PT, bold=True)
    mixed = f"{b.mixture} {content.clinical('actions.mixture')}" if b.mixture else ""
    treated = [_told(one_page.calling(withdrawal, "clinician")), caution]
    helped = [
        Paragraph(mixed, size_pt=_SMALL_PT, bold=True),
        _told(one_page.calling(overdose, "clinician")),
    ]
    found = [
        _section(b, "withdrawal_calls", 3, treated),
        _section(b, "overdose_calls", 3, [par for par in helped if par.words]),
    ]
    for group in b.signs:
        if group.course:
            found.append(_section(b, f"course-{group.key}", 9, [_told(group.course)]))
        words = "; ".join(each.text for each in group.more)
        found.append(
            _section(b, f"more-{group.key}", 9, [Paragraph(f"{words}.", size_pt=_SMALL_PT)])
        )
    return found


def _telling(b: Briefing) -> list[SheetSection]:
    tells, cautions = b.content.tagged("tells"), b.content.tagged("caution")
    every = b.content.groups["discriminators"].values()
    rest = [each for each in every if each not in (*tells, *cautions)]
    return [
        _section(b, "apart", 1, [_told(tells)]),
        _section(b, "late", 1, [_told(cautions)]),
        _section(b, "any_sign", 5, [_told(b.content.tagged("for", "any"))]),
        _section(b, "look_alikes", 8, [_told(rest)]),
    ]


def _rules(b: Briefing) -> list[SheetSection]:
    content = b.content
    alarms = [each for each in b.alarms if each.extra.get("rank") == "lead"]
    every = content.groups["do_nots"].values()
    others = [each for each in every if not each.extra.get("on_wallet")]
    return [
        _section(b, "alarms", 2, [_told(alarms)]),
        _section(b, "sounds", 9, [_told(each for each in b.alarms if each not in alarms)]),
        _section(b, "site", 7, [_told(content.ranked("pump_site", "lead"))]),
        _section(b, "mri", 2, [_told([b.mri])]),
        _section(b, "never", 1, [_told([content.statement("danger.never_line")])]),
        _section(b, "more_nots", 6, [_told(others)]),
        _section(b, "interactions", 11, [_told(content.groups["interactions"].values())]),
    ]


def _people(b: Briefing) -> list[SheetSection]:
    say = b.content.say
    first, others = one_page.contacts(b)
    note = [say("page.directives_note")] if b.directives.items else []
    wishes = [Paragraph(" ".join(["; ".join(b.directives.items) or b.directives.words, *note]))]
    clinic = [Fact(b.clinic.name, b.clinic.shown)] if b.clinic else []
    more = [par for each in others for par in one_page.contact(each, _FACT_PT, _CONTACT_PT)]
    plan = b.rescue and (
        Paragraph(b.rescue.warning, bold=True),
        Paragraph(b.rescue.text, f"{b.rescue.by}:"),
    )
    return [
        _section(b, "contacts", 0, one_page.contact(first, _FACT_PT, _CONTACT_PT)),
        *([_section(b, "others", 2, more)] if more else ()),
        _section(b, "wishes", 3, wishes),
        *([_section(b, "rescue", 3, plan)] if plan else ()),
        _section(b, "team", 8, map(one_page.fact, (*b.team_facts, *clinic))),
        _section(b, "say", 5, [Paragraph(" ".join(b.say), size_pt=_SMALL_PT)]),
        _section(b, "details", 10, [Paragraph(_answers(b.details), size_pt=_SMALL_PT)]),
    ]


LAYOUT = Layout(html, ("paper.css", "sheet.css"), one_page.expected, OFFLINE_MM, attaches=True)
