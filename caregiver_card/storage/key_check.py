"""Whether CARD_SECRET_KEY is the key of this database.

The first process that opens a database seals a value under its key. From then on another key is
known to be wrong, and nothing is sent, read or sealed under it. No card depends on the key.
"""

import json
from collections.abc import Iterable
from enum import Enum

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from caregiver_card.storage import crypto, secret_seals
from caregiver_card.storage.database import StoreFailure, writing
from caregiver_card.storage.schema import alert_records, key_checks

# A shorter key was typed by a person and can be guessed: ``config.new_secret`` makes longer ones.
SHORTEST_KEY = 32
_ID = 1
_CHECK, _PUSH_KEYS = "key check", "push keys"
_CONTENT = b"caregiver-card"


class KeyState(Enum):
    """What is known about a key."""

    RIGHT = "right"
    WRONG = "wrong"
    WEAK = "weak"
    # The database has no check value yet, and nothing in it contradicts the key.
    NOT_CHECKED = "not checked"

    @property
    def is_usable(self) -> bool:
        """Whether something may be read and sealed under the key."""
        return self in (KeyState.RIGHT, KeyState.NOT_CHECKED)


class WrongKey(RuntimeError):
    """The key is not that of the database: something was about to be sealed under it."""


def key_state(engine: Engine, secret: str) -> KeyState:
    """Return what is known about ``secret``; changes nothing. Raises StoreFailure."""
    if len(secret) < SHORTEST_KEY:
        return KeyState.WEAK
    with engine.connect() as connection:
        return _state(connection, secret)


def begin(engine: Engine, secret: str) -> KeyState:
    """Write the check value of a database that has none, unless its content contradicts the key.

    Any number of processes may call this at once. A database that cannot be written to stays
    unchecked.
    """
    try:
        state = key_state(engine, secret)
        if state is KeyState.NOT_CHECKED:
            with writing(engine) as connection:
                # Of two processes with two keys the first decides; the other then has a wrong key.
                if _state(connection, secret) is KeyState.NOT_CHECKED:
                    _insert(connection, secret)
            state = key_state(engine, secret)
    except IntegrityError:
        # PostgreSQL lets both write, and refuses the second at its end.
        return key_state(engine, secret)
    except StoreFailure:
        return KeyState.WEAK if len(secret) < SHORTEST_KEY else KeyState.NOT_CHECKED
    return state


def require(connection: Connection, secret: str, *, alone: bool = False) -> None:
    """Hold the check value until the transaction ends, so that no rotation comes in between.

    With ``alone`` nobody else holds it. Raises WrongKey.
    """
    held = select(key_checks.c.id).with_for_update(read=not alone)
    connection.execute(held).all()
    if len(secret) < SHORTEST_KEY or not _state(connection, secret).is_usable:
        raise WrongKey


def write(connection: Connection, secret: str, push_keys: Iterable[bytes] = ()) -> None:
    """Make ``secret`` the key of the database, with the private push keys of former ones."""
    connection.execute(delete(key_checks))
    _insert(connection, secret, push_keys)


def _insert(connection: Connection, secret: str, push_keys: Iterable[bytes] = ()) -> None:
    listed = json.dumps([key.hex() for key in push_keys]).encode()
    connection.execute(
        insert(key_checks),
        {
            "id": _ID,
            "sealed_check": secret_seals.seal(secret, b"", b"", _CHECK, _CONTENT),
            "sealed_push_keys": secret_seals.seal(secret, b"", b"", _PUSH_KEYS, listed),
        },
    )


def former_push_keys(connection: Connection, secret: str) -> tuple[bytes, ...]:
    """Return the private push keys of former secrets, newest first; none under a wrong key."""
    sealed = connection.execute(select(key_checks.c.sealed_push_keys)).scalar()
    try:
        raw = secret_seals.unseal(secret, b"", b"", _PUSH_KEYS, sealed) if sealed else b"[]"
    except crypto.BrokenSeal:
        return ()
    return tuple(map(bytes.fromhex, json.loads(raw)))


def _state(connection: Connection, secret: str) -> KeyState:
    check = connection.execute(select(key_checks.c.sealed_check)).scalar()
    if check is None:
        is_contradicted = _opens_no_book(connection, secret)
        return KeyState.WRONG if is_contradicted else KeyState.NOT_CHECKED
    return KeyState.RIGHT if _opens(secret, b"", _CHECK, check) else KeyState.WRONG


def _opens_no_book(connection: Connection, secret: str) -> bool:
    """Whether there are alert records, and none of them opens; one that opens proves the key."""
    books = alert_records.c
    rows = connection.execute(
        select(books.card_id, books.sealed_book).where(books.sealed_book != b"")
    )
    some = False
    for card_id, sealed in rows:
        some = True
        if _opens(secret, card_id, secret_seals.BOOK, sealed):
            rows.close()
            return False
    return some


def _opens(secret: str, card_id: bytes, purpose: str, sealed: bytes) -> bool:
    try:
        secret_seals.unseal(secret, card_id, b"", purpose, sealed)
    except crypto.BrokenSeal:
        return False
    return True
