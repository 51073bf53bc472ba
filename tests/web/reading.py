"""Reads a page as a browser would, and knows what every page of this program must keep to."""

import base64
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Caregiver-Card": "yes",
}
# What else an answer may say: that an address opens no card.
_ANSWERED = {"Caregiver-Card": [["yes"], ["unknown"]]}
# What a policy may hold at most, apart from the hashes of styles.
POLICY = {
    "default-src": {"'none'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}
# Features that a page could ask a phone for; a card asks for none but the place.
NO_FEATURE = ("camera", "microphone")
_LOADING = ("src", "srcset", "href", "data", "poster", "action", "formaction", "background")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# An element of any other kind stands apart from the words beside it.
_WITHIN_WORDS = ("a", "b", "bdi", "cite", "em", "i", "small", "span", "strong", "sub", "sup")
_WORDLESS = ("style", "script", "template")
# An element of one of these is of no use without a word in it.
_MUST_SPEAK = ("p", "li", "dt", "dd", "td", "th", "a", "summary", "blockquote", "cite", "b")


@dataclass(frozen=True)
class Part:
    """One element of a page in the order of reading, with the words that are its own."""

    tag: str
    words: str


class Page:
    """An HTML page, parsed by the rules of HTML 5."""

    def __init__(self, source: str) -> None:
        parser = HTMLParser(namespace_html_elements=False)
        self.root: Element = parser.parse(source)
        self.source = source
        self.mistakes = [name for _, name, _ in parser.errors]

    def all(self, *tags: str) -> list[Element]:
        """Every element with one of these tags, in order."""
        return [each for each in self.elements if not tags or each.tag in tags]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only element with this tag and these attributes (``class_`` holds one class)."""
        found = self.having(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × <{tag} {attributes}>"
        return found[0]

    def having(self, tag: str, **attributes: str) -> list[Element]:
        """The elements with this tag and these attributes."""
        return [
            each
            for each in self.all(tag)
            if all(
                value in each.get("class", "").split()
                if name == "class_"
                else each.get(name) == value
                for name, value in attributes.items()
            )
        ]

    @cached_property
    def elements(self) -> list[Element]:
        """Every element in the order of the source."""
        return [each for each in self.root.iter() if isinstance(each.tag, str)]

    @cached_property
    def parents(self) -> dict[Element, Element]:
        """Each element's parent."""
        return {child: each for each in self.elements for child in each}

    @cached_property
    def body(self) -> Element:
        """The body."""
        return self.one("body")

    @cached_property
    def text(self) -> str:
        """All words of the body, single-spaced."""
        return words(self.body)

    @cached_property
    def outline(self) -> list[tuple[int, str]]:
        """The headings: level and words."""
        return [(int(each.tag[1]), words(each)) for each in self.all(*_HEADINGS)]

    def section(self, heading: str) -> Element:
        """The section or box that the heading with these words opens."""
        found = [each for each in self.all(*_HEADINGS) if words(each) == heading]
        assert len(found) == 1, f"{len(found)} headings say {heading!r}"
        return self.parents[found[0]]

    def place(self, sought: str) -> int:
        """Where these words stand in the text; they must stand there."""
        at = self.text.find(single_spaced(sought))
        assert at >= 0, f"not on the page: {sought!r}"
        return at

    def links(self) -> list[tuple[str, str]]:
        """Each link's address and its accessible name."""
        return [
            (each.get("href", ""), each.get("aria-label") or words(each)) for each in self.all("a")
        ]

    def after_headings(self) -> Iterator[tuple[str, str]]:
        """Each heading and the words between it and the next heading of its level or above."""
        parts = list(self._reading())
        for index, heading in enumerate(parts):
            if heading.tag not in _HEADINGS:
                continue
            under = _under(heading, parts[index + 1 :])
            yield (
                heading.words,
                single_spaced(" ".join(part.words for part in under if part.tag not in _HEADINGS)),
            )

    def _reading(self) -> Iterator[Part]:
        def walk(element: Element) -> Iterator[Part]:
            if element.tag in _HEADINGS:
                yield Part(element.tag, words(element))
                return
            if element.tag in _WORDLESS or not isinstance(element.tag, str):
                return
            yield Part(element.tag, single_spaced(element.text or ""))
            for child in element:
                yield from walk(child)
                yield Part("", single_spaced(child.tail or ""))

        return walk(self.body)


def _under(heading: Part, after: list[Part]) -> Iterator[Part]:
    return itertools.takewhile(
        lambda part: part.tag not in _HEADINGS or part.tag > heading.tag, after
    )


def cited_statements(page: "Page") -> list[str]:
    """The lines under a group of signs, each with the sources of a statement."""
    boxes = page.having("details", class_="src")
    return [words(each) for box in boxes for each in box.iter("li") if "… " in words(each)]


def words(element: Element) -> str:
    """The words inside an element, single-spaced."""

    def inside(each: Element) -> Iterator[str]:
        if each.tag in _WORDLESS:
            return
        apart = "" if each.tag in _WITHIN_WORDS else " "
        yield apart + (each.text or "")
        for child in each:
            if isinstance(child.tag, str):
                yield from inside(child)
            yield child.tail or ""
        yield apart

    return single_spaced("".join(inside(element)))


def single_spaced(written: str) -> str:
    """Words with one ordinary space between them."""
    return " ".join(written.split())


def as_written(typed: str) -> str:
    """Words as they must stand in a page's source."""
    return escape(typed, quote=False)


def audit(page: Page, address: str = "", *, tokens: tuple[str, ...] = ()) -> None:
    """What holds for every page, whatever it says; ``tokens`` must not leave with a link."""
    assert page.mistakes == [], f"{address}: not HTML 5"
    assert page.source.lower().startswith("<!doctype html>"), page.source[:40]
    assert page.root.get("lang"), f"{address}: no language"
    _audit_headings(page)
    _audit_ids(page)
    _audit_loading(page, address)
    _audit_links(page, address, tokens)
    for each in page.all(*_MUST_SPEAK):
        if any(each in within.iter() for within in page.all("template")):
            continue
        assert words(each), f"{address}: an empty <{each.tag}> in “{words(page.parents[each])}”"


def _audit_headings(page: Page) -> None:
    headings = page.all("h1")
    assert len(headings) == 1, f"{len(headings)} × <h1>"
    title = words(page.one("title"))
    title = title.removeprefix("Error: ")
    assert title.startswith(words(headings[0])), f"the title {title!r} begins otherwise"
    levels = [level for level, _ in page.outline]
    assert levels[0] == 1, "the first heading is no <h1>"
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1, f"a level is skipped: {page.outline}"
    for heading, found in page.after_headings():
        assert heading, "a heading without words"
        assert found, f"nothing stands under {heading!r}"


def _audit_ids(page: Page) -> None:
    ids = [found for each in page.elements if (found := each.get("id")) is not None]
    assert len(ids) == len(set(ids)), (
        f"twice: {sorted(each for each in ids if ids.count(each) > 1)}"
    )
    for each in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for wanted in each.get(name, "").split():
                assert wanted in ids, f"{name} leads to no {wanted}"
        href = each.get("href", "")
        if href.startswith("#"):
            assert href[1:] in ids, f"{href} leads nowhere"


def has_forms(address: str) -> bool:
    """Whether the caregiver's pages are there: they may have forms and scripts of our own.

    So may the pages that ask what is seen, keep a card and copy texts; the emergency page has
    neither.
    """
    small = address.lower()
    below = small.startswith("/c/") and small.endswith(("/see", "/keep", "/medical-id"))
    found = small.startswith(("/new", "/o/", "/help/", "/signs"))
    return below or found or address in ("/", "/offline")


def _audit_loading(page: Page, address: str) -> None:
    assert not page.all("iframe", "object", "embed", "base"), "more than words"
    if not has_forms(address):
        assert not page.all("script"), "more than words"
        # The one question that a reader may ask; its answer changes nothing.
        for each in page.all("form"):
            assert re.fullmatch(r"(?i)/c/[^/]+/paper", address), "more than words"
            assert each.get("method", "").lower() == "get", each.attrib
    for each in page.all("script"):
        src = each.get("src", "")
        # tab.js runs before anything is drawn, which a module cannot.
        assert each.get("type") == "module" or src == "/static/js/tab.js", each.attrib
        assert _at_home(src), each.attrib
    for each in page.all("form"):
        assert each.get("method", "").lower() in ("post", "get"), each.attrib
    for each in page.elements:
        assert not each.get("style"), f"a style that no policy allows: {each.get('style')}"
        assert not [name for name in each.attrib if name.lower().startswith("on")], each.attrib
        for name in _LOADING:
            loaded = each.get(name)
            if loaded is not None and each.tag != "a":
                assert _at_home(loaded), f"<{each.tag} {name}={loaded}> is fetched elsewhere"
    for style in page.all("style"):
        assert not re.search(r"url\(|@import|expression", style.text or ""), "a style that fetches"


def _at_home(address: str) -> bool:
    return address.startswith("data:") or (
        address.startswith("/") and not address.startswith(("//", "/\\"))
    )


def _audit_links(page: Page, address: str, tokens: tuple[str, ...]) -> None:
    for each in page.all("a"):
        href = each.get("href") or ""
        if href.startswith(("#", "?", "tel:", "sms:", "webcal:")) or _at_home(href):
            continue
        assert address.lower() == "/guide", f"{address}: a link leaves the site: {href}"
        assert href.startswith(("https://", "http://")), href
        assert "noreferrer" in each.get("rel", "").split(), f"{href} is told where from"
        assert not any(token.lower() in href.lower() for token in tokens), "a token leaves"


def audit_headers(
    headers: Any, page: Page | None, *, https: bool = False, address: str = ""
) -> None:
    """What every answer carries, and the page's own styles among what its policy allows."""
    for name, value in HEADERS.items():
        assert headers.getlist(name) in _ANSWERED.get(name, [[value]]), name
    allowed = {
        name: set(sources)
        for name, *sources in (
            part.split() for part in headers["Content-Security-Policy"].split(";")
        )
    }
    hashes = {each for each in allowed["style-src"] if each.startswith("'sha256-")}
    allowed["style-src"] -= hashes
    if "script-src" in allowed:
        assert has_forms(address), f"{address} may run a script"
        assert allowed.pop("script-src") == allowed.pop("connect-src") == {"'self'"}
        # What a script may begin besides: an app of our own.
        for name in ("manifest-src", "worker-src"):
            assert allowed.pop(name, {"'self'"}) == {"'self'"}, name
    assert allowed == POLICY
    features = dict(part.strip().split("=", 1) for part in headers["Permissions-Policy"].split(","))
    assert features["geolocation"] in ("(self)", "()")
    assert all(features[name] == "()" for name in NO_FEATURE)
    assert ("Strict-Transport-Security" in headers) == https
    for style in page.all("style") if page else []:
        digest = hashlib.sha256((style.text or "").encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in hashes, "its own style is barred"
