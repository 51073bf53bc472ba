"""A person without script makes a card and keeps it right: every page, every refusal."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiver_card import answers, codec, journey, outline
from caregiver_card.card import Card
from caregiver_card.journey import Field, Rows
from tests import people
from tests.people import WORDS, alex, card_of, sam, tuyet
from tests.web.client import Site
from tests.web.filling import Filled, day, open_page

_BOX = {field.path: step for step in journey.STEPS for field in step.fields}


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without script."""
    return site.app.test_client()


def _owner(page: Filled) -> str:
    return page.answer.request.path.split("/")[2]


def _typed(card: Card, step: journey.Step) -> dict[str, Any]:
    """What a person would type on a step's page to say what a card says."""
    typed: dict[str, Any] = {}
    flat = answers.of(card)
    for field in step.fields:
        for path in answers.under(flat, field.path):
            part = path.rpartition("-")
            name = part[0] if part[2] in answers.DAY_PARTS else path
            typed[name] = answers.day(flat, name) if name != path else flat[path]
    return typed


def _rows(card: Card, step: journey.Step) -> dict[str, int]:
    flat, found = answers.of(card), {}
    for field in step.fields:
        if isinstance(field, Rows):
            under = answers.under(flat, field.path)
            found[field.path] = len({path.split("]")[0] for path in under})
    return found


def _fill(page: Filled, card: Card, step: journey.Step) -> Filled:
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
    return start.send(form=len(start.page.all("form")) - 1)


def _make(client: FlaskClient, card: Card) -> Filled:
    page = _begin(client)
    steps = {WORDS.say(f"step.{each.key}.title"): each for each in journey.STEPS}
    for _ in range(40):
        if page.heading == WORDS.say("new.check"):
            break
        step = steps[page.heading]
        before = page.heading
        page = _fill(page, card, step)
        assert page.heading != before, (before, page.summary, page.errors)
    later = [each for each in journey.STEPS if not each.first and _typed(card, each)]
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
    done = _press(page, "save")
    while done.heading == WORDS.say("new.check"):
        assert done.questions and not done.summary, (done.summary, done.errors)
        done = done.confirm(go="save")
    assert done.heading == WORDS.say("kept.title")
    owned = site.keeper.vault.owned(_owner(done))
    made, wanted = json.loads(codec.encode(owned.card)), json.loads(codec.encode(meant))
    made.pop("confirmed", None)
    wanted.pop("confirmed", None)
    assert made == wanted
    assert client.get(f"/c/{owned.copies[0].token}").status_code == 200
