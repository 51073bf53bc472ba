"""Codes for record systems: made, shown, printed and stopped by the owner."""

from datetime import timedelta

import pytest

from caregiver_card.storage.records import AddedCard
from tests.cast import alex, card_of
from tests.health_links import decrypted, payload
from tests.prints import Print, scanned
from tests.web.client import NOON, Site
from tests.web.filling import press
from tests.web.reading import Page, words

WEEK = timedelta(days=7)
CHANGED = card_of(alex({"time_zone": "America/Chicago", "regimen.daily_dose_mcg": 310}))


@pytest.fixture
def kept(site: Site) -> AddedCard:
    """Alex's card, whose clock is Chicago's."""
    return site.add(alex({"time_zone": "America/Chicago"}))


def _made(site: Site, kept: AddedCard, kind: str) -> str:
    """The path of a code that is made with a button."""
    answer = press(site, f"/o/{kept.owner}/record", **{"for": kind})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def _address(page: Page) -> str:
    return words(page.one("p", id="address"))


def test_a_code_opens_the_page_and_the_summary(site: Site, kept: AddedCard) -> None:
    """A camera takes the address before the #, a record system what follows it."""
    address = _address(site.client.page(_made(site, kept, "lasting")))
    page, _, code = address.partition("#")
    found = payload(code)
    assert site.client.page(page.removeprefix("http://card.example"))
    answer = site.client.get(found["url"].removeprefix("http://card.example"))
    assert decrypted(answer.text, found["key"])[1]["resourceType"] == "Bundle"
    assert len(found["url"]) <= 128 and found["flag"] == "LU" and "exp" not in found


def test_a_code_for_one_visit_ends_with_its_page(site: Site, kept: AddedCard) -> None:
    """After seven days, to the minute that is shown."""
    site.clock.now = NOON.replace(second=42)
    path = _made(site, kept, "visit")
    page = site.client.page(path)
    assert "28 Nov 2026 at 06:00" in page.text
    address = _address(page)
    found = payload(address)
    assert found["flag"] == "U" and found["exp"] == int((NOON + WEEK).timestamp())
    reader, _ = address.removeprefix("http://card.example").split("#")
    site.clock.now = NOON + WEEK - timedelta(seconds=1)
    site.client.page(reader)
    site.clock.now = NOON + WEEK
    site.client.page(reader, 404)
    assert site.client.get(found["url"].removeprefix("http://card.example")).status_code == 404
    assert site.client.get(path).headers["Location"].endswith("/record")


def test_a_code_is_named_by_the_family_s_day(site: Site, kept: AddedCard) -> None:
    """Late in the evening the server may have tomorrow already."""
    site.clock.now = NOON.replace(hour=3)
    text = site.client.page(_made(site, kept, "visit")).text
    assert "Hospital visit, 20 Nov 2026" in text and "27 Nov 2026 at 21:00" in text


def test_a_code_for_one_visit_is_on_no_paper(site: Site, kept: AddedCard) -> None:
    """The print would outlast it."""
    path = _made(site, kept, "visit")
    assert not [each for each, _ in site.client.page(path).links() if each.endswith(".pdf")]
    assert site.client.get(f"{path}/sheet.pdf").status_code == 404
    assert press(site, f"{path}/print", at=path).status_code == 404


@pytest.mark.slow
def test_the_sheet_has_the_lasting_code(site: Site, kept: AddedCard) -> None:
    """As large as a print of 150 dpi needs it; opening it notes nothing."""
    path = _made(site, kept, "lasting")
    address, before = _address(site.client.page(path)), site.rows()
    answer = site.client.get(f"{path}/sheet.pdf")
    assert answer.mimetype == "application/pdf" and site.rows() == before
    assert address in scanned(Print(answer.data).sides[0].raster(150))


def test_a_sheet_says_whether_it_is_still_right(site: Site, kept: AddedCard) -> None:
    """As a copy's print does, wherever its owner looks; one press prints it anew."""
    path, home = _made(site, kept, "lasting"), f"/o/{kept.owner}"
    label, late = "Hospital's records, 21 Nov 2026", "Out of date"
    assert label not in site.client.page(home).text
    answer = press(site, f"{path}/print", at=path)
    assert answer.status_code == 303 and answer.headers["Location"] == f"{path}/sheet.pdf"
    for each in (path, home):
        shown = site.client.page(each).text
        assert "Up to date" in shown and "Emergency sheet, printed 21 Nov 2026." in shown
    site.keeper.save(kept.owner, CHANGED, 1, "", NOON)
    for each in (path, home):
        assert "This differs: Daily dose" in site.client.page(each).text
    for each in (f"{home}/record", f"{home}/saved?from=1"):
        [row] = [said for to, said in site.client.page(each).links() if to == path]
        assert label in row and late in row, each
    press(site, f"{path}/print", at=home, layout="sheet")
    assert not any(late in site.client.page(each).text for each in (path, home, f"{home}/record"))


def test_a_stopped_code_opens_nothing(site: Site, kept: AddedCard) -> None:
    """Stopping it twice is no fault; the copies go on."""
    path = _made(site, kept, "lasting")
    address = _address(site.client.page(path))
    reader, _ = address.removeprefix("http://card.example").split("#")
    press(site, f"{path}/stop", at=path)
    answer = press(site, f"{path}/stop", at=f"/o/{kept.owner}/record")
    assert "It opens nothing any more" in site.client.page(answer.headers["Location"]).text
    site.client.page(reader, 404)
    site.client.page(f"/c/{kept.reader_links[0].token}")


def test_it_is_no_copy(site: Site, kept: AddedCard) -> None:
    """It stands among the codes and not among the papers, and a new address offers its end."""
    _made(site, kept, "visit")
    label = "Hospital visit, 21 Nov 2026"
    assert label not in site.client.page(f"/o/{kept.owner}").text
    assert label in site.client.page(f"/o/{kept.owner}/record").text
    assert label in site.client.page(f"/o/{kept.owner}/renew").text


def test_with_a_new_address_papers_go_on(site: Site, kept: AddedCard) -> None:
    """A code that may be on a sheet ends if its owner ticks it; one on a screen, unless not."""
    ids = {kind: _made(site, kept, kind).rpartition("/")[2] for kind in ("visit", "lasting")}
    boxes = site.client.page(f"/o/{kept.owner}/renew").having("input", name="end")
    ticked = {each.get("value"): each.get("checked") is not None for each in boxes}
    assert (ticked[ids["visit"]], ticked[ids["lasting"]]) == (True, False)


def test_there_are_five_at_most(site: Site, kept: AddedCard) -> None:
    """The sixth is refused in a sentence; one that is stopped makes room."""
    paths = [_made(site, kept, "lasting") for _ in range(5)]
    refused = press(site, f"/o/{kept.owner}/record", **{"for": "visit"})
    assert refused.status_code == 422 and "There are 5 codes" in refused.text
    press(site, f"{paths[0]}/stop", at=paths[0])
    _made(site, kept, "visit")


@pytest.mark.parametrize("kind", ["", "ever"])
def test_no_other_kind_is_made(site: Site, kept: AddedCard, kind: str) -> None:
    """Nothing is stored."""
    assert press(site, f"/o/{kept.owner}/record", **{"for": kind}).status_code == 400
    assert site.keeper.health_links.list(kept.owner) == ()


def test_a_reader_s_token_leads_to_no_codes(site: Site, kept: AddedCard) -> None:
    """Nor does it stand in for the owner's in the address of one."""
    path = _made(site, kept, "lasting")
    token = kept.reader_links[0].token
    for each in (f"/o/{token}/record", path.replace(kept.owner, token)):
        site.client.page(each, 404)
