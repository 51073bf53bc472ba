"""The app's files: manifests, the worker, the page that keeps a card, and the copy itself."""

import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from caregiver_card.web import pwa
from caregiver_card.web.config import ROOT
from tests.cast import CAST, WORDS, alex
from tests.servers import AWAY
from tests.web.client import Site, site_in
from tests.web.reading import words

# What is fetched beside the cards, and what then lies on the phone. The guides are content: they
# count as they are fetched.
_MOST_FETCHED, _MOST_STORED = 60_000, 80_000
_CONTENT = ("/beeping", "/guide", "/signs")


def _manifest(site: Site, path: str) -> dict[str, Any]:
    answer = site.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/manifest+json")
    return json.loads(answer.data)  # type: ignore[no-any-return]


def _worker(site: Site) -> str:
    answer = site.app.test_client().get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers.getlist("Cache-Control") == ["no-cache"]
    return answer.text


def _raw(site: Site, path: str, coding: str = "identity") -> bytes:
    """What a browser gets of one of the shell's files."""
    answer = site.app.test_client().get(path, headers={"Accept-Encoding": coding})
    assert answer.status_code == 200 and answer.headers["Caregiver-Card"] == "yes", path
    raw: bytes = answer.data
    answer.close()
    return raw


def _assets(worker: str) -> list[str]:
    found = re.search(r"^const ASSETS = (.*);$", worker, re.MULTILINE)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


# The app ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_card", [True, False], ids=["a card's", "the site's"])
def test_a_manifest_starts_where_it_should(shared_site: Site, with_card: bool) -> None:
    """At its card, or at the start page; every address in it opens."""
    home = f"/c/{shared_site.reader(alex())}" if with_card else ""
    made = _manifest(shared_site, f"{home}/manifest.webmanifest")
    assert made["start_url"] == made["id"] == (f"{home}/keep?app" if with_card else "/")
    assert ("Alex Rivera" in made["name"]) is with_card
    assert made["display"] == "standalone" and made["scope"] == "/"
    shortcuts = [each["url"] for each in made["shortcuts"]]
    assert len(shortcuts) == (3 if with_card else 1)
    for address in (made["start_url"], *shortcuts):
        assert shared_site.client.get(address.split("#")[0]).status_code == 200


@pytest.mark.parametrize("with_card", [True, False], ids=["a card's", "the site's"])
def test_a_shortcut_leads_to_a_place_that_is_there(shared_site: Site, with_card: bool) -> None:
    """Its fragment is on the page that the worker shows for it: the card, or the guide."""
    home = f"/c/{shared_site.reader(alex())}" if with_card else ""
    for each in _manifest(shared_site, f"{home}/manifest.webmanifest")["shortcuts"]:
        path, _, fragment = each["url"].partition("#")
        page = shared_site.client.page(path.replace("/keep?app", ""))
        if fragment:
            assert [one for one in page.elements if one.get("id") == fragment], each


def test_every_icon_is_a_small_picture_of_its_size(shared_site: Site) -> None:
    """A PNG of the size that the manifest says; a maskable one has nothing in its corners."""
    made = _manifest(shared_site, "/manifest.webmanifest")
    uses = {each["purpose"] for each in made["icons"]}
    assert uses == {"any", "maskable"}
    for each in (*made["icons"], {"src": "/static/icons/apple-180.png", "sizes": "180x180"}):
        raw = _raw(shared_site, each["src"])
        picture = Image.open(io.BytesIO(raw))
        assert picture.format == "PNG" and len(raw) < 8_000
        assert "x".join(map(str, picture.size)) == each["sizes"]
        if each.get("purpose") == "maskable":
            _is_safe(picture.convert("L"))


def _is_safe(picture: Image.Image) -> None:
    """What is drawn stays within the circle of 80 % that every mask leaves."""
    size, ground = picture.width, picture.getpixel((0, 0))
    outside = [
        (x, y)
        for x in range(0, size, 4)
        for y in range(0, size, 4)
        if (x - size / 2) ** 2 + (y - size / 2) ** 2 > (0.4 * size) ** 2
    ]
    assert all(picture.getpixel(each) == ground for each in outside)


# The page that keeps a card ---------------------------------------------------------------------


def test_the_page_that_keeps_a_card_names_it_and_needs_no_script(shared_site: Site) -> None:
    """Without script it says so, and what to do instead."""
    token = shared_site.reader(alex())
    page = shared_site.client.page(f"/c/{token}/keep")
    assert "Alex Rivera" in page.text
    without = page.one("p", **{"data-state": ""})
    assert WORDS.say("keep.no_script") == words(without) and without.get("hidden") is None
    links = [href for href, _ in page.links()]
    assert {f"/c/{token}/card.pdf", f"/c/{token}/contact.vcf", f"/c/{token}", "/"} <= set(links)


def test_every_copy_can_be_kept_from_the_owners_page(site: Site) -> None:
    """Beside its prints, and the page itself leads to it as well."""
    kept = site.add(alex())
    page = site.client.page(f"/o/{kept.owner}/copies/{kept.reader_links[0].id}")
    assert f"/c/{kept.reader_links[0].token}/keep" in [href for href, _ in page.links()]


def test_keeping_is_a_link_on_the_emergency_page_and_no_script(shared_site: Site) -> None:
    """A stranger's phone is asked for nothing and given nothing to keep."""
    token = shared_site.reader(alex())
    page = shared_site.client.page(f"/c/{token}")
    assert f"/c/{token}/keep" in [href for href, _ in page.links()]
    assert not page.all("script") and not page.having("link", rel="manifest")


# The copy ---------------------------------------------------------------------------------------


def test_a_copy_is_the_same_on_every_day(site: Site) -> None:
    """So that bytes that differ mean a card that differs; packed or not."""
    token = site.reader(alex())
    first = site.client.get(f"/c/{token}/kept.json")
    assert first.mimetype == "application/json" and json.loads(first.data)["name"] == "Alex Rivera"
    site.clock.now = site.clock.now.replace(year=2027)
    packed = site.client.get(f"/c/{token}/kept.json", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == first.data
    assert json.loads(first.data)["address"] == f"/c/{token}"


def test_only_our_own_answers_carry_the_mark(shared_site: Site) -> None:
    """Every answer says that it is ours; one alone says that an address opens no card."""
    token = shared_site.reader(alex())
    for path in (f"/c/{token}", f"/c/{token}/kept.json", "/", "/guide", "/nothing", "/c/a/nothing"):
        assert shared_site.client.get(path).headers["Caregiver-Card"] == "yes", path
    for path in (f"/c/{'0' * 26}", f"/c/{'0' * 26}/kept.json"):
        assert shared_site.client.get(path).headers["Caregiver-Card"] == "unknown", path


def test_without_the_database_no_card_is_called_unknown(tmp_path: Path) -> None:
    """A server that cannot look must not make a phone say that a card is gone."""
    with site_in(tmp_path, database_url=AWAY) as site:
        answer = site.client.get(f"/c/{'0' * 26}/kept.json")
        assert (answer.status_code, answer.headers["Caregiver-Card"]) == (503, "yes")


# The worker -------------------------------------------------------------------------------------


def test_the_shell_is_small(shared_site: Site) -> None:
    """80 kB without the guides, as it is stored; and with them 60 kB over the network."""
    names = ["/sw.js", *_assets(_worker(shared_site))]
    bare = {each: len(_raw(shared_site, each)) for each in names if each not in _CONTENT}
    fetched = {each: len(_raw(shared_site, each, "gzip")) for each in names}
    assert sum(bare.values()) <= _MOST_STORED, bare
    assert sum(fetched.values()) <= _MOST_FETCHED, fetched


@pytest.mark.parametrize("path", ["/sw.js", "/static/js/days.js", "/static/css/site.css"])
def test_a_script_or_a_style_is_compressed_for_who_can_read_it(
    shared_site: Site, path: str
) -> None:
    """The same file in fewer bytes; to be asked for again, and not fetched again, by its tag."""
    raw, packed = _raw(shared_site, path), _raw(shared_site, path, "gzip")
    assert gzip.decompress(packed) == raw and len(packed) < len(raw) / 2
    client = shared_site.app.test_client()
    for coding in ("gzip", "identity"):
        answer = client.get(path, headers={"Accept-Encoding": coding})
        assert answer.headers.getlist("Vary") == ["Accept-Encoding"]
        if tag := answer.headers.get("ETag"):
            known = {"Accept-Encoding": coding, "If-None-Match": tag}
            again = client.get(path, headers=known)
            assert (again.status_code, again.data) == (304, b"")
            again.close()
        assert bool(tag) is (path != "/sw.js")
        answer.close()


def test_a_picture_is_sent_as_it_is(shared_site: Site) -> None:
    """It is compressed already."""
    path = "/static/icons/icon-192.png"
    assert _raw(shared_site, path, "gzip") == (ROOT / path.lstrip("/")).read_bytes()


def test_the_shell_holds_all_that_its_pages_load(shared_site: Site) -> None:
    """Every script, and what it imports, and every style."""
    assets = set(_assets(_worker(shared_site)))
    needed: set[str] = set()
    for address in pwa.PAGES:
        page = shared_site.client.page(address)
        needed |= {each.attrib["src"] for each in page.all("script")}
        needed |= {each.attrib["href"] for each in page.having("link", rel="stylesheet")}
    for script in [each for each in needed if each.endswith(".js")]:
        source = (ROOT / script.lstrip("/")).read_text("utf-8")
        needed |= {f"/static/js/{name}" for name in re.findall(r'from "\./(.*)"', source)}
    assert needed == assets - set(pwa.PAGES)


def test_the_worker_has_another_version_when_anything_of_it_has_changed(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word in a template is enough."""
    first = _worker(site)
    assert first == _worker(site)
    for name in ("static", "templates"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "templates").unlink()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "home.html").write_text("another word")
    monkeypatch.setattr(pwa, "ROOT", tmp_path)
    pwa._worker_source.cache_clear()
    try:
        assert _worker(site).splitlines()[0] != first.splitlines()[0]
        assert _worker(site).splitlines()[1:] == first.splitlines()[1:]
    finally:
        pwa._worker_source.cache_clear()


def test_with_the_kill_switch_the_worker_takes_itself_away(tmp_path: Path) -> None:
    """And the page that keeps cards says so, and has no script that keeps any."""
    with site_in(tmp_path, offline=False) as site:
        source = _worker(site)
        assert "unregister()" in source and "respondWith" not in source
        page = site.client.page(f"/c/{site.reader(alex())}/keep")
        assert WORDS.say("keep.off") in page.text
        scripts = [each.get("src") for each in page.all("script")]
        assert scripts == ["/static/js/tag.js"]
        assert site.client.page("/").one("div", id="shelf").get("data-worker") == "off"


@pytest.mark.parametrize("name", sorted(CAST))
def test_every_card_of_the_cast_has_a_copy(shared_site: Site, name: str) -> None:
    """Its parts are text and holes by turns, and what a phone must not fetch is a hole."""
    token = shared_site.reader(CAST[name]())
    made = json.loads(shared_site.client.get(f"/c/{token}/kept.json").data)
    assert sorted(made["parts"][1::2]) == ["about", "age", "copy", "others", "seen", "urgent"]
    # Only the row of jumps knows the address.
    assert json.dumps(made["parts"]).count(token) == len(("beeping", "see"))
    holes = {name: sorted(each["parts"][1::2]) for name, each in made["beside"].items()}
    assert holes == {"beeping": ["copy", "due"], "see": ["copy", "due", "due"]}
    for name, each in made["beside"].items():
        answer = shared_site.client.get(f"/c/{token}/{name}")
        assert answer.headers["Content-Security-Policy"] == each["policy"]
