"""The texts for a phone's own emergency screen, from any card."""

import pytest
from hypothesis import given

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.card.model import Card
from caregiver_card.exports import medical_id_texts
from tests.cast import CAST, WORDS, alex, card_of, cards, tuyet

_STATUSES = ("none_known", "unknown", "not_shared")


def _texts(briefing: Briefing, phone: str) -> dict[str, str]:
    texts = medical_id_texts.texts(briefing)[phone]
    return {each.key: each.words.replace("\u00a0", " ") for each in texts}


def _said(file: dict[str, object], phone: str = "iphone") -> dict[str, str]:
    return _texts(brief(card_of(file), WORDS), phone)


@pytest.mark.parametrize("phone", ["iphone", "android"])
@pytest.mark.parametrize("name", sorted(CAST))
def test_the_danger_stands_first_and_each_number_in_one_place(name: str, phone: str) -> None:
    """What kills is read before anything else; a phone cannot say two doses."""
    briefing = brief(card_of(CAST[name]()), WORDS)
    said = _texts(briefing, phone)
    assert next(iter(said.values())).startswith(f"{briefing.what.text}. {briefing.stop.text}")
    dose = f"baclofen {briefing.concentration.number} mcg/mL, {briefing.dose.number} mcg a day"
    for words in (dose, briefing.team.shown, briefing.alarm_date.value, briefing.device):
        assert [words in text for text in said.values()].count(True) == 1, words


def test_everything_of_a_usual_card_is_there() -> None:
    """In Alex's own words."""
    said = _said(alex())
    assert said["allergies"] == "Latex (hives); Penicillin (throat swelling)"
    assert said["medications"] == (
        "In the pump: baclofen 2000 mcg/mL, 400 mcg a day, no other drug in the pump known. "
        "Confirmed 20 Aug 2026. Baclofen by mouth: None taken. "
        "Other medicines: Gabapentin 300 mg, three times a day; Oxybutynin 5 mg, twice a day."
    )
    assert "Alarm date: 16 Nov 2026." in said["notes"] and "MRI:" in said["notes"]


def test_what_is_mixed_into_the_pump_is_named_beside_the_baclofen() -> None:
    """Whoever treats an overdose must know of the morphine."""
    assert "a day, with Morphine 10 mg/mL; Bupivacaine 7.5 mg/mL." in _said(tuyet())["medications"]


def test_two_silences_never_look_alike() -> None:
    """None known, unknown, not shared, not recorded: each in words of its own, everywhere."""
    for key, part, name in (
        ("allergies", "", "allergies"),
        ("medications", "", "medicines"),
        ("medications", "regimen", "other_pump_drugs"),
        ("medications", "regimen", "oral_baclofen"),
    ):
        said = []
        for status in (*_STATUSES, None) if part else _STATUSES:
            file = alex()
            held = file[part] if part else file
            held.pop(name, None)
            if status:
                held[name] = {"status": status}
            said.append(_said(file)[key])
        assert len(set(said)) == len(said), said


def test_what_is_not_shared_is_in_no_text() -> None:
    """The file may go on holding it."""
    file = alex({"allergies.status": "not_shared", "medicines.status": "not_shared"})
    assert file["allergies"]["items"] and file["medicines"]["items"]
    for phone in ("iphone", "android"):
        said = " ".join(_said(file, phone).values())
        assert "Latex" not in said and "Gabapentin" not in said


def test_what_does_not_fit_is_counted_or_named() -> None:
    """Nothing is cut in silence, and never within an item."""
    items = [{"substance": f"Substance {number} {'x' * 60}"} for number in range(1, 41)]
    said = _said(alex({"allergies.items": items}))["allergies"]
    shown = said.count("Substance")
    assert 3 < shown < 40 and said.endswith(f"x; and {40 - shown} more on the card")
    drugs = [{"name": f"{number}{'y' * 79}", "concentration": "1 mg/mL"} for number in range(6)]
    others = [{"name": "z" * 80, "dose": "d" * 40, "frequency": "f" * 120}]
    long = tuyet({"regimen.other_pump_drugs.items": drugs, "medicines.items": others})
    said = _said(long)["medications"]
    assert "; and 5 more on the card" in said and "Other medicines: 1 on the card, too long" in said
    wordy = alex({"pump.location": "l" * 80, "pump.maker": "U" * 40, "pump.model": "m" * 40})
    assert "Left out here, on the card: " in _said(wordy, "android")["notes"]


@given(cards())
def test_no_text_is_longer_than_its_limit_or_has_a_second_line(card: Card) -> None:
    """Whatever the card."""
    for texts in medical_id_texts.texts(brief(card, WORDS)).values():
        for each in texts:
            assert 0 < len(each.words) <= medical_id_texts.MAX_LENGTH, each
            assert each.words.replace("\u00a0", " ") == " ".join(each.words.split())
