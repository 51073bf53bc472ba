"""The objects that every view and command shares: settings, texts, cards and clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app

from caregiver_card.briefing.content import Content
from caregiver_card.card_service import CardService
from caregiver_card.exports.pass_signature import PassSigner
from caregiver_card.storage.limiter import Limiter
from caregiver_card.web import request_language
from caregiver_card.web.config import Config


@dataclass(frozen=True, slots=True)
class Services:
    """What the application provides.

    The first call of ``cards`` opens the store. ``clock`` returns an aware datetime. ``limiter``
    returns None where limits are off; ``pass_signer`` is None where there are no wallet passes.
    """

    config: Config
    cards: Callable[[], CardService]
    clock: Callable[[], datetime]
    limiter: Callable[[], Limiter | None]
    pass_signer: PassSigner | None

    @property
    def content(self) -> Content:
        """The texts of the request's language; in English outside a request."""
        return request_language.current()

    @property
    def today(self) -> date:
        """The day in the server's time zone."""
        return self.clock().astimezone().date()

    def address(self, kind: str, token: str) -> str:
        """The public address of a token; ``kind`` is its first path segment, such as ``c``."""
        return f"{self.config.public_url}/{kind}/{token}"


def get_services() -> Services:
    """Return the services of the current application."""
    return cast(Services, current_app.extensions["services"])
