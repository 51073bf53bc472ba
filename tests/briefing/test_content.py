"""The words: every documented sign and instruction is there with its sources, and nothing else."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

import caregiver_card
from caregiver_card.briefing import alert_texts
from caregiver_card.briefing.content import Content, IncompleteContent, Statement
from caregiver_card.card import alert_schedule
from tests.cast import WORDS, absent, alex, card_of, sam

_DATA = Path(caregiver_card.__file__).parent / "data"
_SEEDS = Path(__file__).parent.parent / "data"
SIGNS = json.loads((_SEEDS / "seed_signs.json").read_text("utf-8"))
INSTRUCTIONS = json.loads((_SEEDS / "seed_instructions.json").read_text("utf-8"))
GROUPS = {
    "1A": "withdrawal",
    "1B": "overdose",
    "1C": "allergy",
    "1D": "serious",
    "1E": "pump_site",
    "1F": "alarms",
    "1G": "settling",
    "1H": "passing",
}

FORBIDDEN = [
    pytest.param(r"physostigmin", id="physostigmine"),
    pytest.param(r"\b45\s?(%|percent|per cent)", id="the 45 % figure"),
    pytest.param(r"\d\s*(mg|milligram|micrograms?\b(?!/))(?!/mL)", id="an amount in mg"),
    pytest.param(r"\d\s*(mcg|µg|μg|ug)(?!/mL)\b", id="an amount in mcg"),
    pytest.param(r"\d\s*m[lL]\b", id="an amount in mL"),
    pytest.param(r"\b(taper|wean|titrat)\w*\b.*\d", id="a taper schedule"),
    pytest.param(r"\d\s*(mg|mcg|mL)\s*/\s*(kg|day|d|h)\b", id="a rate"),
    pytest.param(r"\b(you|they) (are|is) safe\b|\bis safe\b", id="that someone is safe"),
]


def _covering(row: str, groups: list[str]) -> list[Statement]:
    return [each for group in groups for each in WORDS.groups[group].values() if row in each.covers]


@pytest.mark.parametrize("row", SIGNS, ids=lambda row: f"{row['id']} {row['sign'][:40]}")
def test_every_documented_sign_is_said_with_its_sources(row: dict[str, Any]) -> None:
    """Each sign of the seeds stands in its group, and each line that names it is cited there."""
    covering = _covering(row["id"], [GROUPS[row["id"][:2]]])
    assert covering
    cited = {source for each in covering for source in each.sources}
    assert {f"seed-{source}" for source in row["sources"]} <= cited


@pytest.mark.parametrize("row", INSTRUCTIONS, ids=lambda row: f"{row['id']}")
def test_every_documented_instruction_is_said_with_its_sources(row: dict[str, Any]) -> None:
    """Each instruction of the seeds stands somewhere, and its lines are cited where it stands."""
    covering = _covering(row["id"], list(WORDS.groups))
    assert covering
    cited = {source for each in covering for source in each.sources}
    assert {f"seed-{source}" for source in row["sources"]} <= cited


def test_the_seeds_are_whole() -> None:
    """There are 127 signs in eight groups and 47 instructions."""
    counts = {group: sum(row["id"].startswith(group) for row in SIGNS) for group in GROUPS}
    assert list(counts.values()) == [24, 15, 21, 33, 12, 4, 12, 6]
    assert len(INSTRUCTIONS) == 47


def test_nothing_is_covered_that_is_not_there() -> None:
    """A statement covers rows that exist, so that a slip of the pen is found."""
    rows = {row["id"] for row in SIGNS + INSTRUCTIONS}
    assert {row for each in WORDS.statements for row in each.covers} <= rows


def test_sources_are_cited_and_cited_sources_exist() -> None:
    """No source is missing and none is left over: statements, pumps, medicines, all counted."""
    cited = {source.partition(":")[0] for each in WORDS.statements for source in each.sources}
    for name in ("pumps.toml", "medicine_classes.toml"):
        rows = tomllib.loads((_DATA / name).read_text("utf-8")).values()
        cited |= {source.partition(":")[0] for row in rows for source in row["sources"]}
    assert cited == set(WORDS.sources)


@pytest.mark.parametrize("source", WORDS.sources.values(), ids=lambda source: source.key)
def test_a_source_can_be_found_again(source: Any) -> None:
    """A seed has its file and is cited by line; any other source has an address."""
    assert source.title
    if source.key.startswith("seed-"):
        assert source.file and source.note
    else:
        assert source.url.startswith(("http://", "https://"))


def test_a_seed_is_cited_by_its_line() -> None:
    """A seed without a line number cannot be looked up; the five pages end before line 110."""
    for each in WORDS.statements:
        for source in each.sources:
            if source.startswith("seed-"):
                line = re.fullmatch(r"seed-00[0-4]:(\d+)", source)
                assert line and 1 <= int(line[1]) <= 110, (each.key, source)


def test_the_lines_that_advertise_are_not_used() -> None:
    """Lines 43 to 46 of seed 001 advertise the drug and support nothing."""
    cited = {source for each in WORDS.statements for source in each.sources}
    assert not cited & {f"seed-001:{line}" for line in range(43, 47)}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_statement_says_what_must_not_be_said(pattern: str) -> None:
    """No amounts to treat with, no schedules, nothing that no source bears."""
    said = [
        (each.group, each.key, words)
        for each in WORDS.statements
        for words in (each.text, *(part.text for part in each.parts.values()))
        if re.search(pattern, words, re.IGNORECASE)
    ]
    # The two units are explained in one place, without an amount to give.
    assert [
        (group, key) for group, key, words in said if "1 mg/mL is 1000 mcg/mL" not in words
    ] == []


@pytest.mark.parametrize(
    "pattern, words",
    [
        pytest.param(FORBIDDEN[0].values[0], "Physostigmine may help", id="physostigmine"),
        pytest.param(FORBIDDEN[1].values[0], "in 45 % of people", id="45 %"),
        pytest.param(FORBIDDEN[2].values[0], "give 10 mg at once", id="mg"),
        pytest.param(FORBIDDEN[3].values[0], "a bolus of 50 mcg", id="mcg"),
        pytest.param(FORBIDDEN[4].values[0], "withdraw 30 mL", id="mL"),
        pytest.param(FORBIDDEN[5].values[0], "taper over 2 weeks", id="taper"),
    ],
)
def test_the_search_for_such_words_would_find_them(pattern: str, words: str) -> None:
    """The patterns above do find what they are there for."""
    assert re.search(pattern, words, re.IGNORECASE)


def test_a_review_is_whole_or_not_there() -> None:
    """Each statement has been reviewed by a named person on a day, or not at all."""
    for each in WORDS.statements:
        assert bool(each.reviewed_by) == bool(each.reviewed_on), each.key


# Incomplete files -----------------------------------------------------------------------------

_ROW = """[late]
text = "Sleepy"
sources = ["P1"]
reviewed_by = ""
reviewed_on = ""
"""


def _with(folder: Path, row: str) -> Path:
    data = folder / "data"
    shutil.copytree(_DATA, data)
    (data / "languages" / "en" / "clinical" / "extra.toml").write_text(row, "utf-8")
    return data


def test_another_folder_of_words_is_read(tmp_path: Path) -> None:
    """A new group of statements is a new file."""
    assert Content("en", _with(tmp_path, _ROW)).clinical("extra.late") == "Sleepy"


def test_a_review_is_read_with_its_day(tmp_path: Path) -> None:
    """A reviewed statement knows who read it and when."""
    row = _ROW.replace('by = ""', 'by = "Dr N. Osei"').replace('on = ""', "on = 2026-11-01")
    each = Content("en", _with(tmp_path, row)).statement("extra.late")
    assert (each.reviewed_by, each.reviewed_on) == ("Dr N. Osei", "2026-11-01")


@pytest.mark.parametrize(
    "old, new, named",
    [
        pytest.param('sources = ["P1"]\n', "", "extra.late has no sources", id="no sources"),
        pytest.param('["P1"]', "[]", "no words or no source", id="an empty list of sources"),
        pytest.param('["P1"]', '["P999"]', "cites P999", id="a source that is not there"),
        pytest.param('["P1"]', '["seed-009:3"]', "cites seed-009:3", id="a seed that is not there"),
        pytest.param('text = "Sleepy"\n', "", "extra.late has no text", id="no text"),
        pytest.param('"Sleepy"', '""', "no words or no source", id="an empty text"),
        pytest.param('by = ""', 'by = "Dr N. Osei"', "a review needs", id="a name without a day"),
        pytest.param('on = ""', "on = 2026-11-01", "a review needs", id="a day without a name"),
        pytest.param('reviewed_on = ""\n', "", "has no reviewed_on", id="no place for a day"),
    ],
)
def test_an_incomplete_statement_is_refused_at_the_start(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    """A statement without a passport stops the program and is named, before any page shows it."""
    assert old in _ROW
    with pytest.raises(IncompleteContent, match=re.escape(named)):
        Content("en", _with(tmp_path, _ROW.replace(old, new)))


# Alerts and numbers ---------------------------------------------------------------------------

_GUESSED = {
    "refill.alarm_date": absent,
    "refill.next_appointment_on": "2026-11-06",
    "directives": {"status": "listed", "text": "Ask", "written_on": "2026-08-18"},
}
_ALERTS = {
    alert.wording
    for file in (
        alex(),
        alex(_GUESSED),
        alex({**_GUESSED, "refill.volume_ml": 40}),
        alex({**_GUESSED, "regimen.mode": "flex"}),
        alex({"pump.replace_by": absent, "verified.on": "2026-08-01"}),
        sam(),
    )
    for alert in alert_schedule.all_alerts(card_of(file))
}
_WORDINGS = {
    *(f"refill_to_book-{said}" for said in ("clinic", "estimate", "cap")),
    *(f"refill_late-{said}" for said in ("clinic", "estimate", "cap")),
    *("alarm_date_reached-clinic", "alarm_date_reached-estimate", "empty_estimated"),
    *("refill_due", "refill_missed", "refill_unknown", "refill_180_days", "watch_after_change"),
    *("replacement_due", "replacement_due-age", "card_review", "card_review-changed"),
    *("maker_line_stale", "contacts_stale", "rescue_plan_old", "directives_old"),
}


def test_the_schedule_has_these_wordings() -> None:
    """What the cast's cards raise is every wording that is known of, and no other."""
    assert _ALERTS == _WORDINGS


@pytest.mark.parametrize("wording", sorted(_WORDINGS))
def test_every_alert_has_its_words(wording: str) -> None:
    """An alert has a title and an action, and says neither a dose nor that anyone is safe."""
    for part in ("title", "action"):
        words = WORDS.text[f"alert.{wording}.{part}"]
        assert words and not re.search(r"mcg|\bmg\b|\bsafe\b", words)


@pytest.mark.parametrize(
    "wording", ["refill_to_book-estimate", "refill_late-estimate", "alarm_date_reached-estimate"]
)
def test_an_estimated_day_is_called_an_estimate(wording: str) -> None:
    """No alert about a computed day passes for one about the clinic's own."""
    assert "estimate" in WORDS.text[f"alert.{wording}.title"]
    assert "estimate" in WORDS.text["alert.empty_estimated.title"]


@pytest.mark.parametrize("wording", ["refill_to_book-cap", "refill_late-cap", "refill_180_days"])
def test_the_capped_day_is_never_an_alarm_date(wording: str) -> None:
    """The capped day is called "180 days since the refill"."""
    words = WORDS.text[f"alert.{wording}.title"] + WORDS.text[f"alert.{wording}.action"]
    assert "180 days since the refill" in words and "alarm date" not in words.lower()


def test_days_are_counted_where_a_title_ends_with_the_day() -> None:
    """ "5 days ago" can only follow a title that ends with the day of its event."""
    for file in (alex(), alex(_GUESSED), sam(), alex({"pump.replace_by": absent})):
        for alert in alert_schedule.all_alerts(card_of(file)):
            title = WORDS.text[f"alert.{alert.wording}.title"]
            assert alert.counts_days == title.endswith("{due}"), alert.wording


def test_an_urgent_alert_asks_for_signs() -> None:
    """Whoever reads that a refill is late is asked for signs now, and told whom to call."""
    for each in alert_texts.all_texts(card_of(alex()), WORDS):
        pressing = each.is_urgent and each.alert.kind != "replacement_due"
        assert bool(each.signs_now) == pressing
    assert "emergency services" in WORDS.text["alert.signs_now"]


@pytest.mark.parametrize(
    "region, number",
    [
        pytest.param("GB", "999", id="United Kingdom"),
        pytest.param("US", "911", id="United States"),
        pytest.param("VN", "115", id="Vietnam"),
        pytest.param("AQ", None, id="nobody's"),
    ],
)
def test_an_emergency_number_is_the_region_s_own(region: str, number: str | None) -> None:
    """Where a source tells the number it is given, elsewhere none is."""
    assert WORDS.emergency_number(region) == number


def test_every_emergency_number_has_its_source() -> None:
    """A wrong number is worse than none: each has the page that gives it and when it was read."""
    rows = tomllib.loads((_DATA / "emergency_numbers.toml").read_text("utf-8"))
    assert len(rows) > 50
    for region, row in rows.items():
        assert re.fullmatch(r"[A-Z]{2}", region) and re.fullmatch(r"\d{2,5}", row["number"]), region
        assert row["source"] and row["url"].startswith("https://"), region
        assert re.fullmatch(r"202\d-\d\d-\d\d", str(row["checked"])), region


def test_a_refill_that_should_be_done_by_now_does_not_read_as_late() -> None:
    """Before the alarm date it is needed, since it is planned days before."""
    for said in ("clinic", "estimate", "cap"):
        alert = f"alert.refill_late-{said}"
        for part in ("title", "short"):
            words = WORDS.text[f"{alert}.{part}"].casefold()
            assert words.startswith("refill needed") and "late" not in words
    assert "some days before that date" in WORDS.text["alert.refill_late-clinic.action"]
