"""A caregiver with a real browser: makes a card from nothing, updates it, loses nothing."""

import json
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.card_service import CardService
from caregiver_card.questionnaire import steps
from tests.browser.presses import lead_on
from tests.browser.serving import fill
from tests.browser.waiting import until
from tests.cast import WORDS, alex, card_of
from tests.web.client import NOON

pytestmark = pytest.mark.browser

_STEPS = {WORDS.say(f"step.{each.key}.title"): each for each in steps.STEPS}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.fixture
def owner(keeper: CardService) -> str:
    """The owner's token of a card of its own."""
    return keeper.add(card_of(alex()), NOON).owner


def _go_on(page: Page) -> None:
    """Press the page's button, and answer what it asks back."""
    lead_on(page.locator(".buttons button"))
    _answer(page, ".buttons button")


def _answer(page: Page, button: str) -> None:
    if page.locator("input[name=confirm]").count():
        for box in page.locator("input[name=confirm]").all():
            box.check()
        lead_on(page.locator(button))


def _make(page: Page, url: str, card: Card) -> None:
    page.goto(f"{url}/new")
    lead_on(page.get_by_role("button", name=WORDS.say("new.begin")))
    while page.inner_text("h1") != WORDS.say("new.check"):
        step = _STEPS[page.inner_text("h1")]
        fill(page, card, step)
        _go_on(page)
        assert page.inner_text("h1") != WORDS.say(f"step.{step.key}.title"), page.inner_text("main")
    for key in ("risks", "device", "change", "support", "wishes", "plan"):
        lead_on(page.locator(f'button[name=go][value="{key}"]'))
        fill(page, card, steps.BY_KEY[key])
        _go_on(page)
    fill(page, card, steps.LAST)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_typical_card_is_made_from_nothing(
    chromium: Browser, url: str, keeper: CardService, script: bool
) -> None:
    """Every page by hand, saved, and both addresses open."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=script, timezone_id="UTC"
    )
    page = context.new_page()
    card = card_of(alex())
    _make(page, url, card)
    lead_on(page.locator("button[value=save]"))
    _answer(page, "button[value=save]")
    assert page.inner_text("h1") == WORDS.say("key.title")
    owned = keeper.vault.owned(page.url.split("/")[-2])
    made, wanted = json.loads(codec.encode(owned.card)), json.loads(codec.encode(card))
    assert made.pop("time_zone", None) == ("UTC" if script else None)
    made.pop("confirmed", None)
    assert made == wanted
    lead_on(page.get_by_role("link", name=WORDS.say("key.open_reader")))
    assert "Alex Rivera" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_back_and_forward_open_every_question(chromium: Browser, url: str, script: bool) -> None:
    """The browser's own Back, also over a page that was refused: nothing is to be sent again."""
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{url}/new")
    lead_on(page.get_by_role("button", name=WORDS.say("new.begin")))
    titles = [page.inner_text("h1")]
    page.fill('[name="patient.full_name"]', "Sam Lee")
    lead_on(page.locator(".buttons button"))
    assert page.locator(".summary").count() == 1
    card = card_of(alex())
    for _ in range(3):
        fill(page, card, _STEPS[page.inner_text("h1")])
        _go_on(page)
        titles.append(page.inner_text("h1"))
    for title in reversed(titles[:-1]):
        page.go_back()
        assert page.inner_text("h1") == title
    assert page.input_value('[name="patient.full_name"]') == "Alex Rivera"
    page.go_forward()
    context.close()


@pytest.mark.parametrize("key", ["allergies", "oral"])
def test_an_answer_reveals_what_it_asks_for(page: Page, url: str, owner: str, key: str) -> None:
    """No asks nothing more; Yes asks at once; what was written stays in sight after No."""
    page.goto(f"{url}/new")
    lead_on(page.get_by_role("button", name=WORDS.say("new.begin")))
    page.goto(f"{url}/new/{key}")
    asked = page.locator(".revealed")
    expect(asked).to_be_hidden()
    page.check("input[value=none_known]")
    expect(asked).to_be_hidden()
    page.check("input[value=listed]")
    expect(asked).to_be_visible()
    asked.locator("input").first.fill("10")
    page.check("input[value=none_known]")
    lead_on(page.locator(".buttons button"))
    expect(asked).to_be_visible()
    assert page.locator(".error").count()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_refill_takes_forty_presses_at_most(
    chromium: Browser,
    url: str,
    keeper: CardService,
    owner: str,
    script: bool,
) -> None:
    """Taps and keystrokes of the whole update, from the owner's page to "Saved"."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=script
    )
    page = context.new_page()
    page.goto(f"{url}/o/{owner}")
    presses = 0

    def tap(selector: str) -> None:
        nonlocal presses
        page.click(selector)
        presses += 1

    def typed(name: str, words: str) -> None:
        nonlocal presses
        tap(f'[name="{name}"]')
        page.keyboard.type(words)
        presses += len(words)

    tap("a[href$='/refill']")
    tap("[name=refill_day]")
    typed("put_in", "20")
    # The dose went up: one more tap selects the old number, and the new one replaces it.
    typed("regimen.daily_dose_mcg", "")
    page.locator('[name="regimen.daily_dose_mcg"]').select_text()
    page.keyboard.type("420")
    presses += 1 + len("420")
    for name, parts in (
        ("refill.next_appointment_on", ("5", "2", "2027")),
        ("refill.alarm_date", ("15", "2", "2027")),
    ):
        for part, words in zip(("day", "month", "year"), parts, strict=True):
            typed(f"{name}-{part}", words)
    with page.expect_navigation():
        tap(".buttons button")
    assert page.inner_text("h1") == WORDS.say("saved.title"), page.inner_text("main")
    card = keeper.vault.owned(owner).card
    assert card.regimen.daily_dose_mcg == 420 and str(card.refill.alarm_date) == "2027-02-15"
    assert WORDS.say("saved.print_wallet") in page.inner_text("main")
    assert presses <= 40
    context.close()


def test_a_refill_is_done_by_keyboard_alone(either: Page, url: str, owner: str) -> None:
    """Tab from box to box, Enter to save; what is wrong takes the focus."""
    page = either
    page.goto(f"{url}/o/{owner}/refill")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "put_in":
            break
    page.keyboard.type("2o")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.name") == "refill_day"
    _enter(page)
    assert page.title().startswith("Error: ")
    expect(page.locator(".summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "put_in"
    page.keyboard.press("Control+A")
    page.keyboard.type("20")
    _enter(page)
    assert page.inner_text("h1") == WORDS.say("saved.title"), page.inner_text("main")


def test_a_new_row_has_the_focus(either: Page, url: str, owner: str) -> None:
    """A list grows by a page that is drawn again: the reader is at its new row, not at the top."""
    page = either
    page.goto(f"{url}/o/{owner}/edit/contacts")
    lead_on(page.get_by_role("button", name=WORDS.say("edit.add_row")))
    new = page.locator("fieldset.rows").last
    expect(new).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Sam Lee")
    assert new.get_by_role("textbox").first.input_value() == "Sam Lee"


def test_in_ten_weeks_is_typed_by_keyboard_alone(
    either: Page, url: str, owner: str, keeper: CardService
) -> None:
    """Enter shows the date and puts the reader beside it; Enter once more keeps it."""
    page = either
    page.goto(f"{url}/o/{owner}/refill")
    page.locator("[name=refill_day]").first.check()
    page.locator("#refill-next_appointment_on-after").focus()
    page.keyboard.type("10 weeks")
    _enter(page)
    said = page.locator("p.told[role=status]")
    expect(said).to_be_focused()
    expect(said).to_contain_text("Saturday, 30 January 2027")
    assert keeper.vault.owned(owner).version == 1
    page.keyboard.press("Tab")
    _enter(page)
    _answer(page, ".buttons button")
    assert page.inner_text("h1") == WORDS.say("saved.title"), page.inner_text("main")
    assert str(keeper.vault.owned(owner).card.refill.next_appointment_on) == "2027-01-30"


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_dose_is_edited(either: Page, url: str, owner: str, keeper: CardService) -> None:
    """From the card's sections to the new number."""
    page = either
    page.goto(f"{url}/o/{owner}/edit")
    lead_on(page.locator("a[href$='/edit/regimen']"))
    page.fill('[name="regimen.daily_dose_mcg"]', "0.41")
    lead_on(page.locator(".buttons button"))
    assert "Did you mean 410 mcg" in page.inner_text(".error")
    page.fill('[name="regimen.daily_dose_mcg"]', "410")
    _go_on(page)
    # The last change led to the old dose.
    page.check('[name="dose_change"][value="slip"]')
    _go_on(page)
    assert page.inner_text("h1") == WORDS.say("saved.title")
    assert keeper.vault.owned(owner).card.regimen.daily_dose_mcg == 410


def test_two_at_once_choose(either: Page, url: str, owner: str, keeper: CardService) -> None:
    """The second save is shown beside the first."""
    page = either
    page.goto(f"{url}/o/{owner}/edit/pump")
    other = page.context.new_page()
    other.goto(f"{url}/o/{owner}/edit/pump")
    other.fill('[name="pump.location"]', "left")
    _go_on(other)
    page.fill('[name="pump.location"]', "right")
    _go_on(page)
    assert page.inner_text("h1") == WORDS.say("choose.title")
    page.check("input[value=mine]")
    _go_on(page)
    assert keeper.vault.owned(owner).card.pump.location == "right"


# Neither the tab nor the device holds anything that was typed.
_NO_DRAFT = (
    "![localStorage, sessionStorage].some((each) =>"
    " Object.keys(each).some((key) => key.startsWith('caregiver-draft')))"
)
_TYPED = """(words) => [localStorage, sessionStorage].some((each) => Object.entries(each).some(
    ([key, value]) => key.startsWith("caregiver-draft") && value.includes(words)))"""
_FORGOTTEN = "(words) => !JSON.stringify(localStorage).includes(words)"


def test_a_shared_computer_keeps_nothing(page: Page, url: str, owner: str) -> None:
    """Typed, the tab closed: the next person at this computer finds nothing on the disk."""
    page.goto(f"{url}/o/{owner}/edit/pump")
    page.fill('[name="pump.location"]', "left flank")
    until(page, _TYPED, "left flank")
    assert page.evaluate("localStorage.length") == 0
    # The same tab loses nothing: it is offered back after a way to another page.
    page.goto(url)
    page.goto(f"{url}/o/{owner}/edit/pump")
    expect(page.locator("#draft-form")).to_be_visible()
    later = page.context.new_page()
    page.close(run_before_unload=False)
    later.goto(f"{url}/o/{owner}/edit/pump")
    assert later.locator("#draft-form").count() == 0 and later.evaluate(_NO_DRAFT)


@pytest.mark.parametrize("own", [True, False])
def test_what_was_typed_can_always_be_erased(page: Page, url: str, owner: str, own: bool) -> None:
    """The button is there while there is a draft, and leaves neither the draft nor the words."""
    page.goto(f"{url}/o/{owner}/edit/pump")
    clear = page.get_by_role("button", name=WORDS.say("draft.clear"))
    expect(clear).to_be_hidden()
    page.get_by_label(WORDS.say("draft.own")).set_checked(own)
    page.fill('[name="pump.location"]', "left flank")
    lead_on(clear)
    assert page.input_value('[name="pump.location"]') != "left flank"
    until(page, _NO_DRAFT)
    expect(clear).to_be_hidden()


def test_a_draft_on_ones_own_device_lives_for_a_day(page: Page, url: str, owner: str) -> None:
    """And no longer; nor after the device is called somebody else's."""
    page.goto(f"{url}/o/{owner}/edit/pump")
    page.get_by_label(WORDS.say("draft.own")).check()
    page.fill('[name="pump.location"]', "left flank")
    until(page, _TYPED, "left flank")
    page.goto(f"{url}/guide")
    page.evaluate(
        """hours => { const key = Object.keys(localStorage).find((each) => each.includes("draft"));
        const held = JSON.parse(localStorage[key]); held.at -= hours * 3600000;
        localStorage[key] = JSON.stringify(held); }""",
        23,
    )
    page.goto(f"{url}/o/{owner}/edit/pump")
    expect(page.locator("#draft-form")).to_be_visible()
    page.get_by_label(WORDS.say("draft.own")).uncheck()
    assert page.evaluate(_NO_DRAFT)


def test_a_draft_of_yesterday_is_gone_at_the_next_visit(page: Page, url: str, owner: str) -> None:
    """Whichever page that is."""
    page.goto(f"{url}/guide")
    page.evaluate(
        """() => { localStorage["caregiver-draft new"] = JSON.stringify(
        { typed: [["patient.full_name", "Sam Lee"]], at: Date.now() - 25 * 3600000 }); }"""
    )
    page.goto(url)
    until(page, _NO_DRAFT)


def test_a_flat_battery_loses_nothing(page: Page, url: str) -> None:
    """Half a page typed, the tab gone: the start page offers it back; erasing erases it."""
    page.goto(f"{url}/new")
    lead_on(page.get_by_role("button", name=WORDS.say("new.begin")))
    page.get_by_label(WORDS.say("draft.own")).check()
    page.fill('[name="patient.full_name"]', "Sam Lee")
    page.fill('[name="patient.date_of_birth-day"]', "30")
    until(page, _TYPED, '"30"')
    later = page.context.new_page()
    page.close(run_before_unload=False)
    later.goto(f"{url}/new")
    lead_on(later.get_by_role("button", name=WORDS.say("draft.resume")))
    assert later.input_value('[name="patient.full_name"]') == "Sam Lee"
    assert later.input_value('[name="patient.date_of_birth-day"]') == "30"
    later.goto(f"{url}/new")
    lead_on(later.get_by_role("button", name=WORDS.say("draft.erase")))
    later.reload()
    expect(later.locator("#draft")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_back_and_forward_open_a_refused_refill(
    chromium: Browser, url: str, keeper: CardService, owner: str, script: bool
) -> None:
    """Refused, put right, saved: Back, Forward and Reload send nothing again, and lose nothing."""
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{url}/o/{owner}/refill")
    dose = '[name="regimen.daily_dose_mcg"]'
    page.fill(dose, "a lot")
    lead_on(page.locator(".go-on button"))
    assert page.locator(".summary").count() == 1
    page.reload()
    assert page.input_value(dose) == "a lot" and page.locator(".summary").count() == 1
    page.go_back()
    assert page.inner_text("h1") == WORDS.say("refill.title")
    page.go_forward()
    assert page.input_value(dose) == "a lot"
    other = context.new_page()
    other.goto(f"{url}/o/{owner}/refill?typed=1")
    other.wait_for_load_state("networkidle")
    # Without script nothing tells one tab from another.
    assert ("a lot" in other.content()) is not script
    assert keeper.vault.owned(owner).version == 1
    context.close()


def _begin(page: Page, url: str) -> None:
    """A card is begun, and its first page sent with a name alone."""
    page.goto(f"{url}/new")
    lead_on(page.get_by_role("button", name=WORDS.say("new.begin")))
    page.fill('[name="patient.full_name"]', "Sam Lee")
    lead_on(page.locator(".buttons button"))
    assert page.inner_text("h1") == WORDS.say("step.patient.title")


def _note_method(seen: list[str], answer: Response) -> None:
    seen.append(answer.request.method)


def test_a_draft_goes_with_its_tab(page: Page, url: str) -> None:
    """On a shared computer the next tab is shown nothing of it, under no address."""
    _begin(page, url)
    page.goto(url)
    expect(page.locator("#begun")).to_be_visible()
    page.goto(f"{url}/new/patient")
    assert page.input_value('[name="patient.full_name"]') == "Sam Lee"
    context = page.context
    page.close(run_before_unload=False)
    for address in ("/new/patient", "/new", ""):
        later = context.new_page()
        seen: list[str] = []
        later.on("response", partial(_note_method, seen))
        later.goto(url + address)
        until(later, "!document.documentElement.hidden")
        expect(later.locator("#begun")).to_have_count(0 if address else 1)
        expect(later.locator("#begun:not([hidden])")).to_have_count(0)
        assert "Sam Lee" not in later.content() and later.evaluate(_NO_DRAFT)
        # Nothing is left to erase for the ones after the first.
        assert ("POST" in seen) == (address == "/new/patient")
        later.close()


def test_the_next_tab_shows_nothing_even_before_it_is_erased(page: Page, url: str) -> None:
    """The page stays empty until the server has answered, and is shown if it does not."""
    _begin(page, url)
    later = page.context.new_page()
    held: list[Route] = []
    later.route("**/new/clear", lambda route: held.append(route))
    later.goto(f"{url}/new/patient")
    expect(later.locator("html")).to_be_hidden()
    assert not later.locator("main").is_visible()
    held[0].abort()
    expect(later.locator("main")).to_be_visible()


def test_a_tab_whose_draft_another_erased_loses_nothing(page: Page, url: str) -> None:
    """Each page holds the answers before it, and begins the draft again when it is sent."""
    _begin(page, url)
    page.context.new_page().goto(f"{url}/new")
    fill(page, card_of(alex()), steps.STEPS[0])
    _go_on(page)
    lead_on(page.locator("button[value=back]"))
    assert page.input_value('[name="patient.full_name"]') == "Alex Rivera"


def test_ones_own_device_goes_on_in_any_tab(page: Page, url: str) -> None:
    """The draft of the server outlives the tab there, too."""
    _begin(page, url)
    page.get_by_label(WORDS.say("draft.own")).check()
    later = page.context.new_page()
    page.close(run_before_unload=False)
    later.goto(f"{url}/new/patient")
    expect(later.locator("main")).to_be_visible()
    assert later.input_value('[name="patient.full_name"]') == "Sam Lee"


@pytest.mark.parametrize("form", ["refill", "edit/pump"])
def test_a_flat_battery_loses_no_change(page: Page, url: str, owner: str, form: str) -> None:
    """Typed and refused, the tab gone: the same form offers it back, and forgets it once saved."""
    name, words = ("put_in", "19.5") if form == "refill" else ("pump.location", "left flank")
    page.goto(f"{url}/o/{owner}/{form}")
    page.get_by_label(WORDS.say("draft.own")).check()
    page.fill(f'[name="{name}"]', words)
    if form == "refill":
        page.locator("[name=refill_day]").first.check()
    until(page, _TYPED, words)
    held = page.evaluate("JSON.stringify(localStorage)")
    assert words in held and owner.lower() not in held.lower()
    later = page.context.new_page()
    page.close(run_before_unload=False)
    later.goto(f"{url}/o/{owner}/{form}")
    expect(later.locator("#draft-older")).to_be_hidden()
    _resume(later)
    assert later.input_value(f'[name="{name}"]') == words
    _go_on(later)
    assert later.inner_text("h1") == WORDS.say("saved.title"), later.inner_text("main")
    # The script of that page forgets what was typed; who leaves sooner is offered it once more.
    until(later, _FORGOTTEN, words)
    later.goto(f"{url}/o/{owner}/{form}")
    assert later.locator("#draft-form").count() == 0
    until(later, _NO_DRAFT)


def _resume(page: Page) -> None:
    lead_on(page.get_by_role("button", name=WORDS.say("draft.resume")))


def test_an_old_draft_overwrites_nothing(
    page: Page, url: str, owner: str, keeper: CardService
) -> None:
    """The card was saved by somebody since: said before and after, and both are shown to choose."""
    page.goto(f"{url}/o/{owner}/edit/pump")
    page.fill('[name="pump.location"]', "left flank")
    until(page, _TYPED, "left flank")
    keeper.save(owner, card_of(alex({"pump.location": "right flank"})), 1, "", NOON)
    page.goto(f"{url}/o/{owner}/edit/pump")
    expect(page.locator("#draft-older")).to_be_visible()
    assert page.input_value("#pump-location") == "right flank"
    _resume(page)
    assert page.input_value('[name="pump.location"]') == "left flank"
    assert WORDS.say("draft.older") in page.inner_text(".told")
    _go_on(page)
    assert page.inner_text("h1") == WORDS.say("choose.title")
    assert "left flank" in page.inner_text("main") and "right flank" in page.inner_text("main")
    assert keeper.vault.owned(owner).card.pump.location == "right flank"
    page.check("input[value=mine]")
    _go_on(page)
    until(page, _NO_DRAFT)


def test_back_and_forward_open_a_refused_small_form(either: Page, url: str, owner: str) -> None:
    """The name of a copy is too long: Reload, Back and Forward send nothing, and lose nothing."""
    page = either
    page.goto(f"{url}/o/{owner}/copies/new")
    page.fill("#label", "x" * 41)
    lead_on(page.locator("main .buttons button"))
    for step in (lambda: None, page.reload, page.go_back, page.go_forward):
        step()
        page.wait_for_load_state()
        is_kept = page.url.endswith("?typed=1")
        assert page.input_value("#label") == "x" * 41 or not is_kept
    assert is_kept and page.locator(".summary").count() == 1


@pytest.mark.parametrize(
    ("below", "button"), [("delete", "delete.button"), ("renew", "key.renew_button")]
)
def test_what_is_typed_goes_with_the_address(
    page: Page, url: str, owner: str, below: str, button: str
) -> None:
    """After deleting, or under a new address, the device holds no draft that nobody can reach."""
    page.goto(f"{url}/o/{owner}/refill")
    page.fill("[name=put_in]", "19")
    page.goto(f"{url}/o/{owner}/{below}")
    assert not page.evaluate(_NO_DRAFT)
    lead_on(page.get_by_role("button", name=WORDS.say(button)))
    page.wait_for_load_state()
    until(page, _NO_DRAFT)


def test_cards_are_listed_on_this_device(page: Page, url: str, owner: str) -> None:
    """Kept by name with what is due, and taken off again; the draft is gone after saving."""
    page.goto(f"{url}/o/{owner}/key")
    page.get_by_role("button", name=WORDS.say("kept.device")).click()
    page.goto(url, wait_until="networkidle")
    shelf = page.locator("#shelf")
    expect(shelf).to_contain_text("Alex Rivera")
    # The browser's clock is the real one; by then the refill of 2026 is long missed.
    expect(shelf).to_contain_text("Refill appointment passed: 6 Nov 2026")
    page.get_by_role("button", name=WORDS.say("home.forget")).click()
    expect(shelf).to_be_hidden()
