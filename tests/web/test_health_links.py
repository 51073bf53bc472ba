"""What a record system fetches: encrypted, from any web page; what is not there is never told."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from werkzeug.test import TestResponse

from caregiver_card.storage.health_links import HealthLink
from caregiver_card.storage.records import AddedCard
from tests.cast import CAST, alex, card_of
from tests.health_links import decrypted
from tests.web.client import NOON, Site

_UNKNOWN = "A" * 43


def _link(site: Site, kept: AddedCard, ends_at: datetime | None = None) -> HealthLink:
    return site.keeper.health_links.add(kept.owner, "visit", NOON.date(), ends_at)


def _post(site: Site, address: str, content: Any) -> TestResponse:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return site.client.open(
        f"/s/{address}", method="POST", data=raw, content_type="application/json"
    )


@pytest.mark.parametrize("name", sorted(CAST))
def test_it_works(site: Site, name: str) -> None:
    """The summary that is served is the card's, and a record system can read it."""
    kept = site.add(CAST[name]())
    link = _link(site, kept)
    answer = site.client.get(f"/s/{link.address}?recipient=A%20hospital")
    assert (answer.status_code, answer.mimetype) == (200, "application/jose")
    assert answer.headers["Cache-Control"] == "no-store"
    header, content = decrypted(answer.text, link.key)
    assert header["cty"] == "application/fhir+json"
    Bundle.model_validate(content)
    [patient] = [
        each["resource"]
        for each in content["entry"]
        if each["resource"]["resourceType"] == "Patient"
    ]
    assert patient["name"][0]["text"] == CAST[name]()["patient"]["full_name"]


@pytest.mark.parametrize(
    "asked",
    [
        {"recipient": "A hospital"},
        {},
        {"recipient": "A hospital", "embeddedLengthMax": 1_000_000},
        {"embeddedLengthMax": "many"},
        {"embeddedLengthMax": True},
        [],
        b"no JSON",
        b"\xff",
        b"[" * 8000,
    ],
)
def test_a_list_of_files_has_it_too(site: Site, asked: Any) -> None:
    """By POST, whatever the request says of itself: nobody in an ambulance can mend it."""
    link = _link(site, site.add(alex()))
    served = site.client.get(f"/s/{link.address}").text
    [file] = _post(site, link.address, asked).get_json()["files"]
    assert file == {
        "contentType": "application/fhir+json",
        "fhirVersion": "4.0.1",
        "lastUpdated": "2026-11-21T12:00:00+00:00",
        "embedded": served,
    }


def test_a_client_with_little_room_is_told_where_it_is(site: Site) -> None:
    """At the same address, by GET."""
    link = _link(site, site.add(alex()))
    [file] = _post(site, link.address, {"embeddedLengthMax": 100}).get_json()["files"]
    assert "embedded" not in file
    assert file["location"] == f"http://card.example/s/{link.address}"


def test_a_save_is_served_at_once(site: Site) -> None:
    """The present version, at the same address and under the same key."""
    kept = site.add(alex())
    link = _link(site, kept)
    site.keeper.save(kept.owner, card_of(alex({"regimen.daily_dose_mcg": 410})), 1, "", NOON)
    answer = site.client.get(f"/s/{link.address}").text
    assert "410 mcg" in json.dumps(decrypted(answer, link.key)[1])


def test_what_is_not_there_gives_one_answer(site: Site) -> None:
    """Never made, mistyped, ended, stopped: nothing tells them apart."""
    kept = site.add(alex())
    ended, stopped = _link(site, kept, NOON + timedelta(days=7)), _link(site, kept)
    site.keeper.health_links.stop(kept.owner, stopped.id)
    site.clock.now = NOON + timedelta(days=7)
    addresses = (_UNKNOWN, "x", f"{_UNKNOWN}/", f"/{_UNKNOWN}", f"{_UNKNOWN}/m", ended.address)
    answers = [site.client.get(f"/s/{each}") for each in (*addresses, stopped.address)]
    answers += [_post(site, each, {}) for each in (*addresses, stopped.address)]
    told = {(each.status_code, each.data, str(each.headers)) for each in answers}
    [(status, body, headers)] = told
    assert (status, body) == (404, b"") and "Access-Control-Allow-Origin: *" in headers


def test_any_web_page_may_read_every_answer(site: Site) -> None:
    """Also what is refused, and before a browser sends JSON it asks."""
    link = _link(site, site.add(alex()))
    for method, code in (("OPTIONS", 204), ("GET", 200), ("HEAD", 200), ("DELETE", 405)):
        answer = site.client.open(f"/s/{link.address}", method=method)
        assert answer.status_code == code
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Headers"] == "content-type"
        assert "Set-Cookie" not in answer.headers
    too_long = _post(site, link.address, b" " * 600_000)
    assert too_long.status_code == 413
    assert too_long.headers["Access-Control-Allow-Origin"] == "*"


def test_no_other_address_may_be_read_by_other_sites(site: Site) -> None:
    """A card's own pages are its own."""
    token = site.reader(alex())
    for path in (f"/c/{token}", f"/c/{token}/summary.json", "/guide", "/s"):
        assert "Access-Control-Allow-Origin" not in site.client.get(path).headers


def test_fetching_it_changes_nothing(site: Site) -> None:
    """An opening is noted by the page alone."""
    link = _link(site, site.add(alex()))
    before = site.rows()
    site.client.get(f"/s/{link.address}")
    _post(site, link.address, {"recipient": "A hospital"})
    assert site.rows() == before
