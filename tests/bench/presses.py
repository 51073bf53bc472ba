"""What a caregiver's hand does: the refill update, a new card, and whether each question on the way
to it is one whose answer an emergency reads."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import load
from caregiver_card.card import values
from caregiver_card.card.patient_clock import patient_day
from caregiver_card.card_service import CardService
from caregiver_card.pages import emergency
from caregiver_card.questionnaire import answers, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows
from caregiver_card.storage.store import open_store
from tests.bench import examples
from tests.bench.figures import Row
from tests.bench.hand import Hand, phone
from tests.browser.serving import serving
from tests.servers import database

# (taps, keys): after a refill, and the typical card from nothing.
MOST_AFTER_REFILL, MOST_FROM_NOTHING = (9, 24), (45, 180)
_TODAY = date(2026, 11, 21)
_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
_WORDS = load()
_STEPS = {_WORDS.say(f"step.{each.key}.title"): each for each in steps.STEPS}
# What each kind of question may be answered with: other words make another page, or are no use.
_OTHERWISE = {
    "phone": ("+1 312 555 0177", "+44 20 7946 0199"),
    "clock": ("05:00", "07:30"),
    "country": ("US", "GB", "DE"),
    # Where it is tomorrow already.
    "zone": ("Pacific/Kiritimati",),
}


# What a first card says: what is needed, and the answers that its page shows first. A number is
# typed as it is dialled in its country, and what has more than one item has its first.
_SAID = (
    *("patient.full_name", "patient.date_of_birth", "region", "pump.maker", "pump.model"),
    *(
        "pump.location",
        "regimen.concentration_mcg_per_ml",
        "regimen.daily_dose_mcg",
        "regimen.mode",
    ),
    *("regimen.other_pump_drugs.status", "refill.last_refill_on", "refill.next_appointment_on"),
    *("refill.alarm_date", "team.hospital", "team.phone_24h", "allergies.status"),
    *("allergies.items[0]", "medicines.status", "medicines.items[0].name"),
    *("regimen.oral_baclofen.status", "contacts[0].name", "contacts[0].relation"),
    *("contacts[0].phone", "verified.by"),
)
_TYPED_SHORT = {
    "team.phone_24h": "3125550142",
    "contacts[0].phone": "3125550177",
    "contacts[0].relation": "mother",
    "verified.by": "Maria Rivera",
}


def rows() -> list[Row]:
    """The presses, and the questions that are of no use."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder) as server, phone() as page:
            update = _refill(page, server.url, _owner(folder))
            typical, pages = _new_card(page, server.url, _typical())
            minimal, _ = _new_card(page, server.url, answers.from_card(examples.card("minimal")))
    useless = unused()
    asked = len(list(_asked()))
    return [
        _pressed("after a refill: taps, keys", update, MOST_AFTER_REFILL),
        _pressed("typical card from nothing: taps, keys", typical, MOST_FROM_NOTHING),
        Row("  on so many pages", "", str(pages)),
        Row("minimal card from nothing: taps, keys", "", f"{minimal.taps}, {minimal.keys}"),
        _goal(f"  of {asked} questions: used by no page", len(useless), 0, useless),
    ]


def _pressed(what: str, hand: Hand, most: tuple[int, int]) -> Row:
    met = hand.taps <= most[0] and hand.keys <= most[1]
    return Row(what, "", f"{hand.taps}, {hand.keys}", f"<= {most[0]}, {most[1]}", met)


def _typical() -> Answers:
    card = answers.from_card(examples.card("typical"))
    said = {key: words for path in _SAID for key, words in answers.under(card, path).items()}
    return said | _TYPED_SHORT


def _goal(what: str, count: int, most: int, named: list[str] | None = None) -> Row:
    value = " ".join([str(count), *(named or [])])
    return Row(what, "", value, f"<= {most}", count <= most)


def _owner(folder: Path) -> str:
    keeper = CardService(open_store(database(folder)))
    try:
        return keeper.add(examples.card("typical"), _NOON).owner
    finally:
        keeper.store.dispose()


def _refill(page: Page, url: str, owner: str) -> Hand:
    """From the owner's page to "Saved": another dose, and the next two dates."""
    page.goto(f"{url}/o/{owner}")
    hand = Hand(page)
    hand.tap("a[href$='/refill']")
    hand.tap("[name=refill_day]")
    hand.type("put_in", "20")
    hand.type("regimen.daily_dose_mcg", "420")
    hand.date("refill.alarm_date", "15 2 27")
    hand.date("refill.next_appointment_on", "5 2 27")
    hand.go_on()
    _expect(page, "saved.title")
    return hand


def _new_card(page: Page, url: str, typed: Answers) -> tuple[Hand, int]:
    """From the first page to the addresses of the new card, and over how many pages."""
    page.goto(f"{url}/new")
    hand, pages = Hand(page), 1
    hand.tap("form .buttons button")
    while (title := page.inner_text("h1")) != _WORDS.say("new.check"):
        hand.answer(_STEPS[title], typed)
        hand.go_on()
        pages += 1
        if page.inner_text("h1") == title:
            raise RuntimeError(page.inner_text("main")[:1000])
    # The day of the confirmation is today's, and is offered.
    hand.type("verified.by", typed["verified.by"])
    hand.go_on("button[value=save]")
    _expect(page, "key.title")
    return hand, pages


def _expect(page: Page, title: str) -> None:
    if page.inner_text("h1") != _WORDS.say(title):
        raise RuntimeError(page.inner_text("main")[:1000])


# Questions that no page uses ------------------------------------------------------------------


def unused() -> list[str]:
    """The questions of /new whose answer changes no emergency page, whatever it is."""
    bases = [answers.from_card(examples.card(name)) for name in examples.NAMES]
    # None of the examples has a pump of constant flow.
    bases.append(
        bases[0] | {"regimen.mode": "constant_flow", "regimen.flow_ml_per_day": "0.2"},
    )
    return [path for each, path in _asked() if not _matters(each, path, bases)]


def _asked() -> Iterator[tuple[Field, str]]:
    """Every question on the way to a new card; of a list, those of its first row."""
    for step in steps.STEPS:
        for each in step.fields if step.first else ():
            if isinstance(each, Rows):
                yield from ((field, f"{each.path}[0].{field.path}") for field in each.fields)
            else:
                yield each, each.path


def _matters(each: Field, path: str, bases: list[Answers]) -> bool:
    return any(
        other is not None and other != _page(base)
        for base in bases
        for other in (_page(changed) for changed in _changed(each, path, base))
    )


def _changed(each: Field, path: str, base: Answers) -> Iterator[Answers]:
    """The same answers with others to one question, and with none."""
    without = answers.without(base, path)
    yield without
    if each.kind == "date":
        raw = answers.join_dates(base).get(path, "")
        stated = date.fromisoformat(raw) if raw else _TODAY
        for days in (1, -1, 40, -40):
            yield without | answers.from_date(path, stated + timedelta(days))
    elif each.kind == "number":
        # Near what was stated: what has to fit the dose still does.
        stated_number = Decimal(base.get(path, "20"))
        yield without | {path: values.format_number(round(stated_number * Decimal("1.01"), 4))}
        # Some numbers are whole.
        yield without | {path: values.format_number(stated_number + 1)}
    else:
        for words in each.options or _OTHERWISE.get(each.kind, ("other words",)):
            yield without | {path: words}


def _page(typed: Answers) -> str | None:
    """The emergency page of these answers; nothing where they make no card."""
    card = answers.read(typed, _TODAY).card
    return emergency.page(brief(card, _WORDS), patient_day(card, _NOON)) if card else None
