"""What the owner's page lists as not recorded."""

from datetime import date
from typing import Any

import pytest

from caregiver_card import owner_overview
from caregiver_card.storage.records import LastPrint, ReaderLink
from tests.cast import WORDS, alex, card_of, sam

_DETAILS = (
    "Baclofen by mouth: what for",
    "Baclofen by mouth: dose",
    "Baclofen by mouth: times a day",
    "Reported wishes, in words",
    "Reported wishes written on",
)


def _missing(raw: dict[str, Any]) -> list[str]:
    found = owner_overview.sections(card_of(raw), WORDS)
    return [name for section in found for name in section.missing]


@pytest.mark.parametrize("raw", [alex(), sam()], ids=["none taken", "nothing said"])
def test_a_part_that_says_none_lacks_nothing(raw: dict[str, Any]) -> None:
    """Nor does one that says nothing at all lack more than that."""
    assert not set(_missing(raw)) & set(_DETAILS)


def test_a_part_that_nothing_is_known_of_is_not_recorded() -> None:
    """Once, and not with everything that it could say."""
    assert _missing(sam()).count("Reported wishes") == 1
    assert "Reported wishes" not in _missing(alex())


def test_what_a_part_could_still_say_is_not_recorded() -> None:
    """The wishes are there, and not when they were written down."""
    wishes = {"status": "listed", "text": "No breathing tube."}
    assert "Reported wishes written on" in _missing(alex({"directives": wishes}))


def _link(label: str, layout: str = "") -> ReaderLink:
    last = LastPrint(layout, date(2026, 11, 12), 1) if layout else None
    return ReaderLink(label, label, "T" * 26, date(2026, 11, 12), None, last)


@pytest.mark.parametrize(
    ("links", "chosen"),
    [
        pytest.param([_link("school"), _link("Wallet")], "Wallet", id="so named"),
        pytest.param([_link("school")], "school", id="the only one"),
        pytest.param([_link("school", "school"), _link("bag", "fold")], "bag", id="so printed"),
        pytest.param([_link("school"), _link("bag")], None, id="to be asked"),
        pytest.param([_link("my wallet"), _link("her wallet")], None, id="two of that name"),
        pytest.param([], None, id="none"),
    ],
)
def test_the_copy_in_the_wallet(links: list[ReaderLink], chosen: str | None) -> None:
    """Never the oldest one for want of a better: it may hang in the school."""
    found = owner_overview.wallet_copy(links)
    assert (found and found.label) == chosen
