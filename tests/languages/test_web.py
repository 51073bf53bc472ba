"""A family with a card in another language: no page, refusal or mail has English."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from caregiver_card.briefing.content import load
from caregiver_card.questionnaire import steps
from tests.alerting.mailbox import mailbox, text_of
from tests.cast import CAST, alex, card_of
from tests.languages.catalogue import both_directions, every_language
from tests.languages.english_left import english_in, english_left
from tests.web import website
from tests.web.client import Site, plain
from tests.web.filling import Filled, open_page
from tests.web.reading import Page
from tests.web.website import MAIL_URL, Website

# Some hundred pages.
pytestmark = pytest.mark.slow


def _faults(page: Page, tag: str) -> list[str]:
    lang = page.root.get("lang")
    return [*([] if lang == tag else [f"lang={lang}"]), *english_left(page, tag)]


def _crawl(client: FlaskClient, start: str, inside: tuple[str, ...]) -> Iterator[tuple[str, Page]]:
    """Every page that links lead to from a page, with its address; files are tested elsewhere."""
    waiting, seen = [start], {start}
    for path in waiting:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        page = Page(plain(answer).decode())
        yield path, page
        found = [href.split("#")[0] for href, _ in page.links()]
        for each in found:
            is_page = Path(each.partition("?")[0]).suffix in ("", ".html")
            if each.startswith(inside) and is_page and each not in seen:
                seen.add(each)
                waiting.append(each)


@every_language
def test_every_page_of_a_family_is_in_the_language_of_the_card(site: Site, tag: str) -> None:
    """Whatever a link leads to from the owner's page and from the reader's."""
    kept = site.add(CAST["complex"]({"language": tag}))
    client, owner = site.app.test_client(), f"/o/{kept.owner}"
    found = dict(_crawl(client, owner, (f"{owner}/", "/c/")))
    assert len(found) > 30
    left = {path: faults for path, page in found.items() if (faults := _faults(page, tag))}
    assert not left


@both_directions
def test_every_refusal_of_a_form_is_in_it(site: Site, tag: str) -> None:
    """Each page of the owner's with everything emptied, and with nonsense in every box."""
    kept = site.add(alex({"language": tag}))
    client, left = site.app.test_client(), {}
    paths = [*(f"edit/{each.key}" for each in steps.STEPS), "refill", "alerts/new", "copies/new"]
    for typed in ("", "0.4 mg\x07", "2,000", "32"):
        for path in paths:
            page = _sent(open_page(client, f"/o/{kept.owner}/{path}"), typed)
            if faults := _faults(page.page, tag):
                left[path, typed] = faults
    assert not left


def _sent(page: Filled, typed: str) -> Filled:
    """A form with the same typed into each of its boxes."""
    names = [
        each.get("name", "")
        for each in page.form().iter()
        if each.tag == "textarea"
        or (each.tag == "input" and each.get("type", "text") in ("text", "number", "tel"))
    ]
    return page.send({each: typed for each in names if each})


@both_directions
def test_a_new_card_is_asked_for_in_it(site: Site, tag: str) -> None:
    """From the start page to the last question; each is refused once, empty."""
    client, left = site.app.test_client(), {}
    page = open_page(client, f"/new?l={tag}").send()
    for step in steps.STEPS[:-1]:
        for typed in (None, "", "0.4 mg"):
            # A step that the answers do not ask for is opened from the last page.
            page = open_page(client, f"/new/{step.key}{'?from=check' if step.when else ''}")
            if typed is not None:
                page = _sent(page, typed)
            if faults := _faults(page.page, tag):
                left[step.key, typed] = faults
    last = open_page(client, "/new/check")
    for each in (last, last.send(go="save")):
        if faults := _faults(each.page, tag):
            left["check", each.title] = faults
    assert not left


@every_language
def test_addresses_that_open_nothing_answer_in_the_asked_language(site: Site, tag: str) -> None:
    """A card that is none, a page that is none."""
    client, zeros = site.app.test_client(), "0" * 26
    for path in (*(f"/{kind}/{zeros}" for kind in "coua"), "/nothing"):
        answer = client.get(f"{path}?l={tag}")
        assert answer.status_code == 404
        assert not _faults(Page(plain(answer).decode()), tag), path


@pytest.mark.parametrize("path", ["/open", "/new/batch", "/new/file", "/signs"])
@every_language
def test_the_answer_to_a_public_form_is_in_the_language_of_its_page(
    site: Site, tag: str, path: str
) -> None:
    """What is ticked, or refused, where no card says the language."""
    page = open_page(site.app.test_client(), f"{'/' if path == '/open' else path}?l={tag}")
    actions = [each.get("action", "").split("?")[0].split("#")[0] for each in page.page.all("form")]
    assert not _faults(page.send(form=actions.index(path)).page, tag)


@pytest.mark.parametrize("path", ["see", "paper"])
@every_language
def test_the_answer_to_a_foreign_reader_is_in_their_language(
    site: Site, tag: str, path: str
) -> None:
    """What a nurse ticks, and what she types of a paper, on a card in English."""
    reader, client = f"/c/{site.reader(alex())}", site.app.test_client()
    page = open_page(client, f"{reader}/{path}?l={tag}")
    form = page.form()
    if form.get("method") == "post":
        answer = page.send().answer
    else:
        answer = client.get(form.get("action"), query_string=page.values())
    # Nothing was typed of the paper, which is refused.
    assert answer.status_code == (422 if path == "paper" else 200)
    assert not _faults(Page(plain(answer).decode()), tag)


@every_language
def test_links_keep_the_language_of_a_foreign_reader(site: Site, tag: str) -> None:
    """To all that belongs to a card in English, but for what a phone keeps."""
    reader = f"/c/{site.reader(alex())}"
    page = site.client.page(f"{reader}?l={tag}")
    for href, name in page.links():
        is_own = href.endswith(("/keep", "/contact.vcf"))
        assert not href.startswith("/") or is_own or f"?l={tag}" in href, (href, name)


@every_language
def test_what_was_deleted_is_said_in_it(site: Site, tag: str) -> None:
    """The question before, and the page after."""
    kept = site.add(alex({"language": tag}))
    client = site.app.test_client()
    asked = open_page(client, f"/o/{kept.owner}/delete")
    assert not _faults(asked.page, tag)
    assert not _faults(asked.send().page, tag)


# Mails and the pages that they lead to ----------------------------------------------------------


def house_in(folder: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> Website:
    """The website of a family whose card is in a language."""
    monkeypatch.setattr(website, "ALEX", card_of(alex({"language": language})))
    return Website(folder, mail_url=MAIL_URL)


def _left_by(house: Website, tag: str, **told: Any) -> dict[str, list[str]]:
    """What is English in the mails that a person gets, and on the pages that they lead to."""
    left = {}

    def look(name: str, faults: list[str]) -> None:
        if faults:
            left[name] = faults

    house.add(**told)
    house.send()
    own = house.link("u")
    look("asked", _faults(Page(house.browser.get(own).text), tag))
    house.browser.post(own, data={"go": "yes"})
    look("said yes", _faults(Page(house.browser.get(own).text), tag))
    house.send()
    know = house.link("a")
    look("told", _faults(Page(house.browser.get(know).text), tag))
    house.browser.post(know)
    look("answered", _faults(Page(house.browser.get(know).text), tag))
    house.browser.post(own, data={"go": "stop"})
    look("stopped", _faults(Page(house.browser.get(own).text), tag))
    for _, mail in house.post.taken:
        html = mail.get_body(("html",))
        said = [str(mail["Subject"]), re.sub(r"https?://\S+", "", text_of(mail))]
        look(said[0], english_in(" ".join(said), tag))
        if html:
            page = Page(str(html.get_content()))
            look(f"{said[0]} (html)", _faults(page, tag))
            # Mail programs drop what the document says of itself.
            table, manner = page.all("table")[0], load(tag).manner
            assert (table.get("lang"), table.get("dir", "ltr")) == (tag, manner.direction)
    assert len(house.post.taken) >= 2
    return left


@every_language
def test_whoever_is_told_of_a_card_is_told_in_its_language(
    tmp_path: Path, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the invitation to the end."""
    house = house_in(tmp_path, tag, monkeypatch)
    with mailbox() as house.post:
        left = _left_by(house, tag)
        alerts = Page(house.get("/alerts").text)
    house.keeper.store.dispose()
    assert not left
    assert not _faults(alerts, tag)


@every_language
def test_somebody_told_in_another_language_than_the_cards(
    tmp_path: Path, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cousin of an English family; the family's own page stays in English."""
    house = house_in(tmp_path, "en", monkeypatch)
    with mailbox() as house.post:
        left = _left_by(house, tag, language=tag)
    assert Page(house.get("/alerts").text).root.get("lang") == "en"
    house.keeper.store.dispose()
    assert not left


@every_language
def test_a_calendar_and_a_contact_are_in_it(site: Site, tag: str) -> None:
    """The files that a reader's page offers."""
    kept = site.add(alex({"language": tag}))
    reader = f"/c/{kept.reader_links[0].token}"
    left = {}
    for path in (f"{reader}/contact.vcf", f"{reader}/refills.ics", f"{reader}/medical-id"):
        answer = site.client.get(path)
        said = re.sub(r"\r\n[ \t]", "", plain(answer).decode()).replace("\\,", ",")
        if answer.status_code == 200 and (found := english_in(said, tag)):
            left[path.rpartition("/")[2]] = found
    assert not left


@every_language
def test_its_words_are_typed_with_its_own_mark(site: Site, tag: str) -> None:
    """A dose with a comma is read where a comma is the mark, and shown so again."""
    mark = load(tag).manner.decimal_mark
    kept = site.add(alex({"language": tag, "regimen.daily_dose_mcg": 310.5}))
    page = site.client.page(f"/c/{kept.reader_links[0].token}")
    assert f"310{mark}5" in page.text
