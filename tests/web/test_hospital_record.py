"""The file for a hospital's record system: at a reader's address, and in the zip of everything."""

import base64
import io
import json
import zipfile
from typing import Any

import pypdf
import pytest
from fhir.resources.R4B.bundle import Bundle

from tests.cast import CAST, alex
from tests.web.client import Site

_NAME = "baclofen-pump-summary.json"


def _read(raw: bytes) -> dict[str, Any]:
    Bundle.model_validate_json(raw)
    found: dict[str, Any] = json.loads(raw)
    return found


@pytest.mark.parametrize("name", sorted(CAST))
def test_a_reader_takes_it_away(shared_site: Site, name: str) -> None:
    """As a file; today's card and no other."""
    answer = shared_site.client.get(f"/c/{shared_site.reader(CAST[name]())}/summary.json")
    assert answer.mimetype == "application/fhir+json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{_NAME}"'
    assert answer.headers["Cache-Control"] == "no-store"
    made = _read(answer.data)
    patient = made["entry"][1]["resource"]
    assert patient["name"][0]["text"] == CAST[name]()["patient"]["full_name"]
    assert made["timestamp"].startswith(f"{shared_site.clock.now.date()}")


@pytest.mark.slow
def test_the_sheet_is_in_it_if_it_is_asked_for(site: Site) -> None:
    """As it is printed, with the code of this link."""
    token = site.reader(alex())
    assert b"application/pdf" not in site.client.get(f"/c/{token}/summary.json").data
    made = _read(site.client.get(f"/c/{token}/summary.json?pdf=1").data)
    [file] = [
        each["resource"]
        for each in made["entry"]
        if each["resource"]["resourceType"] == "DocumentReference"
    ]
    pdf = base64.b64decode(file["content"][0]["attachment"]["data"])
    assert "Alex Rivera" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_it_is_in_the_language_that_is_asked_for(site: Site) -> None:
    """The card's own, or another."""
    token = site.reader(alex({"language": "es"}))
    for asked, tag in (("", "es"), ("?l=de", "de"), ("?l=xx", "es")):
        made = _read(site.client.get(f"/c/{token}/summary.json{asked}").data)
        assert made["language"] == tag


def test_a_wrong_question_and_an_unknown_address_get_nothing(site: Site) -> None:
    """As for a print."""
    assert site.client.get(f"/c/{site.reader(alex())}/summary.json?pdf=yes").status_code == 400
    assert site.client.get(f"/c/{'0' * 26}/summary.json").status_code == 404


def test_a_version_keeps_its_identity_and_the_next_has_another(site: Site) -> None:
    """A record system sees the same document again, or a newer one."""
    kept = site.add(alex())
    address = f"/c/{kept.reader_links[0].token}/summary.json"
    first, again = (_read(site.client.get(address).data)["id"] for _ in range(2))
    other = _read(site.client.get(f"/c/{site.reader(alex())}/summary.json").data)["id"]
    assert first == again != other


def test_the_owner_finds_it_beside_the_prints_and_in_the_zip(site: Site) -> None:
    """In words without an abbreviation."""
    kept = site.add(alex())
    home = site.client.page(f"/o/{kept.owner}")
    copies = next(href for href, _ in home.links() if "/copies/" in href and "new" not in href)
    links = dict(site.client.page(copies).links())
    address = f"/c/{kept.reader_links[0].token}/summary.json?pdf=1"
    assert "A file for the hospital's record system" in links[address]
    page = site.client.page(copies).text
    assert "FHIR" not in page and "IPS" not in page


@pytest.mark.slow
def test_the_zip_holds_it(site: Site) -> None:
    """Without the sheet, which is beside it."""
    packed = site.client.get(f"/o/{site.add(alex()).owner}/everything.zip").data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        _read(archive.read(_NAME))
