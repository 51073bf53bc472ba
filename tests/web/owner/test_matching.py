"""Family name and gender: asked where the hospital's file is made, and shown nowhere but there."""

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from caregiver_card.questionnaire import steps
from tests.cast import WORDS, alex, file_of, sam
from tests.web.client import Site
from tests.web.filling import Filled, open_page

_STEP = steps.BY_KEY["matching"]
_FAMILY, _GENDER = (field.path for field in _STEP.fields)
_NAME = WORDS.say("step.matching.name")
_BOTH = {_FAMILY: "Rivera", _GENDER: "female"}


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without script."""
    return site.app.test_client()


def _patient(site: Site, reader: str) -> dict[str, Any]:
    entries = json.loads(site.client.get(f"/c/{reader}/summary.json").data)["entry"]
    return next(
        each["resource"] for each in entries if each["resource"]["resourceType"] == "Patient"
    )


def _form(client: FlaskClient, owner: str) -> Filled:
    return open_page(client, f"/o/{owner}/edit/matching")


def test_it_is_asked_beside_the_file_and_saved_as_a_version(
    site: Site, client: FlaskClient
) -> None:
    """From the prints of a copy; what is saved says so, and leads to the file that has it."""
    kept = site.add(alex())
    copy, home = kept.reader_links[0], f"/o/{kept.owner}"
    links = dict(site.client.page(f"{home}/copies/{copy.id}").links())
    assert _NAME in links[f"{home}/edit/matching"]
    saved = _form(client, kept.owner).send(_BOTH)
    assert saved.heading == WORDS.say("saved.title"), saved.errors
    assert WORDS.say("saved.good_paper") in saved.page.text
    assert f"/c/{copy.token}/summary.json?pdf=1" in dict(saved.page.links())
    found = _patient(site, copy.token)
    assert found["name"] == [
        {"use": "official", "text": "Alex Rivera", "family": "Rivera", "given": ["Alex"]}
    ]
    assert found["gender"] == "female"
    history = site.client.page(f"{home}/history").text
    assert f"Changed: {_NAME}" in history and "Gender was: Not recorded now: Female" in history


def test_without_them_the_file_is_as_before(site: Site) -> None:
    """All of the name is the family name, and no gender stands for one that is not recorded."""
    found = _patient(site, site.reader(sam()))
    assert "gender" not in found
    assert found["name"] == [{"use": "official", "text": "Sam Lee", "family": "Sam Lee"}]


def test_they_can_be_taken_away_again(site: Site, client: FlaskClient) -> None:
    """An empty box and "Leave it out" are no values."""
    kept = site.add(alex({_FAMILY: "Rivera", _GENDER: "unknown"}))
    form = _form(client, kept.owner)
    assert (form.values()[_FAMILY], form.values()[_GENDER]) == ("Rivera", "unknown")
    assert form.send({_FAMILY: "", _GENDER: ""}).heading == WORDS.say("saved.title")
    patient = site.keeper.vault.owned(kept.owner).card.patient
    assert patient.family_name is None and patient.gender is None


def test_a_name_that_is_not_in_the_full_name_is_refused(site: Site, client: FlaskClient) -> None:
    """Beside the box; what was typed is there again, and nothing is stored."""
    kept = site.add(alex())
    refused = _form(client, kept.owner).send({_FAMILY: "Riverra", _GENDER: "other"})
    assert refused.errors == refused.summary
    assert refused.errors == [
        "Family name: this is not in the full name “Alex Rivera”. Write it as it stands there"
    ]
    assert refused.values()[_FAMILY] == "Riverra"
    assert site.keeper.vault.owned(kept.owner).version == 1


def test_a_new_name_and_its_family_name_are_one_change(site: Site, client: FlaskClient) -> None:
    """Either alone would be refused; without a family name the form asks for none."""
    married = site.add(alex({_FAMILY: "Rivera"})).owner
    form = open_page(client, f"/o/{married}/edit/patient")
    refused = form.send({"patient.full_name": "Alex Stone"})
    assert len(refused.errors) == 1 and "Alex Stone" in refused.errors[0]
    saved = refused.send({_FAMILY: "Stone"})
    assert saved.heading == WORDS.say("saved.title"), saved.errors
    assert site.keeper.vault.owned(married).card.patient.family_name == "Stone"
    other = open_page(client, f"/o/{site.add(sam()).owner}/edit/patient")
    assert _FAMILY not in other.values()


def test_a_save_in_between_is_shown_beside_it(site: Site, client: FlaskClient) -> None:
    """As for every other section."""
    owner = site.add(alex()).owner
    mine, theirs = _form(client, owner), _form(client, owner)
    theirs.send({_GENDER: "female"})
    choose = mine.send({_FAMILY: "Rivera", _GENDER: "male"})
    assert choose.heading == WORDS.say("choose.title")
    assert choose.values()[f"pick:{_FAMILY}"] == "mine"
    saved = choose.send({f"pick:{_GENDER}": "theirs"})
    assert saved.heading == WORDS.say("saved.title"), saved.summary
    patient = site.keeper.vault.owned(owner).card.patient
    assert (patient.family_name, patient.gender) == ("Rivera", "female")


def test_the_owner_is_told_what_the_card_has_and_of_nothing_that_it_lacks(site: Site) -> None:
    """The section is there once it has an answer, on each page that lists the sections."""
    without, having = site.add(alex()).owner, site.add(alex({_GENDER: "male"})).owner
    for path in ("", "/edit"):
        assert _NAME not in site.client.page(f"/o/{without}{path}").text
        page = site.client.page(f"/o/{having}{path}")
        assert f"/o/{having}/edit/matching" in dict(page.links())
        assert re.search(rf"{_NAME} Gender:? Male", page.text)


def test_the_emergency_page_is_the_same_with_and_without(site: Site) -> None:
    """Byte for byte but for the token: it is for the nurse."""
    pages = []
    for file in (alex(), alex(_BOTH)):
        token = site.reader(file)
        pages.append(site.client.page(f"/c/{token}").source.replace(token, ""))
    assert pages[0] == pages[1]


def test_a_new_card_is_not_asked(client: FlaskClient) -> None:
    """Neither on the way nor among what can be added at its end."""
    page = open_page(client, "/new").send()
    assert page.heading == WORDS.say("step.patient.title")
    assert WORDS.say("new.more") in open_page(client, "/new/check").page.text
    assert _NAME not in open_page(client, "/new/check").page.text


def test_a_card_file_keeps_what_it_has(site: Site, client: FlaskClient) -> None:
    """Both come along into the card that is made of it."""
    raw = file_of(alex(_BOTH))
    page = open_page(client, "/new/file")
    sent = {**page.values(), "file": (io.BytesIO(raw), "card.json")}
    check = Filled(client, client.post("/new/file", data=sent, follow_redirects=True))
    owner = check.answer.request.path.split("/")[2]
    file = json.loads(client.get(f"/o/{owner}/card.json").data)
    assert (file["patient"]["family_name"], file["patient"]["gender"]) == ("Rivera", "female")
