"""What strangers may do only so often: refused in words, by whom it is, and never an emergency."""

import io
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import request, request_finished
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from caregiver_card.printing import printer
from caregiver_card.storage.crypto import new_token
from caregiver_card.storage.database import engine_for, writing
from caregiver_card.storage.limiter import Limit
from caregiver_card.storage.schema import limit_counters
from caregiver_card.web import limiting
from tests import tables
from tests.alerting.pushing import Phone
from tests.cast import alex, file_of, tuyet
from tests.servers import Server, database, gunicorn
from tests.web.client import Site, site_in
from tests.web.filling import Filled
from tests.web.website import MAIL_URL, MUM, Website, hidden, words

# Many small ones, together some seconds.
pytestmark = pytest.mark.slow

WARD, HOME = "198.51.100.7", "203.0.113.9"
SAVES, PRINTS = limiting.SAVES[:1], limiting.PRINTS


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Site]:
    """An empty site with limits, behind no proxy."""
    with site_in(tmp_path, limits=True) as site:
        yield site


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Website]:
    """A card on a site with limits, mail and notifications."""
    made = Website(tmp_path, mail_url=MAIL_URL, limits=True)
    made.settings(vapid_subject="mailto:operator@card.example")
    yield made
    made.app.extensions["services"].limiter().close()
    made.keeper.store.dispose()


def _at(site: Site, address: str = HOME) -> FlaskClient:
    client = site.app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def _add_file(client: FlaskClient, **headers: str) -> TestResponse:
    form = Filled(client, client.get("/new/file", headers=headers)).values()
    sent: dict[str, Any] = {"csrf_token": form["csrf_token"]}
    sent["file"] = (io.BytesIO(file_of(alex())), "card.json")
    return client.post("/new/file", data=sent, headers=headers)


def _use_up(site: Site, limits: tuple[Limit, ...], *who: str) -> None:
    assert site.limiter
    for limit in limits:
        while not site.limiter.take(limit, *who):
            pass


# Answers -----------------------------------------------------------------------------------------


def test_beyond_a_limit_the_page_says_when_to_come_back(limited: Site) -> None:
    """In words and for programs; nothing was stored, and later it is. Others are not held up."""
    client = _at(limited)
    for _ in range(limiting.NEW_CARDS[0].amount):
        assert _add_file(client).status_code == 303
    limited.clock.now += timedelta(minutes=18)
    answer = _add_file(client)
    assert answer.status_code == 429 and answer.headers["Retry-After"] == str(42 * 60)
    said = words(answer)
    assert "Try again in 42 min." in said and "printed on the card" in said
    assert "Go back and send it again" in said
    assert len(limited.rows()["cards"]) == limiting.NEW_CARDS[0].amount
    assert _add_file(_at(limited, WARD)).status_code == 303
    limited.clock.now += timedelta(minutes=42)
    assert _add_file(client).status_code == 303


def test_what_was_typed_is_still_in_the_page(limited: Site) -> None:
    """And one press sends it again, when there is one again."""
    owner, client = limited.add(alex()).owner, _at(limited)
    _use_up(limited, SAVES, owner)
    path = f"/o/{owner}/edit/baseline"
    form = Filled(client, client.get(path)).values()
    form.setlist("patient.baseline", ["Sits up with help, <b>always</b>."])
    answer = client.post(path, data=form)
    assert answer.status_code == 429
    assert "Sits up with help, &lt;b&gt;always&lt;/b&gt;." in answer.text
    limited.clock.now += timedelta(hours=1)
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    again = {unescape(name): unescape(value) for name, value in kept}
    assert client.post(path, data=again).status_code == 303
    assert limited.keeper.vault.owned(owner).card.patient.baseline == form["patient.baseline"]


def test_a_card_is_saved_so_often_and_no_other_card_minds(limited: Site) -> None:
    """Whatever makes a version or a link counts; by whatever spelling of the address."""
    owner, other = limited.add(alex()).owner, limited.add(tuyet()).owner
    _use_up(limited, SAVES, owner)
    client = _at(limited)
    for token, status in ((owner, 429), (owner.lower(), 429), (other, 303)):
        for path, typed in (
            ("still-right", {}),
            ("copies/new", {"label": "school"}),
            ("calendar", {"label": "phone", "words": "neutral"}),
            ("heard", {"sound": "unsure", "signs": "no"}),
        ):
            page = "" if path == "still-right" else f"/{path}"
            form = hidden(client.get(f"/o/{token}{page}").text)
            sent = {**form, "version": "1", **typed}
            answer = client.post(f"/o/{token}/{path}", data=sent)
            assert answer.status_code == status, (path, token)
            if status == 303 and path == "still-right":
                break
    assert limited.keeper.vault.owned(owner).version == 1


def test_what_ends_something_is_never_limited(limited: Site) -> None:
    """A copy is revoked and a card deleted, however often it was saved before."""
    made = limited.add(alex())
    _use_up(limited, SAVES, made.owner)
    client = _at(limited)
    home = f"/o/{made.owner}"
    path = f"{home}/copies/{made.reader_links[0].id}/revoke"
    assert client.post(path, data=hidden(client.get(path).text)).status_code == 303
    answer = client.post(f"{home}/delete", data=hidden(client.get(f"{home}/delete").text))
    assert answer.status_code == 200
    assert client.get(home).status_code == 404


# Prints ------------------------------------------------------------------------------------------


def test_prints_are_counted_by_card_and_address(limited: Site) -> None:
    """A ward shares one address: one card's prints there are its own, and so are a home's."""
    made, other = limited.add(alex()), limited.reader(tuyet())
    reader = made.reader_links[0].token
    card_id = limited.keeper.vault.owned(made.owner).card_id.hex()
    _use_up(limited, PRINTS, card_id, WARD)
    _use_up(limited, limiting.ZIPS, card_id, WARD)
    ward, home = _at(limited, WARD), _at(limited, HOME)
    for path in (f"/c/{reader}/card.pdf", f"/c/{reader}/lockscreen.png"):
        assert ward.get(path).status_code == 429
    for path in ("key.pdf", "everything.zip"):
        answer = ward.get(f"/o/{made.owner}/{path}")
        assert answer.status_code == 429 and answer.mimetype == "text/html"
        assert answer.headers["Retry-After"] == "3600"
    assert home.get(f"/c/{reader}/lockscreen.png").status_code == 200
    assert ward.get(f"/c/{other}/lockscreen.png").status_code == 200


def test_a_whole_set_of_prints_is_far_from_any_limit() -> None:
    """Every layout on both papers, in colour and in black, three times over."""
    assert 3 * 4 * len(printer.LAYOUTS) <= PRINTS[0].amount


def test_batches_are_counted_by_address(limited: Site) -> None:
    """The table is kept in the page that was sent; looking through has a limit of its own."""
    client = _at(limited)
    page = Filled(client, client.get("/new/batch"))
    sent = page.values().to_dict() | {"file": (io.BytesIO(tables.table(alex())), "cards.csv")}
    looked = client.post("/new/batch", data=sent)
    pressed = Filled(client, looked).values().to_dict() | {"go": "print"}
    assert client.post("/new/batch", data=pressed).mimetype == "application/pdf"
    _use_up(limited, limiting.BATCHES, HOME)
    answer = client.post("/new/batch", data=pressed)
    assert answer.status_code == 429
    assert f'name="given" value="{pressed["given"]}"' in answer.text
    assert client.post("/new/batch", data={**pressed, "go": ""}).status_code == 200
    _use_up(limited, limiting.TABLES, HOME)
    assert client.post("/new/batch", data={**pressed, "go": ""}).status_code == 429
    assert client.get("/new/batch").status_code == 200


# Never -------------------------------------------------------------------------------------------

FREE = (
    *("", "/beeping", "/see", "/contact.vcf", "/page.html", "/seen", "/keep", "/kept.json"),
    *("/manifest.webmanifest", "/medical-id", "/refills.ics", "/paper"),
)


def test_an_emergency_is_never_limited(limited: Site) -> None:
    """Though everything is used up there, by card and by address: nothing is even counted."""
    made = limited.add(alex())
    card = limited.keeper.vault.owned(made.owner).card_id.hex()
    reader = made.reader_links[0].token
    every = [each for each in vars(limiting).values() if isinstance(each, tuple) and each]
    for limits in (each for each in every if isinstance(each[0], Limit)):
        for who in ((WARD,), (card,), (card, WARD), (made.owner,), (reader,), (reader, WARD)):
            _use_up(limited, limits, *who)
    counted = limited.rows()["limit_counters"]
    client = _at(limited, WARD)
    for below in FREE:
        assert client.get(f"/c/{reader}{below}").status_code == 200, below
    assert client.get(f"/c/{reader}?l=de").status_code == 200
    assert client.post(f"/c/{reader}/see", data={"tick": "x"}).status_code == 200
    for path in ("/", "/guide", "/beeping", "/signs", "/sw.js", "/healthz", "/offline", "/new"):
        assert client.get(path).status_code == 200, path
    assert client.get(f"/o/{made.owner}").status_code == 200
    assert limited.rows()["limit_counters"] == counted


def test_the_emergency_page_makes_no_limiter(limited: Site) -> None:
    """It is served before there is anything that could be asked."""
    reader = limited.reader(alex())
    for below in FREE:
        _at(limited).get(f"/c/{reader}{below}")
    assert limited.app.extensions["services"].limiter.cache_info().currsize == 0


# Guesses -----------------------------------------------------------------------------------------


def test_guesses_beyond_the_limit_get_the_same_page_more_slowly(limited: Site) -> None:
    """Byte for byte; and whoever has a token is neither refused nor delayed, not even there."""
    client, owner = _at(limited, WARD), limited.add(alex()).owner
    first = client.get(f"/c/{new_token()}")
    limit = limiting.GUESSES[0].amount
    for kind in "cofc":
        for _ in range(limit // 4):
            client.get(f"/{kind}/{new_token()}")
    assert limited.limiter
    limited.limiter.wait_for_counts()
    assert limited.limiter.refused_for(limiting.GUESSES[0], WARD)
    held: list[float] = []

    def note(*_: object, **_more: object) -> None:
        held.append(request.environ.get(limiting.HELD, 0.0))

    with request_finished.connected_to(note, limited.app):
        later = [client.get(f"/{kind}/{new_token()}") for kind in "cofc" * 3]
        assert client.get(f"/o/{owner}").status_code == 200
    assert held == [limiting.DELAY_S] * len(later) + [0.0]
    for answer in later:
        assert (answer.status_code, answer.data) == (404, first.data)
        assert list(answer.headers) == list(first.headers)


def test_a_known_token_is_no_guess(limited: Site) -> None:
    """Nor is a page that is not there; a person's own page is as secret as a card."""
    owner, client = limited.add(alex()).owner, _at(limited)
    for path in (f"/o/{owner}/history/99", "/nothing", f"/o/{owner}/edit/nothing"):
        assert client.get(path).status_code == 404
    assert limited.rows()["limit_counters"] == []
    for path in (f"/a/{new_token()}", f"/u/{new_token()}", "/c/x", f"/f/{new_token()}", "/o/x"):
        assert client.get(path).status_code == 404
    assert limited.limiter
    limited.limiter.wait_for_counts()
    ((_, count, _),) = limited.rows()["limit_counters"]
    assert count == 5


# Who is who --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
    ],
)
def test_an_address_is_one_of_ipv4_or_a_network_of_ipv6(
    limited: Site, one: str, other: str, alike: bool
) -> None:
    """Who has a network of 2**64 addresses has one count."""
    seen = []
    for address in (one, other):
        with limited.app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            seen.append(limiting.caller())
    assert all(seen) and (seen[0] == seen[1]) == alike


@pytest.mark.parametrize("address", ["", "unix", "/run/socket", "fe80::1%eth0x/9"])
def test_who_cannot_be_known_is_not_counted(limited: Site, address: str) -> None:
    """One count for everybody would be a way to lock everybody out."""
    with limited.app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limiting.caller() == ""
        limiting.charge_address(limiting.NEW_CARDS)
    assert limited.rows()["limit_counters"] == []


def test_the_address_is_that_behind_the_proxies_that_are_trusted(tmp_path: Path) -> None:
    """What a client claims before them counts for nothing."""
    with site_in(tmp_path, limits=True, trusted_proxies=1) as site:
        _use_up(site, limiting.NEW_CARDS, HOME)
        client = _at(site, "127.0.0.1")
        for claimed, status in ((HOME, 429), (f"{WARD}, {HOME}", 429), (f"{HOME}, {WARD}", 303)):
            assert _add_file(client, **{"X-Forwarded-For": claimed}).status_code == status


def test_a_proxy_that_nobody_declared_is_not_everybody(limited: Site) -> None:
    """Its address is nobody's; a visitor with an address of their own gains nothing by it."""
    _use_up(limited, limiting.NEW_CARDS, "10.0.0.2")
    _use_up(limited, limiting.NEW_CARDS, HOME)
    for address, headers, status in (
        ("10.0.0.2", {}, 429),
        ("10.0.0.2", {"X-Forwarded-For": HOME}, 303),
        (HOME, {"X-Forwarded-For": WARD}, 429),
    ):
        assert _add_file(_at(limited, address), **headers).status_code == status


def test_limits_can_be_off(site: Site) -> None:
    """Where something in front of the server has its own."""
    assert site.limiter is None
    assert _add_file(_at(site)).status_code == 303


def test_a_locked_database_costs_a_count_and_no_request(limited: Site) -> None:
    """A print is read from it all the same, and the log says so in one line."""
    made = limited.add(alex())
    writer = engine_for(limited.config.database_url)
    with writing(writer):
        for _ in range(3):
            path = f"/c/{made.reader_links[0].token}/lockscreen.png"
            assert _at(limited).get(path).status_code == 200
    with writer.connect() as connection:
        assert connection.execute(select(limit_counters)).all() == []
    writer.dispose()


# Invitations and phones --------------------------------------------------------------------------


def _ask(house: Website, address: str, at: str = HOME) -> TestResponse:
    house.browser.environ_base["REMOTE_ADDR"] = at
    return house.press(f"{house.home}/alerts/new", **{**MUM, "address": address})


def test_one_person_is_asked_so_often_a_day_by_all_cards(house: Website) -> None:
    """By whoever, in whatever spelling; somebody else is asked all the same."""
    limiter = house.app.extensions["services"].limiter()
    for _ in range(limiting.INVITED[0].amount):
        assert not limiter.take(limiting.INVITED[0], "mum@family.example")
    for spelt in ("mum@family.example", "M.um+card@Family.Example"):
        answer = _ask(house, spelt)
        assert answer.status_code == 429 and answer.headers["Retry-After"] == str(24 * 3600)
        assert words(answer).count("cannot be asked before 22 Nov 2026, 06:00") == 2
        assert 'value="Mum"' in answer.text and house.bureau.record(house.owned.card_id) is None
    assert _ask(house, "dad@family.example").status_code == 303
    house.now += timedelta(days=1)
    assert _ask(house, "mum@family.example").status_code == 303


def test_nobody_switches_invitations_off_for_others(house: Website) -> None:
    """Whoever asks too many from one place asks no more from there; others do, at the same hour."""
    limiter = house.app.extensions["services"].limiter()
    for _ in range(limiting.INVITING[0].amount):
        assert not limiter.take(limiting.INVITING[0], WARD)
    answer = _ask(house, "mum@family.example", WARD)
    assert answer.status_code == 429
    assert "too many invitations were sent from where you are" in words(answer)
    assert _ask(house, "mum@family.example").status_code == 303


def test_asking_again_has_the_same_limits(house: Website) -> None:
    """What is not sent, because one was just sent, is not counted."""
    assert _ask(house, "mum@family.example").status_code == 303
    do = f"{house.home}/alerts/{house.mum.id}/do"
    for _ in range(3):
        said = house.press(f"{house.home}/alerts", do, go="ask").location
        assert said.endswith("said=often")
    for _ in range(limiting.INVITED[0].amount - 1):
        house.now += timedelta(minutes=11)
        said = house.press(f"{house.home}/alerts", do, go="ask").location
        assert "said=asked&" in said
    house.now += timedelta(minutes=11)
    said = house.press(f"{house.home}/alerts", do, go="ask").location
    assert said.endswith("said=asked-often")
    assert "asked too often today" in house.words("/alerts?said=asked-often")


def test_a_card_has_so_many_phones_an_hour(house: Website) -> None:
    """The script is answered in words; a phone that only says that it is there is free."""
    keys, path = Phone().keys, f"{house.home}/alerts/phone"
    form = hidden(house.get("/alerts").text)

    def add(number: int) -> TestResponse:
        endpoint = f"https://web.push.apple.com/{number}"
        sent = {**form, **keys, "name": "Phone", "endpoint": endpoint}
        return house.browser.post(path, data=sent)

    first = add(0)
    assert first.status_code == 201
    while (answer := add(1)).status_code == 201:
        pass
    assert answer.status_code == 429 and answer.mimetype == "text/plain"
    assert "Try again in 60 min." in answer.text and answer.headers["Retry-After"] == "3600"
    here = {**keys, "endpoint": "https://web.push.apple.com/0"}
    for _ in range(40):
        assert house.browser.post(f"{first.text}/phone", data=here).status_code == 200


# Several workers ---------------------------------------------------------------------------------


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Server, str]]:
    """A real server with limits, two workers for pages and two for prints; a reader's token."""
    with gunicorn(
        folder, CARD_LIMITS="on", CARD_TRUSTED_PROXIES="1", WEB_CONCURRENCY="2"
    ) as server:
        with site_in(folder / "beside", database_url=database(folder)) as beside:
            reader = beside.reader(alex())
        yield server, reader


def test_the_workers_of_a_real_server_share_what_they_count(tmp_path: Path) -> None:
    """Prints by three processes; the page of the same card opens meanwhile; no token in the log."""
    with _served(tmp_path) as (server, reader):
        path = f"{server.url}/c/{reader}/lockscreen.png"
        assert _curl(path, HOME) == "200"
        engine = engine_for(database(tmp_path))
        with writing(engine) as connection:
            connection.execute(update(limit_counters), {"count": PRINTS[0].amount - 9})
        engine.dispose()
        with ThreadPoolExecutor(6) as many:
            codes = list(many.map(lambda _: _curl(path, HOME), range(15)))
        assert (codes.count("200"), codes.count("429")) == (9, 6)
        assert _curl(f"{server.url}/c/{reader}/lockscreen.png", WARD) == "200"
        assert _curl(f"{server.url}/c/{reader}", HOME) == "200"
        said = server.log.read_text()
        assert "limits: prints is used up for" in said and reader not in said and HOME not in said


def test_guesses_are_held_back_and_hold_up_nobody(tmp_path: Path) -> None:
    """Twenty at once, by two processes: each waits its second, and the page meanwhile does not."""
    with _served(tmp_path) as (server, reader):
        guess = f"{server.url}/c/{new_token()}"
        with requests.Session() as ward:
            for _ in range(limiting.GUESSES[0].amount + 20):
                assert ward.get(guess, headers={"X-Forwarded-For": WARD}).status_code == 404
        began = time.monotonic()
        with ThreadPoolExecutor(21) as many:
            guesses = [many.submit(_curl, guess, WARD) for _ in range(20)]
            assert _curl(f"{server.url}/c/{reader}", WARD) == "200"
            assert time.monotonic() - began < limiting.DELAY_S
            assert {each.result() for each in guesses} == {"404"}
        assert limiting.DELAY_S <= time.monotonic() - began < 10 * limiting.DELAY_S


def _curl(url: str, address: str) -> str:
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H"]
    command += [f"X-Forwarded-For: {address}", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
