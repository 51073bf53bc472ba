"""Below a reader link that ends: what opens, and what is not there since it would outlast it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from caregiver_card.storage.records import AddedCard
from tests.cast import alex
from tests.exports import pass_files
from tests.web.client import NOON, PageClient, Site, plain, site_in

# For a visit: to be read, or a file for whoever reads it, which leads to no address.
_OPEN = {
    "",
    "/beeping",
    "/contact.vcf",
    "/page.html",
    "/paper",
    "/refills.ics",
    "/see",
    "/seen",
    "/summary.json",
}
_FILES = {"/contact.vcf", "/page.html", "/refills.ics", "/summary.json"}
# To be kept: its code, its links or its entry on a phone lead to the address.
_KEPT = {
    "/card.pdf",
    "/card.pkpass",
    "/keep",
    "/kept.json",
    "/lockscreen.png",
    "/manifest.webmanifest",
    "/medical-id",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that also makes passes."""
    folder = tmp_path_factory.mktemp("site")
    with site_in(folder, **pass_files.write(folder, pass_files.right_files())) as opened:
        yield opened


@pytest.fixture(scope="module")
def kept(site: Site) -> AddedCard:
    """Alex's card."""
    return site.add(alex())


@pytest.fixture(scope="module")
def visit(site: Site, kept: AddedCard) -> str:
    """The path of a page that ends in a week."""
    links = site.keeper.health_links
    made = links.add(kept.owner, "visit", NOON.date(), NOON + timedelta(days=7))
    return f"/c/{made.reader}"


def test_every_address_is_one_or_the_other(site: Site) -> None:
    """Whoever adds one decides whether it would outlast the link."""
    below = {each.rule for each in site.app.url_map.iter_rules() if "/c/<token>" in each.rule}
    assert below == {f"/c/<token>{each}" for each in _OPEN | _KEPT}


def test_what_is_read_opens(site: Site, visit: str) -> None:
    """Nothing else is less under it, and no file that it gives leads to it."""
    for each in _OPEN:
        answer = site.client.get(visit + each)
        assert answer.status_code == 200, each
        if each in _FILES:
            written = plain(answer).decode().replace("\r\n ", "").casefold()
            assert visit.removeprefix("/c/").casefold() not in written, each


@pytest.mark.parametrize("path", [*sorted(_KEPT), "/summary.json?pdf=1"])
def test_what_would_outlast_it_is_not_there(site: Site, visit: str, path: str) -> None:
    """As if the link were none."""
    site.client.page(visit + path, 404)


def test_under_a_link_that_lasts_it_is_there(site: Site, kept: AddedCard) -> None:
    """A copy's, and that of a code which its owner stops; prints have tests of their own."""
    code = site.keeper.health_links.add(kept.owner, "lasting", NOON.date(), None)
    for token in (kept.reader_links[0].token, code.reader):
        for path in _KEPT - {"/card.pdf", "/lockscreen.png"}:
            assert site.client.get(f"/c/{token}{path}").status_code == 200, path


@pytest.mark.parametrize("ask", ["", "?l=de"])
def test_its_pages_lead_to_nothing_that_is_not_there(site: Site, visit: str, ask: str) -> None:
    """In every language: each link from the page, and from what it leads to."""
    seen, waiting = set[str](), [visit + ask]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = site.client.get(path)
        assert answer.status_code == 200, path
        page = PageClient.page_of(answer)
        found = [href.partition("#")[0] for href, _ in page.links()] if page else []
        waiting += [
            each for each in found if each.startswith(visit) and each not in {*seen, *waiting}
        ]
    leads = {each.removeprefix(visit).partition("?")[0] for each in seen}
    assert leads == {"", "/beeping", "/contact.vcf", "/paper", "/see"}
