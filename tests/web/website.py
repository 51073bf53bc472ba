"""An app with one card in it, a browser that fills in its forms, and a mail server."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from caregiver_card.alerting.channels.mail import Mail
from caregiver_card.alerting.sender import Pass
from caregiver_card.card_service import CardService
from caregiver_card.web import create_app
from caregiver_card.web.config import Config
from tests import cast, ready
from tests.alerting.mailbox import Mailbox, text_of
from tests.house import House
from tests.web.client import COMPILED

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALEX = cast.card_of(cast.alex())
MAIL_URL = "smtp://127.0.0.1:2525"
MUM: dict[str, Any] = {
    "name": "Mum",
    "address": "mum@family.example",
    "turn": "1",
    "subjects": ["refill", "card"],
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "time_zone": "America/Chicago",
    "proof": "weekly",
    "open_subject": "no",
}


class Website(House):
    """Alex's card with two copies, at noon on 21 November 2026; its appointment has passed."""

    post: Mailbox

    def __init__(
        self,
        folder: Path,
        public_url: str = "http://card.example",
        mail_url: str = "",
        *,
        limits: bool = False,
    ) -> None:
        settings = Config(
            f"sqlite:///{folder}/cards.sqlite",
            public_url,
            "k" * 40,
            0,
            mail_url=mail_url,
            limits=limits,
        )
        ready.put(folder / "cards.sqlite")
        self.app: Flask = create_app(settings, lambda: self.now)
        self.app.jinja_env.bytecode_cache = COMPILED
        keeper: CardService = self.app.extensions["services"].cards()
        kept = keeper.add(ALEX, NOON - timedelta(days=9), ("wallet", "school"))
        super().__init__(keeper, kept, NOON, "http://card.example")
        self.browser = self.app.test_client()
        self.home = f"/o/{self.kept.owner}"

    def get(self, path: str = "", code: int = 200) -> TestResponse:
        """Open a page below the owner's."""
        answer = self.browser.get(self.home + path)
        assert answer.status_code == code, (path, answer.status_code)
        return answer

    def press(self, path: str, action: str = "", **typed: Any) -> TestResponse:
        """Open a page, fill in the form that posts to ``action`` (the page itself), send it.

        A form that is refused leads to what was typed into it, which is opened.
        """
        page = self.browser.get(path).text
        target = action or path
        form = re.search(rf'<form method="post" action="{re.escape(target)}".*?</form>', page, re.S)
        assert form, f"{path} has no form for {target}"
        answer = self.browser.post(target, data=hidden(form[0]) | typed)
        is_kept = answer.status_code == 303 and answer.location.endswith("?typed=1")
        return self.browser.get(answer.location) if is_kept else answer

    def words(self, path: str = "") -> str:
        """What a page says, without its marks."""
        return words(self.get(path))

    def settings(self, **changes: Any) -> None:
        """What the operator sets."""
        before = self.app.extensions["services"]
        config = replace(before.config, **changes)
        self.app.extensions["services"] = replace(before, config=config)

    def add(self, **changes: Any) -> TestResponse:
        """Somebody more on the list, through the form."""
        return self.press(f"{self.home}/alerts/new", **{**MUM, **changes})

    def send(self, wait: timedelta = timedelta(), *, user: str = "", password: str = "") -> Pass:
        """Let time pass, then send what is due, with a ``user`` and a ``password`` if given."""
        server = replace(self.post.server, user=user, password=password)
        self.channels["mail"] = Mail(server, "alerts@card.example", 5)
        return super().send(wait)

    def link(self, kind: str) -> str:
        """The path of an address in the newest mail: ``a`` or ``u``."""
        said = text_of(self.post.taken[-1][1])
        found = re.findall(rf"http://card\.example(/{kind}/\w+)", said)
        return str(found[-1])

    @property
    def mum(self) -> Any:
        """The first on the list."""
        book = self.bureau.record(self.owned.card_id)
        assert book
        return book.people[0]

    def told(self) -> str:
        """Mum is on the list and said yes; her own page's path."""
        self.add()
        self.send()
        path = self.link("u")
        self.browser.post(path, data={"go": "yes"})
        return path


def is_refused(answer: TestResponse) -> bool:
    """Whether it is the page of what was typed: its own address, so Back sends nothing again."""
    return answer.status_code == 200 and answer.request.args.get("typed") == "1"


def hidden(page: str) -> dict[str, str]:
    """What a form would send of itself."""
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def words(answer: TestResponse) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
