"""One rule for every form: what is not taken, or is asked about, is said and kept.

Every form leads to its own page, so that Back never sends one again.
"""

import io
from typing import Any

import pytest

from caregiver_card.questionnaire import answers, steps
from tests.cast import WORDS, alex
from tests.web.client import Site
from tests.web.filling import Filled, open_page

# A page under /o/, and what cannot be taken on it, or is asked about.
_OWNERS: list[tuple[str, dict[str, Any]]] = [
    ("refill", {"put_in": "2o"}),
    ("refill", {"put_in": "20", "regimen.daily_dose_mcg": "1200"}),
    ("edit/patient", {"patient.full_name": ""}),
    ("edit/regimen", {"regimen.daily_dose_mcg": "1200"}),
    ("copies/new", {"label": "x" * 41}),
    ("alerts/new", {"name": "Mum", "address": "mum at home"}),
    ("calendar", {"label": "Maria"}),
    ("heard", {"own": "It rang at lunch"}),
]


@pytest.mark.parametrize(("page", "typed"), _OWNERS, ids=[f"{p} {t}" for p, t in _OWNERS])
def test_an_owners_form(site: Site, page: str, typed: dict[str, Any]) -> None:
    """Opened and drawn again it is a page; refused it is a refusal."""
    home = f"/o/{site.add(alex()).owner}"
    opened = open_page(site.app.test_client(), f"{home}/{page}")
    assert opened.answer.status_code == 200
    again = opened.send(typed)
    assert again.answer.request.args.get("typed") == "1"
    assert again.answer.status_code == 200 and again.summary
    for name, words in typed.items():
        assert again.values()[name] == words


@pytest.mark.parametrize("page", ["copies/new", "alerts/new", "calendar", "heard"])
def test_a_small_form_offers_what_was_typed_and_erases_it(site: Site, page: str) -> None:
    """At its own address it is offered; "Erase what I typed" leaves nothing of it."""
    path = f"/o/{site.add(alex()).owner}/{page}"
    client = site.app.test_client()
    name = {"alerts/new": "name", "heard": "own"}.get(page, "label")
    open_page(client, path).send({name: "x" * 301})
    anew = open_page(client, path)
    assert anew.page.having("section", id="begun") and "x" * 301 not in anew.answer.text
    kept = open_page(client, f"{path}?typed=1")
    assert kept.values()[name] == "x" * 301
    erased = kept.send(form=1, go="clear")
    assert site.rows()["drafts"] == [] and "x" * 301 not in erased.answer.text
    assert WORDS.say("draft.gone_small") in open_page(client, f"{path}?typed=1").page.text


def test_every_section_refuses_alike(site: Site) -> None:
    """Each section of a card with something in it that cannot be."""
    home = f"/o/{site.add(alex({'regimen.mode': 'flex'})).owner}"
    for step in steps.STEPS:
        opened = open_page(site.app.test_client(), f"{home}/edit/{step.key}")
        boxes = [
            each
            for each in opened.page.all("input", "textarea")
            if each.get("id") and each.get("name")
        ]
        typed = {each.get("name", ""): "\x07" for each in boxes if each.get("type") != "radio"}
        again = opened.send(typed or {boxes[0].get("name", ""): "\x07"})
        assert again.answer.request.args.get("typed") == "1", step.key
        assert again.errors and again.summary == again.errors, step.key


def _begun(site: Site) -> Filled:
    return open_page(site.app.test_client(), "/new").send()


def test_a_question_of_a_new_card(site: Site) -> None:
    """A redirect to a page that says what is wrong: Back never asks to send something again."""
    first = _begun(site)
    for go in ("", "back", "add:contacts"):
        sent = {**first.values(), "patient.full_name": "", "go": go}
        assert first.client.post("/new/patient", data=sent).status_code == 303
    again = open_page(first.client, "/new/patient")
    assert again.summary and again.summary == again.errors
    form = open_page(first.client, "/new/file").values()
    held = {**form, "answers": answers.dumps({"region": "GB"}), "go": "check"}
    assert first.client.post("/new", data=held).status_code == 303
    last = open_page(first.client, "/new/check")
    assert last.heading == WORDS.say("new.check") and not last.summary
    assert last.send(go="save").summary


def test_a_file_and_a_missing_choice(site: Site) -> None:
    """What is uploaded, and two versions of which none was picked."""
    owner = site.add(alex()).owner
    client = site.app.test_client()
    form = dict(open_page(client, "/new/file").values())
    refused = client.post("/new/file", data={**form, "file": (io.BytesIO(b"{}"), "card.json")})
    assert refused.status_code == 422 and b"first key must be" in refused.data
    mine, theirs = (open_page(client, f"/o/{owner}/edit/pump") for _ in range(2))
    theirs.send({"pump.location": "left"})
    choose = mine.send({"pump.location": "right"})
    assert choose.heading == WORDS.say("choose.title") and not choose.summary
    sent = client.post(f"/o/{owner}/choose", data=choose.values())
    assert sent.status_code == 303 and open_page(client, sent.location).summary


def test_a_row_more_is_no_refusal(site: Site) -> None:
    """Nothing was judged yet; nor is what a device held and sends back."""
    opened = open_page(site.app.test_client(), f"/o/{site.add(alex()).owner}/edit/contacts")
    for go in ("add:contacts", "remove:contacts[0]", "resume"):
        again = opened.send({"contacts[0].phone": "12", "go": go})
        assert again.answer.status_code == 200 and not again.summary
