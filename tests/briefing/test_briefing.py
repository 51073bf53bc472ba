"""A card makes what a stranger must read: all of it, and nothing that is not shared."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.card_texts import Fact
from caregiver_card.briefing.content import Statement
from caregiver_card.card.alert_schedule import Severity
from tests.cast import CAST, TODAY, WORDS, absent, alex, card_of, sam, tuyet


def of(file: dict[str, Any], version: int | None = None) -> Briefing:
    """The briefing of a file, in English."""
    return brief(card_of(file), WORDS, version)


def _values(briefing: Briefing) -> dict[str, str]:
    """Every labelled value of the briefing, wherever it stands."""
    held = [getattr(briefing, each.name) for each in fields(briefing)]
    facts = [fact for each in held if isinstance(each, tuple) for fact in each] + held
    return {fact.label: fact.value for fact in facts if isinstance(fact, Fact)}


SECRETS = [
    pytest.param("allergies", [{"substance": "Quinine-S", "reaction": "fever-S"}], id="allergies"),
    pytest.param(
        "medicines", [{"name": "Clozapine-S", "dose": "9-S", "frequency": "now-S"}], id="medicines"
    ),
    pytest.param(
        "regimen.other_pump_drugs",
        [{"name": "Ziconotide-S", "concentration": "7-S"}],
        id="pump drugs",
    ),
]


@pytest.mark.parametrize("path, items", SECRETS)
def test_what_is_not_shared_is_nowhere(path: str, items: list[dict[str, str]]) -> None:
    """The items of a list that is not shared may be in the file, but in no word of the briefing."""
    secret = alex({f"{path}.status": "not_shared", f"{path}.items": items})
    shown = alex({f"{path}.status": "listed", f"{path}.items": items})
    for word in [word for item in items for word in item.values()]:
        assert word in repr(of(shown))
        assert word not in repr(of(secret))


def test_wishes_that_are_not_shared_are_nowhere() -> None:
    """The same for a reported wish, and item 3 of the page does not point to it."""
    wish = {"text": "Ask my son-S first", "written_on": "2026-01-01"}
    secret = of(alex(directives={"status": "not_shared", **wish}))
    shown = of(alex(directives={"status": "listed", **wish}))
    assert "son-S" in repr(shown) and shown.person.has_wishes
    assert "son-S" not in repr(secret) and not secret.person.has_wishes


def test_baclofen_by_mouth_that_is_not_shared_is_nowhere() -> None:
    """The dose by mouth is kept back with its list."""
    oral = {"dose_mg": 77.25, "times_per_day": 7}
    assert "77.25" in repr(of(alex({"regimen.oral_baclofen": {"status": "listed", **oral}})))
    secret = of(alex({"regimen.oral_baclofen": {"status": "not_shared", **oral}}))
    assert "77.25" not in repr(secret) and "7 times" not in repr(secret)


@pytest.mark.parametrize("name", CAST)
def test_everything_that_kills_is_there(name: str) -> None:
    """Danger, number, who, dose, strength, signs and MRI are never empty."""
    briefing = of(CAST[name]())
    for words in (
        briefing.what.text,
        briefing.stop.text,
        briefing.emergency.shown,
        briefing.team.dial,
        briefing.person.name,
        briefing.dose.number,
        briefing.concentration.number,
        briefing.mode,
        briefing.alarm_date.value,
        briefing.mri_line.text,
    ):
        assert words
    assert (briefing.dose.unit, briefing.concentration.unit) == ("mcg", "mcg/mL")
    assert [group.key for group in briefing.signs] == ["withdrawal", "overdose", "allergy"]
    assert all(group.leads and group.calls_for for group in briefing.signs)
    assert len(briefing.say) >= 4 and briefing.person.name in briefing.say[0]


def test_a_group_of_signs_holds_every_sign_once() -> None:
    """First signs and the rest are together the whole group."""
    for group in of(sam()).signs:
        held = [getattr(group, each.name) for each in fields(group)]
        said = [each for part in held if isinstance(part, tuple) for each in part]
        keys = [
            each.key for each in said if isinstance(each, Statement) and each.group == group.key
        ]
        assert sorted(keys) == sorted(WORDS.groups[group.key])


def test_numbers_are_shown_with_spaces_and_dialled_without() -> None:
    """What is read and what is dialled are one number."""
    briefing = of(tuyet())
    assert (briefing.team.shown, briefing.team.dial) == ("+84 24 3826 0001", "+842438260001")
    assert briefing.clinic is not None and briefing.clinic.dial == "+842438260002"
    assert (briefing.emergency.dial, briefing.maker) == ("115", None)
    maker = of(alex()).maker
    assert maker is not None and maker.dial == "+18007070933" and "20 Aug 2026" in maker.note


def test_a_region_without_a_known_number_gets_words() -> None:
    """Where no source tells the emergency number none is shown, and nothing is to be dialled."""
    card = replace(card_of(sam()), region="PE")
    emergency = brief(card, WORDS).emergency
    assert "local emergency number" in emergency.shown and emergency.dial == ""


def test_a_line_that_nobody_checked_says_so() -> None:
    """A maker's number without a day is marked."""
    maker = of(alex({"maker_support.checked_on": absent})).maker
    assert maker is not None and "not recorded" in maker.note


MRI = [
    pytest.param("Medtronic", "SynchroMed II", "synchromed_ii", "may not restart", id="II"),
    pytest.param(
        "Medtronic", "SynchroMed III", "synchromed_iii", "ask the pump manufacturer", id="III"
    ),
    pytest.param("Medtronic", "SynchroMed EL", "synchromed_el", "EL guidance", id="EL"),
    pytest.param("Medtronic", "IsoMed", "isomed", "ask the pump manufacturer", id="IsoMed"),
    pytest.param("Flowonix", "Prometra II", "prometra_ii", "empty the reservoir BEFORE", id="P II"),
    pytest.param("Flowonix", "Prometra", "prometra", "MR Unsafe", id="the first Prometra"),
    pytest.param("Codman", "Codman 3000", "unknown_pump", "ask the pump manufacturer", id="Codman"),
    pytest.param("Acme", "Nobody", "unknown_pump", "ask the pump manufacturer", id="unknown"),
    pytest.param(
        "Flowonix", "SynchroMed II", "unknown_pump", "ask the pump manufacturer", id="mixed up"
    ),
]


@pytest.mark.parametrize("maker, model, key, line", MRI)
def test_the_mri_rule_is_the_pump_s_own(maker: str, model: str, key: str, line: str) -> None:
    """Dangers are opposite between makers: the words are chosen by model, or say to ask."""
    briefing = of(sam({"pump.maker": maker, "pump.model": model}))
    assert (briefing.mri.group, briefing.mri.key) == ("mri", key)
    assert line in briefing.mri_line.text


def test_tones_are_only_told_where_the_pump_is_known_to_have_them() -> None:
    """The tones of a SynchroMed say nothing of a Prometra, unless its card says so."""
    tones = {"two_tone", "single_tone"}
    assert tones <= {each.key for each in of(alex()).alarms}
    assert not tones & {each.key for each in of(tuyet()).alarms}
    assert not tones & {each.key for each in of(alex({"pump.alarms": "none"})).alarms}
    told = of(tuyet({"pump.alarms": "single_and_two_tone"})).alarms
    assert tones <= {each.key for each in told}


def test_an_estimate_is_called_one_wherever_it_stands() -> None:
    """Without a printout the alarm date is an estimate in the facts and in the words to say."""
    briefing = of(alex({"refill.alarm_date": absent}))
    assert "estimate" in briefing.alarm_date.value and "estimate" in briefing.say[1]
    assert briefing.low_day is not None and briefing.low_day.source == "estimate"


def test_the_capped_day_is_no_alarm_date_anywhere() -> None:
    """The 180 days are named as such, and no notice reaches an alarm date by them."""
    briefing = of(alex({"refill.alarm_date": absent, "refill.volume_ml": 40}))
    assert "180 days since the refill" in briefing.alarm_date.value
    assert briefing.low_day is not None and briefing.low_day.source == "cap"
    kinds = {each.alert.kind for each in briefing.notices}
    assert "refill_180_days" in kinds and not kinds & {"alarm_date_reached", "empty_estimated"}


def test_unusual_numbers_are_marked_beside_the_number() -> None:
    """Dose and strength each say whether somebody looked twice."""
    paths = ["regimen.concentration_mcg_per_ml", "regimen.daily_dose_mcg"]
    for briefing, word in ((of(tuyet()), "check"), (of(tuyet(confirmed=paths)), "confirmed")):
        assert any(word in note for note in briefing.dose.notes)
        assert any(word in note for note in briefing.concentration.notes)
    assert not any("unusual" in note for note in of(alex()).dose.notes)
    assert "compounded" in of(tuyet()).concentration.notes


def test_what_is_missing_is_said_to_be_missing() -> None:
    """Sam's card holds little, and every gap that a stranger looks for has words."""
    briefing = of(sam())
    facts = _values(briefing)
    for gap in ("next_refill", "replace_by", "serial", "last_change", "catheter"):
        assert facts[WORDS.text[f"page.{gap}"]] == "Not recorded"
    assert "not recorded" in briefing.person.weight and "not recorded" in briefing.person.baseline
    assert briefing.rescue is None and briefing.maker is None
    assert "not recorded" in briefing.directives.words
    assert all(value for value in facts.values())


def test_a_rescue_plan_is_the_team_s_own_words() -> None:
    """The plan stands word for word, with its author, its day and its warning."""
    rescue = of(alex()).rescue
    assert rescue is not None
    assert rescue.text == "Start oral baclofen only if the pump team says so."
    assert "Dr N. Osei" in rescue.by and "18 Aug 2026" in rescue.by
    assert "sleepier or floppier" in rescue.warning and "breathing slowly" in rescue.warning


def test_markup_in_a_name_is_left_to_the_writers() -> None:
    """The briefing holds words; a writer escapes them."""
    assert of(tuyet()).contacts[0].name == "Wójcik Đặng <script>alert(1)</script>"


def test_a_flex_schedule_is_shown_period_by_period() -> None:
    """Three stretches of the day, each with its dose."""
    periods = [(fact.label, fact.value) for fact in of(tuyet()).giving if "–" in fact.label]
    assert periods[0] == ("00:00 – 06:00", "260.5\u00a0mcg") and len(periods) == 3


def test_the_day_picks_the_notices() -> None:
    """One briefing serves every day: the alarm date is reached on the 16th, not before."""
    briefing = of(alex())
    on = {
        day: {each.alert.kind: each.alert.severity for each in briefing.on(date(2026, 11, day))}
        for day in (5, 15, 16, 19)
    }
    assert set(on[5]) == {"refill_due"}
    assert "alarm_date_reached" not in on[15]
    assert on[16]["alarm_date_reached"] == Severity.URGENT
    assert on[19]["alarm_date_reached"] == Severity.EMERGENCY


def test_the_most_severe_notice_comes_first() -> None:
    """On 21 November two emergencies stand before what is urgent and what is due."""
    severities = [each.alert.severity for each in of(alex()).on(TODAY)]
    assert severities[:3] == [Severity.EMERGENCY, Severity.EMERGENCY, Severity.URGENT]
    assert severities == sorted(severities, reverse=True)


def test_the_briefing_does_not_know_what_day_it_is() -> None:
    """The same card gives the same briefing, and a quiet day has no notices."""
    assert of(tuyet()) == of(tuyet())
    assert of(tuyet()).on(TODAY) == [] and of(tuyet()).on(TODAY + timedelta(days=6)) != []


def test_the_version_is_said_when_there_is_one() -> None:
    """A stored card counts its savings; a printed file has no count."""
    assert "7" in of(sam(), 7).version and not any(map(str.isdigit, of(sam()).version))


def test_the_review_of_the_content_is_told() -> None:
    """As long as no clinician has read a statement the page says so."""
    waiting = [each for each in WORDS.statements if not each.reviewed_by]
    assert ("not yet reviewed" in of(sam()).review) == bool(waiting)
