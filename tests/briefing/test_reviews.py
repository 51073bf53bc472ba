"""What clinicians have reviewed: a form comes back, and counts as long as its words stand."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caregiver_card.briefing import languages, reviews
from caregiver_card.briefing.briefing import review
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.reviews import FORM, Review, WrongReview
from tests.cast import TODAY

_SPANISH = languages.content_of("es")
_OFFERED = {"es": _SPANISH.statements}
_STOP = _SPANISH.statement("danger.stop")


def _row(**changes: Any) -> dict[str, Any]:
    given = {"place": "danger.stop", "text": _STOP.text, "english": _STOP.english}
    return {**given, "answer": "right", **changes}


def _form(*rows: dict[str, Any], **changes: Any) -> bytes:
    about = {"name": "Dr N. Osei", "role": "neurologist", "day": "2026-11-20"}
    form = {"format": FORM, "language": "es", **about, "statements": list(rows), **changes}
    return json.dumps(form).encode()


def test_what_is_called_right_is_a_review_with_name_role_and_day() -> None:
    """It holds the words that were read."""
    found = reviews.filled(_form(_row()), _OFFERED, TODAY)
    assert found.reviews == {
        "danger.stop": Review(_STOP.text, _STOP.english, "Dr N. Osei, neurologist", "2026-11-20")
    }
    assert not found.wrong and not found.changed


def test_what_is_called_wrong_or_left_open_is_none() -> None:
    """The comment reaches the operator."""
    open_row = _row(place="danger.what", answer="")
    found = reviews.filled(_form(_row(answer="wrong", comment="weaker"), open_row), _OFFERED, TODAY)
    assert found.reviews == {} and found.wrong == {"danger.stop": "weaker"}


@pytest.mark.parametrize("changes", [{"text": "otro"}, {"english": "other"}, {"place": "no.such"}])
def test_what_has_changed_since_the_form_was_written_is_named_and_not_entered(
    changes: dict[str, str],
) -> None:
    """A review is of words."""
    found = reviews.filled(_form(_row(**changes)), _OFFERED, TODAY)
    assert found.reviews == {} and found.changed == (changes.get("place", "danger.stop"),)


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"\xff", "no JSON"),
        (b"[]", "format"),
        (_form(format="other/1"), "format"),
        (_form(language="tlh"), "language"),
        (_form(name=" "), "name"),
        (_form(role=""), "role"),
        (_form(role=7), "role"),
        (_form(name="x" * 200), "name"),
        (_form(day="20 Nov"), "day"),
        (_form(day="2026-11-22"), "future"),
        (_form(statements=None), "statements"),
        (_form(statements=[7]), "statements"),
        (_form(statements=[{"place": 7}]), "statements"),
    ],
)
def test_a_form_that_cannot_be_entered_is_refused_by_name(raw: bytes, named: str) -> None:
    """One sentence, and nothing is entered."""
    with pytest.raises(WrongReview, match=named):
        reviews.filled(raw, _OFFERED, TODAY)


def test_a_reviewed_statement_stands_alone_and_says_by_whom() -> None:
    """The English beneath goes, and the count of the page changes."""
    held = reviews.filled(_form(_row()), _OFFERED, TODAY).reviews
    content = Content("es", reviewed=held)
    assert _STOP.beneath == _STOP.english and not content.statement("danger.stop").beneath
    assert content.statement("danger.what").beneath
    said = review(content)
    assert "Dr N. Osei, neurologist" in said and str(len(content.statements) - 1) in said
    assert content.day(date(2026, 11, 20)) in said


def test_a_review_ends_where_the_words_have_changed() -> None:
    """Of the translation as of the English."""
    for words in ({"text": "otro"}, {"english": "other"}):
        held = Review(_STOP.text, _STOP.english, "Dr N. Osei", "2026-11-20")
        stale = {"danger.stop": replace(held, **words)}
        assert not Content("es", reviewed=stale).statement("danger.stop").reviewed_by


def test_a_part_is_reviewed_by_itself() -> None:
    """The short form for a print is another sentence."""
    part = _SPANISH.statement("danger.never_stop").parts["never"]
    held = {part.place: Review(part.text, part.english, "Dr N. Osei", "2026-11-20")}
    found = Content("es", reviewed=held).statement("danger.never_stop")
    assert part.place == "danger.never_stop.never"
    assert found.parts["never"].reviewed_by and not found.reviewed_by


def test_a_language_is_checked_when_every_critical_statement_is() -> None:
    """Then a page may move into it by itself; one open statement is enough that it may not."""
    critical = [each for each in _SPANISH.every_statement if each.is_critical]
    held = {
        each.place: Review(each.text, each.english, "Dr N. Osei", "2026-11-20") for each in critical
    }
    assert Content("es", reviewed=held).state == "checked"
    held.popitem()
    assert Content("es", reviewed=held).state == "machine"


def test_a_file_of_reviews_is_read_as_it_was_written() -> None:
    """And rubbish is refused."""
    held = {"es": reviews.filled(_form(_row()), _OFFERED, TODAY).reviews}
    assert reviews.read(reviews.write(held)) == held
    for rubbish in (b"", b"[]", b'{"es": {"danger.stop": {"no": 1}}}', b'{"es": 7}'):
        with pytest.raises(WrongReview):
            reviews.read(rubbish)
