"""Cards kept, opened, changed and lost, by the right tokens and by the wrong ones."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.storage import crypto, key_wrapping
from caregiver_card.storage.records import (
    AddedCard,
    LastPrint,
    ReaderLink,
    StoredPage,
    VersionEntry,
)
from caregiver_card.storage.store import EditedElsewhere, Store, open_store
from caregiver_card.storage.vault import UnknownCard, Vault

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
EVENING = NOON + timedelta(hours=7)
TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)
PAGE = b"the page, rendered"
NEW_PAGE = b"the new page, rendered"

FILE = {
    "format": "caregiver-card/1",
    "region": "GB",
    "patient": {"full_name": "Sam Lee", "date_of_birth": "2015-09-30"},
    "regimen": {
        "drug": "baclofen",
        "concentration_mcg_per_ml": 500,
        "daily_dose_mcg": 96,
        "mode": "simple_continuous",
    },
    "pump": {"maker": "Medtronic", "model": "SynchroMed III", "location": "left abdomen"},
    "refill": {"last_refill_on": "2026-09-01"},
    "team": {"hospital": "City Children's Hospital", "phone_24h": "+442079460321"},
    "allergies": {"status": "unknown"},
    "medicines": {"status": "not_shared"},
    "contacts": [{"name": "Dana Lee", "phone": "+442079460655"}],
    "verified": {"on": "2026-09-02", "by": "Dana Lee"},
}


def sam(**regimen: object) -> Card:
    """Sam's card, with another regimen where one is given."""
    file = FILE | {"regimen": {**FILE["regimen"], **regimen}}  # type: ignore[dict-item]
    return codec.decode(json.dumps(file).encode())


SAM = sam()
CHANGED = sam(daily_dose_mcg=120)


@pytest.fixture
def store(ready_url: str) -> Iterator[Store]:
    """An empty store of each kind."""
    store = open_store(ready_url)
    yield store
    store.dispose()


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Store]:
    """An empty SQLite store, for what depends on no database."""
    store = open_store(sqlite_url)
    yield store
    store.dispose()


def add(store: Store, *labels: str) -> tuple[Vault, AddedCard]:
    """A vault over the store with Sam's card in it."""
    vault = Vault(store)
    return vault, vault.add(SAM, PAGE, labels=labels or ("wallet",), now=NOON)


def edit(store: Store, statement: str, **values: object) -> int:
    """Changes rows behind the vault's back; how many."""
    with store.engine.begin() as connection:
        return connection.execute(text(statement), values).rowcount


def dead(open_it: Callable[[], object]) -> bool:
    """Whether opening fails as every absence does: without a word and without a cause."""
    with pytest.raises(UnknownCard) as absence:
        open_it()
    return not absence.value.args and absence.value.__cause__ is None


# What opens -----------------------------------------------------------------------------------


def test_a_kept_card_opens(store: Store) -> None:
    """A reader's token opens the page and the card, an owner's token all there is."""
    vault, kept = add(store, "wallet", "school")
    wallet, school = kept.reader_links

    assert vault.page(wallet.token) == StoredPage(PAGE, 1)
    opened = vault.card(school.token)
    assert (opened.card, opened.page, opened.version, opened.saved_at) == (SAM, PAGE, 1, NOON)
    owned = vault.owned(kept.owner)
    assert (owned.card, owned.version, owned.saved_at) == (SAM, 1, NOON)
    assert sorted(copy.label for copy in owned.reader_links) == ["school", "wallet"]
    assert set(owned.reader_links) == set(kept.reader_links)
    assert owned.history == (VersionEntry(1, NOON, ""),)


def test_a_token_opens_in_any_spelling(lite: Store) -> None:
    """As typed from paper: small letters, and hyphens between groups."""
    vault, kept = add(lite)
    token = kept.reader_links[0].token
    typed = "-".join(token[i : i + 4] for i in range(0, 26, 4)).lower()

    assert vault.page(typed) == StoredPage(PAGE, 1)


def test_nothing_of_a_card_is_in_the_database(lite: Store) -> None:
    """Not the name, the dose, the page, the note, a label or a token, in any row."""
    vault, kept = add(lite, "label of the copy")
    vault.save(kept.owner, SAM, NEW_PAGE, expected_version=1, note="my note", now=NOON)
    with lite.engine.connect() as connection:
        rows = [
            tuple(row)
            for name in ("cards", "versions", "links")
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        ]
    stored = repr(rows).encode()

    secrets = [b"Sam", b"baclofen", b"rendered", b"my note", b"label of", kept.owner.encode()]
    assert not [each for each in [*secrets, kept.reader_links[0].token.encode()] if each in stored]


def test_nothing_opened_shows_itself(lite: Store) -> None:
    """What lands in a log by accident holds no token, name, page, label or note."""
    vault, kept = add(lite, "school")
    vault.save(kept.owner, SAM, PAGE, expected_version=1, note="my note", now=NOON)
    token = kept.reader_links[0].token
    shown = repr((kept, vault.page(token), vault.card(token), vault.owned(kept.owner)))

    for secret in (kept.owner, token, "Sam", "rendered", "school", "my note"):
        assert secret not in shown


# What does not open ---------------------------------------------------------------------------

READER_METHODS: dict[str, Callable[[Vault, str], object]] = {
    "page": lambda vault, token: vault.page(token),
    "card": lambda vault, token: vault.card(token),
    "refresh_page": lambda vault, token: vault.refresh_page(token, PAGE, 1),
    "seen": lambda vault, token: vault.record_opened(token, TODAY),
}
OWNER_METHODS: dict[str, Callable[[Vault, str], object]] = {
    "owned": lambda vault, token: vault.owned(token),
    "version": lambda vault, token: vault.version(token, 1),
    "save": lambda vault, token: vault.save(token, SAM, PAGE, expected_version=1, now=NOON),
    "add_reader_link": lambda vault, token: vault.add_reader_link(token, "van", TODAY),
    "revoke": lambda vault, token: vault.revoke(token, "00" * 32),
    "renew_owner": lambda vault, token: vault.renew_owner(token, TODAY),
    "delete": lambda vault, token: vault.delete(token),
}
METHODS = READER_METHODS | OWNER_METHODS
WRONG_TOKENS: dict[str, Callable[[AddedCard], str]] = {
    "unreadable": lambda kept: "not a token",
    "empty": lambda kept: "",
    "unknown": lambda kept: crypto.new_token(),
    "one letter off": lambda kept: ("1" if kept.owner[0] == "0" else "0") + kept.owner[1:],
}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("wrong", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_wrong_token_opens_nothing(
    prepared: tuple[Vault, AddedCard],
    method: Callable[[Vault, str], object],
    wrong: Callable[[AddedCard], str],
) -> None:
    """Every method answers every absence in the same way, and changes nothing."""
    vault, kept = prepared

    assert dead(lambda: method(vault, wrong(kept)))
    assert len(vault.owned(kept.owner).history) == 1


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Vault, AddedCard]]:
    """One card for all the tests that change nothing."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('vault')}/cards.sqlite")
    yield add(store)
    store.dispose()


@pytest.mark.parametrize("method", OWNER_METHODS.values(), ids=OWNER_METHODS)
def test_a_reader_s_token_is_no_owner_s(
    prepared: tuple[Vault, AddedCard], method: Callable[[Vault, str], object]
) -> None:
    """Who finds a card cannot change it, list its copies or look back."""
    vault, kept = prepared

    assert dead(lambda: method(vault, kept.reader_links[0].token))
    assert len(vault.owned(kept.owner).reader_links) == 1


@pytest.mark.parametrize("method", READER_METHODS.values(), ids=READER_METHODS)
def test_an_owner_s_token_is_no_reader_s(
    prepared: tuple[Vault, AddedCard], method: Callable[[Vault, str], object]
) -> None:
    """What leads to editing is not what is printed on a card."""
    vault, kept = prepared

    assert dead(lambda: method(vault, kept.owner))


# Saving ---------------------------------------------------------------------------------------


def test_a_save_reaches_every_copy(store: Store) -> None:
    """Each printed copy opens the new version, and the history has both."""
    vault, kept = add(store, "wallet", "school")

    number = vault.save(
        kept.owner, CHANGED, NEW_PAGE, expected_version=1, note="after the refill", now=EVENING
    )

    assert number == 2
    for copy in kept.reader_links:
        assert vault.page(copy.token) == StoredPage(NEW_PAGE, 2)
        assert vault.card(copy.token).card == CHANGED
    assert vault.owned(kept.owner).card == CHANGED
    assert vault.owned(kept.owner).history == (
        VersionEntry(2, EVENING, "after the refill"),
        VersionEntry(1, NOON, ""),
    )


def test_an_owner_looks_back(store: Store) -> None:
    """Every version that was ever saved opens as it was."""
    vault, kept = add(store)
    for number in range(1, 4):
        dose = sam(daily_dose_mcg=100 + number)
        vault.save(kept.owner, dose, PAGE, expected_version=number, now=NOON)

    assert vault.version(kept.owner, 1) == SAM
    assert vault.version(kept.owner, 3) == sam(daily_dose_mcg=102)
    assert vault.version(kept.owner, 4) == vault.owned(kept.owner).card
    assert dead(lambda: vault.version(kept.owner, 5))
    assert dead(lambda: vault.version(kept.owner, 0))


def test_a_save_from_an_old_version_is_refused(store: Store) -> None:
    """Two parents, two open forms: the second is told, and the first one's save stays."""
    vault, kept = add(store)
    vault.save(kept.owner, CHANGED, NEW_PAGE, expected_version=1, now=NOON)

    with pytest.raises(EditedElsewhere):
        vault.save(kept.owner, SAM, PAGE, expected_version=1, now=EVENING)

    assert vault.card(kept.reader_links[0].token).card == CHANGED


def test_every_version_has_a_data_key_of_its_own(lite: Store) -> None:
    """Who unwrapped the key of one version has nothing of the next."""
    vault, kept = add(lite)
    token = kept.reader_links[0].token
    keys = []
    for number in (1, 2):
        found = lite.find_page(crypto.lookup_id(token))
        assert found is not None
        keys.append(key_wrapping.unwrap_data_key(token, found))
        vault.save(kept.owner, SAM, PAGE, expected_version=number, now=NOON)

    assert keys[0] != keys[1]


# Copies ---------------------------------------------------------------------------------------


def test_a_copy_is_added_and_can_be_printed_again(store: Store) -> None:
    """The new token opens the card, and the owner finds it under its label."""
    vault, kept = add(store)

    van = vault.add_reader_link(kept.owner, "Van – Grüße", TOMORROW)

    assert vault.page(van.token) == StoredPage(PAGE, 1)
    assert (van.label, van.made_on, van.opened_on) == ("Van – Grüße", TOMORROW, None)
    assert vault.owned(kept.owner).reader_links == (kept.reader_links[0], van)


def test_a_copy_added_late_follows_later_saves(store: Store) -> None:
    """A copy of version 2 opens version 3."""
    vault, kept = add(store)
    vault.save(kept.owner, SAM, PAGE, expected_version=1, now=NOON)
    van = vault.add_reader_link(kept.owner, "van", TODAY)
    vault.save(kept.owner, CHANGED, NEW_PAGE, expected_version=2, now=NOON)

    assert vault.page(van.token) == StoredPage(NEW_PAGE, 3)


def test_a_revoked_copy_opens_nothing_and_the_others_do(store: Store) -> None:
    """One lost card is shut out alone, now and after the next save."""
    vault, kept = add(store, "wallet", "school")
    wallet, school = kept.reader_links

    vault.revoke(kept.owner, wallet.id)
    assert dead(lambda: vault.page(wallet.token))
    vault.save(kept.owner, CHANGED, NEW_PAGE, expected_version=1, now=NOON)

    assert dead(lambda: vault.card(wallet.token))
    assert vault.page(school.token) == StoredPage(NEW_PAGE, 2)
    assert [copy.label for copy in vault.owned(kept.owner).reader_links] == ["school"]


@pytest.mark.parametrize("copy_id", ["", "school", "00" * 32, "0", "é"])
def test_an_unknown_copy_is_not_revoked(prepared: tuple[Vault, AddedCard], copy_id: str) -> None:
    """What names no copy of this card is an absence like any other."""
    vault, kept = prepared

    assert dead(lambda: vault.revoke(kept.owner, copy_id))


def test_another_card_s_copy_is_not_revoked(lite: Store) -> None:
    """Knowing the id of a stranger's copy is of no use."""
    vault, kept = add(lite)
    _, stranger = add(lite)

    assert dead(lambda: vault.revoke(kept.owner, stranger.reader_links[0].id))
    assert vault.page(stranger.reader_links[0].token) == StoredPage(PAGE, 1)


def test_a_copy_is_seen(store: Store) -> None:
    """The owner sees the last day each copy was opened."""
    vault, kept = add(store)

    vault.record_opened(kept.reader_links[0].token, TOMORROW)
    vault.record_opened(kept.reader_links[0].token, TODAY)

    assert vault.owned(kept.owner).reader_links == (
        replace(kept.reader_links[0], opened_on=TOMORROW),
    )


# Pages ----------------------------------------------------------------------------------------


def test_a_page_is_refreshed(store: Store) -> None:
    """A page rendered anew takes the place of the old one and changes nothing else."""
    vault, kept = add(store)

    assert vault.refresh_page(kept.reader_links[0].token, b"fresh", 1) is True
    assert vault.page(kept.reader_links[0].token) == StoredPage(b"fresh", 1)
    assert vault.card(kept.reader_links[0].token).card == SAM
    assert len(vault.owned(kept.owner).history) == 1


@pytest.mark.parametrize("number", [1, 3], ids=["past", "future"])
def test_a_page_of_another_version_is_not_kept(lite: Store, number: int) -> None:
    """A page rendered before somebody saved does not hide what they saved."""
    vault, kept = add(lite)
    vault.save(kept.owner, CHANGED, NEW_PAGE, expected_version=1, now=NOON)

    assert vault.refresh_page(kept.reader_links[0].token, b"stale", number) is False
    assert vault.page(kept.reader_links[0].token) == StoredPage(NEW_PAGE, 2)


# Owners ---------------------------------------------------------------------------------------


def test_the_last_print_of_a_copy_is_its_owners_to_see(store: Store) -> None:
    """Sealed, the newest alone, and carried over to a new owner's key."""
    vault, kept = add(store, "wallet", "school")
    wallet = vault.owned(kept.owner).reader_links[0]
    assert wallet.last_print is None
    for layout in ("fold", "sheet"):
        vault.note_print(kept.owner, wallet.id, LastPrint(layout, TODAY, 1))

    last = LastPrint("sheet", TODAY, 1)
    assert [each.last_print for each in vault.owned(kept.owner).reader_links] == [last, None]
    renewed = vault.renew_owner(kept.owner, TOMORROW)
    assert vault.owned(renewed).reader_links[0].last_print == last
    with store.engine.connect() as connection:
        sealed = connection.execute(text("SELECT sealed_print FROM links")).scalars()
        assert b"sheet" not in b"".join(filter(None, sealed))
    with pytest.raises(UnknownCard):
        vault.note_print(renewed, "00" * 32, last)


def test_a_renewed_owner_has_everything_and_the_old_one_nothing(store: Store) -> None:
    """Copies, notes and every version open with the new token; readers notice nothing."""
    vault, kept = add(store, "wallet", "school")
    vault.save(kept.owner, CHANGED, NEW_PAGE, expected_version=1, note="a note", now=NOON)
    before = vault.owned(kept.owner)

    renewed = vault.renew_owner(kept.owner, TOMORROW)

    assert dead(lambda: vault.owned(kept.owner))
    assert vault.owned(renewed) == before
    assert vault.version(renewed, 1) == SAM
    assert vault.page(kept.reader_links[0].token) == StoredPage(NEW_PAGE, 2)
    vault.save(renewed, SAM, PAGE, expected_version=2, now=NOON)
    assert vault.page(kept.reader_links[1].token) == StoredPage(PAGE, 3)


def test_a_renewed_owner_has_a_new_key(lite: Store) -> None:
    """The old link, put back from an old backup, opens nothing that is kept now."""
    vault, kept = add(lite)
    with lite.engine.connect() as connection:
        old = connection.execute(text("SELECT * FROM links WHERE kind = 'owner'")).mappings().one()
    vault.renew_owner(kept.owner, TODAY)
    columns = ", ".join(f":{name}" for name in old)
    edit(lite, f"INSERT INTO links VALUES ({columns})", **old)

    assert dead(lambda: vault.owned(kept.owner))
    assert dead(lambda: vault.version(kept.owner, 1))


def test_a_deleted_card_is_gone(store: Store) -> None:
    """No token of it opens anything, and another card stays."""
    vault, kept = add(store)
    _, stays = add(store)

    vault.delete(kept.owner)

    assert dead(lambda: vault.page(kept.reader_links[0].token))
    assert dead(lambda: vault.delete(kept.owner))
    assert vault.page(stays.reader_links[0].token) == StoredPage(PAGE, 1)


# Altered rows ---------------------------------------------------------------------------------

ALTERED = {
    "page and card swapped": """UPDATE versions SET
        sealed_page = sealed_card, sealed_card = sealed_page""",
    "one version's page in another": """UPDATE versions SET sealed_page = (SELECT sealed_page
        FROM versions AS v WHERE v.version = 1 AND v.card_id = versions.card_id)""",
    "an older version made the present one": "UPDATE cards SET version = 1",
    "the present version taken away": "DELETE FROM versions WHERE version = 2",
    "a wrapped key cut": "UPDATE links SET wrapped_key = substr(wrapped_key, 1, 40)",
    "a wrapped key emptied": "UPDATE links SET wrapped_key = ''",
    "a reader's link made an owner's": "UPDATE links SET kind = 'owner'",
    "a reader's link made a calendar's": "UPDATE links SET kind = 'calendar' WHERE kind = 'reader'",
    "a link to another card": """UPDATE links SET card_id =
        (SELECT id FROM cards WHERE id != links.card_id)""",
}


@pytest.mark.parametrize("statement", ALTERED.values(), ids=ALTERED)
def test_an_altered_row_does_not_open_for_a_reader(lite: Store, statement: str) -> None:
    """Rows moved between columns, versions, cards or kinds are an absence."""
    vault, kept = add(lite)
    _, other = add(lite)
    for each in (kept, other):
        vault.save(each.owner, CHANGED, NEW_PAGE, expected_version=1, now=NOON)

    assert edit(lite, statement)

    assert dead(lambda: vault.page(kept.reader_links[0].token))
    assert dead(lambda: vault.card(kept.reader_links[0].token))


OWNER_ALTERED = {
    "one version's contents in another": """UPDATE versions SET
        sealed_card = (SELECT sealed_card FROM versions WHERE version = 1),
        sealed_data_key = (SELECT sealed_data_key FROM versions WHERE version = 1)""",
    "one version's note in another": """UPDATE versions SET sealed_note =
        (SELECT sealed_note FROM versions WHERE version = 1)""",
    "a note in the place of a key": "UPDATE versions SET sealed_data_key = sealed_note",
    "two copies' labels exchanged": """UPDATE links SET sealed_label = (SELECT sealed_label
        FROM links AS l WHERE l.kind = 'reader' AND l.lookup_id != links.lookup_id)
        WHERE kind = 'reader'""",
}


@pytest.mark.parametrize("statement", OWNER_ALTERED.values(), ids=OWNER_ALTERED)
def test_an_altered_row_does_not_open_for_an_owner(lite: Store, statement: str) -> None:
    """What the owner key seals stays where it was sealed."""
    vault, kept = add(lite, "wallet", "school")
    vault.save(kept.owner, CHANGED, NEW_PAGE, expected_version=1, note="note", now=NOON)

    assert edit(lite, statement)

    assert dead(lambda: vault.owned(kept.owner))


def test_copies_are_dated_as_the_caller_counts_days(lite: Store) -> None:
    """A copy made after midnight by the family's clock carries that day."""
    vault = Vault(lite)
    tokyo = datetime.fromisoformat("2026-11-03T08:00+09:00")
    kept = vault.add(SAM, PAGE, now=tokyo)

    assert kept.reader_links[0].made_on == date(2026, 11, 3)
    assert vault.owned(kept.owner).saved_at == datetime(2026, 11, 2, 23, 0, tzinfo=UTC)


def test_a_card_may_have_no_copy(lite: Store) -> None:
    """An owner may keep a card before printing any."""
    kept = Vault(lite).add(SAM, PAGE, labels=(), now=NOON)

    assert kept.reader_links == ()
    assert isinstance(Vault(lite).add_reader_link(kept.owner, "wallet", TODAY), ReaderLink)
