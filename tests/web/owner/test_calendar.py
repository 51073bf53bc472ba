"""Calendars of a card: made and stopped by its owner, and each opens its dates and nothing else."""

import re

import pytest
import vobject

from caregiver_card.card.codec import decode
from caregiver_card.storage.records import AddedCard
from tests.cast import WORDS, alex, card_of, file_of
from tests.web.client import NOON, Site
from tests.web.filling import open_page, press
from tests.web.reading import words

_MOVED = card_of(alex({"refill.next_appointment_on": "2026-12-24"}))


@pytest.fixture
def kept(site: Site) -> AddedCard:
    """Alex's card."""
    return site.add(alex())


def _add(site: Site, kept: AddedCard, label: str = "Maria's phone", words: str = "neutral") -> str:
    """The token of a calendar that is made on the page."""
    before = set(site.keeper.calendars.list(kept.owner))
    answer = press(site, f"/o/{kept.owner}/calendar", label=label, words=words)
    assert answer.status_code == 303, answer.status_code
    (made,) = set(site.keeper.calendars.list(kept.owner)) - before
    return made.token


def _summaries(site: Site, token: str) -> list[str]:
    answer = site.client.get(f"/f/{token}")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return [each.summary.value for each in vobject.readOne(answer.text).vevent_list]


def test_it_works(site: Site, kept: AddedCard) -> None:
    """A calendar is made, shown with its address, and opens the dates."""
    token = _add(site, kept)
    page = site.client.page(f"/o/{kept.owner}/calendar?said=added")
    assert f"http://card.example/f/{token}" in page.text and "Maria's phone" in page.text
    assert (f"webcal://card.example/f/{token}") in [href for href, _ in page.links()]
    assert "Refill appointment, 6 Nov 2026" in _summaries(site, token)


def test_a_save_moves_the_dates(site: Site, kept: AddedCard) -> None:
    """At the same address, for every calendar, in the words that were chosen."""
    neutral, plain = _add(site, kept), _add(site, kept, "School", "plain")
    site.keeper.save(kept.owner, _MOVED, 1, "", NOON)
    assert "Refill appointment, 24 Dec 2026" in _summaries(site, neutral)
    assert "Baclofen pump refill appointment of Alex Rivera, 24 Dec 2026" in _summaries(site, plain)
    assert not [each for each in _summaries(site, neutral) if "Alex" in each or "pump" in each]


def test_a_calendar_s_token_opens_no_card(site: Site, kept: AddedCard) -> None:
    """Nor does a reader's or an owner's open a calendar."""
    token = _add(site, kept)
    for path in (f"/c/{token}", f"/c/{token}/refills.ics", f"/o/{token}", f"/o/{token}/calendar"):
        site.client.page(path, 404)
    for other in (kept.owner, kept.reader_links[0].token, "0" * 26, "x"):
        site.client.page(f"/f/{other}", 404)


def test_a_stopped_calendar_opens_nothing(site: Site, kept: AddedCard) -> None:
    """The others go on, and stopping it once more is said to be late."""
    one, other = _add(site, kept), _add(site, kept, "School")
    gone = next(each for each in site.keeper.calendars.list(kept.owner) if each.token == one)
    path = f"/o/{kept.owner}/calendar/{gone.id}/revoke"
    for said in ("revoked", "gone"):
        answer = press(site, path, at=f"/o/{kept.owner}/calendar")
        assert answer.headers["Location"].endswith(f"/calendar?said={said}")
    site.client.page(f"/f/{one}", 404)
    assert _summaries(site, other)


def test_a_new_owner_s_address_keeps_the_calendars(site: Site, kept: AddedCard) -> None:
    """They go on, and are found from the new address."""
    token = _add(site, kept)
    renewed = site.keeper.vault.renew_owner(kept.owner, NOON.date())
    assert [each.token for each in site.keeper.calendars.list(renewed)] == [token]
    site.keeper.save(renewed, _MOVED, 1, "", NOON)
    assert "Refill appointment, 24 Dec 2026" in _summaries(site, token)


def test_a_deleted_card_has_no_calendar(site: Site, kept: AddedCard) -> None:
    """Everything goes at once."""
    token = _add(site, kept)
    site.keeper.vault.delete(kept.owner)
    site.client.page(f"/f/{token}", 404)


def test_no_date_is_readable_in_the_database(site: Site, kept: AddedCard) -> None:
    """The dates are sealed for the calendar's token alone, and so is its label."""
    token = _add(site, kept)
    stored = repr(site.rows())
    for each in ("Refill appointment", "20261106", "Maria", "VCALENDAR", token):
        assert each not in stored
    seen = {row for row in map(repr, site.rows()["links"])}
    _summaries(site, token)
    assert {row for row in map(repr, site.rows()["links"])} == seen, "opening it changed something"


@pytest.mark.parametrize(
    ("label", "chosen", "fault"),
    [
        pytest.param("", "neutral", "The name of the calendar", id="no name"),
        pytest.param("x" * 41, "plain", "The name of the calendar", id="a name too long"),
        pytest.param("Maria", "", "Choose what its titles may say", id="nothing chosen"),
        pytest.param("<b>", "other", "Choose what its titles may say", id="chosen what is not"),
    ],
)
def test_a_wrong_form_says_what_is_wrong(
    site: Site, kept: AddedCard, label: str, chosen: str, fault: str
) -> None:
    """The fault stands with its field, and what was typed is still there."""
    form = open_page(site.app.test_client(), f"/o/{kept.owner}/calendar")
    # Each calendar that is there has a form of its own; here the form is the only one.
    sent = form.send(label=label, words=chosen)
    assert sent.answer.request.args.get("typed")
    assert any(fault in each for each in sent.errors) and sent.summary
    assert sent.page.one("input", id="label").get("value") == label
    assert site.keeper.calendars.list(kept.owner) == ()


def test_there_is_an_end_to_them(site: Site, kept: AddedCard) -> None:
    """Each save works out all of them, so there are ten at most."""
    for number in range(10):
        site.keeper.calendars.add(kept.owner, f"neutral {number}", NOON.date())
    form = open_page(site.app.test_client(), f"/o/{kept.owner}/calendar")
    sent = form.send(form=10, label="one more", words="plain")
    assert sent.answer.request.args.get("typed")
    assert sent.errors == ["There are 10 calendars already. Stop one first."]


@pytest.mark.parametrize("chosen", ["neutral", "plain"])
def test_the_file_has_the_same_events(site: Site, kept: AddedCard, chosen: str) -> None:
    """A file that is opened and a calendar that is subscribed to know each event by one name."""
    token = _add(site, kept, words=chosen)
    reader = kept.reader_links[0].token
    answer = site.client.get(f"/c/{reader}/refills.ics?words={chosen}")
    assert answer.data == site.client.get(f"/f/{token}").data
    uids = re.findall(r"UID:(\S+)", answer.text)
    assert len(uids) == len(set(uids)) > 4
    assert site.client.get(f"/c/{reader}/refills.ics").status_code == 200
    assert site.client.get(f"/c/{reader}/refills.ics?words=loud").status_code == 400


def test_the_page_says_what_a_calendar_does_not_do(site: Site, kept: AddedCard) -> None:
    """Google Calendar and Outlook ignore alerts, and a file takes nothing back."""
    page = site.client.page(f"/o/{kept.owner}/calendar")
    assert "set your own alert there" in words(page.one("main"))
    assert WORDS.say("calendars.file_lead") in page.text
    assert decode(file_of(alex())) == site.keeper.vault.owned(kept.owner).card
