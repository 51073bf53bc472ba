"""A card and the clinical content -> what a stranger must read, in order, in finished words.

The one value that every writer starts from. It holds for every day: its notices carry the days
on which they hold, and ``Briefing.on(day)`` picks those of one.
"""

from dataclasses import dataclass
from datetime import date

from caregiver_card import notices, phrases, pumps, schedule, values
from caregiver_card.card import Card
from caregiver_card.content import Content, Statement
from caregiver_card.notices import Notice
from caregiver_card.phrases import Fact, Listing
from caregiver_card.schedule import LowDay, gravity


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number: as it is read, as it is dialled, and whose it is."""

    shown: str
    dial: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who the patient is."""

    name: str
    born: date
    born_words: str
    weight: str
    about: tuple[Fact, ...]
    baseline: str
    communication: str
    has_wishes: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that must never be parted from its unit."""

    label: str
    number: str
    unit: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignGroup:
    """Withdrawal, overdose or allergy: the first signs, the rest, and what it calls for."""

    key: str
    title: str
    cue: str
    line: str
    leads: tuple[Statement, ...]
    more: tuple[Statement, ...]
    calls_for: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Somebody to ask about the patient."""

    name: str
    relation: str
    about: str
    number: Number | None


@dataclass(frozen=True, slots=True)
class Rescue:
    """The team's own plan, in its own words."""

    text: str
    by: str
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """Everything, in the order of DESIGN "The emergency page"."""

    content: Content
    what: str
    stop: str
    emergency: Number
    team: Number
    hospital: str
    team_note: str
    clinic: Number | None
    maker: Number | None
    maker_for: str
    say: tuple[str, ...]
    notices: tuple[Notice, ...]
    person: Person
    dose: Measure
    concentration: Measure
    mode: str
    pump_drugs: Listing
    pump_name: str
    location: str
    pump_facts: tuple[Fact, ...]
    periods: tuple[Fact, ...]
    oral: Listing
    low_day: LowDay | None
    alarm_date: Fact
    refill: Fact
    risks: tuple[Fact, ...]
    allergies: Listing
    medicines: Listing
    signs: tuple[SignGroup, ...]
    alarms: tuple[Statement, ...]
    mri: Statement
    mri_line: str
    contacts: tuple[Relation, ...]
    directives: Listing
    rescue: Rescue | None
    team_facts: tuple[Fact, ...]
    confirmed_on: date
    confirmed: str
    version: str
    review: str
    time_zone: str

    def on(self, today: date) -> list[Notice]:
        """The notices that hold on ``today``, gravest first."""
        held = (each for each in self.notices if each.alert.holds(today))
        return sorted(held, key=lambda each: gravity(each.alert))


def brief(card: Card, content: Content, version: int | None = None) -> Briefing:
    """The briefing of ``card`` in the words of ``content``; ``version`` counts its savings."""
    family = pumps.family(card.pump.maker, card.pump.model)
    return Briefing(
        content=content,
        what=content.clinical("danger.what"),
        stop=content.clinical("danger.stop"),
        emergency=_emergency(card, content),
        team=_number(
            card.team.phone_24h,
            content.say("page.call_team"),
            ". ".join(filter(None, [card.team.hospital, card.team.note])),
        ),
        hospital=card.team.hospital,
        team_note=card.team.note or "",
        clinic=_clinic(card, content),
        maker=_maker(card, content),
        maker_for=(card.maker_support.meant_for or "") if card.maker_support else "",
        say=_words_to_say(card, content),
        notices=notices.notices(card, content),
        person=_person(card, content),
        dose=_dose(card, content),
        concentration=_concentration(card, content),
        mode=phrases.mode(card, content),
        pump_drugs=phrases.pump_drugs(card, content),
        pump_name=f"{card.pump.maker} {card.pump.model}",
        location=card.pump.location,
        pump_facts=_pump_facts(card, family, content),
        periods=tuple(
            Fact(f"{row.start} – {row.end}", f"{phrases.plain(row.mcg)} mcg")
            for row in card.regimen.schedule
        ),
        oral=phrases.oral(card.regimen.oral_baclofen, content),
        low_day=schedule.low_day(card),
        alarm_date=phrases.alarm_date(card, content),
        refill=phrases.refill(card, content),
        risks=phrases.risks(card, content),
        allergies=phrases.allergies(card, content),
        medicines=phrases.medicines(card, content),
        signs=signs(content),
        alarms=_alarms(card, family, content),
        mri=content.statement(f"mri.{family.mri if family else 'unknown_pump'}"),
        mri_line=content.clinical(f"danger.{family.mri_card if family else 'mri_unknown'}"),
        contacts=_contacts(card, content),
        directives=_directives(card, content),
        rescue=_rescue(card, content),
        team_facts=_team_facts(card, content),
        confirmed_on=card.verified.on,
        confirmed=content.say("page.confirmed", day=card.verified.on, by=card.verified.by),
        version=content.say("page.version", version=version) if version else "",
        review=review(content),
        time_zone=card.time_zone or "",
    )


def signs(content: Content) -> tuple[SignGroup, ...]:
    """The three groups of signs, with no patient in them."""
    return tuple(
        SignGroup(
            key=key,
            title=content.say(f"page.{key}"),
            cue=content.clinical(f"danger.{key}_cue"),
            line=content.clinical(f"danger.{key}_line"),
            leads=tuple(each for each in content.groups[key].values() if each.leads),
            more=tuple(each for each in content.groups[key].values() if not each.leads),
            calls_for=tuple(
                each
                for each in content.groups["actions"].values()
                if each.key.startswith(f"{key}_")
            ),
        )
        for key in ("withdrawal", "overdose", "allergy")
    )


def review(content: Content) -> str:
    """Whether a clinician has reviewed the clinical statements, in words."""
    statements = content.statements
    waiting = sum(not each.reviewed_by for each in statements)
    if waiting == len(statements):
        return content.say("page.review_none")
    if waiting:
        return content.say("page.review_some", count=waiting, total=len(statements))
    return content.say("page.review_all", day=min(each.reviewed_on for each in statements))


def _number(e164: str, name: str, note: str = "") -> Number:
    return Number(values.phone_as_read(e164), e164, name, note)


def _emergency(card: Card, content: Content) -> Number:
    """What to dial outside a hospital; ``dial`` is empty where no number is known for sure."""
    short = content.emergency_number(card.region)
    if not short:
        words = content.say("page.call_local")
        return Number(words, "", words)
    return Number(short, short, content.say("page.call_number", number=short))


def _clinic(card: Card, content: Content) -> Number | None:
    team = card.team
    if not team.phone_clinic:
        return None
    return _number(team.phone_clinic, content.say("page.clinic_line"), team.clinic or "")


def _maker(card: Card, content: Content) -> Number | None:
    support = card.maker_support
    if not support:
        return None
    if support.checked_on:
        checked = content.say("page.maker_checked", day=support.checked_on)
    else:
        checked = content.say("page.maker_unchecked")
    return _number(support.phone, content.say("page.maker_line"), checked)


def _words_to_say(card: Card, content: Content) -> tuple[str, ...]:
    drugs = phrases.pump_drugs(card, content)
    others = content.say("page.other_drugs") + ": " + ", ".join(drugs.items)
    return (
        content.say("say.situation", name=card.patient.full_name, born=card.patient.date_of_birth),
        content.say(
            "say.background",
            pump=f"{card.pump.maker} {card.pump.model}",
            location=card.pump.location,
            strength=phrases.plain(card.regimen.concentration_mcg_per_ml),
            dose=phrases.plain(card.regimen.daily_dose_mcg),
            mode=phrases.mode(card, content),
            others=others if drugs.items else drugs.words,
            refill=card.refill.last_refill_on,
            alarm=phrases.alarm_date(card, content).value,
        ),
        content.say("say.seen"),
        content.say("say.need"),
    )


def _person(card: Card, content: Content) -> Person:
    patient = card.patient
    about = (
        Fact(content.say("page.reason"), patient.reason_for_pump or ""),
        Fact(content.say("page.record"), patient.record_number or ""),
    )
    weight = patient.weight_kg
    return Person(
        name=patient.full_name,
        born=patient.date_of_birth,
        born_words=content.say("page.born", day=patient.date_of_birth),
        weight=content.say("page.weight", kg=phrases.plain(weight))
        if weight
        else content.say("page.weight_none"),
        about=tuple(fact for fact in about if fact.value),
        baseline=patient.baseline or content.say("page.baseline_none"),
        communication=patient.communication or content.say("page.communication_none"),
        has_wishes=bool(card.directives and card.directives.status == "listed"),
    )


def _dose(card: Card, content: Content) -> Measure:
    regimen = card.regimen
    notes = [phrases.mode(card, content)]
    notes.append(phrases.unusual(card, "regimen.daily_dose_mcg", content))
    return Measure(
        content.say("page.dose"),
        phrases.plain(regimen.daily_dose_mcg),
        "mcg",
        tuple(filter(None, notes)),
    )


def _concentration(card: Card, content: Content) -> Measure:
    regimen, drugs = card.regimen, phrases.pump_drugs(card, content)
    notes = [content.say("page.compounded")] if regimen.compounded else []
    notes.append(phrases.unusual(card, "regimen.concentration_mcg_per_ml", content))
    if not drugs.items:
        notes.append(drugs.words)
    return Measure(
        content.say("page.concentration"),
        phrases.plain(regimen.concentration_mcg_per_ml),
        "mcg/mL",
        tuple(filter(None, notes)),
    )


def _pump_facts(card: Card, family: pumps.Family | None, content: Content) -> tuple[Fact, ...]:
    """The pump's own data; what a stranger would look for is said to be missing when it is."""
    pump, say, unrecorded = card.pump, content.say, content.say("status.not_recorded")
    sounds = pump.alarms or (family.alarm if family else None)

    def volume(ml: object) -> str:
        return say("page.reservoir_value", ml=values.plain(ml)) if ml is not None else unrecorded

    def day(on: date | None) -> str:
        return content.day(on) if on else unrecorded

    facts = [
        Fact(say("page.next_refill"), day(card.refill.next_appointment_on)),
        Fact(say("page.replace_by"), day(pump.replace_by)),
        Fact(say("page.last_change"), phrases.change(card, content)),
        Fact(say("page.reservoir"), volume(pump.reservoir_ml)),
        Fact(say("page.alarm_volume"), volume(pump.alarm_volume_ml)),
        Fact(
            say("page.access_port"),
            say(f"page.access_port-{pump.catheter_access_port or 'not_recorded'}"),
        ),
        Fact(say("page.catheter"), pump.catheter or unrecorded),
        Fact(say("page.alarms"), say(f"page.alarms-{sounds}") if sounds else unrecorded),
        Fact(say("page.implanted"), day(pump.implanted_on)),
        Fact(say("page.serial"), pump.serial or unrecorded),
    ]
    flowing = phrases.flow(card, content)
    if flowing:
        facts.insert(0, Fact(say("page.flow"), flowing))
    return tuple(facts)


def _alarms(card: Card, family: pumps.Family | None, content: Content) -> tuple[Statement, ...]:
    """What an alarm means; the SynchroMed tones only where this pump is known to have them."""
    sounds = card.pump.alarms or (family.alarm if family else "unknown")
    return tuple(
        each
        for each in content.groups["alarms"].values()
        if "applies_to" not in each.extra or sounds == "single_and_two_tone"
    )


def _contacts(card: Card, content: Content) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            each.name,
            each.relation or "",
            phrases.who(each),
            _number(each.phone, each.name) if each.phone else None,
        )
        for each in card.contacts
    )


def _directives(card: Card, content: Content) -> Listing:
    wish = card.directives
    items = [wish.text] if wish and wish.text else []
    return phrases.listed("directives", wish.status if wish else None, items, content)


def _rescue(card: Card, content: Content) -> Rescue | None:
    plan = card.regimen.rescue_plan
    if not plan:
        return None
    on = content.day(plan.written_on) if plan.written_on else content.say("page.rescue_undated")
    return Rescue(
        plan.text,
        content.say("page.rescue_by", by=plan.written_by, on=on),
        content.say("page.rescue_warning", note=content.clinical("danger.oral_overdose_note")),
    )


def _team_facts(card: Card, content: Content) -> tuple[Fact, ...]:
    team = card.team
    named = (
        ("hospital", team.hospital),
        ("clinic", team.clinic),
        ("physician", team.physician),
        ("implanted_by", team.implanted_by),
    )
    unrecorded = content.say("status.not_recorded")
    return tuple(Fact(content.say(f"page.{key}"), value or unrecorded) for key, value in named)
