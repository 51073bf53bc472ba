"""One bad row of a table ends no pass of the sender: everybody else is told, and it is reported."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from caregiver_card.alerting.channels.channel import Message, Outcome
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.channel_checks import TEST_ALERT
from caregiver_card.alerting.sealing import Sealer, UnreadableMessage
from caregiver_card.storage import crypto
from caregiver_card.storage.database import StoreFailure, writing
from caregiver_card.storage.rows import OutboxRow, OutboxState
from caregiver_card.storage.schema import alert_outbox
from tests.alerting.house import SECRET
from tests.alerting.mailbox import Mailbox
from tests.house import House


class Broken:
    """A channel that does what none should."""

    def send(self, address: str, message: Message, final_send: Any) -> Outcome:
        """Fail."""
        raise UnicodeError("label empty or too long")


def _put(house: House, sealed: Callable[[bytes], bytes]) -> bytes:
    """A row that no program of ours writes, due before all others."""
    row_id, early = crypto.lookup_id(crypto.new_token()), house.now - timedelta(days=1)
    row = OutboxRow(
        *(row_id, house.card_id, OutboxState.QUEUED, 0, early, early),
        *(None, None, None, None, sealed(row_id), b""),
    )
    with writing(house.keeper.store.engine) as connection:
        connection.execute(insert(alert_outbox), row._asdict())
    return row_id


def test_a_row_that_holds_no_message_holds_up_no_other(house: House, post: Mailbox) -> None:
    """It opens under the right key, and says nothing that this program knows."""
    house.person()
    sealer = Sealer(SECRET)
    contents: list[dict[str, Any]] = [{}, {"what": 5}, {"what": "x", "person": "mum"}]
    for held in (*(json.dumps(content).encode() for content in contents), b"no JSON", b"[1, 2]"):
        _put(house, partial(sealer._seal, house.card_id, purpose="note", plaintext=held))
    with pytest.raises(ExceptionGroup) as fault:
        house.send()
    assert [type(each) for each in fault.value.exceptions] == [UnreadableMessage] * 5
    assert [to for to, _ in post.taken] == ["mum@family.example"]
    # Its card's own page and next alerts go on as well.
    assert len(house.log) == 1
    with pytest.raises(ExceptionGroup):
        house.send(timedelta(days=1))
    assert len(post.taken) == 2


def test_a_channel_that_fails_on_an_address_is_a_fault_of_that_address(
    house: House, post: Mailbox
) -> None:
    """The owner's page shows it, the others are told, and it is tried again later."""
    house.channels["push"] = Broken()
    house.person("Phone", channel="push", address="anything", turn=1)
    house.person()
    with pytest.raises(ExceptionGroup) as fault:
        house.send()
    assert [type(each) for each in fault.value.exceptions] == [UnicodeError]
    assert {to for to, _ in post.taken} == {"mum@family.example"}
    phone = house.book.recipient("phone")
    assert phone.trouble == "unexpected" and not phone.gone_at
    with house.keeper.store.engine.connect() as connection:
        states = list(connection.execute(select(alert_outbox.c.state)).scalars())
    assert sorted(set(states)) == [OutboxState.QUEUED, OutboxState.SENT]


@pytest.mark.parametrize("kind", [DataError, IntegrityError])
def test_what_a_database_refuses_of_one_card_is_that_cards_alone(
    house: House, post: Mailbox, monkeypatch: pytest.MonkeyPatch, kind: type[StoreFailure]
) -> None:
    """A value that it has no room for is not a database that is away."""
    house.person()
    refusal = kind("UPDATE", {}, Exception("integer out of range"))

    def refused(*_: object) -> Any:
        raise refusal

    with monkeypatch.context() as patched:
        patched.setattr(escalation, "evaluate", refused)
        with pytest.raises(ExceptionGroup) as fault:
            house.send()
    assert fault.value.exceptions == (refusal,)
    assert house.send(timedelta(hours=1)).sent == 1


def test_a_database_that_is_away_ends_a_pass(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nobody else whom it could go on with."""
    house.person()
    house.bureau.resend(house.card_id, "mum", TEST_ALERT, house.now)

    def away(*_: object) -> Any:
        raise OperationalError("SELECT", {}, Exception("closed"))

    monkeypatch.setattr(escalation, "evaluate", away)
    with pytest.raises(StoreFailure):
        house.send()
