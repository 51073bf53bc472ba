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
