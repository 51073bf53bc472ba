"""A person without script makes a card and keeps it right: every page, every refusal."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.questionnaire import answers, confirmations, field_paths, steps
from caregiver_card.questionnaire.step_types import Field, Rows, Step
from tests.cast import WORDS, absent, alex, card_of, sam, tuyet
from tests.web.client import Site
from tests.web.filling import Filled, day, open_page

# The day of "today" on the form after a refill.
TODAY, YESTERDAY = "2026-11-21", "2026-11-20"


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without script."""
    return site.app.test_client()


def _owner(page: Filled) -> str:
    return page.answer.request.path.split("/")[2]


def _typed(card: Card, step: Step) -> dict[str, Any]:
    """What a person would type on a step's page to say what a card says."""
    typed: dict[str, Any] = {}
    flat = answers.from_card(card)
    for field in step.fields:
        for path in answers.under(flat, field.path):
            part = path.rpartition("-")
            name = part[0] if part[2] in answers.DATE_BOXES else path
            typed[name] = answers.date_boxes(flat, name) if name != path else flat[path]
    return typed


def _rows(card: Card, step: Step) -> dict[str, int]:
    flat, found = answers.from_card(card), {}
    for field in step.fields:
        if isinstance(field, Rows):
            under = answers.under(flat, field.path)
            found[field.path] = len({path.split("]")[0] for path in under})
    return found


def _fill(page: Filled, card: Card, step: Step) -> Filled:
    """Fill one page in, with as many rows as it takes, and go on."""
    typed = _typed(card, step)
    for path, count in _rows(card, step).items():
        for index in range(count - 1):
            row = {name: words for name, words in typed.items() if f"{path}[{index}]" in name}
            page = _press(page, f"add:{path}", row)
    page = page.send(typed)
    while page.questions and page.heading == WORDS.say(f"step.{step.key}.title"):
        assert not page.errors, page.errors
        page = page.confirm()
    return page


def _press(page: Filled, go: str, typed: dict[str, Any] | None = None) -> Filled:
    """Press a button that has a name of its own."""
    buttons = [each.get("value") for each in page.page.having("button", name="go")]
    assert go in buttons, (go, buttons)
    return page.send({**(typed or {}), "go": go})


def _begin(client: FlaskClient) -> Filled:
    start = open_page(client, "/new")
    return start.send()


def _make(client: FlaskClient, card: Card) -> Filled:
    page = _begin(client)
    by_title = {WORDS.say(f"step.{each.key}.title"): each for each in steps.STEPS}
    for _ in range(40):
        if page.heading == WORDS.say("new.check"):
            break
        step = by_title[page.heading]
        before = page.heading
        page = _fill(page, card, step)
        assert page.heading != before, (before, page.summary, page.errors)
    later = [each for each in steps.STEPS if not each.first and _typed(card, each)]
    for step in later:
        page = _fill(_press(page, step.key), card, step)
        assert page.heading == WORDS.say("new.check"), (step.key, page.summary)
    return page


@pytest.mark.parametrize("file", [alex, sam, tuyet], ids=["typical", "minimal", "complex"])
def test_a_card_is_made_from_nothing(site: Site, client: FlaskClient, file: Any) -> None:
    """What was typed page by page is the card that was meant, and both addresses open."""
    meant = card_of(file())
    page = _make(client, meant)
    assert site.rows()["cards"] == []
    done = _press(page, "save", _typed(meant, steps.LAST))
    while done.heading == WORDS.say("new.check"):
        assert done.questions and not done.summary, (done.summary, done.errors)
        done = done.confirm(go="save")
    assert done.heading == WORDS.say("key.title")
    owned = site.keeper.vault.owned(_owner(done))
    made, wanted = json.loads(codec.encode(owned.card)), json.loads(codec.encode(meant))
    made.pop("confirmed", None)
    wanted.pop("confirmed", None)
    assert made == wanted
    assert client.get(f"/c/{owned.reader_links[0].token}").status_code == 200


# What is refused, and that it is all still there ------------------------------------------------

# The field, what was typed, and a piece of what is said beside it.
REFUSED = [
    ("patient.full_name", "", "Enter the person's full name"),
    ("patient.full_name", "x" * 81, "At most 80 letters"),
    ("patient.full_name", "x" * 100_000, "At most 80 letters"),
    ("patient.full_name", "Al\u202eex", "cannot be read or printed"),
    ("patient.full_name", "a\x07b", "cannot be read or printed"),
    ("patient.date_of_birth", ("31", "2", "1991"), "no such day"),
    ("patient.date_of_birth", ("", "2", "1991"), "not a date"),
    ("patient.date_of_birth", ("3", "Abril", "1991"), "not a date"),
    ("patient.date_of_birth", ("3", "4", "15"), "four figures"),
    ("patient.date_of_birth", ("1", "1", "2030"), "still to come"),
    ("patient.date_of_birth", ("1", "1", "1901"), "120 years"),
    ("patient.weight_kg", "68 lb", "must be in kg"),
    ("patient.weight_kg", "-3", "more than 0"),
    ("regimen.concentration_mcg_per_ml", "20 mg/mL", "must be in mcg/mL"),
    ("regimen.concentration_mcg_per_ml", "2", "Did you mean 2000 mcg/mL"),
    ("regimen.concentration_mcg_per_ml", "2,000", "2 or 2000?"),
    ("regimen.daily_dose_mcg", "0.4", "Did you mean 400 mcg"),
    ("regimen.daily_dose_mcg", "1e3", "must be in mcg"),
    ("regimen.daily_dose_mcg", "a lot", "write a number"),
    ("regimen.daily_dose_mcg", "", "Enter the dose in 24 hours"),
    ("regimen.daily_dose_mcg", "400; DROP TABLE cards", "must be in mcg"),
    ("team.phone_24h", "+1 312 555 0142 ext. 7", "leave the extension out"),
    ("team.phone_24h", "12", "not a complete telephone number"),
    ("team.phone_24h", "<script>alert(1)</script>", "not a complete telephone number"),
    ("pump.implanted_on", ("1", "1", "1980"), "before"),
    ("pump.reservoir_ml", "61", "at most 60 mL"),
    ("refill.alarm_date", ("1", "8", "2026"), "before “Day of the last refill”"),
    ("refill.volume_ml", "41", "more than the reservoir holds"),
    ("regimen.schedule[0].end", "25:00", "from 00:00 to 24:00"),
    ("contacts[0].phone", "none", "not a complete telephone number"),
    ("allergies.items[0].substance", "x" * 81, "At most 80"),
    ("directives.text", "x" * 601, "At most 600"),
    ("maker_support.phone", "", "please fill this in"),
    ("verified.on", ("30", "11", "2026"), "still to come"),
]


def _page_of(client: FlaskClient, owner: str, path: str) -> Filled:
    step = steps.step_of(path)
    assert step
    return open_page(client, f"/o/{owner}/edit/{step.key}")


@pytest.mark.parametrize(
    ("path", "typed", "said"), REFUSED, ids=[f"{path} {typed!s:.20}" for path, typed, _ in REFUSED]
)
def test_a_refusal_stands_beside_the_box_and_nothing_is_lost(
    site: Site, client: FlaskClient, path: str, typed: Any, said: str
) -> None:
    """The same words at the top and at the box, "Error" in the title, what was typed is there."""
    changes = {"regimen.mode": "flex", "refill.volume_ml": 20}
    kept = site.add(alex(changes))
    page = _page_of(client, kept.owner, path)
    other = {"regimen.schedule[0].start": "00:00", "regimen.schedule[0].mcg": "400"}
    again = page.send({path: typed, **(other if "schedule" in path else {})})
    assert again.title.startswith("Error: ")
    assert len(again.summary) == len(again.errors)
    assert any(said in each for each in again.errors), again.errors
    assert again.summary == again.errors
    for name, words in _expected(path, typed).items():
        assert again.values()[name] == words
    assert site.keeper.vault.owned(kept.owner).version == 1


def _expected(path: str, typed: Any) -> dict[str, str]:
    if isinstance(typed, tuple):
        return {
            f"{path}-{part}": each for part, each in zip(answers.DATE_BOXES, typed, strict=True)
        }
    return {path: typed}


_NASTY = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=("Cc", "Cf", "Cs", "Co", "Zl", "Zs")), max_size=5).filter(
        lambda words: not any("\ud800" <= each <= "\udfff" for each in words)
    ),
    st.sampled_from(
        [
            "31",
            "1e999",
            "1,5",
            "١٢",
            "²",
            "🙂" * 30,
            "<b>x</b>",
            "' OR 1=1 --",
            "\u202e400",
            "20 mg/mL",
            "{{ 7*7 }}",
            "%s%n",
            "\ufdd0",
            "0x10",
            "nan",
            "NaN",
            "-0",
            "9" * 400,
        ]
    ),
).filter(lambda words: not any("\ud800" <= each <= "\udfff" for each in words))
_FIELDS = [
    (step, field, path)
    for step in steps.STEPS
    for field in step.fields
    for path in (
        [f"{field.path}[0].{each.path}" for each in field.fields]
        if isinstance(field, Rows)
        else [field.path]
    )
]


@pytest.fixture(scope="module")
def strange(shared_site: Site) -> Iterator[tuple[Site, str]]:
    """A card for tests that try anything on it."""
    yield shared_site, shared_site.add(tuyet()).owner


@settings(max_examples=20)
@given(st.sampled_from(_FIELDS), st.tuples(_NASTY, _NASTY, _NASTY))
def test_anything_may_be_typed_anywhere(strange: Any, where: Any, typed: Any) -> None:
    """Never a fault of ours: an answer that is taken, or words beside a box that keeps its own."""
    site, owner = strange
    step, field, path = where
    kind = field.kind if isinstance(field, Field) else ""
    found = field_paths.place(path)
    assert found
    value = typed if found.is_date else typed[0]
    client = site.app.test_client()
    page = open_page(client, f"/o/{owner}/edit/{step.key}")
    sent = page.values()
    for name, words in _expected(path, value).items():
        sent.setlist(name, [words])
    answer = client.post(f"/o/{owner}/edit/{step.key}", data=sent)
    assert answer.status_code == 303, answer.status_code
    kept = "/saved" not in answer.location
    answer = client.get(answer.location)
    assert answer.status_code == 200
    if kept and kind not in ("radios", "country", "zone"):
        for words in _expected(path, value).values():
            if words.strip() and words.isprintable():
                assert str(escape(words)) in answer.text
    assert client.get(f"/o/{owner}/edit/{step.key}").status_code == 200


@settings(max_examples=10)
@given(
    st.dictionaries(
        st.one_of(st.text(max_size=20), st.sampled_from(sorted(field_paths.places()))), _NASTY
    )
)
def test_a_hidden_field_may_hold_anything(shared_site: Site, content: dict[str, str]) -> None:
    """Answers that a browser hands back are looked at like any others."""
    client = shared_site.app.test_client()
    start = open_page(client, "/new")
    sent = start.values()
    for held in (
        json.dumps(content),
        json.dumps([content]),
        str(content),
        '{"patient.full_name":"\\ud800"}',
    ):
        for go in ("save", "check", "patient", "contacts", "nothing"):
            sent.setlist("answers", [held])
            sent.setlist("go", [go])
            assert client.post("/new", data=sent).status_code in (200, 303, 422)


# After a refill -------------------------------------------------------------------------------


def _refill(page: Filled, **more: Any) -> Filled:
    typed = {
        "refill.last_refill_on": ("20", "11", "2026"),
        "put_in": "20",
        "left_in": "0",
        "regimen.daily_dose_mcg": "420",
        "refill.next_appointment_on": ("5", "2", "2027"),
        "refill.alarm_date": ("15", "2", "2027"),
    }
    return page.send({**typed, **more})


def test_a_refill_is_one_page(site: Site, client: FlaskClient) -> None:
    """Dates, volume and dose are new, the change of the dose is noted, everything else stays."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/refill")
    assert page.values()["regimen.daily_dose_mcg"] == "400"
    assert page.values()["refill.last_refill_on-day"] == ""
    assert page.values()["refill.alarm_date-day"] == ""
    saved = _refill(page)
    assert saved.heading == WORDS.say("saved.title"), (saved.errors, saved.questions)
    owned = site.keeper.vault.owned(kept.owner)
    wanted = alex(
        {
            "refill": {
                "last_refill_on": "2026-11-20",
                "volume_ml": 20,
                "next_appointment_on": "2027-02-05",
                "alarm_date": "2027-02-15",
            },
            "regimen.daily_dose_mcg": 420,
            "regimen.last_change": {"on": "2026-11-20", "from_mcg": 400, "to_mcg": 420},
            "verified.on": "2026-11-21",
        }
    )
    assert owned.card == card_of(wanted)
    assert owned.history[0].note == "After the refill of 20 Nov 2026"
    assert "out of date" in saved.page.text
    read_back, undo = "four hundred and twenty", WORDS.say("saved.undo")
    place = saved.page.place
    assert place(saved.heading) < place(read_back) < place(undo) < place("One thing is left")
    assert "checked" not in saved.page.text.partition(saved.heading)[0]
    assert client.get(f"/c/{kept.reader_links[0].token}").status_code == 200


def test_the_day_of_a_refill_is_chosen_and_never_filled_in(site: Site, client: FlaskClient) -> None:
    """The form is often filled in days later: nothing passes for the day that nobody chose."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/refill")
    choices = [each.get("value") for each in page.page.having("input", name="refill_day")]
    assert choices == [TODAY, YESTERDAY, "other"] and "refill_day" not in page.values()
    asked = page.send(put_in="20")
    assert asked.errors == asked.summary == [WORDS.say("missing.refill_day")]
    assert ("#refill_day", WORDS.say("missing.refill_day")) in asked.page.links()
    other = asked.send(refill_day="other")
    assert other.errors == [WORDS.say("missing.refill.last_refill_on")]
    saved = _refill(other, refill_day=TODAY)
    assert saved.heading == WORDS.say("saved.title"), (saved.errors, saved.questions)
    assert str(site.keeper.vault.owned(kept.owner).card.refill.last_refill_on) == TODAY


def test_today_stays_the_day_it_was_offered_on(site: Site, client: FlaskClient) -> None:
    """A form left open over two nights, then sent: its "Today, 21 Nov" is still the 21st."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/refill")
    assert "Today, 21 Nov 2026" in page.page.text
    site.clock.now += timedelta(days=2)
    again = page.send({"refill_day": TODAY, "put_in": "2o"})
    values = again.values()
    boxes = [values[f"refill.last_refill_on-{part}"] for part in ("day", "month", "year")]
    assert values["refill_day"] == "other" and boxes == ["21", "11", "2026"]
    assert again.send(refill_day="other", put_in="20").heading == WORDS.say("saved.title")
    assert str(site.keeper.vault.owned(kept.owner).card.refill.last_refill_on) == TODAY


def test_yesterday_is_a_choice_of_its_own(site: Site, client: FlaskClient) -> None:
    """Most who type it in the next day need no box; it stays that day over midnight."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/refill")
    assert "Yesterday, 20 Nov 2026" in page.page.text
    wrong = page.send(refill_day=YESTERDAY, put_in="2o")
    assert wrong.values()["refill_day"] == YESTERDAY
    site.clock.now += timedelta(days=1)
    saved = _refill(page, refill_day=YESTERDAY)
    assert saved.heading == WORDS.say("saved.title"), (saved.errors, saved.questions)
    assert str(site.keeper.vault.owned(kept.owner).card.refill.last_refill_on) == YESTERDAY


def test_the_summary_is_short_where_the_field_offers_the_choice(
    site: Site, client: FlaskClient
) -> None:
    """A number in doubt is one short line, whose link leads to the buttons of its two readings."""
    page = open_page(client, f"/o/{site.add(alex()).owner}/refill")
    asked = page.send({"regimen.daily_dose_mcg": "1.250", "refill_day": TODAY})
    label = WORDS.say("ask.regimen.daily_dose_mcg.label")
    assert asked.summary == asked.errors == [f"{label}: 1.25 or 1250?"]
    (link,) = (to for to, said in asked.page.links() if said == asked.summary[0])
    choice = asked.page.one("div", id=link.removeprefix("#"))
    assert len([each for each in choice.iter("button") if "take:" in each.get("value", "")]) == 2


def test_old_dates_go_with_the_old_filling(site: Site, client: FlaskClient) -> None:
    """What is left empty is not recorded any more, and asked about; the same dose is no change."""
    kept = site.add(alex())
    asked = open_page(client, f"/o/{kept.owner}/refill").send(refill_day=TODAY)
    assert "no reminder can come before the pump runs low" in asked.questions[0]
    assert asked.confirm().heading == WORDS.say("saved.title")
    card = site.keeper.vault.owned(kept.owner).card
    assert card.refill.alarm_date is None and card.refill.next_appointment_on is None
    assert card.refill.volume_ml is None
    assert card.regimen.last_change == card_of(alex()).regimen.last_change


def test_the_volume_is_what_was_put_in_and_what_stayed(site: Site, client: FlaskClient) -> None:
    """18 mL beside 1.5 mL that stayed are 19.5; what stayed alone says nothing."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/refill")
    wrong = page.send(left_in="2", refill_day=TODAY)
    assert wrong.errors == [f"{WORDS.say('ask.put_in.label')}: please fill this in"]
    over = page.send(put_in="39", left_in="2", refill_day=TODAY)
    assert "more than the reservoir holds" in over.errors[0]
    saved = _refill(page, put_in="18", left_in="1,5")
    assert saved.heading == WORDS.say("saved.title"), (saved.errors, saved.questions)
    assert (
        site.keeper.vault.owned(kept.owner).card.refill.volume_ml
        == card_of(alex({"refill.volume_ml": 19.5})).refill.volume_ml
    )


def test_a_schedule_is_asked_where_there_is_one(site: Site, client: FlaskClient) -> None:
    """A new dose needs a new schedule: the sum is looked at, and the rows are there."""
    kept = site.add(tuyet({"verified.on": "2026-11-20"}))
    page = open_page(client, f"/o/{kept.owner}/refill")
    again = page.send({"regimen.daily_dose_mcg": "1300", "refill_day": TODAY})
    assert "add up to 1260.5 mcg" in again.errors[0]
    assert again.values()["regimen.schedule[0].mcg"] == "260.5"
    saved = again.send({"regimen.schedule[0].mcg": "300"})
    while saved.questions and saved.heading == WORDS.say("refill.title"):
        saved = saved.confirm()
    assert saved.heading == WORDS.say("saved.title"), saved.errors


def test_a_question_stands_where_it_belongs_and_can_be_answered(
    site: Site, client: FlaskClient
) -> None:
    """Of a constant-flow pump: the dose does not fit the flow; asked at the dose, answered once.
    A strength that was unusual before is not asked about again."""
    odd = {"regimen.mode": "constant_flow", "regimen.flow_ml_per_day": 0.2}
    kept = site.add(alex(odd | {"regimen.concentration_mcg_per_ml": 2050}))
    asked = open_page(client, f"/o/{kept.owner}/refill").send(
        {"regimen.daily_dose_mcg": "300", "put_in": "20", "refill_day": TODAY}
    )
    assert not asked.errors and asked.questions
    dose = next(
        each
        for each in asked.page.having("div", class_="field")
        if each.find(".//input[@name='regimen.daily_dose_mcg']") is not None
    )
    assert len([each for each in dose.iter("div") if each.get("class") == "asked"]) == 1
    while asked.heading == WORDS.say("refill.title"):
        before = asked.questions
        asked = asked.confirm()
        assert asked.heading == WORDS.say("saved.title") or asked.questions != before


def test_a_volume_that_lasts_oddly_long_is_asked_about_once(
    site: Site, client: FlaskClient
) -> None:
    """It is two boxes here and one on the card: the tick is for what they make together."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/refill")
    asked = page.send({"put_in": "38", "left_in": "1", "refill_day": TODAY})
    assert len(asked.questions) == 1 and not asked.errors
    saved = asked.confirm()
    assert saved.heading == WORDS.say("saved.title"), saved.questions
    assert "refill.volume_ml" in site.keeper.vault.owned(kept.owner).card.confirmed


# Another dose ---------------------------------------------------------------------------------


def test_a_mistyped_dose_is_corrected_in_the_last_change_too(
    site: Site, client: FlaskClient
) -> None:
    """The last change led to the old number, so nothing is saved before it is said what it was."""
    kept = site.add(alex())
    asked = open_page(client, f"/o/{kept.owner}/edit/regimen").send(
        {"regimen.daily_dose_mcg": "420"}
    )
    assert asked.errors == asked.summary == [WORDS.say("missing.dose_change")]
    assert site.keeper.vault.owned(kept.owner).version == 1
    assert asked.values()["regimen.daily_dose_mcg"] == "420"

    saved = asked.send(dose_change="slip")
    assert saved.heading == WORDS.say("saved.title") and not saved.questions
    wanted = {"regimen.daily_dose_mcg": 420, "regimen.last_change.to_mcg": 420}
    assert site.keeper.vault.owned(kept.owner).card == card_of(alex(wanted))


def test_a_new_dose_is_a_change_on_a_day_of_its_own(site: Site, client: FlaskClient) -> None:
    """The day is asked for beside the answer; what is wrong with it stands there."""
    kept = site.add(alex())
    asked = open_page(client, f"/o/{kept.owner}/edit/regimen").send(
        {"regimen.daily_dose_mcg": "420"}
    )
    undated = asked.send(dose_change="new")
    assert undated.errors == [WORDS.say("missing.dose_change_day")]
    odd = undated.send(dose_change_day=("31", "11", "2026"))
    assert len(odd.errors) == 1 and ("#dose_change_day", odd.errors[0]) in odd.page.links()
    saved = odd.send(dose_change_day=("20", "11", "2026"))
    assert saved.heading == WORDS.say("saved.title"), (saved.errors, saved.questions)
    change = {"on": "2026-11-20", "from_mcg": 400, "to_mcg": 420}
    wanted = {"regimen.daily_dose_mcg": 420, "regimen.last_change": change}
    assert site.keeper.vault.owned(kept.owner).card == card_of(alex(wanted))


def test_the_same_dose_asks_nothing(site: Site, client: FlaskClient) -> None:
    """Another concentration alone, or a dose that no change led to, is no question of doses."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/edit/regimen")
    saved = page.send({"regimen.concentration_mcg_per_ml": "1000"})
    assert saved.heading == WORDS.say("saved.title")


# Questions ------------------------------------------------------------------------------------


def test_a_question_is_asked_once_and_holds_for_its_value(site: Site, client: FlaskClient) -> None:
    """An unusual dose is asked about; the same one is not asked again; another one is."""
    kept = site.add(alex({"regimen.last_change": absent}))
    address = f"/o/{kept.owner}/edit/regimen"
    asked = open_page(client, address).send({"regimen.daily_dose_mcg": "1200"})
    assert [each for each in asked.questions if "1200 mcg a day is unusual" in each]
    assert site.keeper.vault.owned(kept.owner).version == 1
    assert asked.send().questions, "pressing on without an answer asks again"
    slipped = asked.confirm(**{"regimen.daily_dose_mcg": "1400"})
    assert slipped.questions, "the tick was for another dose"
    assert asked.confirm().heading == WORDS.say("saved.title")
    assert "regimen.daily_dose_mcg" in site.keeper.vault.owned(kept.owner).card.confirmed
    assert open_page(client, address).send().heading == WORDS.say("saved.title")
    again = open_page(client, address).send({"regimen.daily_dose_mcg": "1300"})
    assert again.questions


def test_what_a_save_leaves_open_is_said(site: Site, client: FlaskClient) -> None:
    """A new dose beside a change that never fitted: the page after saving leads there."""
    kept = site.add(alex({"regimen.last_change.to_mcg": 410}))
    page = open_page(client, f"/o/{kept.owner}/edit/regimen")
    saved = page.send({"regimen.daily_dose_mcg": "390"})
    assert saved.heading == WORDS.say("saved.title")
    assert saved.questions == ["410 mcg is not the daily dose of 390 mcg. Is it right?"]
    assert (f"/o/{kept.owner}/edit/change", "Change: Last dose change") in saved.page.links()


def test_what_stands_beside_a_telephone_number_is_shown_and_left_out(
    site: Site, client: FlaskClient
) -> None:
    """The hours behind a number are no figures of it: the page says what was read and asks."""
    kept = site.add(alex({"region": "DE"}))
    page = open_page(client, f"/o/{kept.owner}/edit/team")
    asked = page.send({"team.phone_24h": "030 45050 24/7"})
    assert any("+49 30 45050" in each and "“24/7”" in each for each in asked.questions)
    assert site.keeper.vault.owned(kept.owner).version == 1
    assert asked.confirm().heading == WORDS.say("saved.title")
    assert site.keeper.vault.owned(kept.owner).card.team.phone_24h == "+493045050"


def test_a_box_asks_all_its_questions_at_once(site: Site, client: FlaskClient) -> None:
    """A large step to an unusual dose after a refill: two questions, two ticks, one save."""
    kept = site.add(alex({"regimen.daily_dose_mcg": 100, "regimen.last_change": absent}))
    page = open_page(client, f"/o/{kept.owner}/refill")
    typed = {"regimen.daily_dose_mcg": "45", "put_in": "18", "refill_day": TODAY}
    asked = page.send({**typed, "refill.alarm_date": day("2027-01-30")})
    assert {
        "45 mcg a day is unusual. Is it right?",
        "From 100 to 45 mcg is a step of more than 40 %. Is it right?",
    } <= set(asked.questions)
    saved = asked.confirm()
    assert saved.heading == WORDS.say("saved.title"), saved.questions


def test_a_tick_answers_the_question_that_it_stands_at(site: Site, client: FlaskClient) -> None:
    """One of two questions at a field that is left open keeps the field unconfirmed."""
    odd = {"regimen.concentration_mcg_per_ml": 500, "regimen.last_change": absent}
    kept = site.add(alex(odd))
    page = open_page(client, f"/o/{kept.owner}/edit/regimen")
    asked = page.send({"regimen.daily_dose_mcg": "2900"})
    ticks = [each.get("value", "") for each in asked.page.having("input", name="confirm")]
    one = [each for each in ticks if "very-unusual-dose" in each]
    assert len(ticks) > len(one) == 1
    assert asked.send({"confirm": one}).questions
    assert asked.confirm().heading == WORDS.say("saved.title")


def test_a_confirmed_number_is_asked_about_again_in_another_country() -> None:
    """What was read of it depends on the country."""
    file = alex({"region": "DE", "confirmed": ["team.phone_24h"]})
    before = answers.from_card(card_of(file))
    kept = confirmations.still_valid(before, before | {"region": "AT"})
    assert "team.phone_24h" not in kept.values()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"refill.next_appointment_on": "2028-01-08"}, "Is the year right?"),
        ({"region": "DE", "team.phone_24h": "030 45050 24/7"}, "“24/7”"),
    ],
)
def test_a_file_is_asked_about_before_it_is_kept(
    site: Site, client: FlaskClient, changes: dict[str, Any], words: str
) -> None:
    """What may be a slip in a file that a browser sends is asked as if it had been typed."""
    raw = json.dumps(alex(changes)).encode()
    page = open_page(client, "/new/file")
    sent = {**page.values(), "file": (io.BytesIO(raw), "card.json")}
    answer = client.post("/new/file", data=sent, follow_redirects=True)
    asked = Filled(client, answer)
    assert asked.heading == WORDS.say("new.check") and words in asked.page.text
    assert not site.rows()["cards"]
    ticks = [each.get("value", "") for each in asked.page.having("input", name="confirm")]
    kept = asked.send({"confirm": ticks}, go="save")
    assert len(site.rows()["cards"]) == 1, kept.page.text


def test_a_slip_stored_long_ago_stops_nobody_elsewhere(site: Site, client: FlaskClient) -> None:
    """A last change in mg is asked about on its own page; another page saves beside it."""
    stored = {"regimen.last_change": {"on": "2026-08-18", "from_mcg": 0.38, "to_mcg": 400}}
    kept = site.add(alex(stored))
    page = open_page(client, f"/o/{kept.owner}/edit/baseline")
    assert page.send({"patient.baseline": "walks"}).heading == WORDS.say("saved.title")
    change = open_page(client, f"/o/{kept.owner}/edit/change").send()
    assert any("380 mcg (0.38 mg)" in each for each in change.questions)


def test_a_confirmed_dose_is_asked_about_again_with_another_strength(
    site: Site, client: FlaskClient
) -> None:
    """What a value was weighed against counts too."""
    kept = site.add(alex({"regimen.daily_dose_mcg": 1200, "confirmed": ["regimen.daily_dose_mcg"]}))
    page = open_page(client, f"/o/{kept.owner}/edit/regimen")
    again = page.send({"regimen.concentration_mcg_per_ml": "500"})
    assert [each for each in again.questions if "1200 mcg" in each]


# Two at once ----------------------------------------------------------------------------------


def test_a_second_save_is_shown_beside_the_first(site: Site, client: FlaskClient) -> None:
    """What only one changed is proposed; what both changed is asked; nothing is lost."""
    kept = site.add(alex({"regimen.last_change": absent}))
    regimen = open_page(client, f"/o/{kept.owner}/edit/regimen")
    mine = open_page(client, f"/o/{kept.owner}/refill")
    regimen.send({"regimen.daily_dose_mcg": "410", "regimen.concentration_mcg_per_ml": "1000"})
    choose = _refill(mine)
    assert choose.heading == WORDS.say("choose.title"), choose.errors
    owned = site.keeper.vault.owned(kept.owner)
    assert owned.version == 2 and owned.card.regimen.daily_dose_mcg == 410
    proposed = choose.values()
    assert proposed["pick:refill.alarm_date"] == "mine"
    assert proposed["pick:regimen.concentration_mcg_per_ml"] == "theirs"
    assert "pick:regimen.daily_dose_mcg" not in proposed
    # Back, Reload and Forward open it again.
    opened = open_page(client, f"/o/{kept.owner}/choose?typed=1").values()
    for each in (opened, proposed):
        # It has its second in it.
        del each["csrf_token"]
    assert opened == proposed
    again = choose.send()
    assert again.summary and site.keeper.vault.owned(kept.owner).version == 2
    saved = again.send({"pick:regimen.daily_dose_mcg": "mine"})
    assert saved.heading == WORDS.say("saved.title"), saved.summary
    assert site.rows()["drafts"] == []
    assert client.get(f"/o/{kept.owner}/choose?typed=1").location == f"/o/{kept.owner}"
    card = site.keeper.vault.owned(kept.owner).card
    assert card.regimen.daily_dose_mcg == 420
    assert card.regimen.concentration_mcg_per_ml == 1000
    assert str(card.refill.alarm_date) == "2027-02-15"


def test_a_third_save_in_the_meantime_is_shown_too(site: Site, client: FlaskClient) -> None:
    """While one chooses, another saves again: chosen from once more."""
    kept = site.add(alex())
    mine = open_page(client, f"/o/{kept.owner}/refill")
    pump = open_page(client, f"/o/{kept.owner}/edit/pump")
    pump.send({"pump.location": "left"})
    choose = _refill(mine)
    open_page(client, f"/o/{kept.owner}/edit/pump").send({"pump.location": "left side"})
    again = choose.send()
    assert again.heading == WORDS.say("choose.title")
    assert again.send().heading == WORDS.say("saved.title")
    card = site.keeper.vault.owned(kept.owner).card
    assert card.pump.location == "left side" and card.regimen.daily_dose_mcg == 420


# Guard ----------------------------------------------------------------------------------------


def test_a_form_without_its_token_is_sent_once_more_and_loses_nothing(
    site: Site, client: FlaskClient
) -> None:
    """A cleared cookie: a page that says so, with everything typed, and one button."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/edit/pump")
    stranger = site.app.test_client()
    sent = page.values()
    sent.setlist("pump.location", ["under the <left> ribs"])
    sent.setlist("pump.model", ["two\nlines"])
    answer = stranger.post(f"/o/{kept.owner}/edit/pump", data=sent)
    assert answer.status_code == 400
    stale = Filled(stranger, answer)
    assert stale.values()["pump.location"] == "under the <left> ribs"
    done = stale.send({"pump.model": "SynchroMed II"})
    assert done.heading == WORDS.say("saved.title")
    assert site.keeper.vault.owned(kept.owner).card.pump.location == "under the <left> ribs"


def test_what_another_site_sends_is_not_handed_on(site: Site, client: FlaskClient) -> None:
    """A form on a stranger's page changes nothing and is not offered to be sent again."""
    kept = site.add(alex())
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        sent = {"version": "1", "pump.location": "gone"}
        answer = client.post(f"/o/{kept.owner}/edit/pump", data=sent, headers=headers)
        assert answer.status_code == 400 and "gone" not in answer.text


def test_the_pages_run_scripts_of_our_own_only(secure_site: Site) -> None:
    """The policy of these pages, and a cookie that only this host can set."""
    answer = secure_site.app.test_client().get("/new")
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-form=")
    assert all(each in cookie for each in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    token = secure_site.reader(alex())
    assert (
        "script-src"
        not in secure_site.app.test_client().get(f"/c/{token}").headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize("path", ["edit", "edit/pump", "refill", "saved?from=1", "key"])
def test_an_unknown_address_opens_nothing(client: FlaskClient, path: str) -> None:
    """A reader's token is no owner's, and neither is a made-up one."""
    assert client.get(f"/o/{'0' * 26}/{path}").status_code == 404


def test_a_reader_cannot_edit(site: Site, client: FlaskClient) -> None:
    """What is printed on a card does not lead to changing it."""
    token = site.reader(alex())
    assert client.get(f"/o/{token}/edit").status_code == 404
    assert client.get(f"/o/{token}/refill").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "٣", "0", "77"])
def test_a_made_up_version_is_no_form_of_ours(
    site: Site, client: FlaskClient, version: str
) -> None:
    """The number of a version is one that the card has."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/refill")
    sent = page.values()
    sent.setlist("version", [version])
    assert client.post(f"/o/{kept.owner}/refill", data=sent).status_code in (400, 404)


def test_every_field_of_a_card_is_asked_somewhere() -> None:
    """Nothing on a card can only be changed through a file, but what the program sees to; what
    tablets are for is an answer to whether there are any."""
    asked = {path.replace("[0]", "[]") for _, _, path in _FIELDS}
    assert set(field_paths.places()) - asked == {
        *("regimen.drug", "confirmed[]"),
        "regimen.oral_baclofen.purpose",
    }


def test_going_back_loses_nothing(client: FlaskClient) -> None:
    """Half a page, back, and forward again: what was typed is there."""
    page = _begin(client).send(
        {"patient.full_name": "Sam Lee", "patient.date_of_birth": day("2015-09-30"), "region": "GB"}
    )
    assert page.heading == WORDS.say("step.baseline.title")
    back = _press(page, "back", {"patient.baseline": "calm"})
    assert back.values()["patient.full_name"] == "Sam Lee"
    assert back.send().values()["patient.baseline"] == "calm"


def test_a_row_can_be_taken_away(site: Site, client: FlaskClient) -> None:
    """The first of two contacts goes, and the other one moves up."""
    kept = site.add(alex())
    page = open_page(client, f"/o/{kept.owner}/edit/contacts")
    less = _press(page, "remove:contacts[0]")
    assert less.values()["contacts[0].name"] == "Jo Patel"
    assert less.send().heading == WORDS.say("saved.title")
    assert [each.name for each in site.keeper.vault.owned(kept.owner).card.contacts] == ["Jo Patel"]
