"""A hospital's file begins a card: each value is marked, and gone through before it is saved."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from caregiver_card.briefing.content import load
from caregiver_card.questionnaire import answers, hospital_file
from tests.cast import WORDS, alex, card_of
from tests.questionnaire.test_hospital_file import REFUSED
from tests.summaries import ALEX, allergy, pump, summary, taken
from tests.web.client import Site
from tests.web.filling import Filled, open_page, upload

_PUMP, _USE = pump(
    manufacturer="Medtronic", modelNumber="SynchroMed II 8637-40", serialNumber="NGP123456H"
)
_WHOLE = summary(
    allergy(),
    taken(status="stopped", medicationCodeableConcept={"text": "<script>alert(1)</script>"}),
    taken(),
    _PUMP,
    _USE | {"bodySite": {"text": "right lower abdomen"}},
)
_MARK = WORDS.say("hospital.mark")
_COMPARE = WORDS.say("hospital.compare")


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without script."""
    return site.app.test_client()


def _upload(client: FlaskClient, raw: bytes, path: str = "/new/hospital") -> Filled:
    return upload(client, raw, path)


def test_the_page_names_what_was_taken_what_not_and_what_is_asked(client: FlaskClient) -> None:
    """Each value as the hospital's, each that was left out with its reason."""
    assert "/new/hospital" in dict(open_page(client, "/new").page.links())
    page = _upload(client, _WHOLE)
    assert page.answer.request.path == "/new/hospital/read"
    text = page.page.text
    for said in ("Alex Rivera", "12 Apr 1991", "Latex", "Gabapentin", "NGP123456H"):
        assert f"{said} {_MARK}" in text
    assert WORDS.say("hospital_why.over") in text and WORDS.say("hospital.asked_dose") in text
    assert "<script>alert(1)" not in page.answer.text and "&lt;script&gt;" in page.answer.text
    assert page.page.one("a", class_="button").get("href") == "/new/patient"


def test_the_fullest_file_fits_a_draft(client: FlaskClient) -> None:
    """In letters of four bytes, with nothing taken and all of it named."""
    many = [taken(status="stopped", medicationCodeableConcept={"text": "😀" * 200})] * 150
    many += [taken(dosage=[{"text": "😀" * 200}])] * 150
    page = _upload(client, summary(*many))
    assert page.answer.request.path == "/new/hospital/read" and page.answer.status_code == 200


def test_every_page_that_the_file_filled_is_gone_through(site: Site, client: FlaskClient) -> None:
    """A list is answered by a person alone; what is changed is no longer the hospital's."""
    _upload(client, _WHOLE)
    page, seen = open_page(client, "/new/patient"), []
    card = answers.from_card(card_of(alex()))
    while page.heading != WORDS.say("new.check"):
        key = page.answer.request.path.rpartition("/")[2]
        seen.append((key, page.page.text.count(_COMPARE)))
        if key in ("allergies", "medicines"):
            assert page.send().errors == [WORDS.say(f"missing.{key}.status")]
            page = open_page(client, f"/new/{key}").send({f"{key}.status": "listed"})
            continue
        boxes = page.values()
        open_boxes = {
            path: said
            for path, said in card.items()
            if f'name="{path}"' in page.answer.text and not boxes.get(path)
        }
        if key == "device":
            open_boxes["pump.serial"] = "X1"
        page = page.send(open_boxes)
        while page.questions:
            page = page.confirm()
    assert [each for each in seen if each[1]] == [
        ("patient", 2),
        ("pump", 3),
        ("device", 1),
        ("allergies", 1),
        ("medicines", 1),
    ]
    text = page.page.text
    assert f"Latex {_MARK}" in text and f"NGP123456H {_MARK}" not in text
    assert site.rows()["cards"] == []
    saved = page.send({"verified.by": "Maria Rivera, from the printout"}, go="save")
    while saved.questions:
        saved = saved.confirm(go="save")
    assert saved.heading == WORDS.say("key.title"), saved.summary
    assert len(site.rows()["cards"]) == 1


def test_no_save_believes_what_nobody_has_gone_through(site: Site, client: FlaskClient) -> None:
    """Whoever opens the last page by its address is led to the first page that was not sent."""
    whole = answers.from_card(card_of(alex()))
    for part in ("allergies", "patient.full_name"):
        whole = answers.without(whole, part)
    form = open_page(client, "/new").values()
    client.post("/new", data={**form, "answers": answers.dumps(whole), "go": "check"})
    _upload(client, _WHOLE)
    led = open_page(client, "/new/check").send(go="save")
    assert led.answer.request.path == "/new/patient" and site.rows()["cards"] == []


def test_what_was_typed_before_stays(client: FlaskClient) -> None:
    """A file about somebody else is refused, and takes nothing away."""
    page = open_page(client, "/new").send()
    page.send({"patient.full_name": "Rivera Alex", "patient.record_number": "77"})
    _upload(client, summary(patient=ALEX | {"identifier": [_record("88")]}))
    typed = open_page(client, "/new/patient").values()
    assert typed["patient.full_name"] == "Rivera Alex" and typed["patient.record_number"] == "77"
    assert typed["patient.date_of_birth-year"] == "1991"
    refused = _upload(client, summary(patient=ALEX | {"birthDate": "1992-04-12"}))
    said = "This file is about somebody else. Date of birth: “12 Apr 1992” in the file, “12 Apr"
    assert refused.answer.status_code == 422 and refused.summary[0].startswith(said)
    assert refused.errors == refused.summary
    again = open_page(client, "/new/patient").values()
    assert {**again, "csrf_token": ""} == {**typed, "csrf_token": ""}


def _record(number: str) -> dict[str, Any]:
    return {"type": {"coding": [{"code": "MR"}]}, "value": number}


def test_what_no_file_can_have_said_is_ignored(client: FlaskClient) -> None:
    """A page that somebody changed spoils no page of the draft that it begins."""
    form = open_page(client, "/new").values()
    odd = answers.dumps({"patient.date_of_birth-year": "1", "patient.full_name": "\0"})
    client.post("/new", data={**form, "hospital": odd})
    page = open_page(client, "/new/patient")
    assert page.values()["hospital"] == "{}" and _COMPARE not in page.page.text


def test_a_draft_that_ended_keeps_its_marks(site: Site, client: FlaskClient) -> None:
    """The page that is still open says what was the hospital's."""
    _upload(client, _WHOLE)
    page = open_page(client, "/new/patient")
    site.clock.now += timedelta(hours=25)
    page.send()
    assert _COMPARE in open_page(client, "/new/pump").page.text


@pytest.mark.parametrize(
    ("raw", "code"), REFUSED, ids=[f"{code}-{at}" for at, (_, code) in enumerate(REFUSED)]
)
def test_what_cannot_be_read_is_one_sentence_and_nothing_is_stored(
    shared_site: Site, raw: bytes, code: str
) -> None:
    """At the field and above, by the status of a form that is refused."""
    client, before = shared_site.app.test_client(), shared_site.rows()
    refused = _upload(client, raw)
    assert refused.answer.status_code == 422
    [said] = refused.errors
    assert refused.summary == [said] and said.count(".") <= 2
    assert code != "missing" or said == WORDS.say("hospital_wrong.missing")
    assert shared_site.rows() == before


def test_no_file_and_one_beyond_the_limit(shared_site: Site) -> None:
    """Whatever is announced is refused before it is read; elsewhere it is as little as ever."""
    client = shared_site.app.test_client()
    assert open_page(client, "/new/hospital").send().errors == [WORDS.say("hospital_wrong.missing")]
    size = hospital_file.MAX_BYTES + 10**6
    large = _upload(client, b"x" * size)
    said = [WORDS.say("hospital_wrong.large", most=8)]
    assert large.answer.status_code == 413 and large.errors == said
    assert client.post("/new/file", data=b"x" * 10**6).status_code == 413
    assert _upload(client, json.dumps({"x": "y" * 10**6}).encode()).answer.status_code == 422


def test_the_file_is_read_in_the_language_of_the_page(shared_site: Site) -> None:
    """And so are the questions that follow."""
    client = shared_site.app.test_client()
    said = load("de").say("hospital_wrong.unreadable")
    assert _upload(client, b"x", "/new/hospital?l=de").summary == [said]
    page = _upload(client, _WHOLE, "/new/hospital?l=de")
    assert page.page.one("html").get("lang") == "de"
    assert open_page(client, "/new/patient").page.one("html").get("lang") == "de"


def test_without_a_file_there_is_nothing_to_show(shared_site: Site) -> None:
    """Its page leads to the choice of one."""
    answer = shared_site.app.test_client().get("/new/hospital/read")
    assert (answer.status_code, answer.location) == (303, "/new/hospital")
