"""Whom to call, in order, and what to say: the telephone numbers of a card in words."""

from dataclasses import dataclass

from caregiver_card.briefing import card_texts, isolates, languages, pump_texts
from caregiver_card.briefing.card_texts import Fact
from caregiver_card.briefing.content import Content
from caregiver_card.card import telephones
from caregiver_card.card.model import Card


@dataclass(frozen=True, slots=True)
class CallNumber:
    """A telephone number as it is read and as it is dialled, and whose it is."""

    shown: str
    dial: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContactText:
    """A person or place to ask about the patient."""

    name: str
    relation: str
    about: str
    number: CallNumber | None


def emergency(card: Card, content: Content) -> CallNumber:
    """Return the number to dial outside a hospital; ``dial`` is empty where no source gives one."""
    short = content.emergency_number(card.region)
    if not short:
        call_local = content.say("page.call_local")
        return CallNumber(call_local, "", call_local)
    if content.language == languages.content_for(card).language:
        return CallNumber(short, short, content.say("page.call_number", number=short))
    # Whoever reads another language may be in another country.
    country = content.country(card.region)
    return CallNumber(short, short, content.say("page.call_there", number=short, country=country))


def team(card: Card, content: Content) -> CallNumber:
    """Return the pump team's number for any hour."""
    note = ". ".join(filter(None, [card.team.hospital, card.team.note]))
    return _number(card.team.phone_24h, content.say("page.call_team"), note)


def clinic(card: Card, content: Content) -> CallNumber | None:
    """Return the pump clinic's number for office hours, if it is recorded."""
    team = card.team
    if not team.phone_clinic:
        return None
    return _number(team.phone_clinic, content.say("page.clinic_line"), team.clinic or "")


def maker(card: Card, content: Content) -> CallNumber | None:
    """Return the maker's line for clinicians, with the day on which somebody last checked it."""
    support = card.maker_support
    if not support:
        return None
    note = "; ".join(filter(None, [support.meant_for, maker_checked(card, content)]))
    return _number(support.phone, content.say("page.maker_line"), note)


def maker_checked(card: Card, content: Content) -> str:
    """Return when the maker's number was last checked."""
    support = card.maker_support
    if support and support.checked_on:
        return content.say("page.maker_checked", day=support.checked_on)
    return content.say("page.maker_unchecked")


def words_to_say(card: Card, content: Content) -> tuple[str, ...]:
    """Return what to say on the telephone: situation, background, signs seen, what is needed."""
    drugs, oral = (
        card_texts.pump_drugs(card, content),
        card_texts.oral(card.regimen.oral_baclofen, content),
    )
    others = content.say("page.other_drugs") + ": " + isolates.join_isolated(drugs.items, ", ")
    return (
        content.say("say.situation", name=card.patient.full_name, born=card.patient.date_of_birth),
        content.say(
            "say.background",
            pump=card_texts.pump(card, content),
            location=card.pump.location,
            strength=card.regimen.concentration_mcg_per_ml,
            dose=card.regimen.daily_dose_mcg,
            mode=card_texts.mode(card, content),
            others=others if drugs.items else drugs.words,
            refill=card.refill.last_refill_on,
            alarm=card_texts.alarm_date(card, content).value,
            change=card_texts.change(card, content),
            oral=", ".join(oral.items) or oral.words,
        ),
        content.say("say.seen"),
        content.say("say.need"),
        _if_no_answer(card, content),
    )


def _if_no_answer(card: Card, content: Content) -> str:
    """Return whom else to call, as far as the card knows."""
    others = [
        content.say("say.no_answer_number", name=number.name, number=number.shown)
        for number in (maker(card, content), clinic(card, content))
        if number
    ]
    return content.say("say.no_answer", others="".join(others))


def contacts(card: Card) -> tuple[ContactText, ...]:
    """Return the people and places to ask about the patient."""
    return tuple(
        ContactText(
            contact.name,
            contact.relation or "",
            card_texts.contact_description(contact),
            _number(contact.phone, contact.name) if contact.phone else None,
        )
        for contact in card.contacts
    )


def team_facts(card: Card, content: Content) -> tuple[Fact, ...]:
    """Return who the pump team is."""
    team = card.team
    values_by_key = (
        ("hospital", team.hospital),
        ("clinic", team.clinic),
        ("physician", team.physician),
        ("implanted_by", team.implanted_by),
        # A recorded one stands among the numbers.
        *(() if card.maker_support else (("maker_line", None),)),
    )
    return tuple(pump_texts.optional(f"page.{key}", value, content) for key, value in values_by_key)


def _number(e164: str, name: str, note: str = "") -> CallNumber:
    return CallNumber(telephones.format_phone(e164), e164, name, note)


def to_dial(team: CallNumber, emergency: CallNumber) -> dict[str, list[str]]:
    """Return what a phone's start page dials: words, number and how it is shown, by kind."""
    return {
        kind: [number.name, number.dial, number.shown]
        for kind, number in (("team", team), ("emergency", emergency))
        if number.dial
    }
