"""Another key: who is told, what waits, links in messages, phones and devices go on working."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from caregiver_card.alerting import key_rotation
from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.channels.push import Push
from caregiver_card.alerting.service import AlertService
from caregiver_card.storage import crypto, key_check
from caregiver_card.storage.key_check import KeyState
from caregiver_card.storage.rows import OutboxState
from caregiver_card.storage.schema import alert_outbox, alert_records
from tests.alerting import pushing
from tests.alerting.certificates import certificate
from tests.alerting.house import SECRET, sams_house
from tests.alerting.mailbox import Mailbox, text_of
from tests.alerting.telling import person
from tests.house import House

NEW = "a new key for tests that is long enough as well"
THIRD = "a third key for tests, for whoever rotates twice"
HOUR = timedelta(hours=1)
_ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def house(ready_url: str, post: Mailbox) -> Iterator[House]:
    """Sam's card under the key that every process of this test knows."""
    made = sams_house(ready_url, post)
    key_check.begin(made.keeper.store.engine, SECRET)
    yield made
    made.keeper.store.dispose()


def _rotate(house: House, old: str = SECRET, new: str = NEW) -> key_rotation.Rotation:
    """Rotate, and let the house know the new key."""
    done = key_rotation.rotate(house.keeper.store.engine, old, new)
    house.bureau = house.keeper.alerts = AlertService(house.keeper.store.engine, new)
    return done


def test_everything_opens_under_the_new_key_and_nothing_under_the_old(
    house: House, post: Mailbox
) -> None:
    """The list, a message that was sent and its link, one that waits; it is sent once."""
    mum = house.person()
    assert house.send().sent == 1
    waiting = house.person("Dad")
    house.bureau.records.evaluate(house.card_id, house.now + HOUR)
    before, log = house.book, house.log
    token = _token(post)
    assert _rotate(house).lists == 1
    assert house.book == before and [each.queued for each in house.log] == [
        each.queued for each in log
    ]
    opened = house.bureau.recipients.open(mum.token)
    assert opened and opened.recipient.name == "Mum"
    message = house.bureau.recipients.open_message(token)
    assert message and message[0].queued.person == mum.id
    house.bureau.recipients.acknowledge(message[0], house.now)
    assert house.book.known
    assert house.bureau.recipients.open(waiting.token)
    engine = house.keeper.store.engine
    assert key_check.key_state(engine, SECRET) is KeyState.WRONG
    old = AlertService(engine, SECRET)
    assert old.readable_record(house.card_id) is None and old.recipients.open(mum.token) is None


def _token(post: Mailbox) -> str:
    said = text_of(post.taken[-1][1])
    return str(said.split("/a/")[1].split()[0])


def test_a_message_under_way_is_sent_once_and_stays_readable(house: House, post: Mailbox) -> None:
    """A sender under the old key settles what it has claimed; the log opens under the new one."""
    house.person()
    house.bureau.records.evaluate(house.card_id, house.now)
    outbox = house.bureau.records.outbox
    claimed = outbox.claim(house.now)
    assert claimed
    _rotate(house)
    outbox.settle(claimed, OutboxState.SENT, house.now, {"name": "Mum"})
    assert [each.queued.person for each in house.log] == ["mum"]
    assert house.send().sent == 0


def test_nobody_is_invited_under_a_key_that_was_rotated_away(house: House) -> None:
    """A server that still has the old key refuses, and seals nothing that nobody can read."""
    old = house.bureau
    _rotate(house)
    with pytest.raises(key_check.WrongKey):
        old.invite(house.card_id, house.owned.card, 1, person(), house.now)
    assert house.book is None


def test_the_familys_devices_stay_its_own(house: House) -> None:
    """Also through a second rotation; every card has its own cookie."""
    cookie = house.bureau.device_cookie(house.card_id)
    assert cookie
    _rotate(house)
    assert house.bureau.device_cookie(house.card_id) == cookie
    _rotate(house, NEW, THIRD)
    assert house.bureau.device_cookie(house.card_id) == cookie
    old = AlertService(house.keeper.store.engine, SECRET)
    assert old.device_cookie(house.card_id) is None


def test_a_phone_that_subscribed_before_is_told_under_its_own_key(
    house: House, tmp_path: Path
) -> None:
    """The push service checks the key that the phone subscribed under; twice rotated as well."""
    pem = certificate(tmp_path)
    with pushing.service(pem) as service:
        before = push_subscription.application_server_key(SECRET)
        house.person("Phone", channel="push", address=service.address())
        for old, new in ((SECRET, NEW), (NEW, THIRD)):
            _rotate(house, old, new)
            house.channels["push"] = Push(
                crypto.push_key(new),
                "mailto:operator@card.example",
                (service.host,),
                authorities=str(pem),
                former_keys=house.bureau.former_push_keys(),
            )
            house.bureau.resend(house.card_id, "phone", "proof", house.now)
            assert house.send(HOUR).sent >= 1
            head = {name.lower(): value for name, value in service.taken[-1][0].items()}
            assert pushing.claims(head["authorization"])["key"] == before


def test_a_push_key_goes_once_no_phone_needs_it(house: House) -> None:
    """A phone that subscribed anew under the new key leaves nothing of the old one behind."""
    _rotate(house)
    assert house.bureau.former_push_keys() == ()


def test_what_was_damaged_before_stays_so_and_is_counted(house: House) -> None:
    """A rotation neither hides nor mends it, and is not held up."""
    house.person()
    house.send()
    other = house.keeper.add(house.owned.card, house.now)
    owned = house.keeper.vault.owned(other.owner)
    house.bureau.invite(owned.card_id, owned.card, 1, person("Dad"), house.now)
    with house.keeper.store.engine.begin() as connection:
        mine = alert_records.c.card_id == house.card_id
        connection.execute(update(alert_records).where(mine), {"sealed_book": b"\x01 damaged"})
    done = _rotate(house)
    assert (done.lists, done.lost_lists) == (1, 1)
    assert house.bureau.readable_record(owned.card_id) is not None


def test_a_wrong_old_key_changes_nothing(house: House) -> None:
    """Not a byte."""
    house.person()
    with house.keeper.store.engine.connect() as connection:
        before = connection.execute(select(alert_records)).all()
    with pytest.raises(key_check.WrongKey):
        key_rotation.rotate(house.keeper.store.engine, THIRD, NEW)
    with house.keeper.store.engine.connect() as connection:
        assert connection.execute(select(alert_records)).all() == before


def test_a_lost_key_is_counted_and_begun_anew(house: House) -> None:
    """Lists stay for their owners to see; what waits is withdrawn and tried no more."""
    house.person()
    house.bureau.records.evaluate(house.card_id, house.now)
    engine = house.keeper.store.engine
    done = key_rotation.start_over(engine, NEW)
    assert (done.lists, done.lost_lists, done.lost_messages) == (0, 1, 1)
    assert key_check.key_state(engine, NEW) is KeyState.RIGHT
    with engine.connect() as connection:
        states = connection.execute(select(alert_outbox.c.state)).scalars().all()
        assert states == [OutboxState.WITHDRAWN]
    house.bureau = AlertService(engine, NEW)
    assert house.bureau.records.outbox.claim(house.now + HOUR) is None
    house.bureau.discard(house.card_id)
    house.person("Dad")
    assert house.book


_KILLED = """
import os, signal, sys
from caregiver_card.alerting import key_rotation
from caregiver_card.alerting.sealing import Sealer
from caregiver_card.storage.store import open_store

sealed = Sealer.seal_column
def kill(self, *given):
    os.kill(os.getpid(), signal.SIGKILL)
Sealer.seal_column = kill
key_rotation.rotate(open_store(sys.argv[1]).engine, sys.argv[2], sys.argv[3])
"""


def test_a_rotation_that_is_killed_changes_nothing(house: House, ready_url: str) -> None:
    """Killed after the lists, before the messages: the old key opens everything, as before."""
    house.person()
    house.send()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, ready_url, SECRET, NEW],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert key_check.key_state(house.keeper.store.engine, SECRET) is KeyState.RIGHT
    assert house.book.people[0].name == "Mum" and len(house.log) == 1
    assert _rotate(house).lists == 1 and house.book.people[0].name == "Mum"


def test_an_address_names_its_key_only_after_a_rotation() -> None:
    """An address under the present key is the text that an older program wrote."""
    address = json.dumps({"endpoint": "https://x.example/1", "p256dh": "cDI1Ng", "auth": "YXV0aA"})
    bound = push_subscription.bound_to(address, "OLD")
    assert push_subscription.key_of(address) == "" and push_subscription.key_of(bound) == "OLD"
    assert push_subscription.bound_to(bound, "NEWER") == bound
    assert push_subscription.is_same_phone(address, bound)
    assert not push_subscription.is_same_phone(address, "no subscription")
    assert push_subscription.bound_to("no subscription", "OLD") == "no subscription"
    assert push_subscription.key_of("[]") == ""
