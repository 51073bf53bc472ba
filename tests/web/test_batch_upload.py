"""The page that prints a small caseload: looked through first, nothing kept, every fault a row."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from caregiver_card.printing import printer
from caregiver_card.web.batch_upload import LARGEST_FILE, MOST_CARDS
from tests import tables, workbooks
from tests.cast import alex, sam, tuyet
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
    sent = page.values().to_dict() | {"file": (io.BytesIO(raw), "cards")}
    return Filled(browser, browser.post(_HERE, data=sent))


def _pressed(page: Filled, **changes: str) -> TestResponse:
    sent = page.values().to_dict() | {"go": "print"} | changes
    return page.client.post(_HERE, data=sent)


def _found(page: Filled) -> list[tuple[str, str]]:
    """What is said of which row, in the order of the page; "" for what many rows have."""
    return [
        # A long path may break behind its dots.
        (each.get("data-row", ""), words(line).replace(". ", "."))
        for each in page.page.having("ul", class_="findings")
        for line in each.iter("li")
    ]


def _people(page: Filled) -> list[list[str]]:
    table = page.page.one("table", class_="people")
    return [[words(cell) for cell in row] for body in table.iter("tbody") for row in body]


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


@pytest.mark.parametrize("layout", printer.LAYOUTS)
def test_every_layout_comes_as_a_zip_too(browser: FlaskClient, layout: str) -> None:
    """One document a card."""
    page = _uploaded(browser, tables.lines(sam()))
    answer = _pressed(page, layout=layout, paper="letter", kind="zip", black="1")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["00001-sam-lee.pdf"]


def test_questions_stand_in_a_table_and_stop_nothing(browser: FlaskClient) -> None:
    """Under the name, with the row of the spreadsheet and the column."""
    page = _uploaded(browser, tables.table(sam(), sam()))
    (asked,) = [each for each in _found(page) if "two people" in each[1]]
    assert asked[0] == "3" and asked[1].startswith("Name patient.full_name ")
    assert "Row 3: Sam Lee" in [words(each) for each in page.page.all("h3")]
    assert _pressed(page).status_code == 200


def test_the_people_of_a_table_stand_first(browser: FlaskClient) -> None:
    """Each with what a clinic compares, before anything that is asked of them."""
    page = _uploaded(browser, tables.table(alex(), tuyet(), sam()))
    assert _people(page) == [
        ["2", "Alex Rivera", "12 Apr 1991", "400 mcg", "2000 mcg/mL", "18 Aug 2026", "16 Nov 2026"],
        [
            "3",
            "Nguyễn Thị Ánh-Tuyết Featherstonehaugh-Wójcik",
            "31 Dec 1948",
            "1260.5 mcg",
            "3000 mcg/mL",
            "2 Oct 2026",
            "22 Dec 2026",
        ],
        ["4", "Sam Lee", "30 Sep 2015", "96 mcg", "500 mcg/mL", "1 Sep 2026", "3 Dec 2026"],
    ]
    assert page.page.place("These people") < page.page.place("Please look at these")


def test_people_with_faults_are_named_as_they_were_typed(browser: FlaskClient) -> None:
    """So that the row is found again in the spreadsheet."""
    wrong = alex({"patient.full_name": "Álex", "regimen.concentration_mcg_per_ml": "2"})
    page = _uploaded(browser, tables.table(wrong, sam({"patient.full_name": ""})))
    assert _people(page)[0] == ["2", "Álex", "1991-04-12", "400", "2", "2026-08-18", "2026-11-16"]
    assert _people(page)[1][:2] == ["3", "no name"]
    assert "Row 2: Álex" in [words(each) for each in page.page.all("h3")]


def test_what_many_rows_have_is_said_once(browser: FlaskClient) -> None:
    """With their number and the first of them."""
    many = (sam({"patient.full_name": f"P {each}", "regimen.mode": "x"}) for each in range(9))
    page = _uploaded(browser, tables.table(*many))
    ((row, said),) = _found(page)
    assert row == "" and said.startswith(
        "9 rows (2, 3, 4, …): How it is given regimen.mode must be one of"
    )


def test_windows_letters_are_shown_and_read_after_a_yes(browser: FlaskClient) -> None:
    """Nothing is printed before, and what was said need not be said again."""
    file = sam({"patient.full_name": "José Ibáñez"})
    page = _uploaded(browser, tables.table(file, delimiter=";", encoding="cp1252"))
    assert page.answer.status_code == 422
    asked = page.page.one("section", class_="asked")
    assert "Is this right?" in words(asked) and "José Ibáñez" in words(asked)
    told = {"given": page.values()["given"], "csrf_token": page.values()["csrf_token"]}
    seen = Filled(browser, browser.post(_HERE, data=told | {"encoding": "windows-1252"}))
    assert seen.answer.status_code == 200 and _people(seen)[0][1] == "José Ibáñez"
    assert "José Ibáñez" in Print(_pressed(seen).data).sides[0].text


def test_dates_in_another_order_are_shown_and_read_after_a_yes(browser: FlaskClient) -> None:
    """One fault a column; each of the days is shown as it would be read, an unsure one too."""
    files = (
        sam({"patient.full_name": f"P {day}", "refill.alarm_date": f"{day}/12/2026",
             "verified.on": "02/09/2026"})
        for day in (3, 24)
    )  # fmt: skip
    page = _uploaded(browser, tables.table(*files))
    assert page.answer.status_code == 422 and len(_found(page)) == 2
    asked = words(page.page.one("section", class_="asked"))
    assert "“24/12/2026” is 24 Dec 2026" in asked and "“02/09/2026” is 2 Sep 2026" in asked
    told = {"given": page.values()["given"], "csrf_token": page.values()["csrf_token"]}
    seen = Filled(browser, browser.post(_HERE, data=told | {"dates": "day-month-year"}))
    assert [each[6] for each in _people(seen)] == ["3 Dec 2026", "24 Dec 2026"]
    assert browser.post(_HERE, data=told | {"dates": "by-the-moon"}).status_code == 400


def test_a_hidden_row_is_still_named_after_the_question_about_dates(browser: FlaskClient) -> None:
    """The answer sends the table alone; that a row of it was hidden goes along."""
    book = workbooks.opened(
        workbooks.filled(
            browser.get("/new/batch/template.xlsx").data,
            *(sam({"patient.full_name": f"P {day}"}) for day in (3, 24)),
            typed={(row, "refill.alarm_date"): f"{day}/12/2026" for row, day in ((2, 3), (3, 24))},
        )
    )
    book.worksheets[0].row_dimensions[3].hidden = True
    page = _uploaded(browser, workbooks.saved(book))
    form = page.page.one("section", class_="asked").find(".//form")
    assert form is not None
    told = dict(page.values(form)) | {"dates": "day-month-year"}
    seen = Filled(browser, browser.post(_HERE, data=told))
    assert seen.answer.status_code == 200 and [each[6] for each in _people(seen)] == [
        "3 Dec 2026",
        "24 Dec 2026",
    ]
    assert any(row == "3" and "is hidden in the spreadsheet" in said for row, said in _found(seen))


def test_a_number_in_doubt_is_listed_as_it_was_typed(browser: FlaskClient) -> None:
    """Of 1.250 the list says 1.250, which is what the nurse looks for in her table."""
    raw = tables.table(sam({"regimen.daily_dose_mcg": "1.250"}))
    page = _uploaded(browser, raw)
    assert page.answer.status_code == 422 and _people(page)[0][3] == "1.250"


def test_dates_that_can_be_two_days_are_not_offered(browser: FlaskClient) -> None:
    """Nobody is asked to say yes to a guess."""
    page = _uploaded(browser, tables.table(sam({"refill.alarm_date": "03/12/2026"})))
    assert page.answer.status_code == 422 and not page.page.having("section", class_="asked")
    assert "is 3 Dec 2026 or 12 Mar 2026" in _found(page)[0][1]


def test_faults_stand_by_row_and_column(browser: FlaskClient) -> None:
    """Only what must be mended, and nothing to print with."""
    wrong = alex({"contacts[1].phone": "12", "regimen.concentration_mcg_per_ml": 2})
    page = _uploaded(browser, tables.table(sam(), wrong))
    assert page.answer.status_code == 422 and page.title.startswith("Error: ")
    assert [row for row, _ in _found(page)] == ["3", "3"]
    for (_, said), path in zip(
        _found(page), ("regimen.concentration_mcg_per_ml", "contacts[1].phone"), strict=True
    ):
        assert f" {path} " in said
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
    assert any(says in said for _, said in _found(page)), _found(page)
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


def test_the_table_can_be_taken_and_its_example_is_no_patient(browser: FlaskClient) -> None:
    """The page says which words its columns take; the example is refused by its row."""
    taken = browser.get("/new/batch/template.csv")
    assert taken.mimetype == "text/csv"
    page = _uploaded(browser, taken.data)
    ((row, said),) = _found(page)
    assert page.answer.status_code == 422 and row == "2" and "EXAMPLE" in said
    fills = words(Filled(browser, browser.get(_HERE)).page.one("details"))
    assert "regimen.mode simple_continuous, flex, bolus" in fills


def test_a_filled_workbook_is_looked_through_and_printed(browser: FlaskClient) -> None:
    """As the nurse took it from the page, with the people, doses and dates before the print."""
    taken = browser.get("/new/batch/template.xlsx")
    assert "attachment" in taken.headers["Content-Disposition"]
    page = _uploaded(browser, workbooks.filled(taken.data, tuyet(), sam()))
    assert page.answer.status_code == 200, _found(page)
    assert [each[:4] for each in _people(page)] == [
        ["2", tuyet()["patient"]["full_name"], "31 Dec 1948", "1260.5 mcg"],
        ["3", "Sam Lee", "30 Sep 2015", "96 mcg"],
    ]
    assert len(Print(_pressed(page).data).sides) == 4


def test_a_telephone_number_that_is_a_number_waits_for_the_nurse(browser: FlaskClient) -> None:
    """Under the name of the person, and nothing can be printed or answered before."""
    book = workbooks.filled(browser.get("/new/batch/template.xlsx").data, sam(),
                            typed={(2, "contacts[0].phone"): 442079460000})  # fmt: skip
    page = _uploaded(browser, book)
    assert page.answer.status_code == 422 and "given" not in page.values()
    ((row, said),) = _found(page)
    assert row == "2" and "a + or a 0 at the beginning may be lost" in said


def test_what_every_row_of_a_short_table_has_is_said_once(browser: FlaskClient) -> None:
    """Two rows of two are a column."""
    wrong = (sam({"patient.full_name": f"P {each}", "regimen.mode": "x"}) for each in range(2))
    ((row, said),) = _found(_uploaded(browser, tables.table(*wrong)))
    assert row == "" and said.startswith("2 rows (2, 3): How it is given")


def test_the_page_is_audited(site: Site) -> None:
    """Headers, marks and words, as of every page."""
    assert site.client.page(_HERE)
    assert site.client.page("/").having("a", href=_HERE)
