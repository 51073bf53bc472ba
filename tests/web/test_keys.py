"""A wrong and a weak secret key: readers are served, the rest is refused in words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage import key_check
from caregiver_card.storage.key_check import KeyState
from caregiver_card.storage.store import open_store
from caregiver_card.web import create_app
from caregiver_card.web.config import Config
from tests.alerting.mailbox import mailbox
from tests.servers import SECRET, database, gunicorn
from tests.web.website import ALEX, MAIL_URL, Website, hidden, words

_BROWSER = {
    "User-Agent": "Mozilla/5.0",
    "Sec-Fetch-Dest": "image",
    "Sec-Fetch-Site": "same-origin",
}


class KeyedSite(Website):
    """Alex's card, with Mum told, on a server whose operator can slip."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, mail_url=MAIL_URL)
        self.folder = folder

    def rows_of_alerts(self) -> list[tuple[object, ...]]:
        """Everything about alerts that the database holds, but when a sender has to look."""
        with self.keeper.store.engine.connect() as connection:
            return [
                tuple(row)
                for statement in (
                    "SELECT card_id, sealed_book FROM alert_books",
                    "SELECT * FROM alert_links",
                    "SELECT id, state, sealed_note FROM alert_outbox",
                )
                for row in connection.exec_driver_sql(statement)
            ]

    def restart(self, secret: str) -> None:
        """The same database under this key."""
        settings = Config(
            f"sqlite:///{self.folder}/cards.sqlite",
            "http://card.example",
            secret,
            0,
            mail_url=MAIL_URL,
            vapid_subject="mailto:operator@card.example",
        )
        self.app = create_app(settings, lambda: self.now)
        self.browser = self.app.test_client()
        self.keeper = self.app.extensions["services"].cards()
        assert self.keeper.alerts
        self.bureau = self.keeper.alerts


@pytest.fixture
def house(tmp_path: Path) -> Iterator[KeyedSite]:
    """Noon on 21 November 2026; Mum said yes."""
    made = KeyedSite(tmp_path)
    with mailbox() as post:
        made.post = post
        yield made
    made.keeper.store.dispose()


WRONG, WEAK = "w" * 40, "short"


@pytest.mark.parametrize("secret", [WRONG, WEAK, ""])
def test_every_reader_is_served_under_any_key(house: KeyedSite, secret: str) -> None:
    """The page, its prints, its exports, the calendar, the guide; and the opening is recorded."""
    house.told()
    house.restart(secret)
    token = house.kept.reader_links[0].token
    for below in ("", "/beeping", "/see", "/keep", "/card.pdf", "/contact.vcf", "/refills.ics"):
        assert house.browser.get(f"/c/{token}{below}").status_code == 200, below
    assert house.browser.get(f"/c/{token}/seen", headers=_BROWSER).status_code == 200
    for path in ("/", "/guide", "/beeping", "/signs", "/help/lost-address"):
        assert house.browser.get(path).status_code == 200, path


def test_under_a_wrong_key_nobody_is_asked_to_start_again(house: KeyedSite) -> None:
    """Every page about alerts says that the operator has to mend it; nothing is changed or lost."""
    own = house.told()
    house.send()
    token = hidden(house.get("/alerts").text)["csrf_token"]
    before = house.rows_of_alerts()
    house.restart(WRONG)
    assert house.bureau.key_state is KeyState.WRONG
    assert "Start the list again" not in house.words()
    assert "need not do anything" in house.words()
    page = f"{house.home}/alerts"
    for path in (page, f"{page}/new", own, house.link("a")):
        answer = house.browser.get(path)
        assert answer.status_code == 503, path
        said = words(answer)
        assert "bring the right CARD_SECRET_KEY back" in said and "tart the" not in said
    house.app.config["WTF_CSRF_ENABLED"] = False
    for path, typed in (
        (f"{page}/again", {}),
        (f"{page}/new", {"name": "Dad", "address": "dad@family.example"}),
        (f"{page}/phone", {"name": "Phone"}),
        (f"{page}/called", {"called": "Alex"}),
        (own, {"go": "stop"}),
        (f"{own}/phone", {}),
    ):
        answer = house.browser.post(path, data={**typed, "csrf_token": token})
        assert answer.status_code == 503, path
        assert all(value in answer.text for value in typed.values()), "what was typed is lost"
    assert house.rows_of_alerts() == before
    house.restart("k" * 40)
    assert [each.name for each in house.bureau.record(house.owned.card_id).people] == ["Mum"]  # type: ignore[union-attr]


def test_what_opens_nothing_is_answered_as_ever(house: KeyedSite) -> None:
    """A wrong key tells a stranger nothing about addresses."""
    house.restart(WRONG)
    nobody = "0" * 26
    for path in (f"/u/{nobody}", f"/a/{nobody}", f"/o/{nobody}/alerts", "/u/x", "/o/x/alerts"):
        assert house.browser.get(path).status_code == 404, path


def test_a_card_saved_under_a_wrong_key_is_told_of_once_the_key_is_right(house: KeyedSite) -> None:
    """The save is not refused; the alerts follow it at the next opening."""
    house.told()
    house.restart(WRONG)
    assert house.keeper.save(house.kept.owner, ALEX, 1, "", house.now) == 2
    house.restart("k" * 40)
    assert house.bureau.record(house.owned.card_id).plan.version == 1  # type: ignore[union-attr]
    token = house.kept.reader_links[0].token
    house.browser.get(f"/c/{token}/seen", headers=_BROWSER)
    assert house.bureau.record(house.owned.card_id).plan.version == 2  # type: ignore[union-attr]


def test_under_a_weak_key_nothing_is_made_or_changed(house: KeyedSite) -> None:
    """In words, with what was typed in the page."""
    house.restart(WEAK)
    for path in ("/new", "/new/batch", house.home, f"{house.home}/refill"):
        answer = house.browser.get(path)
        assert answer.status_code == 503 and "too short to be safe" in words(answer), path
    sent = house.browser.post(f"{house.home}/edit/pump", data={"pump.location": "left flank"})
    assert sent.status_code == 503 and "left flank" in sent.text


def test_the_family_is_no_stranger_after_a_day_under_a_wrong_key(house: KeyedSite) -> None:
    """The page sets no cookie that would mean nothing later."""
    house.told()
    house.restart(WRONG)
    assert "Set-Cookie" not in house.get().headers or "ours-" not in str(house.get().headers)


def test_the_key_that_signs_forms_is_not_the_secret(house: KeyedSite) -> None:
    """Whoever learns it opens no list, and the other way round takes a derivation."""
    assert house.app.secret_key and house.app.secret_key != "k" * 40
    assert "k" * 40 not in str(house.app.config)
    other = KeyedSite.__new__(KeyedSite)
    other.__dict__ = dict(house.__dict__)
    other.restart(WRONG)
    assert other.app.secret_key != house.app.secret_key


def test_a_slow_clock_takes_no_day_back(house: KeyedSite) -> None:
    """ "Still right", a refill's form, and when a version was saved."""
    house.press(house.home, f"{house.home}/still-right")
    confirmed, saved = house.owned.card.verified.on, house.owned.saved_at
    house.now -= timedelta(days=5)
    answer = house.browser.post(
        f"{house.home}/still-right",
        data={**hidden(house.get("/refill").text), "version": str(house.owned.version)},
    )
    assert answer.location.endswith("said=unchanged")
    assert house.owned.card.verified.on == confirmed
    house.keeper.save(house.kept.owner, ALEX, house.owned.version, "", house.now)
    assert house.owned.saved_at == saved


@pytest.mark.slow
@pytest.mark.parametrize("secret", [WRONG, WEAK])
def test_a_real_server_starts_under_any_key_and_serves_readers(tmp_path: Path, secret: str) -> None:
    """gunicorn as an operator starts it: loud in its log, and never in a reader's way."""
    store = open_store(database(tmp_path))
    key_check.begin(store.engine, SECRET)
    service = CardService(store, AlertService(store.engine, SECRET))
    kept = service.add(ALEX, datetime.now(UTC))
    store.dispose()
    with gunicorn(tmp_path, CARD_SECRET_KEY=secret) as server:
        status, body = server.get(f"/c/{kept.reader_links[0].token}")
        assert status == 200 and b"intrathecal baclofen pump" in body
        assert server.get(f"/c/{kept.reader_links[0].token}/card.pdf")[0] == 200
        status, body = server.get(f"/o/{kept.owner}/alerts")
        assert status == 503 and b"CARD_SECRET_KEY" in body
        assert server.get(f"/o/{kept.owner}")[0] == (503 if secret == WEAK else 200)
    assert "CARD_SECRET_KEY" in server.log.read_text()
    assert kept.owner not in server.log.read_text()


def test_the_operator_is_told_of_a_wrong_and_a_weak_key(house: KeyedSite) -> None:
    """``/readyz`` names the key; ``/healthz``, by which proxies route, stays well."""
    for secret, fault in (
        (WRONG, "not the key of this database"),
        (WEAK, "shorter than 32 characters"),
    ):
        house.restart(secret)
        ready = house.browser.get("/readyz")
        assert ready.status_code == 503 and fault in ready.text
        assert house.browser.get("/healthz").status_code == 200
