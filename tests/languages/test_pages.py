"""A card's page in each language: small, marked, English only where it must be."""

from datetime import date
from functools import cache

import pytest

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.briefing.isolates import ISOLATES
from caregiver_card.pages import emergency, guide
from caregiver_card.pages.precompressed import compress
from tests.cast import CAST, TODAY, alex, card_of
from tests.languages.catalogue import TAGS, every_language
from tests.languages.english_left import english_left
from tests.pages.ten_years import days, largest
from tests.web.client import Site, plain
from tests.web.reading import Page, audit, words

# What arrives with the first packets (docs/design-rules.md).
_MOST_BYTES = 14_000
_HERE = f"/c/{'0' * 26}"
# How a card is read: by its own family, and by somebody else from an English one.
_OWN, _FOREIGN = "its own", "foreign"

_PUBLIC = (
    *("/", "/beeping", "/guide", "/help", "/help/accessibility", "/help/lost-address"),
    *("/help/privacy", "/new", "/new/batch", "/new/file", "/offline", "/signs"),
)

every_card = pytest.mark.parametrize("name", sorted(CAST))
every_reading = pytest.mark.parametrize("reading", [_OWN, _FOREIGN])


@cache
def _briefing(tag: str, name: str, reading: str) -> Briefing:
    own = tag if reading == _OWN else "en"
    return brief(card_of(CAST[name]({"language": own})), load(tag), 1)


@cache
def _page(tag: str, name: str, reading: str) -> Page:
    page = Page(emergency.page(_briefing(tag, name, reading), TODAY, _HERE))
    audit(page)
    return page


@pytest.mark.slow
@every_card
@every_language
def test_its_own_page_is_small_on_every_day(tag: str, name: str) -> None:
    """Within ten years, as it is stored and served."""
    size, day = largest(_briefing(tag, name, _OWN))
    assert size <= _MOST_BYTES, f"{size} bytes on {day}"


@pytest.mark.slow
@every_card
@every_language
def test_a_page_composed_for_a_foreign_reader_is_small_on_every_day(tag: str, name: str) -> None:
    """Compressed as the answer is."""
    briefing = _briefing(tag, name, _FOREIGN)
    for day in days(briefing):
        size = len(compress(emergency.page(briefing, day, _HERE).encode()))
        assert size <= _MOST_BYTES, f"{size} bytes on {day}"


@every_language
def test_a_card_in_any_language_is_small_for_a_reader_of_another(tag: str) -> None:
    """The longest card, on a day on which much is due."""
    for own in TAGS:
        briefing = brief(card_of(CAST["complex"]({"language": own})), load(tag), 1)
        size = len(compress(emergency.page(briefing, date(2028, 11, 23), _HERE).encode()))
        assert size <= _MOST_BYTES, f"{own}: {size} bytes"


@every_reading
@every_card
@every_language
def test_it_says_its_language_and_direction(tag: str, name: str, reading: str) -> None:
    """So that it is read aloud with the right voice, and from the right side."""
    page = _page(tag, name, reading)
    assert page.root.get("lang") == tag
    direction = load(tag).manner.direction
    assert page.root.get("dir", "ltr") == direction


@every_card
@every_language
def test_what_the_family_wrote_is_marked_with_its_language(tag: str, name: str) -> None:
    """For a foreign reader, and with what it is: not translated."""
    briefing, page = _briefing(tag, name, _FOREIGN), _page(tag, name, _FOREIGN)
    marked = " ".join(words(each) for each in page.elements if each.get("lang") == "en")
    written = [briefing.person.baseline] if briefing.person.has_baseline else []
    written += [briefing.team_note, *briefing.medicines.items, *briefing.allergies.items]
    for each in filter(None, written):
        assert " ".join(each.translate(ISOLATES).split()) in marked.translate(ISOLATES), each
    assert any(briefing.location in words(each) for each in page.elements if each.get("lang"))
    assert briefing.say[0] in marked and briefing.say_here[0] not in marked
    assert load(tag).say("page.not_translated", language="English") in page.text


@every_reading
@every_card
@every_language
def test_the_english_stands_beneath_what_is_critical(tag: str, name: str, reading: str) -> None:
    """While no clinician has checked the translation; each statement that the page shows."""
    page = _page(tag, name, reading)
    beneath = " ".join(words(each) for each in page.all("i") if each.get("lang") == "en")
    briefing = _briefing(tag, name, reading)
    shown = _critical_lines(page, briefing)
    assert len(shown) >= 15
    for text, english in shown:
        assert english in beneath, text


def _critical_lines(page: Page, briefing: Briefing) -> list[tuple[str, str]]:
    """The critical statements in the lists of a page; those of its sources repeat them."""
    cited = {each for box in page.having("details", class_="src") for each in box.iter()}
    lines = [words(each) for each in page.all("li", "p") if each not in cited]
    return [
        (each.text, each.beneath)
        for each in briefing.content.statements
        if each.beneath and any(line.startswith(each.text) for line in lines)
    ]


@every_language
def test_the_table_that_tells_them_apart_has_its_english_too(tag: str) -> None:
    """Its cells hold negations: "not listed" is all that speaks against itching in overdose."""
    page = _page(tag, "typical", _OWN)
    cells = [part for each in load(tag).tagged("tells") for part in each.parts.values()]
    beneath = " ".join(words(each) for each in page.all("i") if each.get("lang") == "en")
    missing = [each.text for each in cells if each.beneath and each.beneath not in beneath]
    assert not missing


@every_reading
@every_card
@every_language
def test_no_english_of_ours_is_left(tag: str, name: str, reading: str) -> None:
    """But for what is marked as English."""
    assert not english_left(_page(tag, name, reading), tag)


def test_english_that_is_left_would_be_found() -> None:
    """On an English page there is a lot of it."""
    page = Page(emergency.page(brief(card_of(alex()), load(), 1), TODAY, _HERE))
    assert len(english_left(page, TAGS[0])) > 150


@pytest.mark.parametrize("path", _PUBLIC)
@every_language
def test_what_stands_beside_the_pages_is_in_it(shared_site: Site, tag: str, path: str) -> None:
    """The guide, what to do when a pump beeps, what one sees, and the way in."""
    page = Page(plain(shared_site.app.test_client().get(f"{path}?l={tag}")).decode())
    assert page.root.get("lang") == tag
    assert not english_left(page, tag)


# The scope of a language ------------------------------------------------------------------------


class _Recorder(dict[str, str]):
    """Texts that remember which were read."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(texts)
        self.read: set[str] = set()

    def __getitem__(self, place: str) -> str:
        self.read.add(place)
        return super().__getitem__(place)


@every_language
def test_each_text_that_a_page_reads_is_there(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded, so that the scope is what the pages say and no list of it."""
    recorder = _Recorder(load().text)
    monkeypatch.setattr(load(), "text", recorder)
    for name in CAST:
        emergency.page(brief(card_of(CAST[name]()), load(), 1), TODAY, _HERE)
    assert len(recorder.read) > 150
    assert recorder.read <= load(tag).text.keys()


def test_a_reader_changes_the_language_with_one_tap(site: Site) -> None:
    """The row names each language but the page's own; the address asks for it."""
    address = f"/c/{site.reader(alex())}"
    for tag in ("en", *TAGS):
        page = site.client.page(f"{address}?l={tag}")
        assert page.root.get("lang") == tag
        others = {each.get("lang") for each in page.one("nav", class_="languages").iter("a")}
        assert others == {"en", *TAGS} - {tag}
    for asked in ("", "?l=xx", "?l=", "?l=../es"):
        assert site.client.page(f"{address}{asked}").root.get("lang") == "en"


def test_signs_in_the_words_of_an_official_leaflet_are_counted_and_name_it() -> None:
    """The page says how many there are, the guide where the words stand."""
    content = load("de")
    held = [each for each in content.every_statement if each.worded]
    assert content.worded == len(held) >= 5
    assert content.say("page.worded", count=len(held)) in _page("de", "typical", _OWN).text
    said = guide.page(content).plain().decode()
    assert all(address in said for each in held for address in each.worded)
    assert not load("en").worded
