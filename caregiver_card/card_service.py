"""Cards with their pages: what the web and the command line do with a vault."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from caregiver_card import owner_overview
from caregiver_card.alerting.service import AlertService
from caregiver_card.briefing import paper_check
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.changes import changes
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.paper_check import PaperStatus
from caregiver_card.briefing.version_mark import VersionMark
from caregiver_card.card.model import Card
from caregiver_card.card.patient_clock import day, day_of
from caregiver_card.exports import calendar_events, ics
from caregiver_card.owner_overview import Overview, PastVersion
from caregiver_card.pages import emergency, offline_copy, page_version
from caregiver_card.pages.precompressed import PrecompressedPage
from caregiver_card.storage.calendar_links import Calendars
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.records import AddedCard, OwnedCard
from caregiver_card.storage.store import Store
from caregiver_card.storage.vault import Vault


class CardService:
    """A vault whose cards are opened as pages, and whose saves tell the ``alerts``, if any."""

    def __init__(self, store: Store, content: Content, alerts: AlertService | None = None) -> None:
        self.store, self.alerts = store, alerts
        self.vault = Vault(store, self._dates)
        self.calendars = Calendars(store, self._dates)
        self.content = content

    def add(self, card: Card, now: datetime, labels: Sequence[str] = ("wallet",)) -> AddedCard:
        """Keep a new card with a copy for each label; ``now`` is aware."""
        return self.vault.add(card, self._press(card, 1), labels=labels, now=now)

    def save(self, token: str, card: Card, expected_version: int, note: str, now: datetime) -> int:
        """Keep a new version of an owner's card, made from ``expected_version``; its number.

        Raises ``vault.UnknownCard``, and ``store.EditedElsewhere`` when somebody came first.
        """
        version, alerts = expected_version + 1, self.alerts
        past = self._past_cards(token, self.vault.owned(token), expected_version)
        return self.vault.save(
            token,
            card,
            self._press(card, version),
            paper_check.version_table(past, card),
            expected_version=expected_version,
            note=note,
            now=now,
            in_transaction=alerts.replan_in_transaction(card, version, now) if alerts else None,
        )

    def page(self, token: str, now: datetime, *, compressed: bool) -> bytes:
        """The emergency page for ``now``; raises ``vault.UnknownCard``.

        The way of an ambulance: one look-up, two unsealings, no template, no compressing.
        """
        pressed = page_version.current(self.vault.page(token).content)
        if pressed is None:
            opened = self.vault.card(token)
            pressed = PrecompressedPage(self._press(opened.card, opened.version))
        today = day(pressed.head["time_zone"], now)
        fill = emergency.words(pressed.head, today, f"/c/{read_token(token)}")
        return pressed.gzip(fill) if compressed else pressed.plain(fill)

    def copy(
        self, token: str, beside: Callable[[Briefing], Mapping[str, offline_copy.CompanionPage]]
    ) -> bytes:
        """The card for a phone without a network; raises ``vault.UnknownCard``.

        ``beside`` makes the pages that are kept with it.
        """
        opened = self.vault.card(token)
        pressed = page_version.current(opened.page) or PrecompressedPage(
            self._press(opened.card, opened.version)
        )
        name, address = opened.card.patient.full_name, f"/c/{read_token(token)}"
        pages = beside(brief(opened.card, self.content, opened.version))
        return offline_copy.build_copy(pressed, name, address, self.content, pages)

    def briefing(self, token: str) -> Briefing:
        """The briefing of the card that a reader's token opens."""
        opened = self.vault.card(token)
        return brief(opened.card, self.content, opened.version)

    def refills(self, token: str, words: str) -> bytes:
        """The dates of the card that a reader's token opens, as a calendar file."""
        opened = self.vault.card(token)
        return self._dates(opened.card, opened.version, opened.saved_at, opened.card_id, words)

    def overview(self, token: str, now: datetime) -> Overview:
        """What the owner of a card sees; raises ``vault.UnknownCard``."""
        owned = self.vault.owned(token)
        return owner_overview.overview(owned, self.content, day_of(owned.card, now))

    def past(self, token: str, owned: OwnedCard, before: int, most: int) -> list[PastVersion]:
        """The versions below ``before``, newest first, each with what it changed."""
        entries = [each for each in owned.history if each.version < before][:most]
        numbers = {each.version - back for each in entries for back in (0, 1)} - {0}
        cards = {number: self.vault.version(token, number) for number in numbers}
        return [
            PastVersion(
                entry, changes(cards[entry.version - 1], cards[entry.version], self.content)
            )
            if entry.version > 1
            else PastVersion(entry, ())
            for entry in entries
        ]

    def paper(self, token: str, typed: VersionMark) -> PaperStatus:
        """Whether the paper with this mark is still right, for whoever has a reader's token."""
        opened = self.vault.card(token)
        # A first version has no past, so its table is an empty one.
        kept = b"{}" if opened.version == 1 else opened.papers
        return paper_check.check_paper(typed, kept, opened.card, self.content)

    def own_paper(self, token: str, typed: VersionMark) -> PaperStatus:
        """The same for the owner, who is shown what stands on the paper as well."""
        owned = self.vault.owned(token)
        past = list(self._past_cards(token, owned, owned.version - 1))
        return paper_check.check_own_paper(typed, past, owned.card, self.content)

    def seen(self, token: str, now: datetime) -> bytes:
        """Note that a person has opened the page, and mend what an older program made of the card.

        Returns the card's id.
        """
        page = self.vault.page(token)
        pressed = page_version.current(page.content)
        zone = pressed.head["time_zone"] if pressed else ""
        self.vault.record_opened(token, day(zone, now))
        if pressed is None:
            opened = self.vault.card(token)
            fresh = self._press(opened.card, opened.version)
            self.vault.refresh_page(token, fresh, opened.version)
            if self.alerts:
                self.alerts.replan(opened.card_id, opened.card, opened.version, now)
        return page.card_id

    def _dates(
        self, card: Card, version: int, saved_at: datetime, card_id: bytes, label: str
    ) -> bytes:
        """What a calendar opens; the first word of its ``label`` says in which words."""
        words, saved_on = label.partition(" ")[0], day_of(card, saved_at)
        dates = calendar_events.dates(card, words, saved_on, self.content)
        return ics.calendar(dates, card_id, version, saved_at)

    def _past_cards(self, token: str, owned: OwnedCard, newest: int) -> Iterator[Card]:
        """The card in version ``newest`` and before, newest first, as far back as papers go."""
        numbers = [each.version for each in owned.history if each.version <= newest]
        for number in numbers[: paper_check.MOST_PAST]:
            yield owned.card if number == owned.version else self.vault.version(token, number)

    def _press(self, card: Card, version: int) -> bytes:
        return page_version.render_page(brief(card, self.content, version))
