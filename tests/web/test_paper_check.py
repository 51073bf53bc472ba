"""“Is the paper still right?”, asked by whoever holds the paper, and by the owner."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiver_card.briefing import paper_check, version_mark
from caregiver_card.briefing.briefing import brief
from caregiver_card.card.model import Card
from caregiver_card.card_service import CardService
from caregiver_card.storage import backup
from caregiver_card.storage.store import EditedElsewhere, open_store
from tests import cast
from tests.cast import WORDS
from tests.web.client import NOON, Site
from tests.web.reading import Page

OLD = cast.card_of(cast.alex())
NEW = cast.card_of(cast.alex({"regimen.daily_dose_mcg": 310, "medicines.status": "not_shared"}))


def mark_of(card: Card) -> str:
    """The mark on a card's paper."""
    return version_mark.mark_of(brief(card, WORDS))


class PrintedCard:
    """Alex's card, printed, and saved once since then."""

    def __init__(self, site: Site) -> None:
        self.site, self.keeper = site, site.keeper
        self.kept = site.add(cast.alex())
        self.keeper.save(self.kept.owner, NEW, 1, "", NOON)

    def reader(self, typed: str, code: int = 200) -> Page:
        """What a reader is told of a mark."""
        token = self.kept.reader_links[0].token
        return self.site.client.page(f"/c/{token}/paper", code, query_string={"mark": typed})

    def owner(self, typed: str) -> Page:
        """What the owner is told of a mark."""
        address = f"/o/{self.kept.owner}/paper"
        return self.site.client.page(address, query_string={"mark": typed})


@pytest.fixture
def family(site: Site) -> PrintedCard:
    """A card of two versions."""
    return PrintedCard(site)


def test_the_old_paper_is_out_of_date_in_words(family: PrintedCard) -> None:
    """Today's dose, where it stands, and not a word of what only the owner may look back at."""
    page = family.reader(mark_of(OLD))
    assert "Out of date." in page.text and "310 mcg a day" in page.text
    assert page.place("On the wallet card") < page.place("310 mcg") < page.place("On larger prints")
    assert "400" not in page.text and "Gabapentin" not in page.text


def test_the_new_paper_is_right_however_it_is_typed(family: PrintedCard) -> None:
    """Small letters, no stroke, a space too many."""
    for typed in (mark_of(NEW), mark_of(NEW).lower().replace("-", ""), f" {mark_of(NEW)} "):
        assert "Still right." in family.reader(typed).text


def test_the_owner_is_shown_both(family: PrintedCard) -> None:
    """The words on the paper beside today's, and the way from the owner's page."""
    page = family.owner(mark_of(OLD))
    assert "on the paper: 400 mcg a day" in page.text and "today: 310 mcg a day" in page.text
    assert "Gabapentin" in page.text
    home = family.site.client.page(f"/o/{family.kept.owner}")
    [paper] = [words for to, words in home.links() if to == f"/o/{family.kept.owner}/paper"]
    assert paper.startswith("Is a paper still right?")
    assert mark_of(NEW).replace("-", "\u2011") in home.text


@pytest.mark.parametrize("typed", ["", "7", "U7K3", "7K3Q-4M-9", "<b>", "7K3Q" * 40])
def test_what_is_no_mark_is_asked_again(family: PrintedCard, typed: str) -> None:
    """With what was typed, and why it is none, beside the box."""
    page = family.reader(typed, 422)
    assert page.text.count(WORDS.say("paper.not_a_mark")) == 2
    assert page.one("input", name="mark").get("value") == typed[:40]


def test_an_unknown_mark_is_not_called_wrong(family: PrintedCard) -> None:
    """It may be of another card; the page is what counts."""
    assert "is not known for this card" in family.reader("0000").text


def test_the_emergency_page_leads_there_and_asking_changes_nothing(family: PrintedCard) -> None:
    """One link; a form that is sent with GET; no row of the database is another afterwards."""
    token, before = family.kept.reader_links[0].token, family.site.rows()
    page = family.site.client.page(f"/c/{token}")
    assert (f"/c/{token}/paper", "Is the paper still right?") in page.links()
    form = family.reader("", 422).one("form")
    assert (form.get("method"), form.get("action")) == ("get", f"/c/{token}/paper")
    answer = family.site.client.get(f"/C/{token.lower()}/paper?mark={mark_of(OLD)}")
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert family.site.rows() == before


def test_a_first_version_knows_that_it_is_the_first(site: Site) -> None:
    """Any other mark is none of this card's."""
    token = site.reader(cast.sam())
    page = site.client.page(f"/c/{token}/paper?mark=0000")
    assert "is not known for this card" in page.text


@pytest.mark.parametrize("path", ["/c/0123456789ABCDEFGHJKMNPQRS/paper", "/o/nobody/paper"])
def test_an_address_that_opens_nothing_does_not_tell(site: Site, path: str) -> None:
    """The same page as for every other dead address."""
    assert site.client.get(f"{path}?mark=0000").status_code == 404


def test_a_card_saved_by_an_older_program_cannot_tell(family: PrintedCard) -> None:
    """Until it is saved again; today's paper is known all the same."""
    with family.keeper.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE versions SET sealed_papers = NULL")
    assert "cannot be told" in family.reader(mark_of(OLD)).text
    assert "Still right." in family.reader(mark_of(NEW)).text
    assert "Out of date." in family.owner(mark_of(OLD)).text
    family.keeper.save(family.kept.owner, NEW, 2, "", NOON)
    assert "Out of date." in family.reader(mark_of(OLD)).text


def test_a_lost_save_and_a_new_address_keep_it_right(family: PrintedCard) -> None:
    """Who comes second saves nothing; a new owner's address opens the same history."""
    with pytest.raises(EditedElsewhere):
        family.keeper.save(family.kept.owner, OLD, 1, "", NOON)
    renewed = family.keeper.vault.renew_owner(family.kept.owner, NOON.date())
    assert "Out of date." in family.reader(mark_of(OLD)).text
    family.keeper.save(renewed, OLD, 2, "", NOON)
    assert "Still right." in family.reader(mark_of(OLD)).text
    assert "Out of date." in family.reader(mark_of(NEW)).text


def test_a_backup_carries_it(family: PrintedCard, tmp_path: Path) -> None:
    """Restored elsewhere, the same mark gets the same answer."""
    backup.create(family.keeper.store, tmp_path / "backup")
    url = f"sqlite:///{tmp_path}/elsewhere.sqlite"
    backup.restore(tmp_path / "backup", url)
    elsewhere = CardService(open_store(url))
    typed = version_mark.parse_mark(mark_of(OLD))
    assert typed
    assert elsewhere.check_paper(family.kept.reader_links[0].token, typed).kind == "differs"
    elsewhere.store.dispose()


def test_the_table_does_not_grow_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its limit the oldest papers are forgotten, and called unknown."""
    monkeypatch.setattr(paper_check, "MOST_PAST", 3)
    family = PrintedCard(site)
    doses = [cast.card_of(cast.alex({"regimen.daily_dose_mcg": 200 + n})) for n in range(4)]
    for number, card in enumerate(doses, start=2):
        now = NOON + timedelta(days=number)
        family.keeper.save(family.kept.owner, card, number, "", now)
    assert "is not known for this card" in family.reader(mark_of(OLD)).text
    assert "Out of date." in family.reader(mark_of(doses[0])).text
    assert "Still right." in family.reader(mark_of(doses[3])).text


@pytest.fixture(scope="module")
def token(shared_site: Site) -> str:
    """A reader's token of a card that nobody changes."""
    return shared_site.reader(cast.sam())


@settings(max_examples=40)
@given(typed=st.text(max_size=60))
def test_nothing_typed_is_a_failure(shared_site: Site, token: str, typed: str) -> None:
    """A mark or not, the page answers."""
    answer = shared_site.client.get(f"/c/{token}/paper", query_string={"mark": typed})
    assert answer.status_code in (200, 422)
