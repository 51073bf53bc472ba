"""The cookie by which a card knows its family's own devices.

It is derived from CARD_SECRET_KEY. A new owner's address changes it, so that a device that had the
old address is a stranger's; a new secret does not.
"""

from sqlalchemy import Connection, Engine, delete, insert, select

from caregiver_card.storage import crypto, secret_seals
from caregiver_card.storage.schema import cards, device_marks

_PURPOSE = "our phone"
# The characters of the cookie's name and of its value, in hexadecimal: 32 and 160 bits.
_NAME, _VALUE = 8, 40
_BATCH = 500


def cookie(engine: Engine, secret: str, card_id: bytes) -> tuple[str, str] | None:
    """Return the cookie's name and value; None if it is sealed under another secret."""
    with engine.connect() as connection:
        row = connection.execute(_MARK.where(device_marks.c.card_id == card_id)).first()
    digits = _digits(secret, card_id, *row) if row else _derived(secret, card_id, b"")
    return (digits[:_NAME], digits[_NAME:]) if digits else None


def renew(connection: Connection, card_id: bytes) -> None:
    """Give a card another cookie, in the caller's transaction. Needs no secret."""
    connection.execute(delete(device_marks).where(device_marks.c.card_id == card_id))
    connection.execute(insert(device_marks), _renewed(card_id))


def carry_over(connection: Connection, old: str, new: str) -> None:
    """Keep the cookie of every card while the secret changes, in the caller's transaction."""
    card_ids = list(connection.execute(select(cards.c.id).order_by(cards.c.id)).scalars())
    for at in range(0, len(card_ids), _BATCH):
        batch = card_ids[at : at + _BATCH]
        chosen = device_marks.c.card_id.in_(batch)
        marks = {row.card_id: row for row in connection.execute(select(device_marks).where(chosen))}
        rows = []
        for card_id in batch:
            row = marks.get(card_id)
            digits = (
                _digits(old, card_id, row.salt, row.sealed_cookie)
                if row
                else _derived(old, card_id, b"")
            )
            rows.append(_sealed(new, card_id, digits) if digits else _renewed(card_id))
        connection.execute(delete(device_marks).where(chosen))
        connection.execute(insert(device_marks), rows)


def forget(connection: Connection) -> None:
    """Let every cookie follow from the present secret alone, in the caller's transaction."""
    connection.execute(delete(device_marks))


_MARK = select(device_marks.c.salt, device_marks.c.sealed_cookie)


def _digits(secret: str, card_id: bytes, salt: bytes, sealed: bytes | None) -> str:
    """The digits of name and value; empty if they are sealed under another secret."""
    if sealed is None:
        return _derived(secret, card_id, salt)
    try:
        return secret_seals.unseal(secret, card_id, b"", _PURPOSE, sealed).decode()
    except crypto.BrokenSeal:
        return ""


def _derived(secret: str, card_id: bytes, salt: bytes) -> str:
    return crypto.derived_key(secret, card_id + salt, _PURPOSE).hex()[: _NAME + _VALUE]


def _sealed(secret: str, card_id: bytes, digits: str) -> dict[str, bytes | None]:
    sealed = secret_seals.seal(secret, card_id, b"", _PURPOSE, digits.encode())
    return {"card_id": card_id, "salt": crypto.new_record_id(), "sealed_cookie": sealed}


def _renewed(card_id: bytes) -> dict[str, bytes | None]:
    return {"card_id": card_id, "salt": crypto.new_record_id(), "sealed_cookie": None}
