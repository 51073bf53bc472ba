"""What a caregiver's hand does: the refill update, a new minimal card, and whether each question
on the way to it is one whose answer an emergency reads."""

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

MOST_PRESSES = 40
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


def rows() -> list[Row]:
    """The presses, and the questions that are of no use."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder) as server, phone() as page:
            update = _refill(page, server.url, _owner(folder))
            presses, pages = _new_card(page, server.url)
    useless = unused()
    asked = len(list(_asked()))
    return [
        _goal("refill update, taps and keystrokes", update, MOST_PRESSES),
        Row("new minimal card, taps and keystrokes", "", f"{presses} on {pages} pages"),
        _goal(f"  of {asked} questions: used by no page", len(useless), 0, useless),
    ]


def _goal(what: str, count: int, most: int, named: list[str] | None = None) -> Row:
    value = " ".join([str(count), *(named or [])])
    return Row(what, "", value, f"<= {most}", count <= most)


def _owner(folder: Path) -> str:
    keeper = CardService(open_store(database(folder)), _WORDS)
    try:
        return keeper.add(examples.card("typical"), _NOON).owner
    finally:
        keeper.store.dispose()


def _refill(page: Page, url: str, owner: str) -> int:
    """From the owner's page to "Saved": another dose, and the next two dates."""
    page.goto(f"{url}/o/{owner}")
    hand = Hand(page)
    hand.tap("a[href$='/refill']")
    hand.type("put_in", "20")
    hand.type("regimen.daily_dose_mcg", "420")
    for path, day in (
        ("refill.next_appointment_on", date(2027, 2, 5)),
        ("refill.alarm_date", date(2027, 2, 15)),
    ):
        for name, words in answers.from_date(path, day).items():
            hand.type(name, words)
    hand.go_on()
    _expect(page, "saved.title")
    return hand.presses


def _new_card(page: Page, url: str) -> tuple[int, int]:
    """From the first page to the addresses of the new card; how often and over how many pages."""
    page.goto(f"{url}/new")
    typed = answers.from_card(examples.card("minimal"))
    # The day of the confirmation is today's, and is offered.
    typed |= answers.from_date("verified.on", _TODAY)
    hand, pages = Hand(page), 0
    hand.tap("form .buttons button")
    while (title := page.inner_text("h1")) != _WORDS.say("new.check"):
        hand.answer(_STEPS[title], typed)
        hand.go_on()
        pages += 1
        if page.inner_text("h1") == title:
            raise RuntimeError(page.inner_text("main"))
    hand.go_on("button[value=save]")
    _expect(page, "key.title")
    return hand.presses, pages


def _expect(page: Page, title: str) -> None:
    if page.inner_text("h1") != _WORDS.say(title):
        raise RuntimeError(page.inner_text("main"))


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
    else:
        for words in each.options or _OTHERWISE.get(each.kind, ("other words",)):
            yield without | {path: words}


def _page(typed: Answers) -> str | None:
    """The emergency page of these answers; nothing where they make no card."""
    card = answers.read(typed, _TODAY).card
    return emergency.page(brief(card, _WORDS), patient_day(card, _NOON)) if card else None
