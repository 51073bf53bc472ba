"""The ``Briefing``: a card and the clinical content as finished words, in reading order.

Every page and print starts from this one value. It holds for every day: each notice carries the
days on which it applies, and ``Briefing.on(day)`` picks those of one day.
"""

from dataclasses import dataclass
from datetime import date

from caregiver_card.briefing import (
    alert_texts,
    call_texts,
    card_texts,
    isolates,
    languages,
    page_facts,
    pump_texts,
    rescue_texts,
)
from caregiver_card.briefing.alert_texts import AlertText
from caregiver_card.briefing.call_texts import CallNumber, ContactText
from caregiver_card.briefing.card_texts import Fact, ListText
from caregiver_card.briefing.content import Content, Statement
from caregiver_card.briefing.pump_texts import Measure
from caregiver_card.briefing.rescue_texts import RescueText
from caregiver_card.briefing.sign_groups import SignGroup, signs
from caregiver_card.card import printed_facts, pump_models, reservoir
from caregiver_card.card.alert_schedule import alert_order
from caregiver_card.card.model import Card
from caregiver_card.card.printed_facts import Facts
from caregiver_card.card.reservoir import LowDay


@dataclass(frozen=True, slots=True)
class PatientText:
    """Who the patient is."""

    name: str
    born: date
    born_words: str
    weight: str
    about: tuple[Fact, ...]
    baseline: str
    has_baseline: bool
    communication: str
    has_communication: bool
    has_wishes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """Everything that a page can show, in the order of the emergency page."""

    content: Content
    # Of the card: that of its free text, and of the pump team.
    language: str
    region: str
    what: Statement
    stop: Statement
    emergency: CallNumber
    team: CallNumber
    hospital: str
    team_note: str
    clinic: CallNumber | None
    maker: CallNumber | None
    maker_checked: str
    # To the pump team, so in its language; and what they mean, in the reader's.
    say: tuple[str, ...]
    say_here: tuple[str, ...]
    notices: tuple[AlertText, ...]
    person: PatientText
    dose: Measure
    concentration: Measure
    mode: str
    pump_drugs: ListText
    device: str
    pump_name: str
    location: str
    dates: tuple[Fact, ...]
    details: tuple[Fact, ...]
    mixture: str
    cautions: tuple[str, ...]
    doubts: tuple[str, ...]
    giving: tuple[Fact, ...]
    oral: ListText
    oral_backup: bool
    low_day: LowDay | None
    alarm_date: Fact
    refill: Fact
    risks: tuple[Fact, ...]
    in_pump: tuple[Fact, ...]
    risks_by_answer: tuple[Fact, ...]
    allergies: ListText
    medicines: ListText
    signs: tuple[SignGroup, ...]
    alarms: tuple[Statement, ...]
    alarm_sounds: Fact
    mri: Statement
    mri_line: Statement
    contacts: tuple[ContactText, ...]
    directives: ListText
    rescue: RescueText | None
    team_facts: tuple[Fact, ...]
    confirmed_on: date
    confirmed: str
    version: str
    review: str
    # What a print in English says where its own language could not be printed; else empty.
    instead: str
    time_zone: str
    facts: Facts

    @property
    def language_name(self) -> str:
        """The own name of the card's language."""
        return languages.name(self.language)

    @property
    def is_foreign(self) -> bool:
        """Whether the reader's language is not that of the card's free text."""
        return self.content.language != self.language

    def on(self, today: date) -> list[AlertText]:
        """Return the notices that hold on ``today``, the most severe first."""
        held = (each for each in self.notices if each.alert.is_current(today))
        return sorted(held, key=lambda each: alert_order(each.alert))


_OWN = (Briefing, PatientText, RescueText, CallNumber, ContactText, Measure, Fact, ListText)


def brief(card: Card, content: Content, version: int | None = None) -> Briefing:
    """Return the briefing of ``card``; ``version`` is its number, ``None`` if it is not stored."""
    family = pump_models.find_family(card.pump.maker, card.pump.model)
    own = languages.content_for(card)
    found = Briefing(
        content=content,
        language=own.language,
        region=card.region,
        what=content.statement("danger.what"),
        stop=content.statement("danger.stop"),
        emergency=call_texts.emergency(card, content),
        team=call_texts.team(card, content),
        hospital=card.team.hospital,
        team_note=card.team.note or "",
        clinic=call_texts.clinic(card, content),
        maker=call_texts.maker(card, content),
        maker_checked=call_texts.maker_checked(card, content),
        say=call_texts.words_to_say(card, own),
        say_here=() if content.language == own.language else call_texts.words_to_say(card, content),
        notices=alert_texts.all_texts(card, content),
        person=_person(card, content),
        dose=pump_texts.dose(card, content),
        concentration=pump_texts.concentration(card, content),
        mode=card_texts.mode(card, content),
        pump_drugs=card_texts.pump_drugs(card, content),
        device=f"{card.pump.maker} {card.pump.model}",
        pump_name=card_texts.pump(card, content),
        location=card.pump.location,
        dates=pump_texts.dates(card, content),
        details=pump_texts.details(card, family, content),
        mixture=pump_texts.mixture(card, content),
        cautions=pump_texts.cautions(card, content),
        doubts=pump_texts.doubts(card, content),
        giving=pump_texts.giving(card, content),
        oral=card_texts.oral(card.regimen.oral_baclofen, content),
        oral_backup=card_texts.is_backup(card.regimen.oral_baclofen),
        low_day=reservoir.low_day(card),
        alarm_date=card_texts.alarm_date(card, content),
        refill=card_texts.refill(card, content),
        risks=card_texts.risks(card, content),
        in_pump=page_facts.in_pump(card, content),
        risks_by_answer=page_facts.risks_by_answer(card, content),
        allergies=card_texts.allergies(card, content),
        medicines=card_texts.medicines(card, content),
        signs=signs(content),
        alarms=pump_texts.alarms(card, family, content),
        alarm_sounds=pump_texts.alarm_sounds(card, family, content),
        mri=content.statement(f"mri.{family.mri if family else 'unknown_pump'}"),
        mri_line=content.statement(f"danger.{family.mri_card if family else 'mri_unknown'}"),
        contacts=call_texts.contacts(card),
        directives=card_texts.directives_text(card, content),
        rescue=rescue_texts.rescue(card, content),
        team_facts=call_texts.team_facts(card, content),
        confirmed_on=card.verified.on,
        confirmed=content.say("page.confirmed", day=card.verified.on, by=card.verified.by),
        version=content.say("page.version", version=version)
        if version
        else content.say("page.version_none"),
        review=review(content),
        instead="",
        time_zone=card.time_zone or "",
        facts=printed_facts.facts(card),
    )
    skip = ["facts", "language", "region", "time_zone", "dial", "status", "unit", "written"]
    # A model may break before its unit.
    skip += [] if content.is_rtl else ["device"]
    return isolates.protect_texts(found, _OWN, skip, content.is_rtl)


def review(content: Content) -> str:
    """Return whether a clinician has reviewed the clinical statements, in words."""
    statements = content.statements
    reviewed = [each for each in statements if each.reviewed_by]
    waiting, total = len(statements) - len(reviewed), len(statements)
    if not reviewed:
        return content.say("page.review_none")
    day = date.fromisoformat(min(each.reviewed_on for each in reviewed))
    found = (
        content.say("page.review_some", count=waiting, total=total)
        if waiting
        else content.say("page.review_all", day=day)
    )
    who = content.join_and(sorted({each.reviewed_by for each in reviewed}))
    return f"{found} {content.say('page.review_by', who=who, day=day)}"


def _person(card: Card, content: Content) -> PatientText:
    patient = card.patient
    about = (
        Fact(content.say("page.reason"), patient.reason_for_pump or "", written="value"),
        Fact(content.say("page.record"), patient.record_number or ""),
    )
    weight = patient.weight_kg
    return PatientText(
        name=patient.full_name,
        born=patient.date_of_birth,
        born_words=content.say("page.born", day=patient.date_of_birth),
        weight=content.say("page.weight", kg=weight) if weight else content.say("page.weight_none"),
        about=tuple(fact for fact in about if fact.value),
        baseline=patient.baseline or content.say("page.baseline_none"),
        has_baseline=bool(patient.baseline),
        has_communication=bool(patient.communication),
        communication=patient.communication or content.say("page.communication_none"),
        has_wishes=bool(card.directives and card.directives.status == "listed"),
    )
