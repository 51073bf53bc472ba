"""Every page of the caregiver's journey, looked at: see ``looking.look`` for what must hold."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from caregiver_card.card import codec
from caregiver_card.card_service import CardService
from caregiver_card.questionnaire import answers, steps
from tests.browser.looking import look
from tests.browser.presses import lead_on
from tests.browser.serving import fill
from tests.cast import WORDS, alex, card_of, tuyet
from tests.summaries import allergy, summary, taken
from tests.web.client import NOON

pytestmark = pytest.mark.browser

_ALEX = card_of(alex())
_CHANGED = card_of(alex({"regimen.daily_dose_mcg": 310}))
_FAULTY = json.dumps(alex({"regimen.daily_dose_mcg": "0.4 mg"}) | {"colour": "red"}).encode()
_STEPS = {WORDS.say(f"step.{each.key}.title"): each for each in steps.STEPS}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.fixture
def owner(keeper: CardService) -> str:
    """The owner's token of a card of its own, with a past and two copies."""
    made = keeper.add(_CHANGED, NOON).owner
    keeper.save(made, _ALEX, 1, "A slip", NOON)
    keeper.vault.add_reader_link(made, "School bag", NOON.date())
    return made


def _press(page: Page, name: str) -> None:
    lead_on(page.get_by_role("button", name=name, exact=True))


def _at(page: Page, title: str) -> None:
    assert page.inner_text("h1") == WORDS.say(title), page.inner_text("main")


_FOR_ANYONE = ("", "new", "new/file", "new/hospital", "help/lost-address", "guide", "nothing")


@pytest.mark.parametrize("below", _FOR_ANYONE)
def test_pages_for_anyone(page: Page, url: str, below: str) -> None:
    """The start page and what leads on from it."""
    page.goto(f"{url}/{below}")
    look(page, below or "start")


def test_every_step_of_a_new_card(page: Page, url: str) -> None:
    """All that can be asked, with a whole card's answers in it; the last page; the addresses."""
    page.goto(f"{url}/new")
    _press(page, WORDS.say("new.begin"))
    card, asked = card_of(tuyet()), []
    while page.inner_text("h1") != WORDS.say("new.check"):
        step = _STEPS[page.inner_text("h1")]
        asked.append(step.key)
        fill(page, card, step)
        look(page, f"new, {step.key}")
        lead_on(page.locator(".buttons button"))
        if page.locator("input[name=confirm]").count():
            look(page, f"new, {step.key}, asked")
            for box in page.locator("input[name=confirm]").all():
                box.check()
            lead_on(page.locator(".buttons button"))
    assert set(asked) == {each.key for each in steps.STEPS if each.first} - {"flow", "verified"}
    look(page, "check")
    lead_on(page.locator("button[name=go][value=risks]"))
    look(page, "new, from the last page")
    lead_on(page.locator(".buttons button"))
    fill(page, card, steps.LAST)
    lead_on(page.locator("button[value=save]"))
    while page.locator("input[name=confirm]").count():
        look(page, "check, asked")
        for box in page.locator("input[name=confirm]").all():
            box.check()
        lead_on(page.locator("button[value=save]"))
    _at(page, "key.title")
    look(page, "the new card's key")


_OWNERS: tuple[str, ...] = ("", "refill", "edit", "key", "renew", "delete", "copies/new", "history")
_OWNERS += ("history/1", "history/2", "saved?from=1", "edit/hospital")
_OWNERS += tuple(f"edit/{each.key}" for each in steps.STEPS)


@pytest.mark.parametrize("below", _OWNERS)
def test_an_owners_page(page: Page, url: str, owner: str, below: str) -> None:
    """What opens under the owner's address."""
    page.goto(f"{url}/o/{owner}/{below}".rstrip("/"))
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    look(page, below or "owner")


def test_pages_that_follow_a_press(page: Page, url: str, owner: str, keeper: CardService) -> None:
    """Refused, asked, worked out, drawn again, offered back; revoked, restored, renewed, gone."""
    home = f"{url}/o/{owner}"
    page.goto(f"{home}/refill")
    page.fill("[name=put_in]", "2o")
    page.fill('[name="refill.alarm_date-day"]', "31")
    page.fill('[name="refill.next_appointment_on-after"]', "soon")
    _press(page, WORDS.say("form.save"))
    look(page, "refill, nothing worked out")
    page.fill('[name="refill.next_appointment_on-after"]', "10 weeks")
    _press(page, WORDS.say("form.save"))
    look(page, "refill, worked out")
    _press(page, WORDS.say("form.save"))
    look(page, "refill, refused")
    page.goto(f"{home}/refill")
    look(page, "refill, offered back")
    page.goto(f"{home}/edit/contacts")
    _press(page, WORDS.say("edit.add_row"))
    look(page, "a row more")
    page.goto(f"{home}/edit/regimen")
    page.fill('[name="regimen.daily_dose_mcg"]', "1200")
    _press(page, WORDS.say("form.save"))
    look(page, "edit, asked")
    page.goto(f"{home}/copies/new")
    _press(page, WORDS.say("owner.add_copy"))
    look(page, "a copy without a name")
    copy = keeper.vault.owned(owner).reader_links[-1]
    page.goto(f"{home}/copies/{copy.id}")
    look(page, "prints")
    page.goto(f"{home}/copies/{copy.id}/revoke")
    look(page, "revoke")
    _press(page, WORDS.say("owner.revoke_button"))
    look(page, "revoked")
    page.goto(f"{home}/history/1")
    _press(page, WORDS.say("owner.restore_button", number=1))
    look(page, "restored")
    page.goto(f"{home}/renew")
    _press(page, WORDS.say("key.renew_button"))
    look(page, "renewed")
    page.goto(f"{page.inner_text('.address')}/delete")
    _press(page, WORDS.say("delete.button"))
    look(page, "deleted")


def test_pages_of_two_at_once(page: Page, url: str, owner: str, keeper: CardService) -> None:
    """Confirmed, restored or edited while somebody else has saved; a form whose token is gone."""
    home = f"{url}/o/{owner}"
    page.goto(home)
    keeper.save(owner, _CHANGED, 2, "", NOON)
    page.get_by_text(WORDS.say("owner.was_refilled-known")).click()
    _press(page, WORDS.say("owner.rest_right"))
    _at(page, "meanwhile.title")
    look(page, "meanwhile, still right")
    page.goto(f"{home}/history/2")
    keeper.save(owner, card_of(alex({"pump.location": "left"})), 3, "", NOON)
    _press(page, WORDS.say("owner.restore_button", number=2))
    _at(page, "meanwhile.title")
    look(page, "meanwhile, restore")
    page.goto(f"{home}/edit/pump")
    keeper.save(owner, card_of(alex({"pump.location": "right"})), 4, "", NOON)
    page.fill('[name="pump.location"]', "in front")
    _press(page, WORDS.say("form.save"))
    _at(page, "choose.title")
    look(page, "choose")
    _press(page, WORDS.say("form.save"))
    look(page, "choose, nothing chosen")
    page.goto(f"{home}/edit/pump")
    page.context.clear_cookies()
    _press(page, WORDS.say("form.save"))
    _at(page, "form.stale_title")
    look(page, "stale")


def test_pages_of_import_and_of_an_unfinished_card(page: Page, url: str) -> None:
    """A file with faults; the last page with a name missing; a draft; a card in the list."""
    page.goto(f"{url}/new/file")
    _upload(page, _FAULTY)
    look(page, "import, faults")
    whole = answers.from_card(card_of(alex({"regimen.daily_dose_mcg": 1200})))
    page.goto(f"{url}/new")
    page.evaluate(
        """(typed) => {
          const form = [...document.forms].find((each) => each.elements.go);
          form.elements.go.value = "check";
          const answers = { name: "answers", value: typed };
          form.append(Object.assign(document.createElement("input"), answers));
        }""",
        answers.dumps({path: each for path, each in whole.items() if path != "patient.full_name"}),
    )
    _press(page, WORDS.say("new.begin"))
    lead_on(page.locator("button[value=save]"))
    look(page, "check, refused")
    page.goto(f"{url}/new")
    look(page, "new, offered back")
    page.goto(f"{url}/new/file")
    _upload(page, codec.encode(_ALEX))
    look(page, "imported")
    page.get_by_role("button", name=WORDS.say("kept.device")).click()
    page.goto(url)
    page.locator("#cards h2 a").wait_for()
    look(page, "start, with a card")


def test_what_a_card_file_asks_is_shown_in_the_tab_that_sent_it(page: Page, url: str) -> None:
    """It is a draft as any other, which a tab that did not begin it would erase."""
    page.goto(f"{url}/new/file")
    _upload(page, codec.encode(card_of(alex({"regimen.daily_dose_mcg": 1200}))))
    page.locator("h1", has_text=WORDS.say("new.check")).wait_for()


def test_pages_of_a_hospitals_file(page: Page, url: str) -> None:
    """Refused; what it says, which another tab does not erase; a page that it filled; the last."""
    page.goto(f"{url}/new/hospital")
    _upload(page, b"{}", "hospital.button")
    look(page, "hospital's file, refused")
    _upload(page, summary(allergy(), allergy(), taken(status="stopped")), "hospital.button")
    page.locator("#taken").wait_for()
    look(page, "hospital's file, read")
    lead_on(page.get_by_role("link", name=WORDS.say("hospital.go_on")))
    look(page, "hospital's file, a question")
    page.goto(f"{url}/new/allergies")
    look(page, "hospital's file, a list")
    page.goto(f"{url}/new/check")
    look(page, "hospital's file, check")


def test_pages_of_a_hospitals_file_held_against_a_card(page: Page, url: str, owner: str) -> None:
    """What is new, what is something else, what is left out; the form that it is put into.

    What was typed there before is named: only this tab has it.
    """
    page.goto(f"{url}/o/{owner}/edit/allergies")
    page.fill('[name="allergies.items[0].reaction"]', "wheezing")
    page.goto(f"{url}/o/{owner}/edit/hospital")
    new, other = allergy(code={"text": "Nuts"}), taken(dosage=[{"text": "600 mg"}])
    _upload(page, summary(new, other, taken(status="stopped")), "hospital.button")
    expect(page.get_by_text(WORDS.say("hospital_card.replaces"))).to_be_visible()
    look(page, "hospital's file, held against a card")
    lead_on(page.locator("button[name=go]"))
    page.locator(".theirs").wait_for()
    look(page, "hospital's file, put into a form")


def _upload(page: Page, content: bytes, button: str = "file.button") -> None:
    given: Any = {"name": "card.json", "mimeType": "application/json", "buffer": content}
    page.set_input_files("#file", given)
    _press(page, WORDS.say(button))
