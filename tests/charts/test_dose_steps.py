"""The dose over time: as the versions say it, and nothing between them."""

from datetime import date
from decimal import Decimal

from caregiver_card.charts.dose_steps import SavedCard, dose_steps
from tests.cast import alex, card_of

TODAY = date(2026, 11, 28)


def _saved(on: str, dose: str, refilled: str, changed: tuple[str, str] | None = None) -> SavedCard:
    """A version; ``changed`` is the day of the last change and the dose before it."""
    given = alex()
    given["regimen"] |= {"daily_dose_mcg": dose}
    given["regimen"].pop("last_change", None)
    if changed:
        day, before = changed
        given["regimen"]["last_change"] = {"on": day, "from_mcg": before, "to_mcg": dose}
    given["refill"] = {"last_refill_on": refilled}
    return SavedCard(date.fromisoformat(on), card_of(given), 1)


def test_a_dose_holds_from_its_change_to_the_next() -> None:
    """The day of the change is the printout's, not that of the typing."""
    chart = dose_steps(
        [
            _saved("2026-02-20", "350", "2026-02-18"),
            _saved("2026-05-21", "380", "2026-05-20", ("2026-05-20", "350")),
            _saved("2026-08-20", "400", "2026-08-18", ("2026-08-18", "380")),
        ],
        TODAY,
    )
    assert [(str(each.on), each.dose_mcg) for each in chart.steps] == [
        ("2026-02-18", Decimal(350)),
        ("2026-05-20", Decimal(380)),
        ("2026-08-18", Decimal(400)),
    ]
    assert [line.height for line in chart.lines] == sorted(
        (line.height for line in chart.lines), reverse=True
    )
    assert chart.lines[-1].right == 100 and chart.lines[0].left == 0
    assert [day for day, _, _ in chart.refills] == [each.on for each in chart.steps]


def test_a_refill_without_a_change_is_a_ring_and_no_step() -> None:
    """At the height of the dose of that day."""
    chart = dose_steps(
        [_saved("2026-05-21", "380", "2026-05-20"), _saved("2026-08-20", "380", "2026-08-18")],
        TODAY,
    )
    assert len(chart.steps) == 1 and len(chart.refills) == 2


def test_a_change_after_the_refill_tells_the_dose_before_it() -> None:
    """One version is enough for a step."""
    chart = dose_steps(
        [_saved("2026-10-03", "400", "2026-08-18", ("2026-10-02", "380"))],
        TODAY,
    )
    assert [each.dose_mcg for each in chart.steps] == [380, 400]


def test_a_correction_takes_the_place_of_the_slip() -> None:
    """A dose that was never given is no step of the chart."""
    chart = dose_steps(
        [
            _saved("2026-05-21", "380", "2026-05-20"),
            _saved("2026-08-20", "420", "2026-08-18"),
            _saved("2026-08-21", "400", "2026-08-18"),
        ],
        TODAY,
    )
    assert [each.dose_mcg for each in chart.steps] == [380, 400]
