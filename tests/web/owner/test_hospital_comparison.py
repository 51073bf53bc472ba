"""A child comes home from hospital with a file: what is new in it reaches the card by a form."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from caregiver_card.briefing.content import load
from caregiver_card.questionnaire import hospital_file
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.store import Store
from tests.cast import WORDS, alex, card_of, sam
from tests.questionnaire.test_hospital_file import REFUSED
from tests.summaries import ALEX, SAM, allergy, pump, summary, taken
from tests.web.client import Site
from tests.web.filling import Filled, open_page, upload
from tests.web.reading import words

_COMPARE = WORDS.say("hospital.compare")
_KEPPRA = taken(
    medicationCodeableConcept={"text": "Levetiracetam"}, dosage=[{"text": "250 mg twice a day"}]
)
_OMEPRAZOLE = {"status": "listed", "items": [{"name": "Omeprazole", "dose": "10 mg"}]}
_NOBODY = "0" * 26


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without script."""
    return site.app.test_client()


def _hold(client: FlaskClient, owner: str, raw: bytes) -> Filled:
    return upload(client, raw, f"/o/{owner}/edit/hospital")


def _put(page: Filled, key: str) -> Filled:
    """Press the button of a section."""
    actions = [each.get("action", "").rpartition("/")[2] for each in page.page.all("form")]
    return page.send(form=actions.index(key), go="resume")


def _sections(page: Filled) -> list[str]:
    found = (each.get("aria-labelledby", "") for each in page.page.all("section"))
    return [each.removeprefix("s-") for each in found if each.startswith("s-")]


def test_a_new_medicine_is_on_the_card_once_its_form_is_saved(
    site: Site, client: FlaskClient
) -> None:
    """It stands behind the others, marked; until then nothing is on the card and nothing stored."""
    owner = site.add(sam(medicines=_OMEPRAZOLE)).owner
    home = f"/o/{owner}"
    for path in ("", "/edit"):
        assert f"{home}/edit/hospital" in dict(open_page(client, home + path).page.links())
    assert client.get(f"{home}/edit/hospital/").status_code == 200
    before, omeprazole = site.rows(), {"text": "omeprazole"}
    raw = summary(taken(medicationCodeableConcept=omeprazole), _KEPPRA, patient=SAM)
    page = _hold(client, owner, raw)
    assert page.heading == WORDS.say("hospital.read") and site.rows() == before
    assert _sections(page) == ["medicines"]
    said = "on the card not in the list in the file Levetiracetam, 250 mg twice a day"
    assert said in page.page.text
    assert "The same on the card: Name, Date of birth, omeprazole" in page.page.text
    form = _put(page, "medicines")
    assert form.heading == WORDS.say("step.medicines.title") and not form.errors
    typed = form.values()
    assert typed["medicines.items[0].dose"] == "10 mg" and typed["medicines.status"] == "listed"
    assert typed["medicines.items[1].name"] == "Levetiracetam"
    assert form.page.text.count(_COMPARE) == 1
    assert site.keeper.vault.owned(owner).version == 1
    saved = form.send({"medicines.items[1].dose": "250 mg"})
    assert saved.heading == WORDS.say("saved.title"), saved.errors
    names = [each.name for each in site.keeper.vault.owned(owner).card.medicines.items]
    assert names == ["Omeprazole", "Levetiracetam"]
    again = _hold(client, owner, summary(taken(medicationCodeableConcept=omeprazole), patient=SAM))
    assert WORDS.say("hospital.nothing") in again.page.text and _sections(again) == []


def test_whether_there_is_any_is_said_by_nobody_but_the_family(
    site: Site, client: FlaskClient
) -> None:
    """A card whose allergies are unknown asks again, as often as it takes."""
    owner = site.add(sam()).owner
    page = _hold(client, owner, summary(allergy(), patient=SAM))
    assert f"on the card {WORDS.say('status.allergies-unknown')}" in page.page.text
    form = _put(page, "allergies")
    assert "allergies.status" not in form.values()
    refused = form.send()
    assert refused.errors == [WORDS.say("missing.allergies.status")] == refused.summary
    assert refused.values()["allergies.items[0].substance"] == "Latex"
    assert site.keeper.vault.owned(owner).version == 1
    saved = refused.send({"allergies.status": "listed"})
    assert saved.heading == WORDS.say("saved.title"), saved.errors
    [latex] = site.keeper.vault.owned(owner).card.allergies.items
    assert latex.substance == "Latex"


def test_what_the_card_says_otherwise_is_shown_and_stays(site: Site, client: FlaskClient) -> None:
    """With a way to its form, into which nothing of it is put."""
    owner = site.add(alex()).owner
    device, use = pump(modelNumber="SynchroMed III", serialNumber="NGP123456H")
    raw = summary(taken(dosage=[{"text": "600 mg"}]), _KEPPRA, device, use)
    page = _hold(client, owner, raw)
    assert _sections(page) == ["pump", "medicines"]
    assert "on the card SynchroMed II 8637-40 in the file SynchroMed III" in page.page.text
    said = "on the card Gabapentin, 300 mg, three times a day in the file Gabapentin, 600 mg"
    assert said in page.page.text
    assert f"/o/{owner}/edit/pump" in dict(page.page.links())
    actions = [each.get("action", "") for each in page.page.all("form")]
    assert f"/o/{owner}/edit/pump" not in actions
    form = _put(page, "medicines")
    assert form.values()["medicines.items[0].frequency"] == "three times a day"
    assert "600 mg" not in form.answer.text and form.page.text.count(_COMPARE) == 1


def test_what_may_not_be_taken_is_named_with_its_reason(site: Site, client: FlaskClient) -> None:
    """Never a dose of the pump; script in a name is only words, and in a narrative is not read."""
    script = {"text": "<script>alert(1)</script>"}
    text = {"div": "<div><script>alert(2)</script></div>"}
    raw = summary(
        taken(status="stopped", medicationCodeableConcept=script),
        taken(medicationCodeableConcept={"text": "Baclofen 2000 mcg/mL"}),
        allergy(code=script),
        {"resourceType": "Composition", "section": [{"text": text}]},
    )
    page = _hold(client, site.add(alex()).owner, raw)
    for why in ("over", "asked"):
        assert WORDS.say(f"hospital_why.{why}") in page.page.text
    assert "<script>alert(" not in page.answer.text and "alert(2)" not in page.answer.text
    assert _sections(page) == ["allergies"]
    form = _put(page, "allergies")
    assert form.values()["allergies.items[2].substance"] == script["text"]


def test_nothing_of_the_section_is_lost(site: Site, client: FlaskClient) -> None:
    """Not even the family name, which is asked beside the name where there is one."""
    card = alex({"patient.family_name": "Rivera"})
    del card["patient"]["record_number"]
    owner = site.add(card).owner
    number = {"type": {"coding": [{"code": "MR"}]}, "value": "M-1"}
    page = _hold(client, owner, summary(patient=ALEX | {"identifier": [number]}))
    saved = _put(page, "patient").send()
    assert saved.heading == WORDS.say("saved.title"), saved.errors
    card["patient"]["record_number"] = "M-1"
    assert site.keeper.vault.owned(owner).card == card_of(card)


def test_a_save_in_between_is_shown_beside_it(site: Site, client: FlaskClient) -> None:
    """The page of an older version still puts its values into the form, which says so."""
    owner = site.add(sam(medicines=_OMEPRAZOLE)).owner
    page = _hold(client, owner, summary(_KEPPRA, patient=SAM))
    other = {"status": "listed", "items": [*_OMEPRAZOLE["items"], {"name": "Melatonin"}]}
    site.keeper.save(owner, card_of(sam(medicines=other)), 1, "", site.clock())
    form = _put(page, "medicines")
    assert WORDS.say("draft.older") in form.page.text
    choose = form.send()
    assert choose.heading == WORDS.say("choose.title")
    assert "Melatonin" in choose.page.text and "Levetiracetam" in choose.page.text
    assert site.keeper.vault.owned(owner).version == 2
    again = _put(_hold(client, owner, summary(_KEPPRA, patient=SAM)), "medicines")
    assert WORDS.say("draft.older") not in again.page.text
    assert again.values()["medicines.items[2].name"] == "Levetiracetam"


def test_what_was_typed_before_is_not_replaced_unsaid(site: Site, client: FlaskClient) -> None:
    """A form that was begun in another tab is named beside the button, with the way to it."""
    owner = site.add(sam(medicines=_OMEPRAZOLE)).owner
    raw = summary(_KEPPRA, patient=SAM)
    [silent] = _hold(client, owner, raw).page.having("div", hidden="")
    assert WORDS.say("hospital_card.replaces") in words(silent)
    form = open_page(client, f"/o/{owner}/edit/medicines")
    assert form.send({"medicines.items[0].dose": "x" * 99}).errors
    page = _hold(client, owner, raw)
    assert WORDS.say("hospital_card.replaces") in page.page.text
    assert not page.page.having("div", hidden="")
    [begun] = [to for to in dict(page.page.links()) if to.endswith("/edit/medicines?typed=1")]
    assert open_page(client, begun).values()["medicines.items[0].dose"] == "x" * 99


def test_what_is_in_a_form_is_in_this_browser_alone(site: Site, client: FlaskClient) -> None:
    """Of this card; another browser and another card have nothing of it."""
    owner, second = (site.add(sam(medicines=_OMEPRAZOLE)).owner for _ in range(2))
    form = _put(_hold(client, owner, summary(_KEPPRA, patient=SAM)), "medicines")
    path = form.answer.request.full_path
    assert "Levetiracetam" in client.get(path).text
    for browser, address in (
        (site.app.test_client(), path),
        (client, path.replace(owner, second)),
    ):
        opened = open_page(browser, address)
        assert "Levetiracetam" not in opened.answer.text
        assert WORDS.say("draft.gone") in opened.page.text


@pytest.mark.parametrize(
    ("patient", "said"),
    [
        (ALEX, "Name: “Alex Rivera” in the file, “Sam Lee” here."),
        (SAM | {"birthDate": "2015-09-29"}, "“29 Sep 2015” in the file, “30 Sep 2015” here."),
    ],
)
def test_a_file_about_somebody_else_is_refused(
    shared_site: Site, patient: dict[str, Any], said: str
) -> None:
    """In one sentence, which says by what."""
    owner = shared_site.add(sam()).owner
    before = shared_site.rows()
    refused = _hold(shared_site.app.test_client(), owner, summary(allergy(), patient=patient))
    assert refused.answer.status_code == 422 and refused.errors == refused.summary
    [words] = refused.errors
    assert words.startswith("This file is about somebody else.") and words.endswith(said)
    assert "Latex" not in refused.answer.text and shared_site.rows() == before


@pytest.mark.parametrize(
    ("raw", "code"), {code: (raw, code) for raw, code in REFUSED if code != "large"}.values()
)
def test_what_cannot_be_read_is_refused_as_for_a_new_card(
    shared_site: Site, raw: bytes, code: str
) -> None:
    """By the same sentences."""
    owner = shared_site.add(alex()).owner
    before = shared_site.rows()
    refused = _hold(shared_site.app.test_client(), owner, raw)
    assert refused.answer.status_code == 422 and refused.errors == refused.summary
    begins = WORDS.text[f"hospital_wrong.{code}"].split("{")[0]
    assert refused.errors[0].startswith(begins) and shared_site.rows() == before


def test_a_file_of_50_mb_is_not_read(shared_site: Site) -> None:
    """It is refused by what it says of itself; an address that opens no card says nothing else."""
    client, owner = shared_site.app.test_client(), shared_site.add(alex()).owner
    large = _hold(client, owner, b"x" * (hospital_file.MAX_BYTES + 10**6))
    assert large.answer.status_code == 413
    assert large.errors == [WORDS.say("hospital_wrong.large", most=8)]
    announced = {"CONTENT_LENGTH": str(50 * 1024 * 1024)}
    for token, status in ((owner, 413), (_NOBODY, 404), ("x", 404)):
        path = f"/o/{token}/edit/hospital"
        assert client.post(path, environ_overrides=announced).status_code == status, token


def test_a_database_that_is_away_is_said_of_a_large_file_too(
    shared_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of anything else that is sent."""

    def away(*_: object) -> None:
        raise StoreFailure

    client, owner = shared_site.app.test_client(), shared_site.add(alex()).owner
    monkeypatch.setattr(Store, "find_card", away)
    announced = {"CONTENT_LENGTH": str(50 * 1024 * 1024)}
    answer = client.post(f"/o/{owner}/edit/hospital", environ_overrides=announced)
    assert answer.status_code == 503


def test_the_page_is_in_the_language_of_the_card(shared_site: Site) -> None:
    """And so is what is refused, before anything is read."""
    german, client = load("de"), shared_site.app.test_client()
    owner = shared_site.add(alex({"language": "de"})).owner
    page = _hold(client, owner, summary(allergy(code={"text": "Nüsse"})))
    assert page.heading == german.say("hospital.read")
    assert page.page.one("html").get("lang") == "de"
    large = _hold(client, owner, b"x" * (hospital_file.MAX_BYTES + 10**6))
    assert large.summary == [german.say("hospital_wrong.large", most=8)]
