"""What the owner reads of who gets alerts is what is true, on every page that says it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from caregiver_card.alerting.policy import channel_checks
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.storage.database import writing
from tests.alerting.mailbox import mailbox, text_of
from tests.alerting.telling import person
from tests.cast import alex, card_of, sam
from tests.web.filling import open_page
from tests.web.website import MAIL_URL, Website, words

NOBODY = "Nobody gets alerts now."
# On the owner's page and on the page of the alerts itself.
PAGES = ("", "/alerts")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Website]:
    """Noon on 21 November 2026; nobody is told yet."""
    made = Website(tmp_path, mail_url=MAIL_URL)
    with mailbox() as post:
        made.post = post
        yield made
    made.keeper.store.dispose()


def tell(house: Website, *people: Recipient) -> None:
    """Put people on the list as they are."""
    owned = house.owned
    for each in people:
        house.bureau.invite(owned.card_id, owned.card, owned.version, each, house.now)


def red(house: Website, path: str) -> str:
    """The red line about who hears, or nothing."""
    found = re.findall(r"<p><b>(N[^<]*)</b></p>", house.get(path).text)
    assert len(found) <= 1
    return found[0] if found else ""


def test_it_works(house: Website) -> None:
    """Carmen stopped them, Bob has not said yes: a red line says both, and by whom."""
    tell(
        house,
        person("Carmen", stopped_at=house.now - timedelta(days=3)),
        person("Bob", turn=2, confirmed_at=None),
    )
    for path in PAGES:
        said = "Carmen stopped them on 18 Nov 2026; Bob has not said yes."
        assert red(house, path) == f"{NOBODY} {said}"
        assert "On the list: " not in house.words(path)


def why(house: Website, **changes: Any) -> list[tuple[dict[str, Any], str]]:
    """Everything that keeps Carmen from hearing, and what it is called."""
    ago = house.now - timedelta(hours=2)
    failing = {"trouble": "mail-login", "troubled_at": ago}
    gone = {"gone_at": ago, "trouble": "mail-address", "troubled_at": ago}
    return [
        ({"confirmed_at": None}, "Carmen has not said yes."),
        ({"stopped_at": ago}, "Carmen stopped them on 21 Nov 2026."),
        (gone, "Carmen is not reached by e-mail any more, since 21 Nov 2026: the address is not"),
        (
            {**gone, "channel": "push", "trouble": "push-gone"},
            "Carmen is not reached by notifications on a phone any more, since 21 Nov 2026: the "
            "phone has given up",
        ),
        (failing, "Carmen may not be reached, since 21 Nov 2026, 10:00: the mail server refuses"),
        ({"channel": "push"}, "Carmen is not reached: this server is not set up to send by notif"),
    ]


@pytest.mark.parametrize("case", range(6))
def test_whatever_keeps_the_last_one_from_hearing_is_red(house: Website, case: int) -> None:
    """And beside somebody who hears it is said, in black."""
    changes, says = why(house)[case]
    tell(house, person("Carmen", **changes))
    for path in PAGES:
        assert red(house, path).startswith(f"{NOBODY} {says}")
    tell(house, person("Dad"))
    for path in PAGES:
        assert red(house, path) == ""
        said = house.words(path)
        assert "Alerts go to Dad." in said and says[:60] in said
        assert "What was sent need not have been read." in said


def test_a_pause_and_an_unanswered_test_are_said(house: Website) -> None:
    """Neither keeps an emergency away."""
    tell(
        house,
        person("Carmen", snoozed_until=house.now + timedelta(days=7)),
        person("Dad", trouble=channel_checks.SILENT, troubled_at=house.now),
    )
    for path in PAGES:
        said = house.words(path)
        assert red(house, path) == "" and "Alerts go to Carmen and Dad." in said
        assert "Carmen pauses until 28 Nov 2026, 12:00, but for an emergency" in said
        assert "Dad may not be reached, since 21 Nov 2026, 12:00: a test message was not" in said
    tell(house, replace(person("Dad"), snoozed_until=house.now + timedelta(days=1)))
    assert "All of them have paused, the first until 22 Nov 2026, 12:00." in house.words()


def test_a_refill_that_nobody_chose_is_red(house: Website) -> None:
    """Carmen gets alerts, and of a missed refill nobody hears."""
    tell(house, person("Carmen", subjects=("card", "watch")))
    for path in PAGES:
        assert red(house, path).startswith("Nobody is told of a refill that is due, late or missed")
        assert "Nobody chose to be told of: The pump's replacement." in house.words(path)


def test_a_sender_that_sleeps_is_red(house: Website) -> None:
    """Whoever said yes; and nothing that somebody presses on the page wakes it."""
    tell(house, person("Carmen"))
    house.now += timedelta(minutes=29)
    assert red(house, "") == ""
    house.now += timedelta(minutes=3)
    for _ in range(2):
        for path in PAGES:
            assert red(house, path).startswith(f"{NOBODY} No alert has been looked at since 21")
        do = f"{house.home}/alerts/{house.mum.id}/do"
        assert house.press(f"{house.home}/alerts", do, go="test").status_code == 303
    house.send()
    assert red(house, "") == ""


def test_a_list_that_was_emptied_is_red(house: Website) -> None:
    """One that was never used is not; and a new one is as if nothing had been."""
    for path in PAGES:
        assert red(house, path) == "" and "Nobody is told yet." in house.words(path)
    house.told()
    house.press(f"{house.home}/alerts/{house.mum.id}/remove")
    for path in PAGES:
        assert red(house, path) == f"{NOBODY} The list is empty: add somebody."
    assert house.bureau.record(house.owned.card_id) is None
    house.send(timedelta(hours=3))
    assert "No alert has been looked at" not in house.words("/alerts")
    # Though nothing was ever sent.
    owner = house.keeper.add(card_of(alex()), house.now).owner
    owned = house.keeper.vault.owned(owner)
    house.bureau.invite(owned.card_id, owned.card, 1, person("Kim"), house.now)
    house.bureau.remove_recipient(owned.card_id, "kim", house.now)
    assert "The list is empty: add somebody." in words(house.browser.get(f"/o/{owner}"))
    house.told()
    assert red(house, "") == ""


def test_a_list_that_an_older_program_emptied_is_red(house: Website) -> None:
    """It took the whole row away, and left what had been sent."""
    house.told()
    with writing(house.keeper.store.engine) as connection:
        connection.execute(text("DELETE FROM alert_books"))
    assert red(house, "") == f"{NOBODY} The list is empty: add somebody."


def test_a_phone_alone_is_the_owner_s_own(house: Website) -> None:
    """Nobody else hears, and the page says so."""
    house.settings(vapid_subject="mailto:operator@card.example")
    ours = person("Our phone", channel="push", address="{}")
    tell(house, ours)
    for path in PAGES:
        assert "These are your own phones; nobody else is told." in house.words(path)
    # What a press on the message opens.
    assert "nobody else is told" in words(house.browser.get(f"/u/{ours.token}"))
    tell(house, person("Carmen"))
    assert "nobody else is told" not in house.words()
    carmen = house.bureau.record(house.owned.card_id).people[1]  # type: ignore[union-attr]
    assert "Alerts go to" not in words(house.browser.get(f"/u/{carmen.token}"))


def test_an_address_that_an_older_program_changed_is_asked_about(house: Website) -> None:
    """On both pages, until it is answered; one that was typed today is not."""
    tell(house, person("Anna", address="anna@strasse.example"))
    for path in PAGES:
        assert "Is Anna's address anna@strasse.example as you typed it?" in house.words(path)
    do = f"{house.home}/alerts/{house.mum.id}/do"
    assert house.press(f"{house.home}/alerts", do, go="right").location.endswith("said=saved")
    for path in PAGES:
        assert "as you typed it?" not in house.words(path)
    house.add(name="Eva", address="eva@straße.de")
    assert "eva@xn--strae-oqa.de" in house.words("/alerts")
    assert "as you typed it?" not in house.words("/alerts")


# The invitation, and after the yes ----------------------------------------------------------------


def test_the_invitation_says_who_asks_and_for_what(house: Website) -> None:
    """By a name that the owner chose, and by none if they chose none; never the patient's."""
    house.add(name="Carmen", asked_by="Rosa")
    house.send()
    mail = house.post.taken[-1][1]
    said = " ".join(text_of(mail).split())
    assert mail["From"] == '"Rosa, by Caregiver Card" <alerts@card.example>'
    assert mail["Subject"] == "Rosa asks: would you get the alerts of an emergency card?"
    assert said.startswith("Hello Carmen, Rosa has put your e-mail address on the list")
    assert "The page is at card.example. It asks for no password" in said
    for secret in ("Alex", "Rivera", "pump", "aclofen", "efill"):
        assert secret not in said
    assert "Rosa would like to send you the alerts" in words(house.browser.get(house.link("u")))
    # The next form knows who asked last, who may choose to say nothing.
    assert 'value="Rosa"' in house.get("/alerts/new").text
    house.add(name="Bob", asked_by="")
    house.send()
    mail = house.post.taken[-1][1]
    assert mail["From"] == "Caregiver Card <alerts@card.example>" and "Rosa" not in str(mail)
    assert "A family has put your e-mail address" in " ".join(text_of(mail).split())


def test_a_yes_is_thanked_for_and_says_what_comes(house: Website) -> None:
    """Before a pause is offered; a later look thanks for nothing."""
    house.add(turn="2")
    house.add(name="Dad", turn="1", quiet_from="", quiet_until="", proof="")
    house.send()
    own = house.link("u")
    answer = house.browser.post(own, data={"go": "yes"})
    said = words(house.browser.get(answer.location))
    order = ["Thank you", "What you hear of", "Refills: to book", "When", "A pause", "Stop all"]
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    assert "Thank you" not in words(house.browser.get(own))
    mum = f"/u/{house.mum.token}"
    house.browser.post(mum, data={"go": "yes"})
    said = words(house.browser.get(mum))
    assert "Others are told first." in said and "Every Monday a test comes." in said
    assert "Between 22:00 and 07:00 only what is urgent" in said


def test_a_message_s_page_has_one_action(house: Website) -> None:
    """As the message itself; what is named beside it has none."""
    house.told()
    house.send()
    page = words(house.browser.get(house.link("a")))
    assert page.count("Call the pump team") - page.count("Call the pump team, any hour") == 1
    assert "Emergency Refill appointment passed: 6 Nov 2026 (15 days ago) Call the" in page
    assert "Also on the card: This card records no refill since 18 Aug 2026; alarm" in page
    assert "Refill needed" not in page
    assert 'href="/signs"' in house.browser.get(house.link("a")).text


# The time zone ----------------------------------------------------------------------------------


def chosen(page: str) -> list[str]:
    """What is chosen in the list of time zones; it is a list, in two groups."""
    (select,) = re.findall(r'<select id="time_zone".*?</select>', page, re.DOTALL)
    assert select.count("<option") > 400
    return re.findall(r'value="([^"]*)" selected', select)


def test_a_time_zone_is_chosen(house: Website) -> None:
    """The country's first, then all; that of the card, of whoever was told before, or the only."""
    page = house.get("/alerts/new").text
    groups = re.findall(r'<optgroup label="([^"]*)">\n<option value="([^"]*)"', page)
    assert groups == [
        ("United States", "America/Adak"),
        ("All time zones", "Africa/Abidjan"),
    ]
    assert chosen(page) == []
    house.add(time_zone="America/Denver")
    assert chosen(house.get("/alerts/new").text) == ["America/Denver"]
    for file, expected in (
        (alex(time_zone="Asia/Saigon"), ["Asia/Saigon"]),
        (sam(), ["Europe/London"]),
        (alex(), []),
    ):
        owner = house.keeper.add(card_of(file), house.now).owner
        assert chosen(house.browser.get(f"/o/{owner}/alerts/new").text) == expected


def test_a_time_zone_that_is_not_there_to_choose_stays(house: Website) -> None:
    """A browser may go by an older name; it is kept where it was chosen."""
    house.add(time_zone="Asia/Calcutta")
    assert house.mum.time_zone == "Asia/Calcutta"
    assert chosen(house.get(f"/alerts/{house.mum.id}").text) == ["Asia/Calcutta"]


def test_a_card_from_a_file_gets_its_time_zone_on_its_own_page(house: Website) -> None:
    """Its country's only one stands there; where there are many, none is no fault."""
    owner = house.keeper.add(card_of(alex()), house.now).owner
    for zone, expected in (("", None), ("America/Denver", "America/Denver")):
        page = open_page(house.browser, f"/o/{owner}/edit/patient")
        sent = page.values()
        sent.setlist("time_zone", [zone])
        answer = house.browser.post(f"/o/{owner}/edit/patient", data=sent)
        assert answer.status_code == 303, words(answer)
        assert house.keeper.vault.owned(owner).card.time_zone == expected
    owner = house.keeper.add(card_of(sam()), house.now).owner
    assert chosen(house.browser.get(f"/o/{owner}/edit/patient").text) == ["Europe/London"]
