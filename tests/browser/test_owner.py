"""An owner with a real browser: copies, history, downloads, the key, import and deletion."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from caregiver_card.card import codec
from caregiver_card.card_service import CardService
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.storage.vault import UnknownCard
from tests.browser.presses import lead_on
from tests.cast import WORDS, alex, card_of
from tests.web.client import NOON

pytestmark = pytest.mark.browser

_ALEX = card_of(alex())
_CHANGED = card_of(alex({"regimen.daily_dose_mcg": 310}))
_FAULTY = json.dumps(alex({"regimen.daily_dose_mcg": "0.4 mg"}) | {"colour": "red"}).encode()
_SUMMARY = '[role="alert"] li'


@pytest.fixture
def owner(keeper: CardService) -> str:
    """The owner's token of a card of its own."""
    return keeper.add(_ALEX, NOON).owner


@pytest.fixture
def page(either: Page) -> Page:
    """A phone, with script and without."""
    return either


def _follow(page: Page, name: str) -> None:
    lead_on(page.get_by_role("link", name=name, exact=True))


def _follow_of(page: Page, what: str, copy: str) -> None:
    name = re.compile(rf"^{re.escape(WORDS.say(what))}\s*:\s*{copy}$")
    lead_on(page.get_by_role("link", name=name))


def _press(page: Page, name: str) -> None:
    lead_on(page.get_by_role("button", name=name, exact=True))


def _status(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer
    return answer.status


def _told(page: Page, said: str) -> None:
    assert page.locator("p.told[role=status]").inner_text() == WORDS.say(f"owner.said-{said}")


def test_one_copy_is_added_opened_and_revoked_alone(
    page: Page, url: str, owner: str, keeper: CardService
) -> None:
    """Asked once more; then its address is like one that never was, and the others open."""
    home = f"{url}/o/{owner}"
    page.goto(home)
    _follow(page, WORDS.say("owner.add_copy"))
    page.fill("[name=label]", "School bag")
    _press(page, WORDS.say("owner.add_copy"))
    _told(page, "copied")
    _follow_of(page, "owner.open", "School bag")
    opened = page.url
    assert "/c/" in opened and "Alex Rivera" in page.inner_text("main")

    page.goto(home)
    _follow_of(page, "owner.revoke", "School bag")
    assert "School bag" in page.inner_text("h1")
    _follow(page, WORDS.say("owner.keep_it"))
    assert _status(page, opened) == 200

    page.goto(home)
    _follow_of(page, "owner.revoke", "School bag")
    _press(page, WORDS.say("owner.revoke_button"))
    _told(page, "revoked")
    assert "School bag" not in page.inner_text("main")
    assert _status(page, f"{url}/c/{'0' * 26}") == 404
    unknown = page.inner_text("body")
    assert _status(page, opened) == 404
    assert page.inner_text("body") == unknown
    (wallet,) = keeper.vault.owned(owner).reader_links
    assert _status(page, f"{url}/c/{wallet.token}") == 200


def test_an_older_version_is_looked_at_and_restored(
    page: Page, url: str, owner: str, keeper: CardService
) -> None:
    """By the links of the history; what was in between stays in it."""
    keeper.save(owner, _CHANGED, 1, "A slip", NOON)
    page.goto(f"{url}/o/{owner}")
    _follow(page, WORDS.say("owner.all_history"))
    assert "A slip" in page.inner_text("main")
    _follow(page, WORDS.say("owner.look", number=1))
    assert "400\u00a0mcg a day" in page.inner_text(".changes")
    assert keeper.vault.owned(owner).version == 2
    _press(page, WORDS.say("owner.restore_button", number=1))
    said = page.inner_text("main")
    assert WORDS.say("saved.restored") in said and WORDS.say("saved.print_wallet") in said
    owned = keeper.vault.owned(owner)
    assert owned.card == _ALEX
    assert [each.version for each in owned.history] == [3, 2, 1]
    page.goto(f"{url}/c/{owned.reader_links[0].token}")
    assert "400" in page.inner_text("main") and "310" not in page.inner_text("main")


def test_card_file_and_zip_are_downloaded(page: Page, url: str, owner: str) -> None:
    """As files under names of their own; the page stays where it is."""
    page.goto(f"{url}/o/{owner}")
    files = []
    for link in ("card.json", "everything.zip"):
        with page.expect_download() as coming:
            page.click(f"a[href$='/{link}']")
        file = coming.value
        assert file.suggested_filename.startswith("caregiver-card")
        files.append(Path(file.path()).read_bytes())
    assert codec.decode(files[0]) == _ALEX
    with zipfile.ZipFile(io.BytesIO(files[1])) as archive:
        assert codec.decode(archive.read("card.json")) == _ALEX
        assert len(archive.namelist()) == 5 + len(printer.LAYOUTS)
    assert page.inner_text("h1") == "Alex Rivera"


def test_what_is_still_right_is_confirmed(
    page: Page, url: str, owner: str, keeper: CardService
) -> None:
    """A new version of today; a late refill is asked about first."""
    page.goto(f"{url}/o/{owner}")
    page.get_by_text(WORDS.say("owner.was_refilled-known")).click()
    _press(page, WORDS.say("owner.rest_right"))
    _told(page, "confirmed")
    assert keeper.vault.owned(owner).card.verified.on == date(2026, 11, 21)
    assert page.get_by_role("button", name=WORDS.say("owner.rest_right")).count() == 0


def test_a_new_address_is_made_and_the_old_one_is_dead(
    page: Page, url: str, owner: str, keeper: CardService
) -> None:
    """Asked once more; the copies go on."""
    home = f"{url}/o/{owner}"
    page.goto(home)
    page.locator(f"a[href='/o/{owner}/renew']").click()
    assert keeper.vault.owned(owner)
    _press(page, WORDS.say("key.renew_button"))
    assert WORDS.say("key.said-renewed") in page.inner_text("main")
    shown = page.inner_text(".address")
    assert shown.startswith(f"{url}/o/") and shown != home
    assert _status(page, home) == 404
    assert _status(page, shown) == 200
    (wallet,) = keeper.vault.owned(shown.rpartition("/")[2]).reader_links
    assert _status(page, f"{url}/c/{wallet.token}") == 200


def _choose(page: Page, content: bytes) -> None:
    given: Any = {"name": "card.json", "mimeType": "application/json", "buffer": content}
    page.set_input_files("#file", given)
    _press(page, WORDS.say("file.button"))


def test_a_card_file_is_imported(page: Page, url: str, keeper: CardService) -> None:
    """With faults: each is named and nothing is made; without: a card with its own address."""
    page.goto(url)
    _follow(page, WORDS.say("file.title"))
    _choose(page, _FAULTY)
    faults = page.locator(_SUMMARY).all_inner_texts()
    assert len(faults) == 2 and any("regimen.daily_dose_mcg" in each for each in faults)
    _choose(page, codec.encode(_ALEX))
    assert WORDS.say("key.said-new") in page.inner_text("main")
    made = page.inner_text(".address").rpartition("/")[2]
    assert keeper.vault.owned(made).card == _ALEX
    _follow(page, WORDS.say("key.go_on"))
    assert page.inner_text("h1") == "Alex Rivera"


def test_a_card_is_deleted(page: Page, url: str, owner: str, keeper: CardService) -> None:
    """Asked once more and kept; asked once more and gone, with every address."""
    home = f"{url}/o/{owner}"
    (copy,) = keeper.vault.owned(owner).reader_links
    page.goto(home)
    _follow(page, WORDS.say("owner.delete_link"))
    assert "Alex Rivera" in page.inner_text("main") and "wallet" in page.inner_text("main")
    _follow(page, WORDS.say("delete.keep"))
    assert page.url == home
    _follow(page, WORDS.say("owner.delete_link"))
    _press(page, WORDS.say("delete.button"))
    assert page.inner_text("h1") == WORDS.say("delete.done_title")
    for address in (home, f"{home}/history/1", f"{url}/c/{copy.token}"):
        assert _status(page, address) == 404
        assert "Alex" not in page.content()
    with pytest.raises(UnknownCard):
        keeper.vault.owned(owner)


def test_of_a_wrong_date_one_box_is_red(page: Page, url: str, owner: str) -> None:
    """The thirteenth month: its box alone, and the summary's link leads into it."""
    page.goto(f"{url}/o/{owner}/refill")
    name = "refill.alarm_date"
    for part, words in (("day", "3"), ("month", "13"), ("year", "2027")):
        page.fill(f'[name="{name}-{part}"]', words)
    page.locator("[name=refill_day]").first.check()
    _press(page, WORDS.say("form.save"))
    # Its style has arrived too.
    page.wait_for_load_state()
    colours = {
        part: page.eval_on_selector(
            f'[name="{name}-{part}"]', "e => getComputedStyle(e).borderColor"
        )
        for part in ("day", "month", "year")
    }
    assert colours["day"] == colours["year"] != colours["month"]
    page.click(".summary li a")
    assert page.evaluate("document.activeElement.name") == f"{name}-month"


# The list on this device ------------------------------------------------------------------------


@pytest.fixture
def phone(chromium: Browser, url: str, owner: str) -> Iterator[Page]:
    """A phone with script that keeps the card in its list, at its start page."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{url}/o/{owner}")
    page.get_by_role("button", name=WORDS.say("kept.device")).click()
    page.goto(url)
    yield page
    context.close()


def _listed(page: Page, url: str) -> list[str]:
    page.goto(url, wait_until="networkidle")
    links = page.locator("#cards h2 a").all()
    return [f"{url}{each.get_attribute('href')}" for each in links]


def test_the_list_follows_a_new_address(phone: Page, url: str, owner: str) -> None:
    """And says so; the card is in the list once, and opens."""
    assert _listed(phone, url) == [f"{url}/o/{owner}"]
    phone.goto(f"{url}/o/{owner}/renew")
    _press(phone, WORDS.say("key.renew_button"))
    expect(phone.locator("#said")).to_have_text(WORDS.say("kept.follows"))
    renewed = phone.inner_text(".address")
    assert _listed(phone, url) == [renewed] != [f"{url}/o/{owner}"]
    _follow(phone, "Alex Rivera")
    phone.wait_for_url(renewed)
    assert phone.inner_text("h1") == "Alex Rivera"


def test_a_card_that_is_not_in_the_list_is_not_put_there(
    phone: Page, url: str, owner: str, keeper: CardService
) -> None:
    """By a new address or by a deletion of another one."""
    other = keeper.add(_ALEX, NOON).owner
    phone.goto(f"{url}/o/{other}/renew")
    _press(phone, WORDS.say("key.renew_button"))
    assert phone.inner_text("#said") == ""
    other = phone.inner_text(".address")
    assert _listed(phone, url) == [f"{url}/o/{owner}"]
    phone.goto(f"{other}/delete")
    _press(phone, WORDS.say("delete.button"))
    assert phone.locator("#off-list").is_hidden()
    assert _listed(phone, url) == [f"{url}/o/{owner}"]


def test_a_deleted_card_is_taken_off_the_list(phone: Page, url: str, owner: str) -> None:
    """And that is said."""
    phone.goto(f"{url}/o/{owner}/delete")
    _press(phone, WORDS.say("delete.button"))
    # The words are there from the beginning; the script shows them when it is done.
    expect(phone.locator("#off-list")).to_be_visible()
    assert phone.inner_text("#off-list") == WORDS.say("delete.off_list")
    assert _listed(phone, url) == []
    expect(phone.locator("#shelf")).to_be_hidden()


@pytest.mark.parametrize("how", ["renewed", "deleted"])
def test_a_dead_address_in_the_list_says_so(
    phone: Page, owner: str, keeper: CardService, how: str
) -> None:
    """When it is opened, and somebody else had renewed or deleted it; then it can go."""
    if how == "renewed":
        keeper.vault.renew_owner(owner, NOON.date())
    else:
        keeper.vault.delete(owner)
    here = phone.url
    note = phone.locator("#cards [role=alert]")
    expect(note).to_be_hidden()
    phone.get_by_role("link", name="Alex Rivera", exact=True).click()
    note.wait_for(state="visible")
    assert note.inner_text() == WORDS.say("home.dead") and phone.url == here
    phone.get_by_role("button", name=WORDS.say("home.forget")).click()
    expect(phone.locator("#shelf")).to_be_hidden()


def test_without_an_answer_the_card_is_opened_all_the_same(
    phone: Page, url: str, owner: str
) -> None:
    """Only an answer can tell that an address is dead."""
    phone.route("**/o/*", lambda route: route.abort() if _is_head(route) else route.continue_())
    _follow(phone, "Alex Rivera")
    phone.wait_for_url(f"{url}/o/{owner}")
    assert phone.inner_text("h1") == "Alex Rivera"


def _is_head(route: Route) -> bool:
    return route.request.method == "HEAD"


@pytest.mark.parametrize(
    ("width", "height", "dots", "phone", "chosen", "found"),
    [
        pytest.param(390, 844, 3, True, "1170x2532", 1, id="an iPhone"),
        pytest.param(412, 915, 2.625, True, "1080x2400", 1, id="a browser that rounds"),
        pytest.param(360, 740, 4, True, lockscreen.USUAL, 0, id="a phone that is not in the list"),
        pytest.param(1920, 1080, 1, False, lockscreen.USUAL, 0, id="a computer"),
    ],
)
def test_the_lock_screens_size_is_chosen_on_the_phone(
    chromium: Browser,
    url: str,
    keeper: CardService,
    owner: str,
    width: int,
    height: int,
    dots: float,
    phone: bool,
    chosen: str,
    found: int,
) -> None:
    """A phone in the list finds itself; everywhere else the usual size stands, and any other can
    be chosen."""
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        screen={"width": width, "height": height},
        device_scale_factor=dots,
        is_mobile=phone,
        has_touch=phone,
    )
    page = context.new_page()
    copy = keeper.vault.owned(owner).reader_links[0]
    page.goto(f"{url}/o/{owner}/copies/{copy.id}#lockscreen")
    sizes = page.get_by_label(WORDS.say("prints.screen_size"))
    expect(page.get_by_text(WORDS.say("prints.screen_found"))).to_have_count(found)
    expect(sizes).to_have_value(chosen)
    context.close()


def test_any_phones_lock_screen_can_be_had(
    page: Page, url: str, keeper: CardService, owner: str
) -> None:
    """With script and without: a size of the list, and the picture has it."""
    copy = keeper.vault.owned(owner).reader_links[0]
    page.goto(f"{url}/o/{owner}")
    _follow_of(page, "owner.prints", copy.label)
    page.get_by_label(WORDS.say("prints.screen_size")).select_option("720x1600")
    with page.expect_response(re.compile("lockscreen.png")) as answered:
        _press(page, WORDS.say("prints.screen_button"))
    assert answered.value.status == 200
    assert answered.value.url.endswith(f"/c/{copy.token}/lockscreen.png?size=720x1600")
