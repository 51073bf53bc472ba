"""``card fhir``: a card file as a summary for a hospital's record system."""

import json

import pytest

from tests.cast import alex
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
    made = shell.run_afresh("card", "fhir", shell.file(alex()), "--out", "-").out
    done = shell.run_afresh("card", "from-fhir", "-", "--out", "-", given=made.encode())
    assert done.status == 0
    assert json.loads(done.out)["patient"]["full_name"] == "Alex Rivera"
    assert "from the hospital's file: pump.model: SynchroMed II 8637-40" in done.err
    assert "still to be filled in: regimen.daily_dose_mcg" in done.err


def test_what_is_no_summary_begins_nothing(shell: Shell) -> None:
    """One sentence, status 2."""
    done = shell.run_afresh("card", "from-fhir", "-", "--out", "-", given=b"[]")
    assert done.status == 2 and done.out == ""
    assert done.err.count("\n") == 1 and "no summary" in done.err
