"""What every view and command needs of the app that it runs in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app

from caregiver_card.briefing.content import Content
from caregiver_card.card_service import CardService
from caregiver_card.web.config import Config


@dataclass(frozen=True, slots=True)
class Services:
    """The app's parts: ``keeper`` opens the store when it is first called, ``clock`` is aware."""

    config: Config
    content: Content
    keeper: Callable[[], CardService]
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        """The day where the program runs."""
        return self.clock().astimezone().date()

    def address(self, kind: str, token: str) -> str:
        """The public address of a token: ``kind`` is the first segment, ``c`` or ``o``."""
        return f"{self.config.public_url}/{kind}/{token}"


def services() -> Services:
    """The parts of the app that is running."""
    return cast(Services, current_app.extensions["services"])
