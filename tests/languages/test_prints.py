"""Every print in each language: in both where there is room, else in English, and it says so."""

import re
from functools import cache

import pytest

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import Content, load
from caregiver_card.briefing.isolates import BACKWARDS
from caregiver_card.briefing.reviews import Review
from caregiver_card.card.model import Card
from caregiver_card.printing import print_languages, printer
from caregiver_card.printing.layouts import lockscreen
from tests.cast import CAST, alex, card_of
from tests.languages.catalogue import every_language
from tests.languages.english_left import english_in, english_left
from tests.prints import Print, squeezed
from tests.scripts import longest
from tests.web.reading import Page, words

# Whole pages, printed and read back.
pytestmark = pytest.mark.slow

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
# The English beneath a critical statement of a sheet.
_BRACKETED = re.compile(r"\[[^\]]*\]")

every_card = pytest.mark.parametrize("name", ["complex", "latin"])
every_layout = pytest.mark.parametrize("layout", printer.LAYOUTS)
every_sheet = pytest.mark.parametrize("layout", ["sheet", "school"])


@cache
def _card(tag: str, name: str) -> Card:
    file = CAST[name]() if name in CAST else longest(name)
    return card_of(file | {"language": tag})


@cache
def _briefing(tag: str, name: str) -> Briefing:
    return brief(_card(tag, name), load(tag), 1)


def _in_english(tag: str, name: str) -> Briefing | None:
    return print_languages.in_english(_card(tag, name), load(tag), 1)


@cache
def _print(tag: str, name: str, layout: str) -> Print:
    english = _in_english(tag, name)
    return Print(printer.make_pdf(layout, _briefing(tag, name), ADDRESS, english=english))


@every_layout
@every_card
@every_language
def test_each_card_is_printed_whole(tag: str, name: str, layout: str) -> None:
    """With the longest names too; the number, and who it is."""
    printed, briefing = _print(tag, name, layout), _briefing(tag, name)
    assert _says(printed, briefing.team.shown)
    assert len(printed.sides) == (2 if layout == "wallet" else 1)
    assert layout == "labels" or _says(printed, briefing.person.name)


def _says(printed: Print, words: str) -> bool:
    """Whether a print says this; beside Hebrew, PDFium gives foreign words in another order."""
    pieces = words.split() if BACKWARDS.search(printed.squeezed) else [words]
    return all(squeezed(each) in printed.squeezed for each in pieces)


def _is_own(tag: str, name: str, layout: str) -> bool:
    """Whether a print is in the language of the card."""
    return squeezed(load(tag).clinical("danger.what")) in _print(tag, name, layout).squeezed


@every_layout
@every_card
@every_language
def test_a_print_is_in_both_languages_or_in_english_and_says_so(
    tag: str, name: str, layout: str
) -> None:
    """What is critical stands in both; where there is no room for that, in English alone."""
    content, printed = load(tag), _print(tag, name, layout).squeezed
    said = squeezed(load().say("print.instead", language=content.manner.name))
    if layout == "labels":
        assert squeezed(content.say("labels.what")) in printed
    elif _is_own(tag, name, layout):
        assert squeezed(load().clinical("danger.stop")) in printed and said not in printed
    else:
        assert squeezed(load().clinical("danger.what")) in printed and said in printed


@every_language
@pytest.mark.parametrize("layout", ["wallet", "fold", "labels"])
@pytest.mark.parametrize("name", ["typical", "complex", "minimal"])
def test_a_card_and_its_labels_are_in_the_language_of_the_family(
    tag: str, name: str, layout: str
) -> None:
    """They have room for both languages."""
    place = "labels.what" if layout == "labels" else "wallet.allergies"
    assert _says(_print(tag, name, layout), load(tag).say(place))


@every_language
def test_no_line_of_a_sheet_lies_over_another(tag: str) -> None:
    """Also where whom to call takes two lines: a number abroad is named with its country."""
    card = card_of(alex())
    here, english = brief(card, load(tag), 1), print_languages.in_english(card, load(tag), 1)
    printed = Print(printer.make_pdf("sheet", here, ADDRESS, english=english))
    assert printed.sides[0].meeting() == []


@every_language
def test_a_typical_sheet_is_in_the_language_of_the_family(tag: str) -> None:
    """It has room for both languages."""
    assert _is_own(tag, "typical", "school")


@every_language
@pytest.mark.parametrize("layout", ["wallet", "fold"])
def test_the_back_of_a_card_may_be_in_another_language(tag: str, layout: str) -> None:
    """For a border: the front for the family, the back for whoever reads English."""
    back = brief(_card(tag, "typical"), load(), 1)
    made = Print(printer.make_pdf(layout, _briefing(tag, "typical"), ADDRESS, back=back))
    assert squeezed(load(tag).clinical("danger.stop")) in made.squeezed
    assert squeezed(load().clinical("danger.never_inject")) in made.squeezed
    assert squeezed(load(tag).clinical("danger.never_inject")) not in made.squeezed


@every_language
def test_what_nobody_may_do_stands_in_both_languages_on_a_card(tag: str) -> None:
    """And the danger."""
    printed = _print(tag, "typical", "wallet").squeezed
    for key in ("what", "stop", "never_stop", "never_inject"):
        for content in (load(tag), load()):
            assert squeezed(content.clinical(f"danger.{key}")) in printed, key


@every_sheet
@every_card
@every_language
def test_a_sheet_has_no_english_but_beneath_what_is_critical(
    tag: str, name: str, layout: str
) -> None:
    """In brackets, after the statement."""
    page = _sheet(tag, name, layout)
    assert page.root.get("lang") == tag
    left = english_left(page, tag)
    said = _BRACKETED.sub(" ", words(page.body))
    shown = [each for each in left if each in said]
    marked = " ".join(words(each) for each in page.elements if each.get("lang") == "en")
    assert not [each for each in shown if each not in marked]


@every_sheet
@every_card
@every_language
def test_a_sheet_has_the_english_of_danger_never_and_mri(tag: str, name: str, layout: str) -> None:
    """Each that it shows."""
    said = words(_sheet(tag, name, layout).body)
    briefing = _briefing(tag, name)
    shown = [each for each in (briefing.what, briefing.stop) if each.text in said]
    assert shown
    if briefing.mri.text in said:
        shown.append(briefing.mri)
    never = load(tag).tagged("says", "never")
    shown += [part for each in never for part in each.parts.values() if part.text in said]
    for each in shown:
        assert each.beneath in said, each.text


@cache
def _sheet(tag: str, name: str, layout: str) -> Page:
    job = printer.print_job(layout, _briefing(tag, name), ADDRESS)
    return Page(printer._BY_NAME[layout].html(job))


@every_card
@every_language
def test_the_lock_screen_has_a_picture(tag: str, name: str) -> None:
    """With the longest names too."""
    english = _in_english(tag, name)
    made = lockscreen.picture(_briefing(tag, name), ADDRESS, english=english)
    assert made.startswith(b"\x89PNG")


@every_language
def test_english_in_a_print_would_be_found(tag: str) -> None:
    """A print in English holds a lot of it."""
    printed = _print("en", "typical", "sheet")
    assert len(english_in(" ".join(side.text for side in printed.sides), tag)) > 20


@every_language
def test_a_checked_language_has_every_print_or_its_english(tag: str) -> None:
    """A letter more than fits, in a layout or on the lock screen, costs nobody the print."""
    held = {
        each.place: Review(each.text, each.english, "Dr N. Osei", "2026-11-20")
        for each in load(tag).every_statement
    }
    card, content = card_of(alex(language=tag)), Content(tag, reviewed=held)
    briefing, english = brief(card, content, 1), print_languages.in_english(card, content, 1)
    for layout in printer.LAYOUTS:
        made = printer.make_pdf(layout, briefing, ADDRESS, english=english)
        assert made.startswith(b"%PDF")
    assert lockscreen.picture(briefing, ADDRESS).startswith(b"\x89PNG")
