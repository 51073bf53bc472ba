"""The checks of a language are checked: each wrong word that can be made is found."""

from collections import Counter

import pytest

from tests.languages.catalogue import catalogue, every_language
from tests.languages.checks import findings
from tests.languages.mutants import mutants


@every_language
def test_every_mutant_is_caught(tag: str) -> None:
    """A lost, added or exchanged word, number, unit or placeholder."""
    held = catalogue(tag)
    survived = [
        f"{each.place}: {each.change}: {each.text}"
        for each in mutants(held)
        if not findings(held.saying(each.place, each.text))
    ]
    assert not survived, "\n".join(["", *survived])


@every_language
def test_there_are_mutants_of_each_kind(tag: str) -> None:
    """Hundreds, so that the test above is not passed by having none."""
    held = catalogue(tag)
    made = list(mutants(held))
    critical = {place for place, each in held.statements.items() if each.is_critical}
    kinds = Counter(each.change.split()[0] for each in made if each.place in critical)
    assert len(critical) >= 80
    assert len(made) >= 500 and kinds["without"] >= 80 and kinds["twice"] >= 80
    for kind in ("no", "only", "before", "until"):
        assert any(f"({kind})" in each.change for each in made), kind
    assert sum(" -> " in each.change for each in made) >= 100
    # For whoever asks how many: pytest -rP.
    print(tag, len(critical), "critical statements,", len(made), "mutants")


@pytest.mark.parametrize("place", ["do_nots.side_port", "danger.never_stop.never"])
def test_a_lost_not_is_told_by_its_place(place: str) -> None:
    """So that whoever reads the failure knows where to look."""
    held = catalogue("es")
    text = held.statements[place].text.replace("No ", "").replace("sin ", "con ")
    (first, *_) = findings(held.saying(place, text))
    assert first.startswith(place)
