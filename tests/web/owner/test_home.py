"""What an owner does from the owner's page, and what is refused to everybody else."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from caregiver_card import export_zip
from caregiver_card.card import codec
from caregiver_card.card_service import CardService
from caregiver_card.printing import printer
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.storage.vault import UnknownCard
from tests import cast
from tests.web.client import site_in
from tests.web.reading import words as words_of
from tests.web.website import ALEX, NOON, Website, hidden, is_refused, words

CHANGED = cast.card_of(cast.alex({"regimen.daily_dose_mcg": 310}))
NOBODY = "0123456789ABCDEFGHJKMNPQRS"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Website]:
    """Noon on 21 November 2026, with Alex's card of the 12th and two copies."""
    made = Website(tmp_path)
    yield made
    made.keeper.store.dispose()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    """A house whose tests do not mind one another."""
    made = Website(tmp_path_factory.mktemp("house"))
    yield made
    made.keeper.store.dispose()


# The page -------------------------------------------------------------------------------------


def test_it_works(house: Website) -> None:
    """What needs attention, what the card says, the copies, the history, and every way on."""
    page = house.get()
    said = words(page)

    for each in (
        "Alex Rivera",
        "Emergency 21 Nov 2026 Refill appointment passed: 6 Nov 2026 (15 days ago)",
        "400 mcg a day",
    ):
        assert each in said
    for each in ("wallet", "school", "12 Nov 2026 : Look at version 1", "The card was made."):
        assert each in said
    for link in ("/refill", "/edit/patient", "/copies/new", "/history", "/key", "/delete"):
        assert f'href="{house.home}{link}"' in page.text
    for copy in house.owned.reader_links:
        assert f'href="{house.home}/copies/{copy.id}"' in page.text


def test_what_is_wrong_now_stands_behind_the_next_action(shared: Website) -> None:
    """The ways for what is wrong now come before all else that is due."""
    page = shared.get().text
    order = ['id="due"', 'data-way="beeping"', 'data-way="see"', "<nav ", 'id="right"', 'id="time"']
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert page.count("<nav ") == 1


def test_the_owners_page_has_a_navigation_with_a_name(shared: Website) -> None:
    """Every jump leads to a section; the question whether the card is right is one of its own."""
    page = shared.get().text
    (nav,) = re.findall(r'<nav [^>]*aria-label="On this page">(.*?)</nav>', page)
    for place in re.findall(r'href="#(\w+)"', nav):
        assert f'<h2 id="{place}"' in page
    assert nav.count("href=") == 5
    assert '<section aria-labelledby="right"><h2 id="right">Is the card up to date?</h2>' in page


def test_with_nothing_due_the_next_refill_is_named_once(tmp_path: Path) -> None:
    """The day of the appointment, with its weekday, and not a second time."""
    with site_in(tmp_path) as site:
        site.clock.now = datetime(2026, 9, 28, 12, tzinfo=UTC)
        page = site.client.page(f"/o/{site.add(cast.alex()).owner}")
    assert words_of(page.one("h2", id="due")) == "Next refill on Friday, 6 November 2026"


def test_opening_changes_nothing(house: Website) -> None:
    """However often, and every page of it."""
    before = house.owned
    copy = before.reader_links[0].id
    for path in (
        "",
        "/history",
        "/history/1",
        "/copies/new",
        f"/copies/{copy}/revoke",
        f"/copies/{copy}",
    ):
        house.get(path)
    for path in ("/key", "/renew", "/delete", "/card.json", "/everything.zip", "/key.pdf"):
        house.get(path)
    assert house.owned == before


def test_every_section_can_be_edited(house: Website) -> None:
    """Each subject has its link, and what is not recorded is named."""
    page = house.get().text
    found = set(re.findall(rf"{house.home}/edit/(\w+)", page))
    assert {"patient", "baseline", "risks", "pump", "regimen", "team", "support"} <= found
    assert {"allergies", "medicines", "contacts", "wishes", "verified"} <= found
    assert re.search(r"Not recorded Time zone \(\s?Add\s?: Patient\s?\)", words(house.get()))


def test_an_unusual_value_is_asked_about(house: Website) -> None:
    """Until it is answered, it needs attention."""
    odd = cast.card_of(cast.alex({"regimen.daily_dose_mcg": 1200}))
    house.keeper.save(house.kept.owner, odd, 1, "", NOON)
    assert "1200 mcg a day is unusual" in house.words()
    answered = replace(odd, confirmed=("regimen.daily_dose_mcg",))
    house.keeper.save(house.kept.owner, answered, 2, "", NOON)
    assert "1200 mcg a day is unusual" not in house.words()


# Still right ----------------------------------------------------------------------------------


def test_still_right_saves_a_version_with_a_new_day(house: Website) -> None:
    """Nothing else changes; a second press changes nothing at all."""
    answer = house.press(house.home, f"{house.home}/still-right")
    assert answer.status_code == 303
    card = house.owned.card

    assert card.verified.on == date(2026, 11, 21) and card.verified.by == ALEX.verified.by
    assert replace(card, verified=ALEX.verified) == ALEX
    assert house.owned.version == 2
    assert "Is the card up to date?" not in house.words()
    again = house.browser.post(
        f"{house.home}/still-right", data={"csrf_token": token_of(house), "version": "2"}
    )
    assert again.location.endswith("said=unchanged") and house.owned.version == 2


def test_an_overdue_card_is_confirmed_only_after_the_question_about_the_refill(
    tmp_path: Path,
) -> None:
    """Whether the pump was refilled comes first; confirming the rest is a second step."""
    with site_in(tmp_path) as site:
        home = f"/o/{site.add(cast.alex()).owner}"
        late = site.client.page(home).section("Is the card up to date?")
        site.clock.now = datetime(2026, 9, 28, 12, tzinfo=UTC)
        early = site.client.page(home).section("Is the card up to date?")
    assert [each.get("href") for each in late.iter("a")] == [f"{home}/refill", "tel:+13125550142"]
    assert "was the pump refilled?" in words_of(late)
    (folded,) = late.iter("details")
    assert len(list(folded.iter("form"))) == len(list(late.iter("form"))) == 1
    assert not list(early.iter("details")) and "refilled" not in words_of(early)


def test_still_right_goes_by_the_patients_day(house: Website) -> None:
    """It is tomorrow already where the patient is."""
    far = cast.card_of(cast.alex(time_zone="Pacific/Kiritimati"))
    house.keeper.save(house.kept.owner, far, 1, "", NOON)
    house.press(house.home, f"{house.home}/still-right")
    assert house.owned.card.verified.on == date(2026, 11, 22)


def test_still_right_is_not_said_of_what_was_not_seen(house: Website) -> None:
    """Somebody saved meanwhile: both are shown, and only what is seen is confirmed."""
    form = hidden(house.get().text)
    house.keeper.save(house.kept.owner, CHANGED, 1, "", NOON)
    answer = house.browser.post(f"{house.home}/still-right", data=form)

    assert answer.location == f"{house.home}/still-right/conflict?seen=1"
    answer = house.browser.get(answer.location)
    assert "you saw: 400 mcg a day now on the card: 310 mcg a day" in words(answer)
    assert house.owned.card == CHANGED and house.owned.version == 2
    form["version"] = re.search(r'name="version" value="(\d+)"', answer.text)[1]  # type: ignore[index]
    assert house.browser.post(f"{house.home}/still-right", data=form).status_code == 303
    assert house.owned.card == replace(
        CHANGED, verified=replace(CHANGED.verified, on=date(2026, 11, 21))
    )


def test_a_save_in_the_same_moment_loses_nothing(
    house: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database says it last: between the look and the save somebody else was quicker."""

    def too_late(*_: Any, **__: Any) -> int:
        raise EditedElsewhere

    monkeypatch.setattr(house.keeper, "save", too_late)
    answer = house.press(house.home, f"{house.home}/still-right")
    assert answer.location.endswith("/still-right/conflict?seen=1") and house.owned.version == 1


@pytest.mark.parametrize("what", ["add_reader_link", "renew_owner"])
def test_a_save_in_the_same_moment_stops_no_copy_and_no_key(
    house: Website, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """They depend on nothing in the card, so they are tried again."""
    method, late = getattr(house.keeper.vault, what), [EditedElsewhere, EditedElsewhere]

    def slow(*given: Any) -> Any:
        if late:
            raise late.pop()
        return method(*given)

    monkeypatch.setattr(house.keeper.vault, what, slow)
    path = {"add_reader_link": "/copies/new", "renew_owner": "/renew"}[what]
    assert house.press(house.home + path, label="van").status_code == 303 and not late


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30, "１", "1.5"])
def test_an_absurd_version_is_none(shared: Website, version: str) -> None:
    """It is nobody's: the present card is shown."""
    answer = shared.browser.post(
        f"{shared.home}/still-right", data={"csrf_token": token_of(shared), "version": version}
    )
    assert answer.location.endswith("/still-right/conflict?seen=0") and shared.owned.version == 1
    assert shared.browser.get(answer.location).status_code == 200


# Copies ---------------------------------------------------------------------------------------


def test_a_copy_is_added_printed_and_revoked_alone(house: Website) -> None:
    """Its address opens the page until it is revoked; the others go on."""
    form = f"{house.home}/copies/new"
    assert house.press(form, label=" respite  home ").status_code == 303
    copy = next(each for each in house.owned.reader_links if each.label == "respite home")
    assert house.browser.get(f"/c/{copy.token}").status_code == 200
    assert house.browser.get(f"/c/{copy.token}/card.pdf").mimetype == "application/pdf"

    ask = f"{house.home}/copies/{copy.id}/revoke"
    assert "Switch off the copy “respite home”?" in house.words(f"/copies/{copy.id}/revoke")
    assert house.press(ask).location.endswith("said=revoked")
    assert house.browser.get(f"/c/{copy.token}").status_code == 404
    assert {each.label for each in house.owned.reader_links} == {"wallet", "school"}
    for other in house.owned.reader_links:
        assert house.browser.get(f"/c/{other.token}").status_code == 200


def test_what_was_sent_while_the_database_was_away_is_sent_again(house: Website) -> None:
    """Nobody types twice what the disk had no room for: it stays in the page that says so."""
    path = f"{house.home}/copies/new"
    form = hidden(house.browser.get(path).text) | {"label": 'the "red" bag & more'}
    with _away(house.keeper):
        failed = house.browser.post(path, data=form)
    assert failed.status_code == 503 and "What you sent may not be saved" in failed.text
    assert hidden(failed.text) == form
    assert house.browser.post(path, data=hidden(failed.text)).status_code == 303
    assert 'the "red" bag & more' in house.words()


def test_a_file_that_was_sent_in_vain_is_asked_for_again(house: Website) -> None:
    """No page can send a file by itself."""
    form = hidden(house.browser.get("/new/file").text)
    with _away(house.keeper):
        file = (io.BytesIO(codec.encode(cast.card_of(cast.alex()))), "card.json")
        failed = house.browser.post("/new/file", data=form | {"file": file})
    assert failed.status_code == 503 and "Go back and send it again" in failed.text
    assert "<form" not in failed.text


@contextmanager
def _away(keeper: CardService) -> Iterator[None]:
    with keeper.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cards RENAME TO away")
    yield
    with keeper.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO cards")


@pytest.mark.parametrize("layout", printer.LAYOUTS)
def test_every_print_of_a_copy_is_one_press_away(shared: Website, layout: str) -> None:
    """Paper and colour are chosen once; each layout has its button, and leads to a PDF."""
    copy = shared.owned.reader_links[0]
    page = shared.get(f"/copies/{copy.id}").text
    assert f'name="layout" value="{layout}"' in page
    assert re.search(r'value="letter" checked', page), "the paper of the card's country"
    path = f"{shared.home}/copies/{copy.id}"
    answer = shared.press(path, f"{path}/print", layout=layout, paper="a4", black="1")
    address = f"/c/{copy.token}/card.pdf?layout={layout}&paper=a4&black=1"
    assert (answer.status_code, answer.location) == (303, address)
    assert shared.browser.get(address).mimetype == "application/pdf"


def test_the_key_sheet_is_printed_and_not_noted(shared: Website) -> None:
    """It belongs to no copy; and what is no print is refused."""
    copy = shared.owned.reader_links[1]
    path = f"{shared.home}/copies/{copy.id}"
    answer = shared.press(path, f"{path}/print", layout="key", paper="letter")
    assert answer.location == f"{shared.home}/key.pdf?paper=letter"
    assert shared.press(path, f"{path}/print", layout="poster").status_code == 400
    assert shared.owned.reader_links[1].last_print is None
    gone = shared.browser.get(f"{shared.home}/copies/none")
    assert gone.status_code == 303 and gone.headers["Location"].endswith("said=gone")


def test_a_copy_says_whether_its_last_print_is_still_right(house: Website) -> None:
    """Noted by the owner's press alone; a refill makes it out of date, and a print anew right."""
    copy = house.owned.reader_links[0]
    path = f"{house.home}/copies/{copy.id}"
    house.browser.get(f"/c/{copy.token}/card.pdf?layout=fold")
    assert "Up to date" not in house.words() and "Print not noted" in house.words()
    house.press(path, f"{path}/print", layout="fold")
    assert "Up to date Wallet card to cut out, printed 21 Nov 2026." in house.words()
    house.keeper.save(house.kept.owner, CHANGED, 1, "", NOON)
    assert "Out of date" in house.words() and "This differs: Daily dose" in house.words()
    house.press(house.home, f"{path}/print", layout="fold")
    assert "Out of date" not in house.words()


def test_a_revoked_copy_stays_revoked_quietly(house: Website) -> None:
    """Pressed twice, or opened again from the history of the browser."""
    copy = house.owned.reader_links[0].id
    path = f"{house.home}/copies/{copy}/revoke"
    house.press(path)
    assert house.browser.get(path).location.endswith("said=gone")
    again = house.browser.post(path, data={"csrf_token": token_of(house)})
    assert again.location.endswith("said=gone") and len(house.owned.reader_links) == 1


def test_a_copy_says_when_it_was_last_opened(house: Website) -> None:
    """The day, as the page itself reported it."""
    house.browser.get(f"/c/{house.kept.reader_links[0].token}/seen")
    assert "last opened 21 Nov 2026" in house.words()


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("\u200b", "is empty"),
        ("x" * 41, "at most 40 fit"),
        ("a\x00b", "cannot be read or printed"),
        ("\u202egnp.exe", "cannot be read or printed"),
        ("SCHOOL", "There is a copy called “SCHOOL” already"),
    ],
)
def test_a_label_that_cannot_be(shared: Website, label: str, fault: str) -> None:
    """Said beside the field, and what was typed is still there."""
    before = len(shared.owned.reader_links)
    answer = shared.press(f"{shared.home}/copies/new", label=label)
    assert is_refused(answer) and fault in words(answer)
    assert len(shared.owned.reader_links) == before
    if label.isprintable():
        assert f'value="{label}"' in answer.text


# Each label names the prints of three copies, which takes a while.
@pytest.mark.slow
@settings(max_examples=4)
@given(st.text(max_size=60))
def test_any_label_is_kept_or_refused(shared: Website, label: str) -> None:
    """Never a failure; what is kept is shown as words, never as marks."""
    for copy in shared.owned.reader_links[2:]:
        shared.keeper.vault.revoke(shared.kept.owner, copy.id)
    answer = shared.press(f"{shared.home}/copies/new", label=label)
    assert is_refused(answer) or answer.status_code == 303
    assert len(shared.owned.reader_links) == (3 if answer.status_code == 303 else 2)
    assert shared.browser.get(f"{shared.home}/everything.zip").status_code == 200
    shared.get()


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "'; DROP TABLE links--", "{0}%s"])
def test_a_label_is_only_words(house: Website, label: str) -> None:
    """HTML, SQL and braces."""
    assert house.press(f"{house.home}/copies/new", label=label).status_code == 303
    assert label in house.words() or "<script>" in label
    assert "<script>alert" not in house.get().text
    assert label in {each.label for each in house.owned.reader_links}


# History --------------------------------------------------------------------------------------


def test_the_history_says_what_changed_and_restores(house: Website) -> None:
    """In words; a restored version is a new one, and nothing in between is lost."""
    house.keeper.save(house.kept.owner, CHANGED, 1, "After the refill", NOON)
    said = house.words("/history")
    assert "was: 400 mcg a day now: 310 mcg a day" in said and "After the refill" in said
    assert "now: 310 mcg a day then: 400 mcg a day" in house.words("/history/1")

    answer = house.press(f"{house.home}/history/1", f"{house.home}/history/1/restore")
    assert answer.location == f"{house.home}/saved?from=2&restored=1"
    said = words(house.browser.get(answer.location))
    assert "The old version is on the card" in said
    assert "The paper in the wallet is out of date." in said and "310" in said and "400" in said
    assert house.owned.card == ALEX and house.owned.version == 3
    assert [each.note for each in house.owned.history] == [
        "Version 1 restored",
        "After the refill",
        "",
    ]
    assert "This is what the card says now." in house.words("/history/3")
    assert "The card was made." in house.words("/history")


def test_a_restore_over_another_save_is_asked_again(house: Website) -> None:
    """Both are shown; the newer one is not overwritten unseen."""
    house.keeper.save(house.kept.owner, CHANGED, 1, "", NOON)
    form = hidden(house.get("/history/1").text)
    other = cast.card_of(cast.alex({"regimen.daily_dose_mcg": 333}))
    house.keeper.save(house.kept.owner, other, 2, "", NOON)
    answer = house.browser.post(f"{house.home}/history/1/restore", data=form)

    assert (
        answer.location.endswith("/history/1/restore/conflict?seen=2") and house.owned.card == other
    )
    answer = house.browser.get(answer.location)
    assert "you chose: 400 mcg a day now on the card: 333 mcg a day" in words(answer)
    form["version"] = "3"
    assert house.browser.post(f"{house.home}/history/1/restore", data=form).status_code == 303
    assert house.owned.card == ALEX


def test_a_long_history_has_pages(house: Website) -> None:
    """Every version can be reached, the first one too."""
    for number in range(1, 26):
        house.keeper.save(house.kept.owner, (CHANGED, ALEX)[number % 2], number, "", NOON)
    first = house.get("/history").text
    assert "Version 26," in first and "Version 6," not in first
    older = re.search(r'href="([^"]+before=\d+)"', first)
    assert older
    last = house.browser.get(unescape(older[1])).text
    assert "Version 6," in last and "The card was made." in last and "before=" not in last


@pytest.mark.parametrize("path", ["/history/0", "/history/9", f"/history/{10**30}", "/history/x"])
def test_a_version_that_is_not(shared: Website, path: str) -> None:
    """No such page; the card is still there."""
    shared.get(path, 404)


@pytest.mark.parametrize("before", ["0", "-3", "x", "9" * 40, ""])
def test_an_absurd_page_of_the_history(shared: Website, before: str) -> None:
    """Shows something or nothing, and never fails."""
    shared.get(f"/history?before={before}")


def test_the_copy_in_the_wallet_is_printed_again(tmp_path: Path) -> None:
    """The one that is named so; where none is, the page asks and offers each."""
    with site_in(tmp_path) as site:
        for labels, offered in (
            (("school", "wallet"), ["Print the wallet card of “wallet”"]),
            (("school", "van"), ["school", "van"]),
        ):
            kept = site.keeper.add(ALEX, site.clock(), labels)
            site.keeper.save(kept.owner, CHANGED, 1, "", site.clock())
            box = site.client.page(f"/o/{kept.owner}/saved?from=1").section(
                "Print the wallet card again"
            )
            assert sorted(words_of(each) for each in box.iter("button")) == offered


def test_a_restore_that_changes_no_word_of_the_print_says_so(house: Website) -> None:
    """The printed card is still right; and a save is not called a restore."""
    quiet = cast.card_of(cast.alex({"patient.record_number": "another one"}))
    house.keeper.save(house.kept.owner, quiet, 1, "", NOON)
    answer = house.press(f"{house.home}/history/1", f"{house.home}/history/1/restore")
    said = words(house.browser.get(answer.location))
    assert "The printed card is still right." in said and "another one" in said
    assert "was restored" not in house.words("/saved?from=1")


# Take it with you -----------------------------------------------------------------------------


def test_the_card_file_makes_the_same_card_elsewhere(house: Website) -> None:
    """Downloaded here, uploaded there: equal, with addresses of its own."""
    file = house.get("/card.json")
    assert "attachment" in file.headers["Content-Disposition"]
    answer = house.press("/new/file", file=(io.BytesIO(file.data), "card.json"))
    assert answer.status_code == 303
    [owner] = re.findall(r"/o/(\w{26})/key", answer.location)

    assert house.keeper.vault.owned(owner).card == ALEX and owner != house.kept.owner
    assert "keep its private link" in words(house.browser.get(answer.location))


@pytest.mark.slow
def test_everything_is_in_the_zip_but_the_key(house: Website) -> None:
    """Each copy's print leads to that copy; the owner's token is nowhere."""
    house.keeper.vault.add_reader_link(house.kept.owner, "../../etc/Großmutter 👵", NOON.date())
    packed = house.get("/everything.zip").data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    assert codec.decode(files["card.json"]) == ALEX
    assert b"Alex Rivera" in files["emergency-page.html"]
    assert files["pump-team.vcf"].startswith(b"BEGIN:VCARD")
    prints = [name for name in files if name.endswith(".pdf")]
    assert len(prints) == 3 * len(printer.LAYOUTS) and all(
        re.fullmatch(r"[\w.-]+", name) for name in files
    )
    text = "".join(
        page.extract_text() for name in prints for page in PdfReader(io.BytesIO(files[name])).pages
    )
    assert "Alex Rivera" in text
    [fold] = [name for name in prints if name.startswith("fold-1")]
    assert _pages_mm(files[fold]) == [(216, 279)], "Alex lives where paper is US Letter"
    for content in [*files.values(), packed, text.encode()]:
        assert house.kept.owner.encode() not in content.upper()


def _pages_mm(pdf: bytes) -> list[tuple[int, int]]:
    sizes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return [(round(size.width / 72 * 25.4), round(size.height / 72 * 25.4)) for size in sizes]


@pytest.mark.slow
def test_the_zip_has_every_print_of_the_first_copies_alone(house: Website) -> None:
    """A worker is not kept for many seconds; each further copy has its wallet card there."""
    for number in range(export_zip.MAX_FULLY_PRINTED):
        house.keeper.vault.add_reader_link(house.kept.owner, f"van {number}", NOON.date())
    with zipfile.ZipFile(io.BytesIO(house.get("/everything.zip").data)) as archive:
        names = archive.namelist()
    copies = house.keeper.vault.owned(house.kept.owner).reader_links
    for kind, count in (("wallet-card", len(copies)), ("sheet", export_zip.MAX_FULLY_PRINTED)):
        assert len([name for name in names if name.startswith(kind)]) == count
    assert f"every print of your first {export_zip.MAX_FULLY_PRINTED} copies" in words(house.get())


def test_an_unprintable_letter_costs_its_prints_alone(house: Website) -> None:
    """The zip still holds the card and what names nobody, and says what it lacks and why."""
    odd = cast.card_of(cast.alex({"patient.full_name": "Alex \u2e53"}))
    house.keeper.save(house.kept.owner, odd, 1, "", NOON)
    with zipfile.ZipFile(io.BytesIO(house.get("/everything.zip").data)) as archive:
        names = set(archive.namelist())
        lacking = archive.read("not-printed.txt").decode()
    assert {"card.json", "emergency-page.html"} <= names
    assert any(name.startswith("labels-1") for name in names)
    assert "wallet-card-1" in lacking and not any(name.startswith("wallet") for name in names)


BAD_FILES = {
    "nothing": (b"", "was not chosen, or is empty"),
    "no JSON": (b"{", "is not JSON"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not UTF-8 text"),
    "too large": (b" " * (codec.MAX_FILE_BYTES + 1), "is larger than 256 kB"),
    "another program's": (b'{"format": "other/9"}', "says format “other/9”"),
    "a fault": (
        cast.file_of(cast.alex({"regimen.daily_dose_mcg": "0.4 mg"})),
        "Daily dose (regimen.daily_dose_mcg) ",
    ),
    "an unknown key": (
        json.dumps(cast.alex() | {"<b>x</b>": 1}).encode(),
        "<b>x</b> is not a key of a card file",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_with_faults_is_refused_with_all_of_them(shared: Website, name: str) -> None:
    """In words and as the file calls it; nothing is stored."""
    content, fault = BAD_FILES[name]
    answer = shared.press("/new/file", file=(io.BytesIO(content), "card.json"))
    assert answer.status_code == 422
    assert fault in words(answer) and "<b>x" not in answer.text


@given(st.one_of(st.binary(max_size=200), st.text(max_size=80).map(str.encode)))
def test_any_file_is_read_or_refused(shared: Website, content: bytes) -> None:
    """Whatever bytes they are."""
    answer = shared.press("/new/file", file=(io.BytesIO(content), "x"))
    assert answer.status_code == 422 and "No card was made" in words(answer)


def test_an_endless_file_is_refused_before_it_is_read(shared: Website) -> None:
    """By the limit of every request."""
    answer = shared.browser.post(
        "/new/file", data=bytes(10**6), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413


def test_a_form_without_a_file_is_refused(shared: Website) -> None:
    """As an empty one is."""
    assert shared.press("/new/file").status_code == 422


# Delete ---------------------------------------------------------------------------------------


def test_deleting_is_asked_once_more_and_entire(house: Website) -> None:
    """Afterwards every address of the card is as if it had never been."""
    said = house.words("/delete")
    assert "Alex Rivera" in said and "wallet" in said and "school" in said
    answer = house.press(f"{house.home}/delete")
    assert answer.status_code == 200 and "The card is deleted" in words(answer)
    assert house.kept.owner not in answer.text

    for path in [house.home, *(f"/c/{each.token}" for each in house.kept.reader_links)]:
        assert house.browser.get(path).status_code == 404
    for table in ("cards", "versions", "links"):
        with house.keeper.store.engine.connect() as connection:
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


# The key --------------------------------------------------------------------------------------


def test_the_key_is_shown_and_printed(house: Website) -> None:
    """The whole address, its groups, and a sheet on either paper."""
    said = house.words("/key")
    assert f"http://card.example/o/{house.kept.owner}" in said
    assert "-".join(re.findall(".{1,4}", house.kept.owner)) in said.replace("- ", "-")
    for paper in ("a4", "letter"):
        sheet = house.get(f"/key.pdf?paper={paper}")
        assert sheet.mimetype == "application/pdf" and sheet.data.startswith(b"%PDF")
    house.get("/key.pdf?paper=a3", 400)


def test_the_share_button_is_hidden_without_script(house: Website) -> None:
    """It shows itself only where the phone can share."""
    button = re.search(r"<button[^>]+data-share[^>]*>", house.get("/key").text)
    assert button and " hidden" in button[0]
    with house.browser.get("/static/js/share.js") as script:
        assert script.status_code == 200


def test_a_new_address_kills_the_old_one(house: Website) -> None:
    """The copies stay as they are; the new address is shown with every way of keeping it."""
    answer = house.press(f"{house.home}/renew")
    [renewed] = re.findall(r"/o/(\w{26})/key", answer.location)
    assert "The old one opens nothing any more" in words(house.browser.get(answer.location))
    assert house.browser.get(house.home).status_code == 404
    with pytest.raises(UnknownCard):
        house.keeper.vault.owned(house.kept.owner)
    assert house.browser.get(f"/o/{renewed}").status_code == 200
    for copy in house.kept.reader_links:
        assert house.browser.get(f"/c/{copy.token}").status_code == 200


def test_a_lost_address_is_explained_where_people_look(house: Website) -> None:
    """At the start, at an address that opens nothing, on the owner's page and beside the key."""
    assert "nobody can steal it from us" in words(house.browser.get("/help/lost-address"))
    for path in ("/", f"/o/{NOBODY}", house.home, f"{house.home}/key"):
        assert 'href="/help/lost-address"' in house.browser.get(path).text, path


# Refusals -------------------------------------------------------------------------------------

OPENED = (
    "",
    "/history",
    "/history/1",
    "/copies/new",
    "/copies/00/revoke",
    "/key",
    "/key.pdf",
    "/renew",
    "/delete",
    "/card.json",
    "/everything.zip",
    "/edit/hospital",
)
SENT = (
    "/still-right",
    "/copies/new",
    "/copies/00/revoke",
    "/history/1/restore",
    "/renew",
    "/delete",
    "/edit/hospital",
)


def token_of(house: Website) -> str:
    """What guards this browser's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', house.browser.get("/new/file").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", OPENED)
def test_no_other_token_opens_an_owners_page(shared: Website, path: str) -> None:
    """A wrong, a reader's and an unreadable token get one answer, which names nobody."""
    reader = shared.kept.reader_links[0].token
    for token in (NOBODY, reader, reader.lower(), "x", "U" * 26, "é" * 26, "%00", "a" * 5000):
        answer = shared.browser.get(f"/o/{token}{path}")
        assert answer.status_code == 404, token[:30]
        assert "Alex" not in answer.text and "This address opens no card" in answer.text


@pytest.mark.parametrize("path", SENT)
def test_no_other_token_changes_a_card(shared: Website, path: str) -> None:
    """The same holds for what is sent."""
    before, guard = shared.owned, token_of(shared)
    for token in (NOBODY, shared.kept.reader_links[0].token, "x"):
        data = {"csrf_token": guard, "version": "1", "label": "mine"}
        assert shared.browser.post(f"/o/{token}{path}", data=data).status_code == 404
    assert shared.owned == before


@pytest.mark.parametrize("path", SENT)
def test_nothing_is_sent_without_the_guard(shared: Website, path: str) -> None:
    """Nor with another browser's; the card stays as it is."""
    before, stranger = shared.owned, shared.app.test_client()
    path = path.replace("00", before.reader_links[0].id)
    for data in ({}, {"csrf_token": "x"}, {"csrf_token": token_of(shared)}):
        assert stranger.post(shared.home + path, data=data).status_code == 400
    assert stranger.post("/new/file", data={}).status_code == 400
    assert shared.owned == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/still-right"),
        ("GET", "/history/1/restore"),
        ("PUT", ""),
        ("DELETE", ""),
        ("DELETE", "/delete"),
        ("PUT", "/copies/new"),
        ("POST", "/key"),
        ("POST", "/card.json"),
    ],
)
def test_no_other_method_does_anything(shared: Website, method: str, path: str) -> None:
    """What changes something is a POST, and what shows something is a GET."""
    before = shared.owned
    data = {"csrf_token": token_of(shared)}
    answer = shared.browser.open(shared.home + path, method=method, data=data)
    assert answer.status_code in (400, 405) and shared.owned == before


def test_nothing_is_kept_by_a_browser_or_run_in_it(shared: Website) -> None:
    """Every page: not stored, no script of others, no referrer."""
    for path in OPENED[:4]:
        headers = shared.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "script-src 'self'" in headers["Content-Security-Policy"]


def test_a_typed_token_opens_in_any_spelling(shared: Website) -> None:
    """From the key sheet, with hyphens, in small letters; its links are in one spelling."""
    typed = "-".join(re.findall(".{1,4}", shared.kept.owner)).lower()
    page = shared.browser.get(f"/O/{typed}")
    assert page.status_code == 200 and f'href="{shared.home}/history"' in page.text


# The command line -----------------------------------------------------------------------------


def test_the_key_sheet_from_the_command_line(house: Website, tmp_path: Path) -> None:
    """With its address only; any other layout refuses one."""
    file, out = tmp_path / "card.json", tmp_path / "key.pdf"
    file.write_bytes(codec.encode(ALEX))
    run = house.app.test_cli_runner().invoke
    url = f"https://card.example/o/{NOBODY}"
    command = ["card", "print", str(file), "--out", str(out)]

    done = run(args=[*command, "--layout", "key", "--owner-url", url, "--paper", "letter"])
    assert done.exit_code == 0, done.output
    assert len(PdfReader(out).pages) == 1
    out.unlink()
    for refused in (["--layout", "key"], ["--owner-url", url]):
        assert run(args=[*command, *refused]).exit_code == 2
        assert not out.exists()
