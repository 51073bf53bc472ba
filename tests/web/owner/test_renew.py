"""A new owner's address ends, in the same step, what else a stranger may have made with the old."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.alerting import link_labels
from caregiver_card.storage import device_marks
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.store import EditedElsewhere, Store
from tests.alerting.mailbox import mailbox
from tests.web.website import MAIL_URL, Website, words

_BROWSER = {
    "User-Agent": "Mozilla/5.0",
    "Sec-Fetch-Dest": "image",
    "Sec-Fetch-Site": "same-origin",
}
_PHONE = {"channel": "push", "address": '{"endpoint": "https://x", "p256dh": "p", "auth": "a"}'}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Website]:
    """Two copies, a calendar, a phone, and Mum, who is told by e-mail of openings as well."""
    made = Website(tmp_path, mail_url=MAIL_URL)
    made.person("Phone", **_PHONE)
    made.person("Mum", subjects=("opened",))
    made.keeper.calendars.add(made.kept.owner, "neutral Kitchen", made.now.date())
    with mailbox() as post:
        made.post = post
        yield made
    made.keeper.store.dispose()


def _ticks(page: str) -> dict[str, bool]:
    """What can be ticked, and whether it is."""
    found = re.findall(
        r'<input type="checkbox" name="\w+" value="[^"]*"( checked)?><span>(.*?)<', page
    )
    return {label: bool(checked) for checked, label in found}


def _renew(house: Website, end: list[str] | None = None, phone: list[str] | None = None) -> str:
    chosen: Any = {"end": end or [], "phone": phone or []}
    answer = house.press(f"{house.home}/renew", **chosen)
    [renewed] = re.findall(r"/o/(\w{26})/key", answer.location)
    return str(renewed)


def test_it_asks_what_else_to_end(house: Website) -> None:
    """Calendars and phones are ticked, no copy is; a replacement is offered before each."""
    page = house.get("/renew").text
    assert _ticks(page) == {
        "Kitchen": True,
        "Phone": True,
        "End “wallet”: this paper stops opening at once": False,
        "End “school”: this paper stops opening at once": False,
    }
    said = words(house.get("/renew"))
    for label in ("wallet", "school"):
        assert said.index(f"Print a replacement for “{label}” first") < said.index(f"End “{label}”")
    assert "Mum get alerts by e-mail and go on doing so" in said


def test_what_is_ticked_ends_and_the_rest_stays(house: Website) -> None:
    """All in one step: the calendar, the phone, one copy."""
    wallet, school = house.kept.reader_links
    [calendar] = house.keeper.calendars.list(house.kept.owner)
    renewed = _renew(house, end=[calendar.id, school.id], phone=["phone"])
    assert house.browser.get(f"/f/{calendar.token}").status_code == 404
    assert house.browser.get(f"/c/{school.token}").status_code == 404
    assert house.browser.get(f"/c/{wallet.token}").status_code == 200
    assert house.browser.get(f"/o/{renewed}").status_code == 200
    book = house.bureau.record(house.keeper.vault.owned(renewed).card_id)
    assert book and [each.name for each in book.people] == ["Mum"]


def test_a_database_that_fails_takes_no_address_away(
    house: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before all is written the old one goes on; after it the new one is shown."""

    def away(*_: Any) -> None:
        raise StoreFailure

    with monkeypatch.context() as failing:
        failing.setattr(link_labels, "forget_gone_in_transaction", away)
        assert house.press(f"{house.home}/renew").status_code == 503
    assert house.get().status_code == 200
    monkeypatch.setattr(device_marks, "cookie", away)
    renewed = _renew(house)
    monkeypatch.undo()
    assert house.browser.get(f"/o/{renewed}").status_code == 200


def test_what_is_not_ticked_stays(house: Website) -> None:
    """The calendar, the phone and both copies."""
    [calendar] = house.keeper.calendars.list(house.kept.owner)
    renewed = _renew(house)
    owned = house.keeper.vault.owned(renewed)
    assert len(owned.reader_links) == 2
    assert house.browser.get(f"/f/{calendar.token}").status_code == 200
    book = house.bureau.record(owned.card_id)
    assert book and len(book.people) == 2


def test_the_last_phone_leaves_nothing_that_the_server_can_read(house: Website) -> None:
    """A list without anybody is discarded, and the owner's page says that nobody is told."""
    house.bureau.remove_recipient(house.card_id, "mum", house.now)
    renewed = _renew(house, phone=["phone"])
    card_id = house.keeper.vault.owned(renewed).card_id
    assert house.bureau.record(card_id) is None and house.bureau.records.existed(card_id)


def test_another_cards_links_are_not_ended(house: Website) -> None:
    """Whatever is posted: only the card's own, and no 500 for nonsense."""
    other = house.keeper.add(house.owned.card, house.now)
    [link] = house.keeper.vault.owned(other.owner).reader_links
    _renew(house, end=[link.id, "no hex", ""], phone=["nobody"])
    assert house.browser.get(f"/c/{link.token}").status_code == 200


def test_the_old_phone_is_a_strangers(house: Website) -> None:
    """Its opening is told; that of the phone which made the new address is not."""
    old, new = house.app.test_client(), house.app.test_client()
    for phone in (old, new):
        phone.get(house.home)
    reader = f"/c/{house.kept.reader_links[0].token}/seen"
    card_id = house.card_id
    old.get(reader, headers=_BROWSER).close()
    assert not _openings(house, card_id)
    house.browser = new
    _renew(house)
    new.get(reader, headers=_BROWSER).close()
    assert not _openings(house, card_id)
    old.get(reader, headers=_BROWSER).close()
    assert _openings(house, card_id) == ["mum"]


def _openings(house: Website, card_id: bytes) -> list[str]:
    log = house.bureau.log(card_id, 50)
    return [each.queued.person for each in log if each.queued.what == "opened"]


def test_a_collision_leaves_nothing_half_done(
    house: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves each time: the old address, the calendar, the phone and the copies stay."""
    wallet, _ = house.kept.reader_links
    [calendar] = house.keeper.calendars.list(house.kept.owner)
    cookie, renewing = house.bureau.device_cookie(house.card_id), Store.renew_owner

    def collide(self: Store, *given: Any, **more: Any) -> None:
        def fail(*_: object) -> None:
            raise EditedElsewhere

        renewing(self, *given, **{**more, "in_transaction": [fail]})

    monkeypatch.setattr(Store, "renew_owner", collide)
    with pytest.raises(EditedElsewhere):
        house.keeper.vault.renew_owner(house.kept.owner, house.now.date(), [calendar.id, wallet.id])
    assert house.browser.get(house.home).status_code == 200
    assert house.browser.get(f"/f/{calendar.token}").status_code == 200
    assert house.browser.get(f"/c/{wallet.token}").status_code == 200
    assert house.bureau.device_cookie(house.card_id) == cookie


def test_a_replacement_is_made_and_printed_on_the_way(house: Website) -> None:
    """Its label is filled in; its prints lead back to the renewal, where the old one can end."""
    page = house.get("/renew").text
    [path] = re.findall(r'href="(/o/\w+/copies/new\?label=school%202[^"]*)"', page)
    form = house.browser.get(path.replace("&amp;", "&")).text
    assert 'value="school 2"' in form
    answer = house.press(path.replace("&amp;", "&"), f"{house.home}/copies/new", label="school 2")
    assert answer.status_code == 303, words(answer)
    prints = house.browser.get(answer.location)
    assert prints.status_code == 200 and f"{house.home}/renew" in prints.text
    assert len(house.owned.reader_links) == 3
