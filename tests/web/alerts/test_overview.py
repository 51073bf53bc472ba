"""The pages about alerts: the owner's list, a message's "I know", a told person's own page."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from caregiver_card.alerting.invite_limit import USUAL, InviteLimit
from caregiver_card.alerting.service import MAX_INVITATIONS_A_DAY, MAX_RECIPIENTS, AlertService
from caregiver_card.storage.crypto import new_token
from caregiver_card.storage.database import writing
from caregiver_card.storage.schema import alert_records
from tests.alerting.mailbox import mailbox, text_of
from tests.alerting.telling import person
from tests.web.website import MAIL_URL, MUM, Website, hidden, is_refused, words

# Many small ones, together some seconds.
pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Website]:
    """Noon on 21 November 2026; nobody is told yet."""
    made = Website(tmp_path, mail_url=MAIL_URL)
    with mailbox() as post:
        made.post = post
        yield made
    made.keeper.store.dispose()


def test_it_works(house: Website) -> None:
    """Added, asked, confirmed, told, answered, and all of it in the log."""
    assert words(house.browser.get(house.home)).count("Nobody is told yet.") == 1
    answer = house.add()
    assert answer.status_code == 303
    assert answer.location == f"{house.home}/alerts?said=asked&who={house.mum.id}"
    said = words(house.browser.get(answer.location))
    assert "The question to mum@family.example is waiting to be sent." in said
    assert "the question is waiting to be sent" in said and "was asked" not in said
    house.send()
    said = words(house.browser.get(answer.location))
    assert "mum@family.example was asked by e-mail." in said
    assert "was asked and has not said yes" in said
    own = house.link("u")
    assert "Yes, tell me" in words(house.browser.get(own))
    house.browser.post(own, data={"go": "yes"})
    house.send()
    assert "is told, since 21 Nov 2026" in house.words("/alerts")
    know = house.link("a")
    page = words(house.browser.get(know))
    assert "Emergency Refill appointment passed: 6 Nov 2026 (15 days ago)" in page
    assert "Call the pump team, any hour +1 312-555-0142 Signs now? Call 911." in page
    assert 'href="tel:+13125550142"' in house.browser.get(know).text
    assert 'href="tel:911"' in house.browser.get(know).text
    house.now += timedelta(minutes=4)
    assert house.browser.post(know).status_code == 303
    assert "Mum said “I'm dealing with it” at 21 Nov 2026, 06:04" in words(house.browser.get(know))
    said = house.words("/alerts")
    assert "Alert: Refill appointment passed: 6 Nov 2026" in said
    assert "To Mum, e-mail: sent 21 Nov 2026, 06:00" in said
    assert "answered 21 Nov 2026, 06:04" in said
    assert "Mum knows, since 21 Nov 2026, 06:04." in said
    assert "Alerts go to Mum." in house.words()


@pytest.mark.parametrize("host", ["gmial.com", "gmail.con", "hotmial.com", "yaho.com"])
def test_a_likely_slip_in_an_address_is_asked_about_once(house: Website, host: str) -> None:
    """Nobody is invited before it is answered; the address may be right all the same."""
    asked = house.add(address=f"mum@{host}")
    assert is_refused(asked) and "Did you mean mum@" in words(asked)
    (tick,) = re.findall(r'name="confirm" value="([^"]+)"', asked.text)
    assert f'value="mum@{host}"' in asked.text
    assert house.bureau.record(house.owned.card_id) is None
    assert is_refused(house.add(address=f"mum@{host}", confirm="mum@another.example"))
    assert house.add(address=f"mum@{host}", confirm=tick).status_code == 303
    assert house.mum.address == f"mum@{host}"


@pytest.mark.parametrize(
    "host", ["gmail.com", "mail.com", "ymail.com", "gmx.com", "yahoo.com.vn", "family.example"]
)
def test_an_address_that_may_well_be_right_is_not_asked_about(house: Website, host: str) -> None:
    """A provider itself, and others that only look like it."""
    assert house.add(address=f"mum@{host}").status_code == 303


def test_a_look_changes_nothing(house: Website) -> None:
    """A scanner that opens every link of a mail neither answers, nor confirms, nor stops."""
    house.add()
    house.send()
    own = house.link("u")
    for method in ("GET", "HEAD", "OPTIONS"):
        house.browser.open(own, method=method)
    assert house.mum.confirmed_at is None
    house.browser.post(own, data={"go": "yes"})
    house.send()
    for path in (own, house.link("a")):
        for method in ("GET", "HEAD", "OPTIONS"):
            house.browser.open(path, method=method)
    assert house.mum.stopped_at is None and house.mum.seen_at is None
    book = house.bureau.record(house.owned.card_id)
    assert book and not book.known


def test_one_click_stops_it(house: Website) -> None:
    """As a mail program sends it, with no cookie and no page before."""
    own = house.told()
    stranger = house.app.test_client()
    answer = stranger.post(own, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 303
    assert "You get no more messages" in words(stranger.get(own))
    first = house.mum.stopped_at
    house.now += timedelta(days=1)
    stranger.post(own, data={"List-Unsubscribe": "One-Click"})
    assert house.mum.stopped_at == first
    before = len(house.post.taken)
    house.send(timedelta(days=3))
    assert len(house.post.taken) == before
    assert "stopped it on 21 Nov 2026" in house.words("/alerts")
    assert "Ask again" not in house.words("/alerts")
    stranger.post(own, data={"go": "yes"})
    assert house.mum.reachable


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": {"List-Unsubscribe": "One-Click"}, "content_type": "multipart/form-data"},
        {"data": b"List-Unsubscribe=One-Click"},
        {"data": b"List-Unsubscribe=One-Click\r\n", "content_type": "text/plain"},
        {"data": {"go": "stop"}},
    ],
    ids=["form", "multipart", "no type", "text", "the page's button"],
)
def test_whoever_asks_to_stop_is_heard(house: Website, sent: dict[str, Any]) -> None:
    """The mails of years ago say how, and their programs do so in several ways (RFC 8058)."""
    own = house.told()
    assert house.app.test_client().post(own, **sent).status_code == 303
    assert house.mum.stopped_at == house.now


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": {"go": "now"}},
        {"data": {"go": ""}},
        {"data": {"List-Unsubscribe": "1"}},
        {"data": b"\xff" * 99, "content_type": "application/octet-stream"},
        {"json": {"go": "stop"}},
        {"query_string": {"go": "stop", "List-Unsubscribe": "One-Click"}},
    ],
    ids=["nothing", "a word", "an empty one", "another", "bytes", "JSON", "in the address"],
)
def test_nothing_else_that_is_posted_stops_anything(house: Website, sent: dict[str, Any]) -> None:
    """A scanner that presses what it finds silences nobody."""
    own = house.told()
    assert house.app.test_client().post(own, **sent).status_code == 400
    assert house.mum.reachable


def test_an_unknown_button_of_the_owners_page_changes_nothing(house: Website) -> None:
    """It ended a pause."""
    house.told()
    path = f"{house.home}/alerts"
    house.press(f"{path}/{house.mum.id}/pause", days="7")
    for go in ("", "now"):
        answer = house.press(path, f"{path}/{house.mum.id}/do", go=go)
        assert answer.status_code == 400 and house.mum.is_snoozed(house.now)


LENGTHS = [("1", "22 Nov"), ("3", "24 Nov"), ("7", "28 Nov"), ("14", "5 Dec"), ("30", "21 Dec")]


@pytest.mark.parametrize("days, ends", LENGTHS)
def test_a_pause_and_its_end(house: Website, days: str, ends: str) -> None:
    """From the person's own page, and from the owner's, which say when it is over."""
    own = house.told()
    assert f"until {ends} 2026, 06:00" in words(house.browser.get(own))
    house.browser.post(own, data={"go": "snooze", "days": days})
    assert f"Paused until {ends} 2026, 06:00" in words(house.browser.get(own))
    house.browser.post(own, data={"go": "wake"})
    assert "Paused" not in words(house.browser.get(own))
    answer = house.press(f"{house.home}/alerts/{house.mum.id}/pause", days=days)
    assert answer.location.endswith("said=snoozed")
    assert f"pauses until {ends} 2026, 06:00" in house.words("/alerts")
    do = f"{house.home}/alerts/{house.mum.id}/do"
    house.press(f"{house.home}/alerts", do, go="wake")
    assert house.mum.snoozed_until is None


@pytest.mark.parametrize("days", ["", "0", "-1", "8", "31", "9" * 50, "week"])
def test_a_pause_has_one_of_the_lengths(house: Website, days: str) -> None:
    """Anything else is asked again, and neither stops anybody nor leaves them alone for good."""
    own, typed = house.told(), {"days": days}
    pages = (
        house.browser.post(own, data={"go": "snooze", **typed}),
        house.press(f"{house.home}/alerts/{house.mum.id}/pause", **typed),
    )
    for page in pages:
        assert page.status_code == 422 and words(page).count("Choose for how long.") == 2
    assert house.mum.snoozed_until is None and house.mum.reachable


def test_a_test_message_and_its_answer(house: Website) -> None:
    """Asked for on the owner's page; not twice within ten minutes."""
    house.told()
    do = f"{house.home}/alerts/{house.mum.id}/do"
    assert house.press(f"{house.home}/alerts", do, go="test").location.endswith("said=tested")
    assert house.press(f"{house.home}/alerts", do, go="test").location.endswith("said=often")
    house.send()
    arrived = [mail for _, mail in house.post.taken if mail["Subject"].startswith("A test")]
    assert len(arrived) == 1
    path = re.search(r"http://card\.example(/a/\w+)", text_of(arrived[0]))
    assert path and "It has arrived" in words(house.browser.get(path[1]))
    house.browser.post(path[1])
    assert house.mum.seen_at == house.now
    assert "Thank you" in words(house.browser.get(path[1]))


FAULTY = [
    ({"name": "  "}, "name", "The name is empty"),
    ({"name": "x" * 41}, "name", "The name is 41 characters long"),
    ({"name": "a\u202eb"}, "name", "cannot be read"),
    ({"address": ""}, "address", "The address is empty"),
    ({"address": "mum"}, "address", "is not an e-mail address"),
    ({"address": "a@b\r\nBcc: c@d"}, "address", "is not an e-mail address"),
    ({"address": "mum@family"}, "address", "is not an e-mail address"),
    ({"address": "mum@gmail"}, "address", "ends too early. Did you mean mum@gmail.com?"),
    ({"address": "mum@" + "x" * 300}, "address", "is not an e-mail address"),
    ({"turn": "0"}, "turn", "must be one of"),
    ({"subjects": []}, "subjects", "needs at least one tick"),
    ({"subjects": ["everything"]}, "subjects", "needs at least one tick"),
    ({"time_zone": "../../etc/passwd"}, "time_zone", "is not a time zone"),
    ({"time_zone": ""}, "time_zone", "The time zone is not chosen yet"),
    ({"address": "jörg@straße.de"}, "address", "has letters before the @"),
    ({"name": "evil.example"}, "name", "looks like a web or e-mail address"),
    ({"asked_by": "call http://x"}, "asked_by", "“Who asks” looks like a web"),
    ({"asked_by": "x" * 41}, "asked_by", "“Who asks” is 41 characters long"),
    ({"quiet_from": "25:00"}, "quiet_from", "is not a time"),
    ({"quiet_until": ""}, "quiet_until", "is not a time"),
    ({"quiet_from": "07:00"}, "quiet_until", "cannot last all day"),
    ({"proof": "hourly"}, "proof", "must be one of"),
]


@pytest.mark.parametrize("changes, box, says", FAULTY, ids=lambda value: str(value)[:40])
def test_a_wrong_field_is_named_and_nothing_is_lost(
    house: Website, changes: dict[str, Any], box: str, says: str
) -> None:
    """The same words above and beside the field; what was typed is still there."""
    answer = house.add(**changes)
    assert is_refused(answer)
    assert f'<a href="#{box}">' in answer.text and f'id="{box}-error"' in answer.text
    assert words(answer).count(says) == 2
    if "name" not in changes:
        assert 'value="Mum"' in answer.text
    if "address" not in changes:
        assert 'value="mum@family.example"' in answer.text
    assert house.bureau.record(house.owned.card_id) is None


def test_what_is_told_can_be_changed(house: Website) -> None:
    """All but the address, which would have to be asked again."""
    house.told()
    path = f"{house.home}/alerts/{house.mum.id}"
    answer = house.press(
        path, **{**MUM, "name": "Mama", "turn": "2", "quiet_from": "", "quiet_until": ""}
    )
    assert answer.location.endswith("said=saved")
    changed = house.mum
    assert (changed.name, changed.turn, changed.quiet) == ("Mama", 2, ())
    assert changed.address == "mum@family.example" and changed.confirmed_at
    assert is_refused(house.press(path, **{**MUM, "turn": ""}))


def test_removing_takes_the_last_of_it_away(house: Website) -> None:
    """The own page leads nowhere then."""
    own = house.told()
    house.press(f"{house.home}/alerts/{house.mum.id}/remove")
    assert house.browser.get(own).status_code == 404
    assert house.bureau.record(house.owned.card_id) is None


def test_the_owner_can_say_i_know(house: Website) -> None:
    """For all that is told now; and those who were told hear of it."""
    house.told()
    house.send()
    page = house.get("/alerts").text
    keys = [key for key in re.findall(r'name="key" value="([^"]+)"', page)]
    assert len(keys) == 5
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    house.browser.post(f"{house.home}/alerts/know", data={"csrf_token": token[1], "key": keys})
    assert house.words("/alerts").count("Somebody on the owner's page knows, since") == 5
    house.now = house.now.replace(hour=16)
    house.send()
    assert house.post.taken[-1][1]["Subject"] == "Somebody on the owner's page knows of the alert"


def test_what_the_messages_call_the_patient(house: Website) -> None:
    """Words of the family's own, or none."""
    house.told()
    path = f"{house.home}/alerts"
    house.press(path, f"{path}/called", called="Our Alex")
    house.send()
    assert text_of(house.post.taken[-1][1]).startswith("About Our Alex.")
    wrong = house.press(path, f"{path}/called", called="x" * 41)
    assert is_refused(wrong) and "41 characters" in words(wrong)
    house.press(path, f"{path}/called", called=" ")
    assert house.bureau.record(house.owned.card_id).called == ""  # type: ignore[union-attr]


def test_the_page_says_what_does_not_work(house: Website) -> None:
    """No mail server set, no sender running, a channel that fails, another secret."""
    house.settings(mail_url="")
    assert "not set up to send e-mail" in house.words("/alerts")
    house.settings(mail_url="smtp://127.0.0.1:2525")
    house.told()
    house.send()
    assert "No alert has been looked at" not in house.words("/alerts")
    house.now += timedelta(hours=3)
    assert "No alert has been looked at since 21 Nov 2026, 06:15" in house.words("/alerts")
    house.bureau.change_recipient(
        house.owned.card_id, house.mum.id, house.now, trouble="mail-login", troubled_at=house.now
    )
    assert "May not be reached since 21 Nov 2026, 09:00: the mail server refuses" in house.words(
        "/alerts"
    )
    assert "Mum may not be reached, since 21 Nov 2026, 09:00" in house.words()
    _damage(house)
    for path in ("", "/alerts"):
        said = house.words(path)
        assert "Nobody gets alerts now. The list of people told is damaged" in said
        assert "Nobody is told yet." not in said
    house.press(f"{house.home}/alerts", f"{house.home}/alerts/again")
    assert house.add().status_code == 303


def _damage(house: Website) -> None:
    """One byte of the list is another."""
    with house.keeper.store.engine.begin() as connection:
        sealed = connection.execute(select(alert_records.c.sealed_book)).scalar_one()
        broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
        connection.execute(update(alert_records), {"sealed_book": broken})


def test_a_damaged_list_is_refused_in_words_by_every_press(house: Website) -> None:
    """No address that works on the list answers with 500, and none of them ends it."""
    house.told()
    mum, page = house.mum.id, f"{house.home}/alerts"
    _damage(house)
    token = hidden(house.get("/alerts").text)["csrf_token"]
    for below, given in (
        ("/called", {"called": "Alex"}),
        ("/know", {"key": "x"}),
        (f"/{mum}/do", {"go": "test"}),
        (f"/{mum}/do", {"go": "right"}),
        ("/new", {}),
    ):
        answer = house.browser.post(page + below, data={"csrf_token": token, **given})
        assert answer.status_code in (303, 422, 503), (below, answer.status_code)
    assert "Start the list again" in house.words("/alerts")


def test_a_list_has_an_end(house: Website) -> None:
    """Each is a message at every repetition."""
    for number in range(MAX_RECIPIENTS):
        house.add(name=f"P{number}")
    assert "no more are possible" in house.words("/alerts")
    assert house.browser.get(f"{house.home}/alerts/new").status_code == 303


def test_a_day_has_only_so_many_invitations(house: Website) -> None:
    """Or somebody could have this server write to strangers all day long."""
    for _ in range(MAX_INVITATIONS_A_DAY):
        house.add()
        house.press(f"{house.home}/alerts/{house.mum.id}/remove")
    assert house.browser.get(f"{house.home}/alerts/new").location.endswith("said=full")
    house.now += timedelta(days=1, minutes=1)
    assert house.browser.get(f"{house.home}/alerts/new").status_code == 200


def test_a_place_that_another_takes_meanwhile_is_taken(
    house: Website, meanwhile: Callable[..., "Future[TestResponse]"]
) -> None:
    """There was room when the form was sent; nothing is left of who was refused."""
    house.tell(*(person(f"P{number}") for number in range(MAX_RECIPIENTS - 1)))
    records, last = house.bureau.records, person("Last")
    with writing(records.engine) as connection:
        second = meanwhile(house.add)
        assert not second.done()
        records.change_in_transaction(
            connection, house.card_id, house.now, lambda book: (book.with_recipient(last), [])
        )
    assert second.result().location.endswith("said=full")
    assert len(house.book.people) == MAX_RECIPIENTS and house.log == []


def test_an_hour_has_only_so_many_for_all_cards(house: Website) -> None:
    """Whoever makes card after card, and deletes them, gets no more; nothing typed is lost."""
    for _ in range(USUAL):
        assert InviteLimit(house.keeper.store.engine).take(house.now)
    answer = house.add()
    assert answer.status_code == 429 and 'value="mum@family.example"' in answer.text
    assert words(answer).count("The address cannot be asked before 07:00") == 2
    assert house.bureau.record(house.owned.card_id) is None
    house.now += timedelta(hours=1)
    assert house.add().status_code == 303
    house.now += timedelta(minutes=11)
    for _ in range(USUAL - 1):
        assert InviteLimit(house.keeper.store.engine).take(house.now)
    do = f"{house.home}/alerts/{house.mum.id}/do"
    assert house.press(f"{house.home}/alerts", do, go="ask").location.endswith("said=busy")
    assert "Try again in an hour." in house.words("/alerts?said=busy")


# Somebody opened the card ---------------------------------------------------------------------

BROWSER = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)",
    "Sec-Fetch-Dest": "image",
    "Sec-Fetch-Site": "same-origin",
}


def opened(
    house: Website, headers: dict[str, str], method: str = "GET", query: str = ""
) -> list[str]:
    """What the family is told after a stranger's phone fetched the last image of a page."""
    before = len(house.post.taken)
    path = f"/c/{house.kept.reader_links[1].token}/seen{query}"
    client = house.app.test_client()
    answer = client.open(path, method=method, headers=headers, buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/gif")
    assert "Set-Cookie" not in answer.headers
    house.send()
    mails = [mail for _, mail in house.post.taken[before:]]
    return [text_of(mail) for mail in mails if "opened" in mail["Subject"]]


@pytest.fixture
def watching(house: Website) -> Website:
    """A house where Mum wants to hear of openings, at night too."""
    house.add(subjects=["opened"], quiet_from="01:00", quiet_until="23:00")
    house.send()
    house.browser.post(house.link("u"), data={"go": "yes"})
    return house


def test_the_family_hears_that_a_copy_was_opened(watching: Website) -> None:
    """Which one and when; once an hour, however often it is read."""
    (said,) = opened(watching, BROWSER)
    assert "The copy “school” was opened on 21 Nov 2026 at 06:00." in said
    assert "A person's browser showed the page." in said
    watching.now += timedelta(minutes=59)
    assert opened(watching, BROWSER) == []
    watching.now += timedelta(minutes=1)
    assert len(opened(watching, BROWSER, query="?quiet=1&notify=no&utm_source=x")) == 1
    assert "That the card was opened: The copy “school”" in watching.words("/alerts")


def test_an_older_browser_is_unsure(watching: Website) -> None:
    """It does not say what it fetches the image for."""
    (said,) = opened(watching, {"User-Agent": BROWSER["User-Agent"]})
    assert "It is not certain that this was a person" in said


@pytest.mark.parametrize(
    "headers, method",
    [
        (BROWSER, "HEAD"),
        ({**BROWSER, "Sec-Purpose": "prefetch"}, "GET"),
        ({**BROWSER, "Purpose": "prefetch"}, "GET"),
        ({"User-Agent": ""}, "GET"),
        ({"User-Agent": "WhatsApp/2.23.20.0"}, "GET"),
        ({"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}, "GET"),
        ({"User-Agent": "facebookexternalhit/1.1"}, "GET"),
        ({"User-Agent": "TelegramBot (like TwitterBot)"}, "GET"),
        ({"User-Agent": "Slackbot-LinkExpanding 1.0"}, "GET"),
        ({"User-Agent": "curl/8.5"}, "GET"),
    ],
    ids=str,
)
def test_no_program_alarms_the_family(
    watching: Website, headers: dict[str, str], method: str
) -> None:
    """A preview, a prefetch, a question about the headers, a scanner."""
    assert opened(watching, headers, method) == []
    assert watching.owned.reader_links[1].opened_on is None


def test_the_family_s_own_phone_is_no_news(watching: Website) -> None:
    """Nor is its mark of any use for another card."""
    token = watching.kept.reader_links[1].token
    watching.get()
    watching.browser.get(f"/c/{token}/seen", headers=BROWSER, buffered=True)
    watching.send()
    assert not [mail for _, mail in watching.post.taken if "opened" in mail["Subject"]]
    forged = {**BROWSER, "Cookie": f"ours-{'0' * 8}={'0' * 40}"}
    assert len(opened(watching, forged)) == 1


def test_the_mark_of_a_family_s_phone_goes_to_the_pages_of_cards_alone(watching: Website) -> None:
    """To no other address of this host, to no script, and to no other site."""
    (cookie,) = [
        each for each in watching.get().headers.getlist("Set-Cookie") if each.startswith("ours-")
    ]
    assert {"Path=/c/", "HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))


def test_a_new_copy_has_its_name(watching: Website) -> None:
    """Made after the list was."""
    watching.press(f"{watching.home}/copies/new", label="van")
    (van,) = [each for each in watching.owned.reader_links if each.label == "van"]
    stranger = watching.app.test_client()
    stranger.get(f"/c/{van.token}/seen", headers=BROWSER, buffered=True)
    watching.send()
    assert "The copy “van” was opened" in text_of(watching.post.taken[-1][1])


@pytest.mark.parametrize("is_first", [True, False], ids=["before the list", "after it"])
def test_a_hospital_s_code_has_its_name(house: Website, is_first: bool) -> None:
    """Whichever was made first: the code, or the list."""
    if is_first:
        house.press(f"{house.home}/record", **{"for": "visit"})
    house.add(subjects=["opened"], quiet_from="01:00", quiet_until="23:00")
    house.send()
    house.browser.post(house.link("u"), data={"go": "yes"})
    if not is_first:
        house.press(f"{house.home}/record", **{"for": "visit"})
    [code] = house.keeper.health_links.list(house.kept.owner)
    stranger = house.app.test_client()
    stranger.get(f"/c/{code.reader}/seen", headers=BROWSER, buffered=True)
    house.send()
    assert "The copy “Hospital visit, 21 Nov 2026”" in text_of(house.post.taken[-1][1])


def _known_links(house: Website, card_id: bytes) -> set[str]:
    """The ids of the links that the alert record knows anything of."""
    record = house.bureau.record(card_id)
    assert record
    told = (key.partition("|opened ")[2] for key in record.told)
    return {*record.copies, *filter(None, told)}


@pytest.mark.parametrize("way", ["revoke", "renew"])
def test_a_copy_that_is_gone_is_forgotten(watching: Website, way: str) -> None:
    """The log names it as long as it has the line."""
    card_id, (wallet, school) = watching.card_id, watching.kept.reader_links
    assert len(opened(watching, BROWSER)) == 1
    assert _known_links(watching, card_id) == {wallet.id, school.id}
    if way == "revoke":
        watching.press(f"{watching.home}/copies/{school.id}/revoke")
    else:
        answer = watching.press(f"{watching.home}/renew", end=school.id)
        watching.home = answer.location.partition("/key")[0]
    assert _known_links(watching, card_id) == {wallet.id}
    assert "That the card was opened: The copy “school”" in watching.words("/alerts")


def test_a_code_that_is_gone_is_forgotten(watching: Website) -> None:
    """At once if it was stopped; one that has ended, with its row: at the next save."""
    copies = {each.id for each in watching.owned.reader_links}
    for kind in ("lasting", "visit"):
        watching.press(f"{watching.home}/record", **{"for": kind})
    codes = {each.label: each.id for each in watching.keeper.health_links.list(watching.kept.owner)}
    visit = codes.pop("Hospital visit, 21 Nov 2026")
    [lasting] = codes.values()
    assert _known_links(watching, watching.card_id) == {*copies, visit, lasting}
    path = f"{watching.home}/record/{lasting}"
    watching.press(path, f"{path}/stop")
    assert _known_links(watching, watching.card_id) == {*copies, visit}
    watching.now += timedelta(days=8)
    watching.press(watching.home, f"{watching.home}/still-right")
    assert _known_links(watching, watching.card_id) == copies


def test_telling_never_spoils_the_page(watching: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong comes after the answer, and is written down without a token."""

    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError(watching.kept.reader_links[1].token)

    monkeypatch.setattr(AlertService, "record_opening", broken)
    assert opened(watching, BROWSER) == []


@pytest.mark.parametrize("query", ["", "?quiet=1", "?notify=no&told=0"])
def test_the_page_says_that_the_family_is_told(house: Website, query: str) -> None:
    """To whoever reads it, in words that hold whether or not anybody is on the list."""
    page = words(house.browser.get(f"/c/{house.kept.reader_links[1].token}{query}"))
    assert "If the family asked, they are told that this copy was opened" in page


@pytest.mark.parametrize("path", ["/a/", "/u/"])
def test_what_leads_nowhere_says_so(house: Website, path: str) -> None:
    """Unknown, misspelt, another kind of token: one answer, and never the card."""
    own = house.told()
    house.send()
    other = house.link("a") if path == "/u/" else own
    for token in (new_token(), "x", house.kept.owner, house.kept.reader_links[0].token, other[3:]):
        for method in ("GET", "POST"):
            answer = house.browser.open(path + token, method=method)
            assert answer.status_code == 404
            assert "Nothing is sent to you from here" in words(answer)
    for kind in ("/o/", "/c/"):
        assert house.browser.get(kind + own[3:]).status_code == 404


def test_without_the_owner_s_token_there_is_no_list(house: Website) -> None:
    """Whatever one tries below it."""
    house.told()
    own = f"/{house.mum.id}"
    for below in ("", "/new", own, f"{own}/remove", f"{own}/pause"):
        for token in (new_token(), house.kept.reader_links[0].token):
            assert house.browser.get(f"/o/{token}/alerts{below}").status_code == 404
    gone = replace(house.mum, id="nobody")
    for below in (f"/{gone.id}", f"/{gone.id}/remove", f"/{gone.id}/pause"):
        assert house.browser.get(f"{house.home}/alerts{below}").status_code == 303
