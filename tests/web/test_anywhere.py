"""The card in places of a person's own: one file, a phone's Medical ID, a tag."""

import re

import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.exports import medical_id_texts
from tests.cast import CAST, WORDS, alex, card_of, sam
from tests.web.client import PUBLIC_URL, PageClient, Site
from tests.web.reading import Page, single_spaced, words


def _file(site: Site, token: str) -> Page:
    answer = site.client.get(f"/c/{token}/page.html")
    assert answer.status_code == 200
    page = PageClient.page_of(answer)
    assert page
    return page


@pytest.mark.parametrize("name", sorted(CAST))
def test_the_file_says_what_the_page_says(shared_site: Site, name: str) -> None:
    """Word for word, but for the links that need a server and for what a file cannot promise."""
    token = shared_site.reader(CAST[name]())
    page, saved = shared_site.client.page(f"/c/{token}"), _file(shared_site, token).text
    served = page.text.replace(words(page.one("nav", class_="languages")), "")
    for place in ("beeping", "paper", "print_card", "save_contact", "keep", "guide"):
        served = re.sub(rf"\s+{re.escape(WORDS.say(f'page.{place}'))}(?=\s|$)", "", served, count=1)
    newer = f"{WORDS.say('page.newer')} {WORDS.say('page.told')}"
    assert newer in served
    assert served.replace(newer, WORDS.say("page.newer_file")).split() == saved.split()


@pytest.mark.parametrize("name", sorted(CAST))
def test_the_file_needs_nothing_but_itself(shared_site: Site, name: str) -> None:
    """No address of ours and no token in it, no picture, no script."""
    token = shared_site.reader(CAST[name]())
    page = _file(shared_site, token)
    assert not page.all("img", "script", "form")
    assert all(href.startswith(("#", "tel:")) for href, _ in page.links())
    assert token.lower() not in page.source.lower() and PUBLIC_URL not in page.source


def test_the_file_is_saved_under_its_day(site: Site) -> None:
    """Never shown in the place of the page; the patient's day is in its name and in its words."""
    token = site.reader(alex({"time_zone": "America/Chicago"}))
    answer = site.client.get(f"/c/{token}/page.html")
    name = 'attachment; filename="baclofen-pump-page-2026-11-21.html"'
    assert answer.headers.getlist("Content-Disposition") == [name]
    assert "This copy was made on 21 Nov 2026." in _file(site, token).text
    site.clock.now = site.clock.now.replace(month=12, day=1, hour=3)
    later = site.client.get(f"/c/{token}/page.html").headers["Content-Disposition"]
    assert "2026-11-30" in later, "it is still November in Chicago"
    assert site.client.get(f"/c/{'0' * 26}/page.html").status_code == 404


def test_saving_the_file_is_no_opening(site: Site) -> None:
    """GET changes nothing."""
    kept = site.add(alex())
    _file(site, kept.reader_links[0].token)
    assert site.keeper.vault.owned(kept.owner).reader_links[0].opened_on is None


def test_the_medical_id_page_has_every_text_to_mark_by_hand(shared_site: Site) -> None:
    """Without script: the texts stand there, the buttons do not."""
    token = shared_site.reader(sam())
    page = shared_site.client.page(f"/c/{token}/medical-id")
    for phone, texts in medical_id_texts.texts(brief(card_of(sam()), WORDS)).items():
        for each in texts:
            shown = words(page.one("p", id=f"{phone}-{each.key}"))
            assert shown == single_spaced(each.words)
    buttons = page.all("button")
    assert len(buttons) == 7 and all(each.get("hidden") is not None for each in buttons)
    assert WORDS.say("medicalid.old") in page.text
    assert shared_site.client.get(f"/c/{'0' * 26}/medical-id").status_code == 404


def test_every_place_is_found_from_where_a_copy_is_kept_or_printed(site: Site) -> None:
    """The page that keeps a card, and the owner's page of one copy's prints."""
    kept = site.add(alex())
    copy = kept.reader_links[0]
    wanted = {f"/c/{copy.token}/{each}" for each in ("page.html", "medical-id")}
    for address in (f"/c/{copy.token}/keep", f"/o/{kept.owner}/copies/{copy.id}"):
        assert wanted <= {href for href, _ in site.client.page(address).links()}


def test_a_tag_is_offered_by_script_alone(shared_site: Site) -> None:
    """Hidden as it is sent; it would hold the address that the paper's code holds."""
    token = shared_site.reader(alex())
    section = shared_site.client.page(f"/c/{token}/keep").one("section", id="tag")
    assert section.get("hidden") is not None
    assert section.get("data-address") == f"{PUBLIC_URL}/c/{token}"
