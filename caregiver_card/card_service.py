"""Cards with their pages: what the web and the command line do with a vault."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from caregiver_card import owner_overview
from caregiver_card.alerting.service import AlertService
from caregiver_card.briefing import call_texts, paper_check
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.changes import changes
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.languages import content_for, content_of
from caregiver_card.briefing.paper_check import PaperStatus
from caregiver_card.briefing.version_mark import VersionMark
from caregiver_card.card.model import Card
from caregiver_card.card.patient_clock import local_day, patient_day
from caregiver_card.charts.dose_steps import SavedCard
from caregiver_card.exports import calendar_events, ics
from caregiver_card.exports.ips import bundle
from caregiver_card.owner_overview import Overview, PastVersion
from caregiver_card.pages import day_texts, emergency, offline_copy, page_version
from caregiver_card.pages.precompressed import PrecompressedPage
from caregiver_card.storage.calendar_links import Calendars
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.health_links import HealthLinks
from caregiver_card.storage.records import AddedCard, LastPrint, OwnedCard, Writers, no_clock
from caregiver_card.storage.store import Store
from caregiver_card.storage.vault import Vault


class CardService:
    """A vault whose cards open as pages, and whose saves replan alerts.

    ``alerts`` is None where the server has no alerts. ``speaking`` is asked for each card
    that a token opens: it returns the texts in which it is shown. What is stored is in the card's
    own language. ``clock`` is as in ``Vault``.
    """

    def __init__(
        self,
        store: Store,
        alerts: AlertService | None = None,
        speaking: Callable[[Card], Content] = content_for,
        clock: Callable[[], datetime] = no_clock,
    ) -> None:
        self.store, self.alerts = store, alerts
        writers = Writers(self._write_calendar, _write_summary)
        self.vault = Vault(store, writers, speaking, clock)
        self._speaking = speaking
        self.calendars = Calendars(store, self._write_calendar)
        self.health_links = HealthLinks(store, _write_summary, clock)

    def add(self, card: Card, now: datetime, labels: Sequence[str] = ("wallet",)) -> AddedCard:
        """Add a new card with a reader link for each label; ``now`` is aware."""
        return self.vault.add(card, self._render_page(card, 1), labels=labels, now=now)

    def save(self, token: str, card: Card, expected_version: int, note: str, now: datetime) -> int:
        """Save a new version of an owner's card, made from ``expected_version``; return its number.

        Raises ``vault.UnknownCard``, and ``store.EditedElsewhere`` if another save came first.
        """
        version, alerts, owned = expected_version + 1, self.alerts, self.vault.owned(token)
        past = self._past_cards(token, owned, expected_version)
        return self.vault.save(
            token,
            card,
            self._render_page(card, version),
            paper_check.version_table(past, card),
            expected_version=expected_version,
            note=note,
            # A slow clock does not make a version older than the one before it: calendars take
            # the later one (RFC 5545, DTSTAMP), and so do people.
            now=max(now, owned.saved_at),
            in_transaction=alerts.replan_in_transaction(card, version, now) if alerts else None,
        )

    def page(self, token: str, now: datetime, *, compressed: bool) -> bytes:
        """Return the emergency page for ``now``. Raises ``vault.UnknownCard``.

        An ambulance waits for this page: opening it takes one query and two seals, and neither
        rendering nor compressing, unless an older program made it.
        """
        stored = self.vault.page(token)
        page = page_version.page_if_current(stored.content)
        if page is None:
            opened = self.vault.card(token)
            page = PrecompressedPage(self._render_page(opened.card, opened.version))
        today = local_day(page.head["time_zone"], now)
        here = f"/c/{read_token(token)}"
        fill = day_texts.words(page.head, today, here, lasts=stored.lasts)
        return page.gzip(fill) if compressed else page.plain(fill)

    def page_in(self, token: str, language: str, now: datetime) -> str:
        """Return the emergency page in another language than the card's, composed now."""
        opened = self.vault.card(token)
        briefing = brief(opened.card, content_of(language), opened.version)
        today = local_day(briefing.time_zone, now)
        return emergency.page(briefing, today, f"/c/{read_token(token)}", lasts=opened.lasts)

    def offline_copy(
        self,
        token: str,
        companion_pages: Callable[[Briefing], Mapping[str, offline_copy.CompanionPage]],
    ) -> bytes:
        """Return the card for a phone without a network. Raises ``vault.UnknownCard``.

        ``companion_pages`` makes the pages that the phone stores with it.
        """
        opened = self.vault.lasting_card(token)
        page = page_version.page_if_current(opened.page) or PrecompressedPage(
            self._render_page(opened.card, opened.version)
        )
        name, address = opened.card.patient.full_name, f"/c/{read_token(token)}"
        briefing = _brief(opened.card, opened.version)
        calls = call_texts.to_dial(briefing.team, briefing.emergency)
        pages = companion_pages(briefing)
        return offline_copy.build_copy(page, name, address, briefing.content, pages, calls)

    def briefing(self, token: str, *, lasting: bool = False) -> Briefing:
        """Return the briefing of the card that a reader's token opens.

        ``lasting`` is for what is kept and leads to the token (``Vault.lasting_card``).
        """
        opened = self.vault.lasting_card(token) if lasting else self.vault.card(token)
        return brief(opened.card, self._speaking(opened.card), opened.version)

    def calendar_file(self, token: str, label: str) -> bytes:
        """Return the dates of the card that a reader's token opens, as a calendar file."""
        opened = self.vault.card(token)
        return self._write_calendar(
            opened.card, opened.version, opened.saved_at, opened.card_id, label
        )

    def overview(self, token: str, now: datetime) -> Overview:
        """Return what the owner of a card sees. Raises ``vault.UnknownCard``."""
        owned = self.vault.owned(token)
        if self.alerts and self.alerts.is_plan_older(owned.card_id, owned.version):
            self.alerts.replan(owned.card_id, owned.card, owned.version, now)
        return owner_overview.overview(
            owned, self._speaking(owned.card), patient_day(owned.card, now)
        )

    def past_versions(
        self, token: str, owned: OwnedCard, before: int, limit: int
    ) -> list[PastVersion]:
        """Return ``limit`` versions below ``before``, newest first, each with its changes."""
        content = self._speaking(owned.card)
        entries = [entry for entry in owned.history if entry.version < before][:limit]
        numbers = {entry.version - back for entry in entries for back in (0, 1)} - {0}
        cards = {number: self.vault.version(token, number) for number in numbers}
        return [
            PastVersion(
                entry,
                changes(cards[entry.version - 1], cards[entry.version], content),
            )
            if entry.version > 1
            else PastVersion(entry, ())
            for entry in entries
        ]

    def saved_cards(self, token: str, owned: OwnedCard) -> list[SavedCard]:
        """Return the versions of the last years with the day of each, oldest first."""
        entries = owned.history[: paper_check.MOST_PAST]
        cards = self._past_cards(token, owned, owned.version)
        saved = [
            SavedCard(patient_day(card, entry.saved_at), card, entry.version)
            for entry, card in zip(entries, cards, strict=True)
        ]
        return saved[::-1]

    def note_printing(self, token: str, link_id: str, layout: str, now: datetime) -> None:
        """Note that an owner prints a layout with a reader link. Raises ``vault.UnknownCard``."""
        owned = self.vault.owned(token)
        last = LastPrint(layout, patient_day(owned.card, now), owned.version)
        self.vault.note_print(token, link_id, last)

    def check_paper(self, token: str, typed: VersionMark) -> PaperStatus:
        """Return whether the paper with this mark is up to date, given a reader's token."""
        opened = self.vault.card(token)
        # A first version has no older papers, so its table is empty.
        table = b"{}" if opened.version == 1 else opened.papers
        return paper_check.check_paper(typed, table, opened.card, self._speaking(opened.card))

    def check_own_paper(self, token: str, typed: VersionMark) -> PaperStatus:
        """Return whether a paper is up to date, and what it says, given an owner's token."""
        owned = self.vault.owned(token)
        past = list(self._past_cards(token, owned, owned.version - 1))
        return paper_check.check_own_paper(typed, past, owned.card, self._speaking(owned.card))

    def record_opened(self, token: str, now: datetime) -> bytes:
        """Note that a person opened the page, and renew what an older program made of the card.

        Returns the card's id.
        """
        stored = self.vault.page(token)
        page = page_version.page_if_current(stored.content)
        zone = page.head["time_zone"] if page else ""
        self.vault.record_opened(token, local_day(zone, now))
        if page is None:
            opened = self.vault.card(token)
            fresh = self._render_page(opened.card, opened.version)
            self.vault.refresh_page(token, fresh, opened.version)
            if self.alerts:
                self.alerts.replan(opened.card_id, opened.card, opened.version, now)
        elif self.alerts and self.alerts.is_plan_older(stored.card_id, stored.version):
            opened = self.vault.card(token)
            self.alerts.replan(opened.card_id, opened.card, opened.version, now)
        return stored.card_id

    def _write_calendar(
        self, card: Card, version: int, saved_at: datetime, card_id: bytes, label: str
    ) -> bytes:
        """Write a calendar file; the first word of its ``label`` names its wording."""
        wording, saved_on = label.partition(" ")[0], patient_day(card, saved_at)
        dates = calendar_events.card_calendar(card, wording, saved_on, content_for(card))
        return ics.calendar(dates, card_id, version, saved_at)

    def _past_cards(self, token: str, owned: OwnedCard, newest: int) -> Iterator[Card]:
        """Yield the card in version ``newest`` and before, newest first, as far as papers go."""
        numbers = [entry.version for entry in owned.history if entry.version <= newest]
        for number in numbers[: paper_check.MOST_PAST]:
            yield owned.card if number == owned.version else self.vault.version(token, number)

    def _render_page(self, card: Card, version: int) -> bytes:
        return page_version.render_page(_brief(card, version))


def _write_summary(
    card: Card, version: int, saved_at: datetime, card_id: bytes
) -> tuple[bytes, str]:
    """Write the file for record systems, with its content type."""
    made = bundle.bundle(card, _brief(card, version), bundle.seed_of(card_id, version), saved_at)
    return bundle.encode(made), bundle.MEDIA_TYPE


def _brief(card: Card, version: int) -> Briefing:
    return brief(card, content_for(card), version)
