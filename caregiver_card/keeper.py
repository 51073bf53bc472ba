"""Cards kept with their pages: what the web and the command line do with a vault.

A page is pressed when a card is saved. A newer program may write pages differently: each pressed
page carries the mark of the program that made it, and one with another mark is made anew.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from caregiver_card import emergency, owner
from caregiver_card.alerting.bureau import Bureau
from caregiver_card.briefing import Briefing, brief
from caregiver_card.card import Card
from caregiver_card.changes import changes
from caregiver_card.content import Content
from caregiver_card.crypto import read_token
from caregiver_card.opened import Kept, Owned
from caregiver_card.owner import Overview, Past
from caregiver_card.paper import FOLDER
from caregiver_card.pressed import Pressed, UnreadablePage
from caregiver_card.store import Store
from caregiver_card.vault import Vault

_CODE = Path(__file__).parent


class Keeper:
    """A vault whose cards are opened as pages, and whose saves tell the ``bureau``, if any."""

    def __init__(self, store: Store, content: Content, bureau: Bureau | None = None) -> None:
        self.store, self.bureau = store, bureau
        self.vault = Vault(store)
        self.content = content

    def add(self, card: Card, now: datetime, labels: Sequence[str] = ("wallet",)) -> Kept:
        """Keep a new card with a copy for each label; ``now`` is aware."""
        return self.vault.add(card, self._press(card, 1), labels=labels, now=now)

    def save(self, token: str, card: Card, expected_version: int, note: str, now: datetime) -> int:
        """Keep a new version of an owner's card, made from ``expected_version``; its number.

        Raises ``vault.UnknownCard``, and ``store.EditedElsewhere`` when somebody came first.
        """
        version, bureau = expected_version + 1, self.bureau
        return self.vault.save(
            token,
            card,
            self._press(card, version),
            expected_version=expected_version,
            note=note,
            now=now,
            beside=bureau.replanning(card, version, now) if bureau else None,
        )

    def page(self, token: str, now: datetime, *, compressed: bool) -> bytes:
        """The emergency page for ``now``; raises ``vault.UnknownCard``.

        The way of an ambulance: one look-up, two unsealings, no template, no compressing.
        """
        pressed = _present(self.vault.page(token).content)
        if pressed is None:
            opened = self.vault.card(token)
            pressed = Pressed(self._press(opened.card, opened.version))
        today = day(pressed.head["time_zone"], now)
        fill = emergency.words(pressed.head, today, f"/c/{read_token(token)}")
        return pressed.gzip(fill) if compressed else pressed.plain(fill)

    def briefing(self, token: str) -> Briefing:
        """The briefing of the card that a reader's token opens."""
        opened = self.vault.card(token)
        return brief(opened.card, self.content, opened.version)

    def overview(self, token: str, now: datetime) -> Overview:
        """What the owner of a card sees; raises ``vault.UnknownCard``."""
        owned = self.vault.owned(token)
        return owner.overview(owned, self.content, day_of(owned.card, now))

    def past(self, token: str, owned: Owned, before: int, most: int) -> list[Past]:
        """The versions below ``before``, newest first, each with what it changed."""
        entries = [each for each in owned.history if each.version < before][:most]
        numbers = {each.version - back for each in entries for back in (0, 1)} - {0}
        cards = {number: self.vault.version(token, number) for number in numbers}
        return [
            Past(entry, changes(cards[entry.version - 1], cards[entry.version], self.content))
            if entry.version > 1
            else Past(entry, ())
            for entry in entries
        ]

    def seen(self, token: str, now: datetime) -> bytes:
        """Note that a person has opened the page, and mend a page that an older program made.

        Returns the card's id.
        """
        page = self.vault.page(token)
        pressed = _present(page.content)
        zone = pressed.head["time_zone"] if pressed else ""
        self.vault.seen(token, day(zone, now))
        if pressed is None:
            opened = self.vault.card(token)
            fresh = self._press(opened.card, opened.version)
            self.vault.refresh_page(token, fresh, opened.version)
        return page.card_id

    def _press(self, card: Card, version: int) -> bytes:
        return emergency.pressed(brief(card, self.content, version), mark())


def _present(raw: bytes) -> Pressed | None:
    """A pressed page that this very program would make, or ``None``."""
    try:
        pressed = Pressed(raw)
    except UnreadablePage:
        return None
    return pressed if pressed.head.get("mark") == mark() else None


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")


def day_of(card: Card, now: datetime) -> date:
    """The day where the patient is."""
    return day(card.time_zone or "", now)


def day(time_zone: str, now: datetime) -> date:
    """The patient's day; a card without a time zone goes by UTC."""
    return moment(time_zone, now).date()


def moment(time_zone: str, now: datetime) -> datetime:
    """``now`` by the patient's clock."""
    return now.astimezone(_zone(time_zone))


@cache
def mark() -> str:
    """A mark of everything that a page is made from: code, words and templates."""
    digest = hashlib.sha256()
    for folder, pattern in ((_CODE, "*.py"), (_CODE / "data", "**/*.toml"), (FOLDER, "*")):
        for path in sorted(folder.glob(pattern)):
            digest.update(json.dumps(path.name).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
