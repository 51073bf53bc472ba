"""Numbers among words that run from right to left, and doses that no line may part."""

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from caregiver_card.briefing import isolates
from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec, printed_facts
from caregiver_card.exports import calendar_events, ics, vcard
from tests.cast import TODAY, WORDS, alex, card_of
from tests.web.client import NOON

_OPEN, _CLOSE = "\u2066", "\u2069"


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("וורפרין 5 mg, 1-0-1", "וורפרין [5~mg], [1-0-1]"),
        ("اتصل 06 565 0000 الآن", "اتصل [06~565~0000] الآن"),
        ("אחרי 17:00, +972 2-677-7111", "אחרי [17:00], [+972~2-677-7111]"),
        ("קלונידין 7.5 mg/mL.", "קלונידין [7.5~mg/mL]."),
        ("קומה 5", "קומה 5"),
        ("תרופה Warfarin 5 mg", "תרופה Warfarin 5~mg"),
        ("Warfarin 5 mg, twice", "Warfarin 5~mg, twice"),
        ("5mg", "5mg"),
        ("5mg וורפרין", "[5mg] וורפרין"),
        ("room 5 left", "room 5 left"),
        ("השדה (1.5 T או 3 T)", "השדה ([1.5 T] או [3 T])"),
        ("400 mcg (0.4 mg) ליום", "[400~mcg] ([0.4~mg]) ליום"),
        ("כפי שהיא (.xlsx), ב־.json.", "כפי שהיא ([.xlsx]), ב־[.json]."),
        ("الأول (1)", "الأول (1)"),
        ("תאריך 2026: Maria", "תאריך 2026: Maria"),
        (
            "לבית (312) 555-0142, +44 (0)20 7946 0321",
            "לבית [(312)~555-0142], [+44~(0)20~7946~0321]",
        ),
    ],
)
def test_a_number_is_isolated_where_letters_run_backwards(typed: str, marked: str) -> None:
    """From its first figure to its unit; nothing else is changed, and twice is as good as once."""
    shown = marked.replace("[", _OPEN).replace("]", _CLOSE).replace("~", "\u00a0")
    assert isolates.protect_numbers(typed) == shown and isolates.protect_numbers(shown) == shown


@given(st.text(st.sampled_from("05 .,-+()/:mgאبA\u00a0"), max_size=30))
def test_whatever_was_typed_is_still_there(typed: str) -> None:
    """But for isolates, which come in pairs, and for the kind of a space."""
    marked = isolates.protect_numbers(typed)
    assert marked.count(_OPEN) == marked.count(_CLOSE)
    bare = marked.translate(isolates.ISOLATES)
    assert bare.replace("\u00a0", " ") == typed.replace("\u00a0", " ")
    assert isolates.protect_numbers(marked) == marked


def test_items_in_one_line_keep_their_order() -> None:
    """Each runs in its own direction, and the line goes on from left to right."""
    assert isolates.join_isolated(["אב 5", "Abc"], ", ") == "\u2068אב 5\u2069, Abc"


def test_a_dose_is_as_it_was_typed() -> None:
    """In any unit; only the space is another one."""
    assert (
        isolates.protect_dose("5mg") == "5mg"
        and isolates.protect_dose("1 sachet") == "1\u00a0sachet"
    )


_FILE = alex(
    {
        "patient.full_name": "דוד לוי",
        "medicines.items": [{"name": "וורפרין", "dose": "5 mg", "frequency": "1-0-1"}],
        "team.note": "אחרי 17:00 התקשר 02 677 7111",
    }
)


def test_nothing_of_it_is_in_the_file_or_the_facts() -> None:
    """They are for what is shown."""
    card = card_of(_FILE)
    shown = (codec.encode(card).decode(), printed_facts.facts(card), brief(card, WORDS).facts)
    for written in map(str, shown):
        assert _OPEN not in written and "\u00a0" not in written


def test_it_is_in_what_leaves_the_page() -> None:
    """A contact's note, and a calendar's title with a name before its date."""
    card = card_of(_FILE)
    [medicine] = brief(card, WORDS).medicines.items
    assert medicine == "וורפרין \u20665\u00a0mg\u2069, \u20661-0-1\u2069"
    note = vobject.readOne(vcard.contact(brief(card, WORDS))).note.value
    assert "mcg/mL" in note and "\u00a0mcg/mL" in note
    made = ics.calendar(
        calendar_events.card_calendar(card, "plain", TODAY, WORDS), b"1" * 16, 1, NOON
    )
    titles = [str(each["summary"]) for each in Calendar.from_ical(made).walk("VEVENT")]
    assert titles and all("\u2068דוד לוי\u2069" in each for each in titles)
