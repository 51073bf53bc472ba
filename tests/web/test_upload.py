"""The page that prints a small caseload: looked through first, nothing kept, every fault a row."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from caregiver_card.printing import layouts
from caregiver_card.web.upload import LARGEST_FILE, MOST_CARDS
from tests import tables
from tests.people import alex, sam, tuyet
from tests.prints import Print
from tests.web.client import Site
from tests.web.filling import Filled
from tests.web.reading import words

_HERE = "/new/batch"


@pytest.fixture
def browser(site: Site) -> Iterator[FlaskClient]:
    """A browser at the site."""
    with site.app.test_client() as client:
        yield client


def _uploaded(browser: FlaskClient, raw: bytes) -> Filled:
    page = Filled(browser, browser.get(_HERE))
    sent = page.values().to_dict() | {"file": (io.BytesIO(raw), "cards.csv")}
    return Filled(browser, browser.post(_HERE, data=sent))


def _pressed(page: Filled, **changes: str) -> TestResponse:
    sent = page.values().to_dict() | {"go": "print"} | changes
    return page.client.post(_HERE, data=sent)


def _table(page: Filled) -> list[tuple[str, ...]]:
    return [
        # A long path may break behind its dots.
        tuple(words(cell).replace(". ", ".") for cell in row)
        for body in page.page.all("tbody")
        for row in body.iter("tr")
    ]


def test_a_table_is_looked_through_and_then_printed(site: Site, browser: FlaskClient) -> None:
    """One document, nothing kept."""
    before = site.rows()
    page = _uploaded(browser, tables.table(alex(), tuyet(), sam(), delimiter=";"))
    assert page.answer.status_code == 200 and "3" in page.page.text
    answer = _pressed(page)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    printed = Print(answer.data)
    assert len(printed.sides) == 6 and printed.structure()
    assert site.rows() == before


@pytest.mark.parametrize("layout", layouts.LAYOUTS)
def test_every_layout_comes_as_a_zip_too(browser: FlaskClient, layout: str) -> None:
    """One document a card."""
    page = _uploaded(browser, tables.lines(sam()))
    answer = _pressed(page, layout=layout, paper="letter", kind="zip", black="1")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["00001-sam-lee.pdf"]


def test_questions_stand_in_a_table_and_stop_nothing(browser: FlaskClient) -> None:
    """With the row of the spreadsheet and the column."""
    page = _uploaded(browser, tables.table(sam(), sam()))
    assert [row[:2] for row in _table(page) if "two people" in row[2]] == [
        ("3", "Name patient.full_name")
    ]
    assert _pressed(page).status_code == 200


def test_faults_stand_in_a_table_by_row_and_column(browser: FlaskClient) -> None:
    """Only what must be mended, and nothing to print with."""
    wrong = alex({"contacts[1].phone": "12", "regimen.concentration_mcg_per_ml": 2})
    page = _uploaded(browser, tables.table(sam(), wrong))
    assert page.answer.status_code == 422 and page.title.startswith("Error: ")
    assert [(row, column.split()[-1]) for row, column, _ in _table(page)] == [
        ("3", "regimen.concentration_mcg_per_ml"),
        ("3", "contacts[1].phone"),
    ]
    assert "given" not in page.values()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "holds no card"),
        (b"region,pump.color\nGB,grey\n", "is no column of a card"),
        (tables.lines(*[sam()] * (MOST_CARDS + 1)), f"more than {MOST_CARDS} cards"),
        (b"region\n" + b"x" * LARGEST_FILE, "128 kB"),
        (b"\xff\xfe\xff", "UTF-8"),
    ],
    ids=["empty", "column", "many", "large", "bytes"],
)
def test_what_cannot_be_read_is_said_on_the_page(
    browser: FlaskClient, raw: bytes, says: str
) -> None:
    """And the form is there to try again."""
    page = _uploaded(browser, raw)
    assert page.answer.status_code == 422
    assert any(says in row[2] for row in _table(page)), _table(page)
    assert page.page.having("input", type="file")


def test_as_many_as_the_page_takes_are_taken(browser: FlaskClient) -> None:
    """The limit itself is no fault."""
    raw = tables.lines(*(sam({"patient.full_name": f"Sam {each}"}) for each in range(MOST_CARDS)))
    page = _uploaded(browser, raw)
    assert page.answer.status_code == 200
    # What came back from the page is the whole file.
    assert len(page.values()["given"]) >= len(raw)


def test_what_no_page_of_ours_sends_is_no_request(browser: FlaskClient) -> None:
    """Neither without a token, nor with an altered file or another layout."""
    assert browser.post(_HERE, data={"given": ""}).status_code == 400
    page = _uploaded(browser, tables.lines(sam()))
    changes: list[dict[str, Any]] = [{"given": "é!"}, {"layout": "none"}, {"paper": "a0"}]
    for each in changes:
        assert _pressed(page, **each).status_code == 400
    assert _pressed(page, given="").status_code == 422


def test_the_table_can_be_taken_and_comes_back_whole(browser: FlaskClient) -> None:
    """Its own example prints."""
    taken = browser.get("/new/batch/template.csv")
    assert taken.mimetype == "text/csv"
    assert _pressed(_uploaded(browser, taken.data)).status_code == 200


def test_the_page_is_audited(site: Site) -> None:
    """Headers, marks and words, as of every page."""
    assert site.client.page(_HERE)
    assert site.client.page("/").having("a", href=_HERE)
