"""The table of a zone's clock says what the zone says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from caregiver_card.pages import utc_offsets


def _by_table(zone: str, moment: datetime) -> int | None:
    return [ahead for start, ahead in utc_offsets.table(zone, 2025) if start <= moment.timestamp()][
        -1
    ]


@pytest.mark.parametrize(
    "zone",
    [
        "UTC",
        "America/New_York",
        "America/Sao_Paulo",
        "Europe/Berlin",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    ],
)
def test_every_hour_of_three_years_is_the_zones(zone: str) -> None:
    """Summer and winter, half hours, and a clock that is changed around Ramadan."""
    for hours in range(3 * 365 * 24):
        moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        ahead = moment.astimezone(ZoneInfo(zone)).utcoffset()
        assert ahead is not None and ahead.total_seconds() == _by_table(zone, moment), moment


def test_a_clock_is_changed_to_the_second() -> None:
    """Two in the morning in New York, which is seven by UTC in spring."""
    changed = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert _by_table("America/New_York", changed - timedelta(seconds=1)) == -5 * 3600
    assert _by_table("America/New_York", changed) == -4 * 3600


def test_no_zone_is_utc_and_the_table_has_an_end() -> None:
    """What comes after it is left to who knows more."""
    assert [ahead for _, ahead in utc_offsets.table("", 2026)] == [0, None]
    assert len(utc_offsets.table("Europe/Berlin", 2026)) == 2 + 2 * 12
