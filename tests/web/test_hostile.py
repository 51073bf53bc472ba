"""Every address × every method × what nobody should send: no answer is a failure of ours, and none
leads away from this site."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.questionnaire import steps
from caregiver_card.questionnaire.step_types import Rows
from tests.alerting.telling import person
from tests.cast import tuyet
from tests.web.client import NOON, Site, config

# Many small ones, together some seconds.
pytestmark = pytest.mark.slow

# As a server hands it over: the bytes of the path, each as one character.
SEGMENTS = (
    "",
    "/",
    "//evil.example",
    ".",
    "..",
    "%00",
    "\x00",
    "\r\nX: y",
    "\r\nLocation: //evil.example",
    "9" * 5000,
    "99999999999",
    "2147483648",
    "-1",
    "0",
    "1e9",
    "\xd9\xa3",
    "\xff\xfe",
    "\xed\xa0\x80",
    "\xe2\x80\xae004",
    "A" * 26,
    "A" * 5000,
    "{{7*7}}%s%n${x}",
    "';DROP TABLE cards;--",
    "<script>",
    "\\evil.example",
    "[",
    "a b\tc",
)
VALUES = (
    *(each.encode("latin-1").decode("utf-8", "replace") for each in SEGMENTS),
    "[" * 5000,
    "{" * 5000,
    '{"a":' * 3000,
    '{"regimen.daily_dose_mcg": ' + "9" * 5000 + "}",
    '{"a": 1e999999}',
    '["x"]',
    "null",
    "NaN",
    "add:contacts",
    f"remove:contacts[{'9' * 5000}]",
    "\ud800",
    "https://evil.example",
)
HEADERS = (
    {"Origin": "http://["},
    {"Origin": "http://[::1", "Sec-Fetch-Site": ""},
    {"Origin": "\xff://\xff"},
    {"Origin": "null"},
    {"Referer": "http://["},
    {"Host": "evil.example"},
    {"Host": "["},
    {"Host": ""},
    {"Host": "evil.example:99999999"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript"},
    {"X-Forwarded-For": "[", "Forwarded": "for=["},
    {"Cookie": "form=" + "." * 999 + "; ours-x=\xff"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary=" + "x" * 300},
    {"Content-Type": "application/x-www-form-urlencoded; charset=x"},
    {"Content-Type": "\xff"},
    {"Content-Length": "-1"},
    {"Content-Length": "9" * 50},
    {"Range": "bytes=9-1", "If-Range": "["},
    {"If-None-Match": '"', "If-Modified-Since": "x" * 999},
    {"Accept-Encoding": "gzip;q=\xff, *;q=" + "9" * 999},
    {"Accept-Language": ";;q=,*" * 99},
    {"Transfer-Encoding": "chunked"},
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND")
# What forms and addresses of this program read; every path of the card file beside it.
NAMES = (
    *("answers", "step", "go", "returning", "version", "base", "mine", "note", "of", "label"),
    *("words", "mark", "from", "before", "layout", "paper", "black", "size", "kind", "given"),
    *("dates", "encoding", "days", "called", "key", "name", "address", "turn", "subjects"),
    *("quiet_from", "quiet_until", "time_zone", "proof", "open_subject", "asked_by", "tick", "own"),
    *("sound", "signs", "confirm", "said", "restored", "new", "l", "l", "List-Unsubscribe"),
    *push_subscription.Subscription._fields,
    f"contacts[{'9' * 5000}].name",
    "contacts[99999999999].phone",
    "contacts[\u0663].phone",
    "contacts[-1].phone",
    "contacts[",
    "pick:contacts",
    *(
        f"{field.path}[0].{inner.path}"
        for step in steps.STEPS
        for field in step.fields
        if isinstance(field, Rows)
        for inner in field.fields
    ),
)
# A print of a second each tells no more than the first.
_SLOW = {"export.everything", "reader.card_pdf", "address.key_sheet_pdf", "reader.lock_screen"}


class Target:
    """A site with one card and somebody told; it makes another when a request deleted it."""

    def __init__(self, url: str) -> None:
        self.site = Site(config(Path(), database_url=url, mail_url="smtp://127.0.0.1:9"))
        # A forger has no token, and an owner has; what is behind the check is what is tried here.
        self.site.app.config["WTF_CSRF_ENABLED"] = False
        self.rules = [rule for rule in self.site.app.url_map.iter_rules()]
        self._tokens: dict[str, str] = {}

    def tokens(self) -> dict[str, str]:
        """By the first segment of an address, one that opens something."""
        vault = self.site.keeper.vault
        try:
            vault.owned(self._tokens.get("o", ""))
        except (LookupError, ValueError):
            made = self.site.add(tuyet())
            owned = vault.owned(made.owner)
            told = person("Anna")
            alerts = self.site.keeper.alerts
            assert alerts
            alerts.invite(owned.card_id, owned.card, owned.version, told, NOON)
            self._tokens = {"o": made.owner, "c": made.reader_links[0].token, "u": told.token}
        return self._tokens

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a path as it is; the answer is looked at."""
        headers = options.pop("headers", {})
        environ = {"PATH_INFO": path}
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
        client = self.site.app.test_client()
        answer = client.open("/", method=method, environ_overrides=environ, **options)
        about = (method, path[:99], headers, answer.status_code)
        # Here nobody sends, and that is what this address is for.
        is_said = path.strip("/").lower() == "readyz" and answer.status_code == 503
        assert answer.status_code < 500 or is_said, about
        _stays_here(answer, about)
        answer.close()
        return answer


def _stays_here(answer: TestResponse, about: object) -> None:
    for name, value in answer.headers:
        assert "\r" not in value and "\n" not in value, about
        assert "evil" not in value or name == "Location", about
    place = answer.headers.get("Location")
    if place is not None:
        parts = urlsplit(place)
        assert not parts.scheme and not parts.netloc and place.startswith("/"), (about, place)
        assert not place.startswith(("//", "/\\")), (about, place)


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A target in SQLite."""
    target = Target(f"sqlite:///{tmp_path_factory.mktemp('hostile')}/cards.sqlite")
    yield target
    target.site.close()


def _paths(rule: Rule, tokens: dict[str, str]) -> Iterator[str]:
    """An address with each hostile segment at each of its places, the others being right."""
    parts = rule.rule.split("/")
    places = [at for at, part in enumerate(parts) if part.startswith("<")]
    right = {at: "1" for at in places}
    if places:
        right[places[0]] = tokens.get(parts[1], "A" * 26)
    for place in places:
        for hostile in SEGMENTS:
            filled = {**right, place: hostile}
            yield "/".join(filled.get(at, part) for at, part in enumerate(parts))
    whole = "/".join(right.get(at, part) for at, part in enumerate(parts))
    yield from (whole.replace("/", "//"), f"/{whole}", f"{whole}/", f"{whole}//evil.example/..")


def _try_all(target: Target) -> int:
    tried = 0
    for rule in target.rules:
        for path in _paths(rule, target.tokens()):
            for method in ("GET", "POST"):
                target.send(method, path)
                tried += 1
    return tried


def test_no_address_fails_whatever_stands_in_it(lite: Target) -> None:
    """Each place of each route; also with two slashes, one too many, and one at the end."""
    assert _try_all(lite) > 3000


@pytest.mark.slow
def test_no_address_fails_in_postgresql(postgresql_url: str) -> None:
    """A number that it has no room for, a character that it does not take."""
    target = Target(postgresql_url)
    _try_all(target)
    for number in ("2147483647", "2147483648", "9999999", "9" * 20):
        home = f"/o/{target.tokens()['o']}"
        for path in (f"/history/{number}", f"/saved?from={number}", f"/history?before={number}"):
            path, _, query = path.partition("?")
            target.send("GET", home + path, query_string=query)
        for path in (f"/history/{number}/restore", "/still-right", "/choose", "/edit/refill"):
            target.send("POST", home + path, data={"version": number, "base": number})
    target.site.close()


@pytest.mark.parametrize("headers", HEADERS, ids=lambda each: "".join(each)[:30])
def test_no_header_makes_an_address_fail(lite: Target, headers: dict[str, str]) -> None:
    """Nor does any lead to another host."""
    tokens = lite.tokens()
    lite.site.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for path in ("/", "/guide", "/c//x", "/new", "/new/batch", "/static/js/see.js", "/signs"):
            for method in METHODS:
                lite.send(method, path, headers=headers)
        for kind, below in (("c", ""), ("c", "/see"), ("o", ""), ("o", "/refill"), ("u", "")):
            for method in METHODS:
                lite.send(method, f"/{kind}/{tokens[kind]}{below}", headers=headers)
    finally:
        lite.site.app.config["WTF_CSRF_ENABLED"] = False


_value = st.one_of(st.sampled_from(VALUES), st.text(max_size=20))
_fields = st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=9)), _value)


@settings(max_examples=150)
@given(st.data())
def test_no_form_and_no_query_makes_an_address_fail(lite: Target, data: st.DataObject) -> None:
    """Any names, any values, at any route, by any method, on a card that is there."""
    rule = data.draw(st.sampled_from([rule for rule in lite.rules if rule.endpoint not in _SLOW]))
    parts = rule.rule.split("/")
    places = [at for at, part in enumerate(parts) if part.startswith("<")]
    filled: dict[int, str] = {at: data.draw(st.sampled_from(("1", *SEGMENTS))) for at in places}
    if places:
        filled[places[0]] = lite.tokens().get(parts[1], "A" * 26)
    path = "/".join(filled.get(at, part) for at, part in enumerate(parts))
    method = data.draw(st.sampled_from(METHODS))
    fields = data.draw(_fields)
    fields = {_wire(name): _wire(value) for name, value in fields.items()}
    if method in ("GET", "HEAD"):
        lite.send(method, path, query_string=fields)
    else:
        lite.send(method, path, data=fields)


def _wire(text: str) -> str:
    """What can be sent at all: half of a pair of surrogates has no bytes."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("key", [step.key for step in steps.STEPS])
def test_no_name_of_a_box_makes_a_form_fail(lite: Target, key: str) -> None:
    """An index of thousands of digits, a negative one, one in other figures, half of one."""
    sent = {_wire(name): "1" for name in NAMES} | {"step": key, "go": "", "answers": "{}"}
    sent |= {f"{path}[{'9' * 5000}].name": "x" for path in ("allergies.items", "regimen.schedule")}
    lite.send("POST", "/new", data=sent)
    lite.send("POST", f"/o/{lite.tokens()['o']}/edit/{key}", data=sent)


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_no_value_in_every_field_at_once_fails(lite: Target, value: str) -> None:
    """At each form: all of its boxes hold the same strange thing."""
    for rule in lite.rules:
        if "POST" in (rule.methods or ()) and rule.endpoint not in _SLOW:
            parts = rule.rule.split("/")
            tokens = lite.tokens()
            path = "/".join(
                (tokens.get(parts[1], "x") if at == 2 else "1") if part.startswith("<") else part
                for at, part in enumerate(parts)
            )
            lite.send("POST", path, data=dict.fromkeys(NAMES, _wire(value)))
            lite.send("POST", path, query_string=dict.fromkeys(NAMES, _wire(value)[:900]))


def test_two_slashes_are_the_page_of_an_address_that_opens_nothing(lite: Target) -> None:
    """And no redirect to whatever host the request names."""
    reader = lite.tokens()["c"]
    known = lite.site.app.test_client().get("/c/" + "0" * 26)
    for path in (f"/c//{reader}", f"/o//{reader}", f"/c/{reader}//see", f"/static//{reader}"):
        answer = lite.send("GET", path, headers={"Host": "evil.example"})
        assert answer.status_code == 404 and answer.data == known.data
    # In front they are no segment: an emergency page opens whenever it can.
    assert lite.send("GET", f"//c/{reader}", headers={"Host": "evil.example"}).status_code == 200


def test_a_redirect_names_no_host(lite: Target) -> None:
    """Neither that of the request nor that of a proxy."""
    owner = lite.tokens()["o"]
    answer = lite.send("GET", f"/o/{owner.lower()}/choose", headers={"Host": "evil.example"})
    assert answer.headers["Location"] == f"/o/{owner}"
    for token in ("\r\nX", "x", "\r\nLocation: //evil.example"):
        assert lite.send("GET", f"/o/{token}/choose").status_code == 404


def test_every_printed_address_still_opens(lite: Target) -> None:
    """What is strict with strangers is not so with ``tests/routes.txt``."""
    rules = {rule.rule for rule in lite.rules}
    routes = Path(__file__).parent.parent / "routes.txt"
    assert set(routes.read_text("utf-8").split()) <= rules
