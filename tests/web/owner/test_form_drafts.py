"""A form of a card that is refused: a POST that redirects, and a draft that Back opens again."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.drafts import Drafts
from tests.cast import WORDS, alex, sam
from tests.web.client import Site
from tests.web.filling import open_page

_DOSE = "regimen.daily_dose_mcg"


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser."""
    return site.app.test_client()


@pytest.mark.parametrize("form", ["refill", "edit/regimen"])
def test_a_refused_form_is_an_address_that_can_be_opened_again(
    site: Site, client: FlaskClient, form: str
) -> None:
    """Nothing typed is in the address, and each visit says what is wrong and takes the reader."""
    path = f"/o/{site.add(alex()).owner}/{form}"
    sent = open_page(client, path).values()
    sent.setlist(_DOSE, ["a lot"])
    answer = client.post(path, data=sent)
    assert (answer.status_code, answer.location) == (303, f"{path}?typed=1")
    for _ in range(2):
        again = open_page(client, answer.location)
        assert again.values()[_DOSE] == "a lot"
        assert again.errors == again.summary != []
        assert again.page.having("div", class_="summary")[0].get("autofocus") is not None


def test_drafts_of_two_cards_and_of_two_forms_do_not_mix(site: Site, client: FlaskClient) -> None:
    """Each form of each card has its own, and another browser has none."""
    one, other = site.add(alex()).owner, site.add(sam()).owner
    open_page(client, f"/o/{one}/refill").send({_DOSE: "a lot"})
    elsewhere = (f"/o/{one}/edit/regimen", f"/o/{other}/refill", f"/o/{other}/edit/regimen")
    for path in elsewhere:
        assert "a lot" not in client.get(f"{path}?typed=1").text
    assert "a lot" not in site.app.test_client().get(f"/o/{one}/refill?typed=1").text
    assert "a lot" in client.get(f"/o/{one}/refill?typed=1").text


def test_a_form_that_is_opened_anew_shows_the_card_and_offers_the_draft(
    site: Site, client: FlaskClient
) -> None:
    """What was typed earlier never passes for what the card says."""
    path = f"/o/{site.add(alex()).owner}/refill"
    open_page(client, path).send({_DOSE: "a lot"})
    anew = open_page(client, path)
    assert "a lot" not in anew.answer.text and not anew.errors
    assert anew.page.having("a", href=f"{path}?typed=1")
    assert WORDS.say("draft.title") in anew.answer.text
    erased = anew.send(go="clear")
    assert not erased.page.having("section", id="begun") and site.rows()["drafts"] == []


def test_the_owners_page_tells_of_a_refill_that_was_begun(site: Site, client: FlaskClient) -> None:
    """Whoever was refused and left finds the way back there; another browser is told nothing."""
    home = f"/o/{site.add(alex()).owner}"
    assert WORDS.say("refill.begun") not in client.get(home).text
    open_page(client, f"{home}/refill").send({_DOSE: "a lot"})
    page = open_page(client, home)
    begun = page.page.section(WORDS.say("refill.begun"))
    (way,) = begun.iter("a")
    assert open_page(client, way.get("href", "")).values()[_DOSE] == "a lot"
    assert WORDS.say("refill.begun") not in site.app.test_client().get(home).text


def test_a_form_that_is_saved_leaves_no_draft(site: Site, client: FlaskClient) -> None:
    """What was wrong is put right and saved once; the address of the draft then says it is gone."""
    owner = site.add(alex()).owner
    wrong = open_page(client, f"/o/{owner}/edit/patient").send({"patient.full_name": ""})
    wrong.send({"patient.full_name": "Alex Other"})
    assert site.keeper.vault.owned(owner).version == 2
    assert site.rows()["drafts"] == []
    late = client.get(f"/o/{owner}/edit/patient?typed=1").text
    assert WORDS.say("draft.gone") in late
    assert "Alex Other" in late


def test_a_draft_is_erased_by_its_button_without_script(site: Site, client: FlaskClient) -> None:
    """The form is then as the card has it."""
    path = f"/o/{site.add(alex()).owner}/refill"
    wrong = open_page(client, path).send({_DOSE: "a lot"})
    fresh = wrong.send(form=1, go="clear")
    assert "a lot" not in fresh.answer.text
    assert WORDS.say("draft.gone") not in fresh.answer.text
    assert site.rows()["drafts"] == []


def test_a_draft_of_a_form_ends_after_a_day(site: Site, client: FlaskClient) -> None:
    """The form is fresh, and says why."""
    path = f"/o/{site.add(alex()).owner}/refill"
    open_page(client, path).send({_DOSE: "a lot"})
    site.clock.now += timedelta(hours=25)
    page = client.get(f"{path}?typed=1").text
    assert "a lot" not in page
    assert WORDS.say("draft.gone") in page


def test_a_draft_goes_by_the_version_it_was_begun_from(site: Site, client: FlaskClient) -> None:
    """Somebody else saves meanwhile: the page says so, and the form still sends its version."""
    owner = site.add(alex()).owner
    open_page(client, f"/o/{owner}/refill").send({_DOSE: "a lot"})
    other = site.app.test_client()
    open_page(other, f"/o/{owner}/edit/patient").send({"patient.full_name": "Alex Other"})
    again = open_page(client, f"/o/{owner}/refill?typed=1")
    assert WORDS.say("draft.older") in again.answer.text
    assert again.values()["version"] == "1"


def test_a_database_that_holds_no_draft_loses_nothing(
    site: Site, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is then the page itself, as the form was sent."""
    path = f"/o/{site.add(alex()).owner}/refill"
    page = open_page(client, path)

    def full(*_: object) -> None:
        raise StoreFailure("insert", {}, Exception("full"))

    monkeypatch.setattr(Drafts, "write", full)
    again = page.send({_DOSE: "a lot"})
    assert again.answer.status_code == 422
    assert again.values()[_DOSE] == "a lot"
    assert again.summary


def test_another_row_is_an_address_too(site: Site, client: FlaskClient) -> None:
    """A row is added to what was typed, by an address that says which list."""
    path = f"/o/{site.add(alex()).owner}/edit/contacts"
    sent = open_page(client, path).values()
    sent.setlist("contacts[0].name", ["Kim"])
    sent.setlist("go", ["add:contacts"])
    answer = client.post(path, data=sent)
    assert answer.location == f"{path}?typed=1&add=contacts"
    assert open_page(client, answer.location).values()["contacts[0].name"] == "Kim"
