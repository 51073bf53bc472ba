"""What a person reads in the summary: the page's own words, in simple XHTML.

Most record systems show these and not the entries. They hold only ``p``, ``ul``, ``li`` and ``b``.
"""

from collections.abc import Iterable
from html import escape

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import Fact, ListText
from caregiver_card.briefing.statements import Statement
from caregiver_card.card.model import Card


def div(b: Briefing, *parts: str) -> str:
    """A narrative of finished parts, in the language of the briefing."""
    tag = b.content.language
    direction = ' dir="rtl"' if b.content.is_rtl else ""
    head = f'<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="{tag}" lang="{tag}"{direction}>'
    return f"{head}{''.join(parts)}</div>"


def lines(words: Iterable[str]) -> str:
    """A list."""
    return f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in words)}</ul>"


def paragraph(words: str) -> str:
    """A paragraph."""
    return f"<p>{escape(words)}</p>"


def fact(each: Fact) -> str:
    """A fact in one line, with what qualifies it."""
    note = f" ({each.note})" if each.note else ""
    return f"{each.label}: {each.value}{note}".replace("\n", "; ")


def listed(label: str, found: ListText) -> str:
    """A list in one line, or what is known where there is none."""
    return f"{label}: {'; '.join(found.items) or found.words}"


def with_english(statement: Statement) -> str:
    """A statement, and the English where nobody checked its translation."""
    return f"{statement.text} [{statement.beneath}]" if statement.beneath else statement.text


def danger(card: Card, b: Briefing) -> str:
    """What it is, that a stop is an emergency, and whom to call at any hour."""
    said = ". ".join(with_english(each).rstrip(".") for each in (b.what, b.stop))
    return f"{said}. {b.team.name}: {card.team.phone_24h}"


def low_day(b: Briefing) -> str:
    """The day on which the reservoir runs low, called what it is."""
    return fact(b.alarm_date)


def alerts(card: Card, b: Briefing) -> tuple[str, ...]:
    """The alerts, and the signs of withdrawal, overdose and allergy."""
    clinical = b.content.clinical
    signs = (f"{each.title}: {clinical(f'danger.{each.key}_line')}" for each in b.signs)
    words = (danger(card, b), with_english(b.mri_line), low_day(b))
    return lines(words), *map(paragraph, signs)


def problems(b: Briefing) -> tuple[str, ...]:
    """Why the person has the pump, and what makes it riskier."""
    return (lines(map(fact, (*b.person.about, *b.risks))),)


def dose(b: Briefing) -> str:
    """What the pump gives, whole: the dose, the strength, the mode and every period."""
    measures = (f"{each.label}: {each.number} {each.unit}" for each in (b.dose, b.concentration))
    each_day = [fact(each) for each in b.in_pump if each.label == b.content.say("page.each_day")]
    return "; ".join((*measures, b.mode, *each_day))


def medicines(b: Briefing) -> tuple[str, ...]:
    """What is in the pump, baclofen by mouth, and the other medicines."""
    say = b.content.say
    pump = [f"{say('page.in_pump')}: {dose(b)}", listed(say("page.other_drugs"), b.pump_drugs)]
    rest = [listed(say("page.oral"), b.oral), listed(say("page.medicines"), b.medicines)]
    return (lines([*pump, *rest, *b.cautions]),)


def devices(b: Briefing) -> tuple[str, ...]:
    """The pump, its dates and details, and its MRI rule."""
    pump = f"{b.pump_name}, {b.location}"
    facts = map(fact, (*b.dates, *b.details))
    return (lines((pump, *facts, with_english(b.mri))),)


def baseline(b: Briefing) -> tuple[str, ...]:
    """What is normal for this person, and how they communicate."""
    say, who = b.content.say, b.person
    return (
        paragraph(f"{say('page.normal')}: {who.baseline}"),
        paragraph(f"{say('page.communicates')}: {who.communication}"),
    )


def wishes(b: Briefing) -> tuple[str, ...]:
    """What is reported of wishes; never an order that a machine could read."""
    said = tuple(map(paragraph, b.directives.items))
    note = (paragraph(b.content.say("page.directives_note")),) if said else ()
    return (*note, *(said or (paragraph(b.directives.words),)))


def plan(b: Briefing) -> tuple[str, ...]:
    """The next refill, and the team's own plan with its author and day."""
    say, found = b.content.say, list(map(fact, b.dates[:3]))
    if b.rescue:
        words = f"{b.rescue.text} ({b.rescue.by}) {b.rescue.warning}"
        found.append(f"{say('page.rescue')}: {words}")
    else:
        found.append(say("page.rescue_none"))
    return (lines(found),)


def more(b: Briefing) -> tuple[str, ...]:
    """Who confirmed it, and what it is not."""
    say = b.content.say
    state = [say(f"page.{b.content.state}")] if b.content.state else []
    return tuple(map(paragraph, (b.confirmed, b.version, b.review, *state, say("page.no_device"))))
