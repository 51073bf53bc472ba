"""What a token opens, what anyone can open, and that nothing else can be told apart."""

import gzip
import string
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from caregiver_card.briefing.briefing import brief
from caregiver_card.pages import emergency, precompressed
from caregiver_card.printing import printer
from caregiver_card.storage.crypto import new_token
from caregiver_card.storage.schema import versions
from caregiver_card.web.server import warmup
from tests.cast import TODAY, WORDS, alex, card_of, sam, tuyet
from tests.pages.ten_years import uncommented
from tests.prints import Print, codes, scanned
from tests.servers import AWAY
from tests.web.client import NOON, Site, plain, site_in
from tests.web.reading import Page

# Every address below a reader's token.
_BELOW = (
    *("", "/beeping", "/see", "/refills.ics", "/card.pdf", "/contact.vcf"),
    *("/lockscreen.png", "/seen", "/keep", "/kept.json", "/manifest.webmanifest"),
)
_SEEN = date(2026, 11, 21)
_KEPT = "/c/0123456789ABCDEFGHJKMNPQRS"


@pytest.fixture(scope="module")
def token(shared_site: Site) -> str:
    """The token of a card that no test of this module changes."""
    return shared_site.reader(alex())


# What opens -----------------------------------------------------------------------------------


def test_it_works(shared_site: Site, token: str) -> None:
    """A reader's token opens the emergency page of its card."""
    page = shared_site.client.page(f"/c/{token}")
    assert page.text.startswith(WORDS.clinical("danger.what"))
    assert "Alex Rivera" in page.text and "card version 1" in page.text


@pytest.mark.parametrize("path", ["/", "/guide", "/beeping", "/signs"])
def test_anyone_can_open_the_public_pages(shared_site: Site, path: str) -> None:
    """What this is, and the guide, need no token and name no patient."""
    page = shared_site.client.page(path)
    assert "Alex" not in page.text and "Rivera" not in page.text


def test_the_guide_is_open_in_capitals(shared_site: Site) -> None:
    """The code of a print that is not kept says /GUIDE."""
    assert shared_site.client.page("/GUIDE").source == shared_site.client.page("/guide").source


def test_health_is_told_to_the_operator(shared_site: Site) -> None:
    """200 and two letters while the database answers."""
    answer = shared_site.client.get("/healthz")
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/plain", "ok\n")


def test_robots_are_told_prefixes_and_no_address(shared_site: Site, token: str) -> None:
    """Searching is unwanted under every prefix of a token."""
    words = shared_site.client.get("/robots.txt").text
    assert all(f"Disallow: /{each}/\n" in words for each in "cofaus")
    assert token not in words


def test_the_print_leads_back_to_the_page(shared_site: Site, token: str) -> None:
    """The code of the card that a token prints opens that very token."""
    answer = shared_site.client.get(f"/c/{token}/card.pdf?layout=wallet&paper=letter")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    printed = Print(answer.data)
    assert codes(printed.sides[0].raster(300))["zxing"] == {f"HTTP://CARD.EXAMPLE/C/{token}"}
    assert shared_site.client.page(f"/C/{token}").source


@pytest.mark.parametrize("layout", printer.LAYOUTS)
def test_every_layout_is_a_print_of_this_very_copy(
    shared_site: Site, token: str, layout: str
) -> None:
    """Each leads back to the token that printed it, in black alone if that is asked for."""
    answer = shared_site.client.get(f"/c/{token}/card.pdf?layout={layout}&black=1")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    page = Print(answer.data).sides[0]
    assert f"HTTP://CARD.EXAMPLE/C/{token}" in scanned(page.raster(200))
    assert not page.colours(72)


def test_the_contact_is_one(shared_site: Site, token: str) -> None:
    """The pump team as a vCard."""
    answer = shared_site.client.get(f"/c/{token}/contact.vcf")
    assert (answer.status_code, answer.mimetype) == (200, "text/vcard")
    assert answer.text.startswith("BEGIN:VCARD\r\n")


def test_the_picture_is_one(shared_site: Site, token: str) -> None:
    """The picture that records an opening is a picture."""
    answer = shared_site.client.get(f"/c/{token}/seen")
    assert (answer.status_code, answer.mimetype) == (200, "image/gif")
    assert answer.data.startswith(b"GIF89a")


def test_an_owner_sees_the_card_and_its_copies(site: Site) -> None:
    """The owner's page names the copies, and its token opens no emergency page."""
    kept = site.add(alex())
    page = site.client.page(f"/o/{kept.owner}")
    assert "Alex Rivera" in page.text
    assert any(kept.reader_links[0].token in href for href, _ in page.links())


def _spellings(token: str) -> dict[str, str]:
    return {
        "as printed": f"/c/{token}",
        "all capitals": f"/C/{token}".upper(),
        "small": f"/c/{token}".lower(),
        "mixed": f"/C/{token.title()}",
        "hyphens": f"/c/{'-'.join(token[at : at + 4] for at in range(0, 26, 4))}",
        "i for 1": f"/c/{token.replace('1', 'i')}",
        "L for 1": f"/c/{token.replace('1', 'L')}",
        "o for 0": f"/c/{token.replace('0', 'o')}",
        "percent": "/c/" + "".join(f"%{ord(letter):02x}" for letter in token),
        "a stroke more": f"/c/{token}/",
    }


# Each spelling of the page, and each address below it in one spelling.
@pytest.mark.parametrize(
    ("spelling", "below"),
    [
        *((each, "") for each in _spellings("0" * 26)),
        *(("hyphens", each) for each in _BELOW if each),
    ],
)
def test_every_spelling_of_an_address_opens_the_same(
    shared_site: Site, token: str, spelling: str, below: str
) -> None:
    """Any case, hyphens, I and L for 1, O for 0: as people read it off a card."""
    path = _spellings(token)[spelling]
    answer = shared_site.client.get(path.rstrip("/") + below if below else path)
    assert answer.status_code == 200
    assert answer.data == shared_site.client.get(f"/c/{token}{below}").data


def test_compressed_and_plain_say_the_same(shared_site: Site, token: str) -> None:
    """A browser that takes gzip and one that does not read the same words."""
    path = f"/c/{token}"
    packed = shared_site.client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    for refuses in ({}, {"Accept-Encoding": "gzip;q=0"}, {"Accept-Encoding": "br"}):
        answer = shared_site.client.get(path, headers=refuses)
        assert "Content-Encoding" not in answer.headers
        assert answer.data == uncommented(gzip.decompress(packed.data))
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("below", _BELOW)
def test_head_answers_without_a_body(shared_site: Site, token: str, below: str) -> None:
    """A question about the headers is answered by headers."""
    answer = shared_site.client.open(f"/c/{token}{below}", method="HEAD")
    assert (answer.status_code, answer.data) == (200, b"")


# What opens nothing ---------------------------------------------------------------------------


_NOTHING: dict[str, Callable[[str], str]] = {
    "wrong": lambda token: new_token(),
    "one letter changed": lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
    "short": lambda token: token[:-1],
    "long": lambda token: token + "0",
    "twice": lambda token: token * 2,
    "very long": lambda token: "0" * 5000,
    "unknown letters": lambda token: "U" + token[1:],
    "unicode": lambda token: quote("０" + token[1:]),
    "look-alike": lambda token: quote(token[:-1] + "О"),
    "NUL": lambda token: token + "%00",
    "not UTF-8": lambda token: "%ff%fe" + token,
    "space": lambda token: token[:13] + "%20" + token[13:],
    "sql": lambda token: quote("' OR 1=1 --"),
    "hyphens only": lambda token: "-" * 26,
    "a dot": lambda token: token + ".",
    "nothing like it": lambda token: "favicon.ico",
}


@pytest.mark.parametrize("below", _BELOW)
@pytest.mark.parametrize("kind", _NOTHING)
def test_every_address_that_opens_nothing_gets_the_same_page(
    shared_site: Site, token: str, kind: str, below: str
) -> None:
    """A 404 with the guide's first screen, the same to the byte whatever the reason."""
    answer = shared_site.client.get(f"/c/{_NOTHING[kind](token)}{below}")
    assert answer.status_code == 404
    assert plain(answer) == _unknown(shared_site)


def _unknown(site: Site) -> bytes:
    answer = site.client.get(f"/c/{'0' * 26}")
    assert answer.status_code == 404
    return plain(answer)


def test_the_page_for_nothing_is_of_use(shared_site: Site) -> None:
    """It has the danger, the signs, and where the numbers to call are."""
    page = Page(_unknown(shared_site).decode())
    assert "The numbers to call are printed on the card" in page.text
    for group in ("Withdrawal", "Overdose", "Allergic reaction"):
        assert group in page.text
    assert WORDS.clinical("danger.stop") in page.text


@pytest.mark.parametrize("below", _BELOW)
def test_an_owners_token_opens_no_page(shared_site: Site, below: str) -> None:
    """What leads to editing is never what is printed on a card."""
    kept = shared_site.add(alex())
    answer = shared_site.client.get(f"/c/{kept.owner}{below}")
    assert (answer.status_code, plain(answer)) == (404, _unknown(shared_site))


def test_a_readers_token_opens_no_owners_page(site: Site) -> None:
    """Whoever finds a card cannot change it."""
    kept = site.add(alex())
    answer = site.client.get(f"/o/{kept.reader_links[0].token}")
    assert (answer.status_code, plain(answer)) == (404, _unknown(site))


@pytest.mark.parametrize("below", _BELOW)
def test_a_revoked_copy_opens_nothing(shared_site: Site, below: str) -> None:
    """From one moment to the next, and as if it had never been."""
    kept = shared_site.add(alex())
    copy = kept.reader_links[0]
    assert shared_site.client.get(f"/c/{copy.token}{below}").status_code == 200
    shared_site.keeper.vault.revoke(kept.owner, copy.id)
    answer = shared_site.client.get(f"/c/{copy.token}{below}")
    assert (answer.status_code, plain(answer)) == (404, _unknown(shared_site))


@pytest.mark.parametrize("below", _BELOW)
def test_a_deleted_card_opens_nothing(shared_site: Site, below: str) -> None:
    """Nothing is left to open."""
    kept = shared_site.add(alex())
    shared_site.keeper.vault.delete(kept.owner)
    for token in (kept.owner, kept.reader_links[0].token):
        answer = shared_site.client.get(f"/c/{token}{below}")
        assert (answer.status_code, plain(answer)) == (404, _unknown(shared_site))


@pytest.mark.parametrize("path", ["/nothing", "/c", "/c/", "/C", "/x/0123", "/guide/more", "/%00"])
def test_an_address_that_is_none_gets_a_page(shared_site: Site, path: str) -> None:
    """Other addresses get a page too, and it is no server's default."""
    page = shared_site.client.page(path, 404)
    assert any(href == "/guide" for href, _ in page.links())


# What cannot be done --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path",
    ["/", "/guide", "/healthz", *(_KEPT + each for each in _BELOW if each != "/see")],
)
def test_nothing_can_be_sent_to_what_is_only_read(
    shared_site: Site, path: str, method: str
) -> None:
    """405 with the methods that there are."""
    answer = shared_site.client.open(path, method=method)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].replace(",", " ").split())


@pytest.mark.parametrize(
    "query",
    ["layout=poster", "layout=key", "paper=a3", "layout=", "layout=wallet&paper=A4", "black=yes"],
)
def test_a_layout_that_there_is_not_is_a_page(shared_site: Site, token: str, query: str) -> None:
    """400 with words, not a card of some other layout."""
    shared_site.client.page(f"/c/{token}/card.pdf?{query}", 400)


@pytest.mark.parametrize("size", ["", "1080", "1080x2401", "99999x99999", "1080X2400"])
def test_a_size_that_there_is_not_is_a_page(shared_site: Site, token: str, size: str) -> None:
    """400 with words: no picture of a size that anyone may choose."""
    shared_site.client.page(f"/c/{token}/lockscreen.png?size={size}", 400)


def test_a_letter_that_cannot_be_printed_is_named(shared_site: Site) -> None:
    """422 with the letter, its name and the package that has it."""
    from tests.printing.layouts.test_wallet import _letter_without_a_font

    letter = _letter_without_a_font()
    token = shared_site.reader(alex({"patient.full_name": f"Alex {letter}"}))
    page = shared_site.client.page(f"/c/{token}/card.pdf", 422)
    assert letter in page.text and "fonts-noto" in page.text
    assert shared_site.client.page(f"/c/{token}").place(letter)


@pytest.mark.parametrize("path", ["/", "/guide", "/c/0123", "/nothing"])
def test_a_huge_request_is_refused(shared_site: Site, path: str) -> None:
    """Nobody fills the memory by sending."""
    answer = shared_site.client.open(path, method="POST", data=b"x" * 600_000)
    assert answer.status_code in (404, 405, 413)
    page = shared_site.client.page_of(answer)
    assert page and page.all("h1")


@pytest.mark.parametrize("code", [400, 404, 405, 413, 422, 500, 503])
def test_every_failure_has_words_of_its_own(code: int) -> None:
    """A title and a sentence for each code that can be answered."""
    assert WORDS.text[f"error.title-{code}"] and WORDS.text[f"error.text-{code}"]


# Without the database -------------------------------------------------------------------------


@pytest.fixture
def _away(tmp_path: Path) -> Any:
    with site_in(tmp_path, database_url=AWAY) as opened:
        yield opened


def test_without_the_database_health_is_503(_away: Site) -> None:
    """The operator is told."""
    assert _away.client.get("/healthz").status_code == 503


def test_without_the_database_a_card_is_a_503_page(_away: Site) -> None:
    """Not "unknown": the card may be there, and its numbers are on paper."""
    page = _away.client.page(_KEPT, 503)
    assert "The numbers to call are printed on the card" in page.text


def test_without_the_database_a_worker_starts(_away: Site) -> None:
    """What it does before it answers anybody does not end it."""
    warmup.settle(_away.app, NOON)
    assert _away.client.get("/guide").status_code == 200


@pytest.mark.parametrize("path", ["/", "/guide", "/beeping", "/signs"])
def test_without_the_database_the_guide_is_open(_away: Site, path: str) -> None:
    """What holds no patient needs no database."""
    _away.client.page(path)


# Opening changes nothing ----------------------------------------------------------------------


@pytest.mark.parametrize("below", ["", "/card.pdf", "/contact.vcf"])
def test_opening_changes_nothing(site: Site, below: str) -> None:
    """Every row of the database is the same before and after."""
    token = site.reader(alex())
    before = site.rows()
    for method in ("GET", "HEAD"):
        assert site.client.open(f"/c/{token}{below}", method=method).status_code == 200
    site.clock.now = NOON + timedelta(days=400)
    site.client.get(f"/c/{token}{below}")
    assert site.rows() == before


def test_seen_records_the_day_and_nothing_else(site: Site) -> None:
    """One date in the row of this copy; no time, no address, no browser."""
    kept = site.add(alex())
    before = site.rows()
    browser = {"User-Agent": "Marker/47.11", "X-Forwarded-For": "203.0.113.77"}
    site.client.get(f"/c/{kept.reader_links[0].token}/seen", headers=browser)
    after = site.rows()
    assert {name for name in before if before[name] != after[name]} == {"links"}
    changed = [
        (old, new)
        for old, new in zip(sorted(before["links"]), sorted(after["links"]), strict=True)
        if old != new
    ]
    assert len(changed) == 1
    ((old, new),) = changed
    differing = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    assert differing in ([(None, _SEEN)], [(None, _SEEN.isoformat())])
    assert site.keeper.vault.owned(kept.owner).reader_links[0].opened_on == _SEEN


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch"}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
    ],
    ids=["HEAD", "prefetch", "prerender"],
)
def test_what_is_no_person_is_not_recorded(
    site: Site, method: str, headers: dict[str, str]
) -> None:
    """Neither a question about headers nor a browser that guesses ahead."""
    token = site.reader(alex())
    before = site.rows()
    answer = site.client.open(f"/c/{token}/seen", method=method, headers=headers)
    assert answer.status_code == 200
    assert site.rows() == before


# A newer program ------------------------------------------------------------------------------


def _age(site: Site, token: str, mark: str = "an older program") -> None:
    """Put in the place of the kept page one that an older program pressed, with its own words."""
    opened = site.keeper.vault.card(token)
    raw = emergency.precompressed_page(brief(opened.card, WORDS, opened.version), mark)
    raw = raw if mark != "rubbish" else b"no page at all"
    assert site.keeper.vault.refresh_page(token, raw, opened.version)


@pytest.mark.parametrize("mark", ["an older program", "rubbish"])
def test_a_page_of_an_older_program_is_made_anew(
    site: Site, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is right at once, for the reader; the next person's picture mends what is kept."""
    token = site.reader(tuyet())
    right = site.client.get(f"/c/{token}").data
    _age(site, token, mark)
    before = site.rows()
    assert site.client.get(f"/c/{token}").data == right
    assert site.rows() == before, "opening a page mended it"
    site.client.get(f"/c/{token}/seen")
    after = site.rows()
    assert {name for name in before if before[name] != after[name]} == {"links", "versions"}
    page = precompressed.PrecompressedPage(site.keeper.vault.page(token).content)
    assert page.head["mark"] not in ("an older program", "rubbish")
    assert site.client.get(f"/c/{token}").data == right


def test_a_damaged_row_is_an_unknown_card(site: Site) -> None:
    """What was altered in the database is not shown, and looks like nothing."""
    token = site.reader(alex())
    with site.keeper.store.engine.begin() as connection:
        connection.execute(update(versions).values(sealed_page=b"\x00" * 4000))
    answer = site.client.get(f"/c/{token}")
    assert (answer.status_code, plain(answer)) == (404, _unknown(site))


# Anything at all ------------------------------------------------------------------------------


_SEGMENTS = st.one_of(
    st.sampled_from(
        ["c", "C", "o", "guide", "seen", "card.pdf", "contact.vcf", "static", "..", ""]
    ),
    st.text(max_size=30),
    st.text(string.ascii_letters + string.digits + "-", min_size=24, max_size=30),
)


@given(
    segments=st.lists(_SEGMENTS, max_size=5),
    query=st.text(max_size=30),
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "DELETE"]),
    accept=st.sampled_from(["", "gzip", "gzip;q=0", "*", ";;;", "gzip;q=x"]),
)
def test_no_path_breaks_the_server(
    shared_site: Site, segments: list[str], query: str, method: str, accept: str
) -> None:
    """Whatever is asked for, the answer is never "something went wrong here"."""
    # A server hands a path over as bytes in Latin-1; two strokes at its front are a path as well.
    path = ("/" + "/".join(segments)).encode("utf-8", "surrogatepass").decode("latin-1")
    answer = shared_site.app.test_client().open(
        "/",
        method=method,
        environ_overrides={"PATH_INFO": path},
        query_string=quote(query, safe="=&"),
        headers={"Accept-Encoding": accept},
    )
    assert answer.status_code < 500


@given(raw=st.binary(max_size=40))
def test_no_bytes_break_the_server(shared_site: Site, raw: bytes) -> None:
    """Nor do bytes that are no text."""
    answer = shared_site.client.get("/c/" + "".join(f"%{each:02x}" for each in raw))
    assert answer.status_code in (200, 301, 308, 404)


def test_todays_alerts_are_on_the_page(site: Site) -> None:
    """The clock of the app decides what holds."""
    token = site.reader(sam())
    assert site.clock().date() == TODAY
    first = site.client.page(f"/c/{token}").text
    site.clock.now = NOON + timedelta(days=30)
    assert site.client.page(f"/c/{token}").text != first
    assert card_of(sam()).refill.alarm_date == date(2026, 12, 3)
