"""The facts of a card grouped as a screen shows them: one row a subject or an answer."""

from caregiver_card.briefing import card_texts, pump_texts
from caregiver_card.briefing.card_texts import Fact
from caregiver_card.briefing.content import Content
from caregiver_card.card.model import Card

# In the order in which they are read.
_ANSWERS = ("yes", "no", "unknown")


def in_pump(card: Card, content: Content) -> tuple[Fact, ...]:
    """Return which pump it is, what it gives in a day, its dates, and baclofen by mouth.

    Other drugs in the pump stand with the concentration.
    """
    flow = card_texts.flow(card, content)
    return (
        pump_texts.which(card, content),
        *((Fact(content.say("page.flow"), flow),) if flow else ()),
        *_each_day(card, content),
        pump_texts.last_change(card, content),
        *pump_texts.dates(card, content),
        _oral(card, content),
    )


def _each_day(card: Card, content: Content) -> tuple[Fact, ...]:
    periods = [
        content.say("page.period", start=row.start, end=row.end, mcg=row.mcg)
        for row in card.regimen.schedule
    ]
    return (Fact(content.say("page.each_day"), "\n".join(periods)),) if periods else ()


def _oral(card: Card, content: Content) -> Fact:
    oral = card_texts.oral(card.regimen.oral_baclofen, content)
    words = "; ".join(oral.items) or oral.words
    return Fact(content.say("page.oral"), words, recorded=oral.status != "not_recorded")


def risks_by_answer(card: Card, content: Content) -> tuple[Fact, ...]:
    """Return the risks grouped by their answer, and each that has none."""
    recorded = card.patient.risks
    named: dict[str, list[str]] = {answer: [] for answer in (*_ANSWERS, "")}
    for name in card_texts.RISKS:
        answer = (getattr(recorded, name) if recorded else None) or ""
        named[answer].append(content.say(f"risk.{name}"))
    missing = content.say("status.not_recorded")
    return (
        *(
            Fact(content.say(f"answer.{answer}"), "; ".join(named[answer]), strong=answer == "yes")
            for answer in _ANSWERS
            if named[answer]
        ),
        *(Fact(each, missing, recorded=False) for each in named[""]),
    )
