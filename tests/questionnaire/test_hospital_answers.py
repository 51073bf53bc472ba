"""What a hospital's file adds: nothing that somebody wrote is lost, and nothing is silent."""

from datetime import date

import pytest

from caregiver_card.questionnaire import answers, draft, hospital_answers, hospital_texts, progress
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.hospital_answers import beside, fill, still_theirs, unanswered
from caregiver_card.questionnaire.hospital_file import WrongFile, read
from tests.cast import WORDS
from tests.summaries import allergy, pump, summary, taken

_FILE = read(summary(allergy(), taken(dosage=[{"text": "daily"}])))
_SERIAL = read(summary(*pump(serialNumber="NGP1")))


def test_a_file_fills_what_is_empty() -> None:
    """As it would have been typed; no list is answered by it."""
    typed = fill(Draft(), _FILE).typed
    assert typed["patient.full_name"] == "Alex Rivera"
    assert answers.date_boxes(typed, "patient.date_of_birth") == ("12", "4", "1991")
    assert typed["medicines.items[0].frequency"] == "daily"
    assert "allergies.status" not in typed and "medicines.status" not in typed


def test_what_somebody_wrote_stays_and_what_differs_is_named() -> None:
    """Of a list that was answered nothing is taken, whatever the answer is; nor into a row."""
    typed = {"patient.record_number": "1", "allergies.status": "none_known"}
    typed |= {"medicines.items[0].name": "Gabapentin"}
    filled = fill(Draft(typed), _FILE)
    assert typed.items() <= filled.typed.items()
    assert not answers.under(filled.typed, "allergies.items")
    assert "medicines.items[0].frequency" not in filled.typed
    assert filled.hospital.skipped == (
        ("allergies.items", "Latex", "yours"),
        ("medicines.items", "Gabapentin, daily", "yours"),
    )


def test_the_same_file_again_changes_nothing() -> None:
    """And says nothing new."""
    once = fill(Draft(), _FILE)
    assert fill(once, _FILE) == once


@pytest.mark.parametrize(
    "name",
    ["Alex Rivera", "RIVERA Alex", "Álex M Rivera", "RIVERA, Alex", "Rivera,Alex", "Alex-Rivera"],
)
def test_a_name_may_be_written_otherwise(name: str) -> None:
    """In another order, without accents, with a comma, with a middle name in one of them alone."""
    assert fill(Draft({"patient.full_name": name}), _FILE).typed["patient.full_name"] == name


@pytest.mark.parametrize(
    ("name", "hospitals"),
    [
        ("Anne-Marie M. O’Brien", "O'BRIEN, ANNE MARIE M"),
        ("Nguyễn Thị Đào", "NGUYEN THI DAO"),
        ("Işık Yılmaz", "ISIK YILMAZ"),
        ("Łucja Søby", "LUCJA SOBY"),
        ("Jo van Putten", 'Johanna "Jo" van Putten'),
        ("Johanna van Putten", "Johanna (Jo) van Putten-van der Giessen"),
    ],
)
def test_a_hospital_may_write_a_name_with_fewer_marks(name: str, hospitals: str) -> None:
    """Without hyphens, apostrophes, strokes and dots, as many systems do; or with brackets."""
    found = read(summary(patient={"resourceType": "Patient", "name": [{"text": hospitals}]}))
    assert fill(Draft({"patient.full_name": name}), found).typed == {"patient.full_name": name}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"patient.full_name": "Sam Okoro"}, "Name: “Alex Rivera” in the file, “Sam Okoro” here"),
        (
            answers.from_date("patient.date_of_birth", date(1992, 4, 12)),
            "Date of birth: “12 Apr 1991” in the file, “12 Apr 1992” here",
        ),
    ],
)
def test_a_file_about_somebody_else_is_refused(typed: dict[str, str], said: str) -> None:
    """By the name or by the date of birth, in a sentence that names which."""
    with pytest.raises(WrongFile) as refused:
        fill(Draft(typed), _FILE)
    assert said in hospital_texts.refusal(refused.value, WORDS)


def test_a_half_typed_day_is_nobody_elses() -> None:
    """It stays as it is, and what the file says is named."""
    filled = fill(Draft({"patient.date_of_birth-year": "1991"}), _FILE)
    assert "patient.date_of_birth-day" not in filled.typed
    assert [each.what for each in filled.hospital.skipped] == ["patient.date_of_birth"]


def test_each_step_that_a_file_filled_is_gone_through() -> None:
    """Also one that is otherwise offered at the end, and one that was sent before."""
    sent = frozenset(step.key for step in progress.asked(Draft()))
    begun = fill(Draft(sent=sent), _FILE)
    assert progress.waiting(begun) == progress.unseen(begun)
    waiting = [step.key for step in progress.asked(begun) if step.key not in begun.sent]
    assert waiting == ["patient", "allergies", "medicines"]
    begun = fill(Draft(sent=sent | {"device", "patient"}), _SERIAL)
    begun = begun.sending("patient")
    step = progress.unseen(begun)
    assert step and step.key == "device" and progress.following(step, begun)
    assert progress.unseen(begun.sending("device")) is None


def test_a_list_from_a_file_is_no_answer() -> None:
    """Until somebody says that there are any."""
    begun = fill(Draft(), _FILE)
    assert [each.path for each in unanswered(begun)] == ["allergies.status", "medicines.status"]
    said = begun.typing(begun.typed | {"allergies.status": "listed", "medicines.status": "unknown"})
    assert unanswered(said) == [] == unanswered(Draft())


def test_a_value_is_the_hospitals_until_it_is_changed() -> None:
    """A row that moved is still the hospital's."""
    begun = fill(Draft(), read(summary(allergy(), allergy(code={"text": "Nuts"}))))
    typed = begun.typed | {"patient.full_name": "Alex R."}
    typed = {path: words for path, words in typed.items() if "items[0]" not in path}
    del typed["allergies.items[1].substance"]
    typed["allergies.items[0].substance"] = "Nuts"
    assert still_theirs(typed, begun.hospital) == {
        "patient.date_of_birth",
        "allergies.items[0].substance",
    }


def test_what_somebody_says_of_a_medicine_of_their_own_is_not_the_hospitals() -> None:
    """Though it be the same as of the one in the file: the name tells whose a row is."""
    begun = fill(Draft(), _FILE)
    own = {"name": "Oxybutynin", "frequency": "daily"}
    typed = begun.typed | {f"medicines.items[1].{key}": own[key] for key in own}
    theirs = still_theirs(typed, begun.hospital)
    assert {path for path in theirs if path.startswith("medicines")} == {
        "medicines.items[0].name",
        "medicines.items[0].frequency",
    }


def test_what_came_from_a_file_outlives_the_draft_and_the_page() -> None:
    """Sealed with the draft, and in the page, from which an ended draft begins anew."""
    begun = fill(Draft(), read(summary(allergy(), taken(status="stopped"))))
    assert draft.loads(begun.dumps()) == begun
    held = hospital_answers.loads(hospital_answers.dumps(begun.hospital))
    assert held.answers == begun.hospital.answers
    assert hospital_answers.loads('{"patient.full_name": 1, "no.such": "x"}').answers == {}
    assert draft.loads(b'{"typed":{},"sent":[],"said":{},"version":0}') == Draft()


def test_a_card_that_there_is_is_only_added_to() -> None:
    """What a command does with two files is what the form does."""
    given = {"patient.full_name": "Alex Rivera", "patient.date_of_birth": "1991-04-12"}
    found = beside(given | {"allergies.status": "unknown"}, _FILE)
    assert set(found.answers) == {"medicines.items[0].name", "medicines.items[0].frequency"}
