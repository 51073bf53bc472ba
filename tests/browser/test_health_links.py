"""A code for record systems is opened by readers of others, and in a page of another site."""

import json
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from caregiver_card.card_service import CardService
from caregiver_card.exports.shlink import shlink
from caregiver_card.storage.health_links import HealthLink
from tests.cast import alex, card_of
from tests.web.client import NOON

pytestmark = pytest.mark.browser

_ROOT = Path(__file__).parents[2]
# What a viewer in a browser does: ask, decrypt, show. WebCrypto takes text and tag in one piece.
_VIEWER = """async ([url, key]) => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const asked = { method: "POST", headers: { "content-type": "application/json" } };
  const answer = await fetch(url, { ...asked, body: JSON.stringify({ recipient: "A test" }) });
  const { files } = await answer.json();
  const [header, , iv, text, tag] = files[0].embedded.split(".");
  const held = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
  const additionalData = new TextEncoder().encode(header);
  const sealed = new Uint8Array([...bytes(text), ...bytes(tag)]);
  const about = { name: "AES-GCM", iv: bytes(iv), additionalData };
  const plain = await crypto.subtle.decrypt(about, held, sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}"""


# Readers look at the real clock.
_LATER = NOON.replace(year=NOON.year + 10)


@pytest.fixture(params=[None, _LATER], ids=["lasting", "one visit"])
def link(request: pytest.FixtureRequest, keeper: CardService) -> HealthLink:
    """A link of Alex's card."""
    owner = keeper.add(card_of(alex()), NOON).owner
    return keeper.health_links.add(owner, "visit", NOON.date(), request.param)


@pytest.fixture
def viewer() -> Iterator[str]:
    """The address of another site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/nothing"
    server.shutdown()
    server.server_close()


def _code(url: str, link: HealthLink) -> str:
    file = shlink(f"{url}/s/{link.address}", link.key, link.ends_at)
    return f"{url}/c/{link.reader}#{file}"


def _names(bundle: dict[str, Any]) -> list[str]:
    people = [each["resource"] for each in bundle["entry"]]
    return [each["name"][0]["text"] for each in people if each["resourceType"] == "Patient"]


def test_two_readers_of_others_open_it(url: str, link: HealthLink) -> None:
    """By GET, by POST with the file inside, and by POST with its address."""
    script, modules = _ROOT / "tests" / "node" / "open_link.mjs", _ROOT / ".venv" / "node"
    command = ["node", str(script), str(modules), _code(url, link)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    read = json.loads(ran.stdout)
    bundle = read["jose"]["bundle"]
    assert _names(bundle) == ["Alex Rivera"]
    assert read["jose"]["header"]["cty"] == "application/fhir+json"
    assert read["viewer"] == read["listed"] == read["linked"] == [bundle]


def test_a_request_in_chunks_is_answered(url: str, link: HealthLink) -> None:
    """Unread: with the file's address, since its reader may have little room. No form is."""
    for path, status in ((f"/s/{link.address}", 200), ("/new", 411)):
        connection = HTTPConnection(url.removeprefix("http://"), timeout=20)
        connection.request("POST", path, iter([b"{}", b" "]), {"Transfer-Encoding": "chunked"})
        answer = connection.getresponse()
        assert answer.status == status
        if status == 200:
            [file] = json.loads(answer.read())["files"]
            assert file["location"] == f"{url}/s/{link.address}" and "embedded" not in file
        connection.close()


def test_a_page_of_another_site_opens_it(
    url: str, viewer: str, link: HealthLink, chromium: Browser
) -> None:
    """The server lets it ask with JSON, and read what comes."""
    page = chromium.new_page()
    page.goto(viewer)
    bundle = page.evaluate(_VIEWER, [f"{url}/s/{link.address}", link.key])
    page.close()
    assert _names(bundle) == ["Alex Rivera"]
