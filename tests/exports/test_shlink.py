"""What a record system reads in a code."""

from datetime import UTC, datetime

import pytest

from caregiver_card.exports.shlink import shlink
from tests.health_links import payload

ADDRESS = "https://card.example/s/" + "A" * 43
KEY = "B" * 43
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends_at", "more"), [(None, {"flag": "LU"}), (NOON, {"flag": "U", "exp": 1795262400})]
)
def test_it_says_where_the_file_is_and_for_how_long(
    ends_at: datetime | None, more: dict[str, object]
) -> None:
    """Flags in alphabetical order; no label, which the code would have to hold."""
    code = shlink(ADDRESS, KEY, ends_at)
    assert code.startswith("shlink:/") and code.isascii() and "=" not in code
    assert payload(code) == {"url": ADDRESS, "key": KEY, **more}
