"""Tokens out of logs, headers on every answer."""

import io
import logging
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from caregiver_card.storage.crypto import new_key, new_token, write_base64url
from caregiver_card.web import redaction
from tests.cast import alex
from tests.web.client import PUBLIC_URL, Site, site_in
from tests.web.reading import HEADERS, audit_headers

_TOKEN = "0123456789ABCDEFGHJKMNPQRS"
_HYPHENS = "-".join(_TOKEN[at : at + 4] for at in range(0, 26, 4))

_LINES = {
    "path": f"GET /c/{_TOKEN} HTTP/1.1",
    "capitals": f"GET /C/{_TOKEN} HTTP/1.1",
    "small": f"GET /c/{_TOKEN.lower()} HTTP/1.1",
    "mixed case": f"GET /c/{_TOKEN.title()} HTTP/1.1",
    "owner": f"https://card.example/o/{_TOKEN}",
    "calendar": f"webcal://card.example/f/{_TOKEN}",
    "acknowledge": f"/a/{_TOKEN}",
    "unsubscribe": f"/u/{_TOKEN}",
    "below": f"/c/{_TOKEN}/card.pdf?layout=wallet",
    "query": f"/c/{_TOKEN}?x=1",
    "hyphens": f"/c/{_HYPHENS}",
    "hyphens alone": f"token {_HYPHENS} refused",
    "alone": f"token {_TOKEN} refused",
    "in quotation marks": f"'{_TOKEN}'",
    "in a list": f"['{_TOKEN}', b'{_TOKEN}']",
    "small alone": f"<{_TOKEN.lower()}>",
    "percent in the path": quote(f"/c/{_TOKEN}", safe=""),
    "percent, small": quote(f"/c/{_TOKEN}", safe="").lower(),
    "each letter in percent": "/c/" + "".join(f"%{ord(each):02x}" for each in _TOKEN),
    "twice in percent": quote(quote(f"/c/{_TOKEN}", safe=""), safe=""),
    "referrer": f'"GET / HTTP/1.1" 200 5 "http://card.example/c/{_TOKEN}" "Mozilla/5.0"',
    "json": f'{{"path": "/c/{_TOKEN}"}}',
    "token in an assignment": f"token={_TOKEN}",
    "underscores beside it": f"_{_TOKEN}_",
}


def _folded(words: str) -> str:
    return words.upper().replace("-", "").replace("%2D", "")


@pytest.mark.parametrize("kind", _LINES)
def test_a_token_is_redacted_in_every_spelling(kind: str) -> None:
    """What stands in a log opens nothing."""
    written = redaction.redact(_LINES[kind])
    assert _TOKEN not in _folded(written)
    spelt_out = "".join(f"%{ord(each):02X}" for each in _TOKEN)
    assert spelt_out not in written.upper()
    # Less than half a token is no help to anybody; more would be.
    for at in range(0, 26 - 10):
        assert _TOKEN[at : at + 10] not in _folded(written)


@pytest.mark.parametrize(
    "line",
    ["GET /s/{} HTTP/1.1", "/S/{}?recipient=x", "key {} refused", "http://a.example#shlink:/{}x"],
)
def test_a_health_link_is_redacted(line: str) -> None:
    """Its address, its key, and the link with both in it."""
    secret = write_base64url(new_key())
    written = redaction.redact(line.format(secret))
    assert secret not in written and secret[:20] not in written and "~" in written


@pytest.mark.parametrize("kind", ["path", "alone", "hyphens", "below"])
def test_two_tokens_can_be_told_apart_in_a_log(kind: str) -> None:
    """The short hash follows one card through a log without opening it."""
    other = _LINES[kind].replace(_TOKEN, new_token()).replace(_HYPHENS, new_token())
    assert redaction.redact(_LINES[kind]) == redaction.redact(_LINES[kind])
    assert redaction.redact(_LINES[kind]) != redaction.redact(other)


@pytest.mark.parametrize(
    "line",
    [
        '127.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET /guide HTTP/1.1" 200 31337',
        "Booting worker with pid: 4711",
        "GET /static/a-file.css",
        "sha256: " + "0123456789abcdef" * 4,
        "/srv/somewhere/caregiver_card/emergency.py:26",
        "",
    ],
)
def test_what_is_no_token_stays(line: str) -> None:
    """A log is still of use."""
    assert redaction.redact(line) == line


def test_a_traceback_is_redacted() -> None:
    """What an exception quotes passes through the same formatter."""
    out = io.StringIO()
    logger = logging.Logger("test")
    logger.addHandler(logging.StreamHandler(out))
    redaction.redact_handlers(logger)
    redaction.redact_handlers(logger)
    try:
        raise LookupError(f"no card behind /c/{_TOKEN}")
    except LookupError:
        assert _TOKEN in traceback.format_exc()
        logger.exception("while opening %s", _TOKEN, stack_info=True)
    assert _TOKEN not in out.getvalue()
    assert "LookupError" in out.getvalue() and "~" in out.getvalue()


@pytest.mark.parametrize(
    "path",
    ["/", "/guide", "/nothing", "/robots.txt", "/healthz", f"/c/{_TOKEN}", "/static/nothing.css"],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_every_answer_carries_the_headers(shared_site: Site, path: str, method: str) -> None:
    """Pages, failures and refusals alike; the client looks at them."""
    shared_site.client.open(path, method=method)


def test_static_files_carry_the_headers(shared_site: Site, tmp_path: Path) -> None:
    """Files that Flask serves by itself are no exception."""
    (tmp_path / "file.css").write_text("p{}")
    shared_site.app.static_folder = str(tmp_path)
    answer = shared_site.app.test_client().get("/static/file.css")
    assert (answer.status_code, answer.text) == (200, "p{}")
    for name, value in HEADERS.items():
        # What is nobody's may be asked for again instead of fetched again.
        expected = "no-cache" if name == "Cache-Control" else value
        assert answer.headers.getlist(name) == [expected], name
    answer.close()
    assert shared_site.client.get("/static/../config.py").status_code == 404


@pytest.mark.parametrize("below", ["", "/card.pdf", "/contact.vcf", "/seen"])
def test_what_a_token_opens_carries_the_headers(shared_site: Site, below: str) -> None:
    """The client looks at them; a shared computer keeps nothing."""
    token = shared_site.reader(alex())
    answer = shared_site.client.get(f"/c/{token}{below}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_behind_https_a_browser_is_told_to_stay_there(secure_site: Site) -> None:
    """HSTS only where the public address is https: elsewhere it would lock people out."""
    answer = secure_site.client.get("/guide")
    name, *rest = answer.headers["Strict-Transport-Security"].split(";")
    assert int(name.removeprefix("max-age=")) >= 31_536_000
    assert "Strict-Transport-Security" not in answer.headers or rest is not None


def test_a_failure_is_logged_without_what_was_in_it(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Where it happened, and never what: a message may quote a card."""

    @site.app.get("/fails/<token>")
    def fails(token: str) -> str:
        raise RuntimeError(f"Alex Rivera {token}")

    page = site.client.page(f"/fails/{_TOKEN}", 500)
    assert "Alex" not in page.source and "RuntimeError" not in page.source
    assert "RuntimeError" in caplog.text
    assert "Alex" not in caplog.text and _TOKEN not in caplog.text


def test_a_forwarded_host_changes_nothing(tmp_path: Path) -> None:
    """Addresses come from the settings and not from what a request claims."""
    claims: dict[str, Any] = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    for proxies in (0, 1):
        with site_in(tmp_path, trusted_proxies=proxies) as site:
            token = site.reader(alex())
            for path in (f"/c/{token}", f"/c/{token}/contact.vcf", "/", "/nothing"):
                answer = site.client.get(path, headers=claims)
                audit_headers(answer.headers, None, address=path)
                assert b"evil.example" not in answer.data
            assert site.config.public_url == PUBLIC_URL
