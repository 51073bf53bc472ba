"""``card fhir``: a card file as a summary for a hospital's record system."""

import json

import pytest

from tests.cast import absent, alex, card_of
from tests.summaries import ALEX, allergy, summary
from tests.web.shell import Shell

pytestmark = pytest.mark.slow


def test_the_command_writes_a_summary(shell: Shell) -> None:
    """The same identity twice; the sheet where it is asked for, alone."""
    file = shell.file(alex())
    made = [
        json.loads(shell.run_afresh("card", "fhir", file, "--out", "-", *more).out)
        for more in ((), ("--pdf",))
    ]
    assert made[0]["id"] == made[1]["id"]
    kinds = [[each["resource"]["resourceType"] for each in one["entry"]] for one in made]
    assert "DocumentReference" not in kinds[0] and kinds[1][-1] == "DocumentReference"


def test_a_wrong_card_gets_no_summary(shell: Shell) -> None:
    """The faults are named as by every command."""
    done = shell.run_afresh("card", "fhir", shell.file({"format": "x"}), "--out", "-")
    assert done.status == 2 and done.out == ""


def test_a_summary_begins_a_card_file(shell: Shell) -> None:
    """What was taken, what not and what is missing is said; what is written can be completed."""
    made = shell.run("card", "fhir", shell.file(alex()), "--out", "-").raw
    done = shell.run_afresh("card", "from-fhir", "-", "--out", "-", given=made)
    assert done.status == 0
    assert json.loads(done.out)["patient"]["full_name"] == "Alex Rivera"
    assert "pump.model: SynchroMed II 8637-40: from the hospital's file" in done.err
    assert "Not filled in: Medicine: baclofen" in done.err
    assert "has questions of its own" in done.err
    for missing in ("regimen.daily_dose_mcg", "team.phone_24h", "allergies.status"):
        assert f"still to be filled in: {missing}" in done.err


def test_a_summary_adds_to_a_card_of_the_same_person(shell: Shell) -> None:
    """What the card says stays; a card of another name or birth is not touched, in one line."""
    raw = summary(allergy(code={"text": "Nuts"}), patient=ALEX | {"identifier": [_RECORD]})
    card = alex({"patient.record_number": absent})
    words = ("card", "from-fhir", "-", "--out", "-", "--card")
    done = shell.run(*words, shell.file(card), given=raw)
    assert done.status == 0 and "still to be filled in" not in done.err
    written = json.loads(done.out)
    assert written["patient"].pop("record_number") == "M-1"
    assert card_of(written) == card_of(card)
    assert "Not filled in: Allergy: Nuts: You have already given another answer here." in done.err
    for path, value in (("full_name", "Sam Okoro"), ("date_of_birth", "1992-04-12")):
        other = shell.file(alex({f"patient.{path}": value}))
        done = shell.run(*words, other, given=raw)
        assert done.status == 2 and done.out == ""
        [said] = [each for each in done.err.splitlines() if "file:" in each]
        assert "This file is about somebody else." in said


@pytest.mark.parametrize("raw", [b"[]", b"", b"[" * 10_000, summary(ALEX)])
def test_what_is_no_summary_begins_nothing(shell: Shell, raw: bytes) -> None:
    """One sentence, status 2."""
    done = shell.run("card", "from-fhir", "-", "--out", "-", given=raw)
    assert done.status == 2 and done.out == ""
    assert done.err.count("\n") == 1 and done.err.startswith("ERROR file: ")


_RECORD = {"type": {"coding": [{"code": "MR"}]}, "value": "M-1"}
