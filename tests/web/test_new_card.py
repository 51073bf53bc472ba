"""A new card is begun, left and gone on with: every page is opened by its address alone."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from caregiver_card.questionnaire import answers, progress, steps
from caregiver_card.questionnaire.draft import Draft
from tests.cast import WORDS, alex, card_of, sam
from tests.web.client import Site
from tests.web.filling import Filled, open_page
from tests.web.reading import words

PERSON = {
    "patient.full_name": "Sam Lee",
    "patient.date_of_birth": ("30", "9", "2015"),
    "region": "GB",
    "time_zone": "Europe/London",
}


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without script."""
    return site.app.test_client()


def _title(key: str) -> str:
    return WORDS.say(f"step.{key}.title")


def _begun(client: FlaskClient) -> Filled:
    return open_page(client, "/new").send()


def test_every_answer_leads_to_an_address(client: FlaskClient) -> None:
    """Back, Reload and a bookmark open the page again, with what was typed."""
    first = _begun(client)
    sent = first.values()
    sent.setlist("patient.full_name", ["Sam Lee"])
    sent.setlist("region", ["GB"])
    answer = client.post("/new/patient", data=sent)
    assert (answer.status_code, answer.location) == (303, "/new/patient")
    again = open_page(client, "/new/patient")
    assert again.values()["patient.full_name"] == "Sam Lee"
    assert again.errors == ["Enter the date of birth"]
    second = again.send(PERSON)
    assert second.heading == _title("baseline")
    assert second.answer.request.path == "/new/baseline"
    assert not open_page(client, "/new/patient").errors


def test_what_is_typed_goes_along_on_the_way_back(client: FlaskClient) -> None:
    """Half a page, and nothing is said against it before it is sent."""
    page = _begun(client).send(PERSON)
    first = page.send({"patient.baseline": "walks"}, go="back")
    assert first.heading == _title("patient")
    second = first.send()
    assert second.values()["patient.baseline"] == "walks" and not second.summary


def test_the_way_says_how_far_one_is(client: FlaskClient) -> None:
    """The number of this question, and of all that are asked so far."""
    first = _begun(client)
    notes = [words(each) for each in first.page.having("p", class_="note")]
    assert "Question 1 of 12" in notes
    assert len(first.page.one("ol", class_="progress")) == 12


def test_the_database_holds_nothing_that_opens_a_draft(site: Site, client: FlaskClient) -> None:
    """Its key is in the browser's cookie: not in an address, and not in a row."""
    _begun(client).send(PERSON)
    (row,) = site.rows()["drafts"]
    assert not any(b"Sam" in each for each in row if isinstance(each, bytes))
    assert site.rows()["cards"] == []
    cookie = client.get_cookie("form")
    assert cookie and cookie.http_only and cookie.expires is None
    with client.session_transaction() as session:
        assert re.fullmatch("[0-9A-Z]{26}", session["draft"])


def test_another_browser_has_no_part_in_it(site: Site, client: FlaskClient) -> None:
    """An address of a question opens the start page there."""
    _begun(client).send(PERSON)
    other = site.app.test_client()
    answer = other.get("/new/baseline")
    assert (answer.status_code, answer.location) == (303, "/new")
    assert "Sam Lee" not in open_page(other, "/new/patient").page.text


def test_a_draft_is_offered_at_its_next_question_and_erased(
    site: Site, client: FlaskClient
) -> None:
    """The start page leads on, says whose it is to nobody, and clears it in one press."""
    _begun(client).send(PERSON)
    start = open_page(client, "/new")
    assert WORDS.say("new.draft") in start.page.text and "Sam" not in start.page.text
    assert start.page.one("a", class_="button").get("href") == "/new/baseline"
    erased = start.send()
    assert erased.answer.request.path == "/new" and site.rows()["drafts"] == []
    assert WORDS.say("new.draft") not in erased.page.text.partition("<template")[0]
    assert client.get("/new/baseline").location == "/new"


def test_a_draft_ends_after_a_day(site: Site, client: FlaskClient) -> None:
    """The page that is still open holds what was typed, and begins it again."""
    second = _begun(client).send(PERSON)
    site.clock.now += timedelta(hours=25)
    assert client.get("/new/baseline").location == "/new"
    third = second.send({"patient.baseline": "walks"})
    assert third.heading == _title("pump")
    assert open_page(client, "/new/patient").values()["patient.full_name"] == "Sam Lee"


def test_a_saved_card_leaves_no_draft(site: Site, client: FlaskClient) -> None:
    """Whoever goes back after saving begins anew."""
    form = open_page(client, "/new").values()
    typed = answers.from_card(card_of(sam()))
    held = {**form, "answers": answers.dumps(typed), "go": "check"}
    last = Filled(client, client.post("/new", data=held, follow_redirects=True))
    saved = last.send(go="save")
    while saved.heading == WORDS.say("new.check"):
        saved = saved.confirm(go="save")
    assert saved.heading == WORDS.say("key.title")
    assert site.rows()["drafts"] == []
    assert client.get("/new/check").location == "/new"


def test_an_emptied_day_of_confirming_is_missed_and_stays_empty(client: FlaskClient) -> None:
    """The last page says what is missing, at its field and above, and saves nothing."""
    form = open_page(client, "/new").values()
    held = {**form, "answers": answers.dumps(answers.from_card(card_of(sam()))), "go": "check"}
    last = Filled(client, client.post("/new", data=held, follow_redirects=True))
    refused = last.send({"verified.on": ("", "", "")}, go="save")
    assert refused.heading == WORDS.say("new.check")
    assert refused.errors == refused.summary == [WORDS.say("missing.verified.on")]
    assert refused.values()["verified.on-day"] == ""
    saved = refused.send({"verified.on": ("21", "11", "2026")}, go="save")
    while saved.questions:
        saved = saved.confirm(go="save")
    assert saved.heading == WORDS.say("key.title"), (saved.errors, saved.questions)


def test_a_question_from_the_last_page_leads_back_to_it(client: FlaskClient) -> None:
    """Changed, or left by Back; and on to what the change asks for."""
    form = open_page(client, "/new").values()
    held = {**form, "answers": answers.dumps(answers.from_card(card_of(alex()))), "go": "check"}
    last = Filled(client, client.post("/new", data=held, follow_redirects=True))
    page = last.send(go="contacts")
    assert page.heading == _title("contacts")
    last = page.send(go="back")
    assert last.heading == WORDS.say("new.check")
    schedule = last.send(go="regimen").send({"regimen.mode": "flex"})
    while schedule.questions:
        schedule = schedule.confirm()
    assert schedule.heading == _title("schedule")


def test_tablets_are_asked_right_after_the_other_medicines() -> None:
    """On the way to every card, as the page of the medicines says."""
    way = [step.key for step in progress.asked(Draft())]
    assert way[way.index("medicines") + 1] == "oral" and steps.LAST.key not in way


@pytest.mark.parametrize("path", ["/new/verified", "/new/nothing", "/new/Patient"])
def test_no_other_page_is_a_question(client: FlaskClient, path: str) -> None:
    """An address that is none of ours."""
    assert client.get(path).status_code == 404


# What a page spares its reader ------------------------------------------------------------------


def test_the_maker_of_a_known_model_is_filled_in(client: FlaskClient) -> None:
    """A model that names one pump alone tells who made it; of any other it is asked."""
    page = _at(client, "pump").send({"pump.model": "8637-40", "pump.location": "left"})
    assert page.heading == _title("regimen"), page.errors
    assert open_page(client, "/new/pump").values()["pump.maker"] == "Medtronic"
    client.post("/new/clear", data=page.values())
    page = _at(client, "pump").send({"pump.model": "Some pump", "pump.location": "left"})
    assert page.errors == ["Enter the pump manufacturer"]


def test_a_guess_is_taken_by_its_button(client: FlaskClient) -> None:
    """2 mg/mL is asked about, and one press writes 2000 mcg/mL and goes on."""
    typed = {
        "regimen.concentration_mcg_per_ml": "2 mg/mL",
        "regimen.daily_dose_mcg": "0.4",
        "regimen.mode": "simple_continuous",
    }
    page = _at(client, "regimen").send(typed)
    assert len(page.errors) == 2 and all("Did you mean" in each for each in page.errors)
    buttons = [each for each in page.page.having("button", name="go") if each.get("class")]
    guesses = {words(each): each.get("value", "") for each in buttons}
    page = page.send(go=guesses["Yes, 2000 mcg/mL"])
    assert len(page.errors) == 1
    page = page.send(go=guesses["Yes, 400 mcg"])
    assert page.heading == _title("mixture")
    values = open_page(client, "/new/regimen").values()
    assert values["regimen.concentration_mcg_per_ml"] == "2000"
    assert values["regimen.daily_dose_mcg"] == "400"


@pytest.mark.parametrize(
    ("typed", "pressed", "kept"),
    [
        ("1.250", "1250 mcg: one thousand, two hundred and fifty", "1250"),
        ("412,125", "412.1250 mcg: four hundred and twelve point one two five", "412.1250"),
    ],
)
def test_a_mark_in_doubt_is_settled_by_one_press(
    client: FlaskClient, typed: str, pressed: str, kept: str
) -> None:
    """Both readings are buttons, in figures and in words; nothing else is lost or asked."""
    page = _at(client, "regimen").send(
        {
            "regimen.concentration_mcg_per_ml": "2000",
            "regimen.daily_dose_mcg": typed,
            "regimen.mode": "simple_continuous",
        }
    )
    assert len(page.errors) == 1 and " or " in page.errors[0]
    assert page.values()["regimen.daily_dose_mcg"] == typed
    buttons = [each for each in page.page.having("button", name="go") if each.get("class")]
    guesses = {words(each): each.get("value", "") for each in buttons}
    page = page.send(go=guesses[pressed])
    if page.heading != _title("mixture"):
        # The plausibility questions stay.
        assert not page.errors
    values = open_page(client, "/new/regimen").values()
    assert values["regimen.daily_dose_mcg"] == kept
    assert values["regimen.concentration_mcg_per_ml"] == "2000"


def test_an_answer_holds_what_it_asks_for(client: FlaskClient) -> None:
    """The list stands within the answer Yes; what is written in it never waits unseen."""
    page = _at(client, "allergies")
    (within,) = page.page.having("div", class_="revealed")
    assert any(each.get("name") == "allergies.items[0].substance" for each in within.iter())
    page = page.send({"allergies.items[0].substance": "latex", "allergies.status": "none_known"})
    assert page.errors
    assert page.page.having("div", class_="held")


def test_names_that_were_typed_are_offered_again(client: FlaskClient) -> None:
    """Who compared the numbers is most often one of the people to call."""
    page = _at(client, "contacts")
    page.send({"contacts[0].name": "Dana Lee", "contacts[0].phone": "020 7946 0655"})
    last = open_page(client, "/new/check")
    assert [each.get("value") for each in last.page.all("option")] == ["Dana Lee"]


def _at(client: FlaskClient, key: str) -> Filled:
    """A step's page, with the person's answers given."""
    _begun(client).send(PERSON)
    return open_page(client, f"/new/{key}")


@pytest.mark.parametrize("key", [step.key for step in steps.STEPS if step is not steps.LAST])
def test_every_question_opens_whether_it_is_asked_or_not(client: FlaskClient, key: str) -> None:
    """Back may lead to one that another answer has ended, such as the schedule."""
    _begun(client)
    assert open_page(client, f"/new/{key}").heading == _title(key)
