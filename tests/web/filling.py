"""Fills in a page's form as a person would, with no script: reads the boxes, types, presses."""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.web.client import Site
from tests.web.reading import Page, words

_PARTS = ("day", "month", "year")


@dataclass
class Filled:
    """A page that was opened, and what can be done with the form on it."""

    client: FlaskClient
    answer: TestResponse

    def __post_init__(self) -> None:
        assert self.answer.status_code < 500, self.answer.status_code
        self.page = Page(self.answer.text)
        # A control character that somebody typed is shown again as it is: it is not silently lost.
        assert set(self.page.mistakes) <= {"invalid-codepoint"}, self.page.mistakes
        self._audit()

    def _audit(self) -> None:
        ids = [found for each in self.page.elements if (found := each.get("id"))]
        assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
        for each in self.page.elements:
            for name in ("aria-labelledby", "aria-describedby", "for"):
                assert set(each.get(name, "").split()) <= set(ids), (name, each.attrib)
            if each.tag == "a" and each.get("href", "").startswith("#"):
                assert each.get("href", "")[1:] in ids, each.get("href")

    @property
    def heading(self) -> str:
        """What the page is about."""
        return words(self.page.one("h1"))

    @property
    def title(self) -> str:
        """The page's title."""
        return words(self.page.one("title"))

    @property
    def summary(self) -> list[str]:
        """What the summary at the top says."""
        boxes = self.page.having("div", class_="summary")
        return [words(each) for box in boxes for each in box.iter("li")]

    @property
    def errors(self) -> list[str]:
        """What stands beside the boxes."""
        found = [words(each) for each in self.page.having("p", class_="error")]
        return [each.removeprefix("Error:").strip() for each in found]

    @property
    def questions(self) -> list[str]:
        """What the boxes ask back."""
        return [words(box.find("p")) for box in self.page.having("div", class_="asked")]  # type: ignore[arg-type]

    def form(self, index: int = 0) -> Element:
        """A form of the page; one in a template is none yet."""
        held = {form for each in self.page.all("template") for form in each.iter("form")}
        return [each for each in self.page.all("form") if each not in held][index]

    def values(self, form: Element | None = None) -> MultiDict[str, str]:
        """What the form would send as it stands."""
        sent: MultiDict[str, str] = MultiDict()
        for each in (form if form is not None else self.form()).iter():
            name = each.get("name")
            if not name or each.tag == "button":
                continue
            if each.tag == "textarea":
                # A parser drops the line break right after the tag; so does a browser.
                sent.add(name, each.text or "")
            elif each.tag == "select":
                chosen = [o for o in each.iter("option") if o.get("selected") is not None]
                sent.add(name, chosen[0].get("value", "") if chosen else "")
            elif each.get("type") not in ("radio", "checkbox") or each.get("checked") is not None:
                sent.add(name, each.get("value", ""))
        return sent

    def send(self, typed: dict[str, Any] | None = None, *, form: int = 0, **more: Any) -> "Filled":
        """Type, and press Continue or another button (``go``)."""
        element = self.form(form)
        sent = self.values(element)
        for name, value in {**(typed or {}), **more}.items():
            for each, words_typed in _boxes(name, value):
                known = {box.get("name") for box in element.iter()} | {"go"}
                assert each in known, f"no box {each} among {sorted(filter(None, known))}"
                sent.setlist(each, words_typed if isinstance(words_typed, list) else [words_typed])
        answer = self.client.post(
            element.get("action"), data=sent, follow_redirects=True, headers={"Referer": ""}
        )
        return Filled(self.client, answer)

    def confirm(self, **more: Any) -> "Filled":
        """Tick every question, and press Continue."""
        ticks = [each.get("value", "") for each in self.page.having("input", name="confirm")]
        return self.send({"confirm": ticks}, **more)


def open_page(client: FlaskClient, path: str) -> Filled:
    """A page with a form."""
    return Filled(client, client.get(path))


def upload(client: FlaskClient, raw: bytes, path: str) -> Filled:
    """Send a hospital's file from the form of a page."""
    token = open_page(client, path).values()["csrf_token"]
    field = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    file = field.replace(b'"%s"', b'"file"; filename="summary.json"')
    body = field % (b"csrf_token", token.encode()) + file % raw + b"--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    return Filled(client, client.post(path, data=body, content_type=kind, follow_redirects=True))


def _boxes(name: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, tuple):
        return [
            (f"{name}-{part}", words_typed) for part, words_typed in zip(_PARTS, value, strict=True)
        ]
    return [(name, value)]


def day(iso: str) -> tuple[str, str, str]:
    """A date for three boxes, as a person types it."""
    year, month, on = iso.split("-")
    return str(int(on)), str(int(month)), year


def press(site: Site, path: str, at: str = "", **typed: str) -> TestResponse:
    """Send a form of the page ``at``, or of the one at ``path`` itself, with these answers."""
    boxes = site.client.page(at or path).having("input", name="csrf_token")
    data = {"csrf_token": boxes[0].get("value"), **typed}
    return site.client.open(path, method="POST", data=data)
