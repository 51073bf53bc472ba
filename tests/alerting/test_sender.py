"""From a card to a mailbox: what arrives, what is tried again, what is left out."""

import re
import socket
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event, text

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.messages import MessageWriter
from caregiver_card.alerting.outbox import ClaimLost
from caregiver_card.alerting.policy import channel_checks, escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.service import AlertService, UnreadableRecord
from caregiver_card.storage.rows import OutboxState
from tests.alerting.house import URL, overdue
from tests.alerting.mailbox import Mailbox, mailbox, text_of
from tests.alerting.telling import at, person
from tests.cast import CAST, card_of
from tests.house import House

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def words(post: Mailbox, number: int = -1) -> str:
    """The words of a mail that arrived."""
    return plain(post.taken[number][1])


def plain(arrived: EmailMessage) -> str:
    """What it says, with the line ends of this program."""
    return str(text_of(arrived)).replace("\r\n", "\n")


def test_it_works(either: House, post: Mailbox) -> None:
    """The severity, the fact, the action, the number, the signs, and two addresses."""
    either.person()
    assert either.send().sent == 1
    ((_, arrived),) = [each for each in post.taken if "an alert of" in each[1]["Subject"]]
    said = plain(arrived)
    assert arrived["Subject"] == "Urgent: an alert of an emergency card"
    assert "Urgent: Refill appointment passed: 20 Nov 2026 (yesterday)." in said
    assert "Call the pump team now" in said and "Signs now? Call 999." in said
    assert either.owned.card.team.phone_24h[-4:] in said
    assert re.search(rf"{URL}/a/\w{{26}}\n", said) and re.search(rf"{URL}/u/\w{{26}}\n", said)
    assert "not yet reviewed by a clinician" in said
    (entry,) = [each for each in either.log if each.queued.what == escalation.ALERTS]
    assert entry.row.state == OutboxState.SENT and entry.row.done_at == either.now
    assert entry.result["said"] == "Refill appointment passed: 20 Nov 2026"


def test_no_name_and_no_dose_is_in_a_message(house: House, post: Mailbox) -> None:
    """Whoever's card it is; unless the family chose what to call the patient."""
    house.person()
    for name, cast in CAST.items():
        file = cast()
        house.keeper.save(house.kept.owner, card_of(file), house.owned.version, name, house.now)
        house.send(200 * DAY)
        said = words(post)
        assert "Urgent" in said or "Emergency" in said
        patient = file["patient"]
        for secret in (*patient["full_name"].split(), patient["date_of_birth"]):
            assert secret not in said
        assert not re.search(r"baclofen|\bmcg\b|\bmg\b|spastic", said, re.IGNORECASE)
    house.bureau.set_patient_name(house.card_id, "Our Sam", house.now)
    house.send(DAY)
    assert words(post).startswith("About Our Sam.")


def test_a_family_can_have_the_fact_in_the_subject(house: House, post: Mailbox) -> None:
    """Which a locked phone then shows."""
    house.person(open_subject=True)
    house.send()
    assert post.taken[-1][1]["Subject"] == "Urgent: Refill appointment passed: 20 Nov 2026"


def test_a_machine_can_tell_what_it_is(house: House, post: Mailbox) -> None:
    """One-click unsubscribing, no automatic answers, and a key of its own."""
    made = house.person()
    house.send()
    arrived = post.taken[-1][1]
    assert arrived["List-Unsubscribe"] == f"<{URL}/u/{made.token}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{32}@card\.example>", arrived["Message-ID"])
    assert arrived["Date"].datetime == house.now
    assert all(len(line) < 998 for line in arrived.as_bytes().splitlines())


def test_nothing_is_sent_before_a_yes(house: House, post: Mailbox) -> None:
    """But the question, which says nothing of anybody."""
    owned = house.owned
    asked = person(confirmed_at=None)
    house.bureau.invite(owned.card_id, owned.card, owned.version, asked, house.now)
    house.send()
    house.send(3 * DAY)
    (question,) = post.to(asked.address)
    said = text_of(question)
    assert f"{URL}/u/{asked.token}" in said
    assert "Refill" not in said and "pump" not in said
    told = house.bureau.recipients.open(asked.token)
    assert told is not None
    house.bureau.recipients.confirm(told, house.now)
    house.send()
    assert len(post.to(asked.address)) == 2


def test_a_save_changes_what_is_told(either: House, post: Mailbox) -> None:
    """With the save itself: a refill that is recorded ends the reminders."""
    either.person()
    either.send()
    before = len(post.taken)
    refilled = overdue(
        **{"refill.last_refill_on": "2026-11-21", "refill.next_appointment_on": "2027-01-10"}
    )
    either.keeper.save(either.kept.owner, card_of(refilled), 1, "", either.now)
    assert either.book.plan.version == 2
    either.send(DAY)
    assert not [each for each in post.taken[before:] if "passed" in str(text_of(each[1]))]


def test_what_is_known_meanwhile_is_not_sent(house: House, post: Mailbox) -> None:
    """A message that waited is dropped, not sent late."""
    post.answers["RCPT"] = "451 later"
    house.person()
    house.send()
    post.answers.clear()
    house.bureau.acknowledge(
        house.card_id, [each.key for each in house.book.plan.occasions], "Dad", house.now
    )
    assert house.send(HOUR).withdrawn == 1
    assert not [each for each in post.taken if "Urgent" in each[1]["Subject"]]


def test_an_answer_ends_it_for_all(either: House, post: Mailbox) -> None:
    """From the message itself; the others hear who knows, and the log shows when."""
    either.tell(person(), person("Dad"))
    either.send()
    said = str(text_of(post.to("mum@family.example")[-1]))
    token = re.search(r"/a/(\w{26})", said)
    assert token
    found = either.bureau.recipients.open_message(token[1].lower())
    assert found
    either.now += 4 * MINUTE
    either.bureau.recipients.acknowledge(found[0], either.now)
    either.send()
    last = post.to("dad@family.example")[-1]
    assert last["Subject"] == "Mum knows of the alert"
    assert "at 08:04" in str(text_of(last))
    count = len(post.taken)
    either.send(DAY)
    either.send(DAY)
    assert len(post.taken) == count
    seen = [each.row.seen_at for each in either.log if each.queued.what == escalation.ALERTS]
    assert seen.count(at("2026-11-21 08:04")) == 1


# When the other side is away ------------------------------------------------------------------


@pytest.mark.slow
def test_a_mail_server_that_is_down_for_a_day_loses_nothing(house: House, post: Mailbox) -> None:
    """It is tried again ever more rarely, the page knows, and one message arrives at the end."""
    house.person()
    nobody = mail.MailServer("127.0.0.1", 9, encrypted=False)
    here, house.channels["mail"] = house.channels["mail"], mail.Mail(nobody, "a@b.example", 1)
    before = len(post.taken)
    tries = 0
    for _ in range(2 * 24):
        tries += house.send(30 * MINUTE).postponed
    assert 20 < tries < 40
    assert house.book.people[0].trouble == "mail-away"
    house.channels["mail"] = here
    for _ in range(8):
        house.send(15 * MINUTE)
    assert len(post.taken) == before + 1
    assert house.book.people[0].trouble == ""


def test_a_mail_server_that_hangs_ends_at_the_time_limit(house: House) -> None:
    """It holds up nobody else's messages for long, and the message waits."""
    house.person()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        at = mail.MailServer("127.0.0.1", silent.getsockname()[1], encrypted=False)
        house.channels["mail"] = mail.Mail(at, "a@b.example", 0.2)
        assert house.send().postponed == 1
    assert house.log[-1].result["code"] == "mail-away"


@pytest.mark.parametrize("jump", [-20 * HOUR, -HOUR, HOUR, 10 * DAY], ids=str)
def test_a_clock_that_jumps_loses_no_message(either: House, post: Mailbox, jump: timedelta) -> None:
    """What was put off by a wrong clock goes out once that is right, with the morning's next."""
    either.person(subjects=("refill",))
    right = either.now
    either.bureau.records.evaluate(either.card_id, right)
    either.now = right + jump
    post.answers["RCPT"] = "451 later"
    either.send()
    post.answers.clear()
    either.now = right
    for _ in range(24):
        either.send(HOUR)
    # Of two mornings.
    urgent = [mail for _, mail in post.taken if mail["Subject"].startswith("Urgent")]
    assert len(urgent) == 2 and len({each["Message-ID"] for each in urgent}) == 2


@pytest.mark.parametrize(
    "answers, end, trouble",
    [
        ({"MAIL": "421 closing"}, OutboxState.QUEUED, ""),
        ({"MAIL": "550 not you"}, OutboxState.QUEUED, "mail-sender"),
        ({"RCPT": "450 busy"}, OutboxState.QUEUED, ""),
        ({"RCPT": "550 5.1.1 unknown"}, OutboxState.REFUSED, "mail-address"),
        ({"RCPT": "550 5.7.1 policy"}, OutboxState.QUEUED, "mail-refused"),
        ({"RCPT": "554 no"}, OutboxState.QUEUED, "mail-refused"),
        ({"DATA": "452 full"}, OutboxState.HANDED_OVER, ""),
        ({"DATA": "554 looks like spam"}, OutboxState.HANDED_OVER, "mail-refused"),
    ],
    ids=str,
)
def test_what_a_server_s_refusal_means(
    house: House, post: Mailbox, answers: dict[str, str], end: OutboxState, trouble: str
) -> None:
    """Later, never again, or something is set wrong; the page says which."""
    house.tell(person(), person("Dad", subjects=()))
    post.answers |= answers
    house.send()
    mum = house.book.recipient("mum")
    (entry,) = [each for each in house.log if each.queued.what == escalation.ALERTS]
    assert (entry.row.state, mum.trouble) == (end, trouble)
    assert bool(mum.gone_at) == (end == OutboxState.REFUSED)
    post.answers.clear()
    house.send(HOUR)
    arrived = [each["Subject"] for each in post.to("mum@family.example")]
    assert arrived.count("Urgent: an alert of an emergency card") == (end != OutboxState.REFUSED)
    others = [each["Subject"] for each in post.to("dad@family.example")]
    assert others.count("Mum may not be reached") == bool(trouble)


def test_a_server_that_hangs_up_after_the_last_word_gets_the_same_key(
    house: House, post: Mailbox
) -> None:
    """Nobody can know whether it took the message: a second copy can be told by its key."""
    house.person()
    with mailbox() as taker:
        taken = taker.handle_DATA

        async def hang_up(server: Any, session: Any, envelope: Any) -> str:
            await taken(server, session, envelope)
            server.transport.abort()
            return "250 OK"

        taker.handle_DATA = hang_up  # type: ignore[method-assign]
        here = house.channels["mail"]
        house.channels["mail"] = mail.Mail(taker.server, "alerts@card.example", 5)
        assert house.send().postponed == 1
        house.channels["mail"] = here
        assert house.send(MINUTE).sent == 1
        assert taker.taken[0][1]["Message-ID"] == post.taken[-1][1]["Message-ID"]


def test_a_channel_that_is_not_set_up_is_shown(house: House) -> None:
    """The message waits for it."""
    house.person()
    house.channels.clear()
    house.send()
    assert house.book.people[0].trouble == "none"


def test_people_sealed_under_another_secret_are_not_told_and_not_lost(
    house: House, post: Mailbox
) -> None:
    """The sender says so and goes on; with the right secret all is as it was."""
    house.person()
    right = house.bureau
    house.bureau = AlertService(house.keeper.store.engine, "another secret of some length")
    assert house.send().unreadable == 1
    with pytest.raises(UnreadableRecord):
        house.bureau.record(house.card_id)
    house.bureau = right
    assert house.send(HOUR).sent == 1


def test_a_fault_in_one_card_holds_up_no_other(
    house: House, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one in a message; both are raised in the end, and tried again."""
    house.person("Mum")
    house.bureau.records.change(house.card_id, house.now, lambda book: _asked_of(book, "Mum"))
    broken = house.card_id
    house.kept = house.keeper.add(card_of(overdue()), house.now)
    house.person("Dad", confirmed_at=None)
    look, write = escalation.evaluate, MessageWriter.write

    def turn(book: AlertRecord, *given: Any) -> Any:
        if book.recipient("mum"):
            raise ValueError("a card that nobody thought of")
        return look(book, *given)

    def written(writer: MessageWriter, note: QueuedMessage) -> Any:
        if writer.recipient.name == "Mum":
            raise KeyError("a message that nobody thought of")
        return write(writer, note)

    with monkeypatch.context() as patched:
        patched.setattr(escalation, "evaluate", turn)
        patched.setattr(MessageWriter, "write", written)
        with pytest.raises(ExceptionGroup) as fault:
            house.send()
        assert [type(each) for each in fault.value.exceptions] == [ValueError, KeyError]
        assert [to for to, _ in post.taken] == ["dad@family.example"]
    assert house.send(HOUR).sent == 2
    assert house.bureau.record(broken)
    assert {to for to, _ in post.taken[1:]} == {"mum@family.example"}


def _asked_of(book: AlertRecord, name: str) -> tuple[AlertRecord, list[QueuedMessage]]:
    return book, [QueuedMessage(channel_checks.TEST_ALERT, name.lower())]


# Claims ---------------------------------------------------------------------------------------


def test_of_two_senders_one_has_a_message(either: House) -> None:
    """Until its claim ends; then the other may."""
    either.person()
    either.bureau.records.evaluate(either.card_id, either.now)
    outbox = either.bureau.records.outbox
    first = outbox.claim(either.now)
    assert first and outbox.claim(either.now) is None
    assert outbox.claim(either.now + MINUTE) is None
    second = outbox.claim(either.now + 2 * MINUTE)
    assert second and second.row.id == first.row.id and not outbox.was_delivered(second)


def test_of_two_senders_that_looked_at_the_same_moment_one_has_a_message(either: House) -> None:
    """The second claims between the look of the first and its update, which then changes no row."""
    either.person()
    either.bureau.records.evaluate(either.card_id, either.now)
    outbox, engine = either.bureau.records.outbox, either.keeper.store.engine
    second: list[Any] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("SELECT") and not second:
            second.append(None)
            second[0] = outbox.claim(either.now)

    event.listen(engine, "after_cursor_execute", look)
    try:
        first = outbox.claim(either.now)
    finally:
        event.remove(engine, "after_cursor_execute", look)
    assert second[0] and first is None


def test_a_sender_that_slept_does_not_say_the_last_word(either: House, post: Mailbox) -> None:
    """Its claim has gone to another one, which it learns right before."""
    either.person()
    either.bureau.records.evaluate(either.card_id, either.now)
    outbox = either.bureau.records.outbox
    slow, before = outbox.claim(either.now), len(post.taken)
    assert slow
    assert either.send(5 * MINUTE).sent == 1
    with pytest.raises(ClaimLost), outbox.final_send(slow, either.now):
        raise AssertionError("the last word was said")
    assert len(post.taken) == before + 1


def test_a_claim_of_a_clock_that_was_wrong_ends(either: House) -> None:
    """A year ahead, and back: nothing waits for that year."""
    either.person()
    outbox = either.bureau.records.outbox
    either.bureau.records.evaluate(either.card_id, either.now)
    assert outbox.claim(either.now + 365 * DAY)
    assert outbox.claim(either.now + MINUTE)
    either.bureau.records.evaluate(either.card_id, either.now + 365 * DAY)
    assert either.bureau.records.due_cards(either.now)


def test_a_deleted_card_takes_all_along(either: House) -> None:
    """Book, addresses and messages, at once."""
    either.person()
    either.send()
    either.keeper.vault.delete(either.kept.owner)
    with either.keeper.store.engine.connect() as connection:
        for table in ("alert_books", "alert_links", "alert_outbox"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_a_card_without_people_has_no_book(house: House) -> None:
    """The server then keeps nothing that it could read."""
    made = house.person()
    house.bureau.remove_recipient(house.card_id, made.id, house.now)
    assert house.book is None and house.bureau.recipients.open(made.token) is None
    house.keeper.save(house.kept.owner, card_of(overdue()), 1, "", house.now)
    assert house.book is None


def test_nothing_of_it_is_readable_in_the_database(either: House) -> None:
    """Neither a name, nor an address, nor what is due, nor a token."""
    made = either.person("Marianne", address="marianne@family.example")
    either.send()
    with either.keeper.store.engine.connect() as connection:
        rows = [
            repr(tuple(row))
            for table in ("alert_books", "alert_links", "alert_outbox")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert rows
    for secret in ("arianne", "family.example", "refill", "Urgent", made.token):
        assert secret not in "".join(rows)


def test_a_mail_in_html_says_the_same_and_loads_nothing(house: House, post: Mailbox) -> None:
    """One band, a number that dials, one action, and every word of the plain text."""
    house.person()
    house.send()
    mail = post.taken[-1][1]
    html = mail.get_body(("html",))
    assert html
    page = str(html.get_content())
    without_tags = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    shown = " ".join(unescape(without_tags).split())
    for line in filter(None, map(str.strip, plain(mail).splitlines())):
        parts = line.removeprefix("Urgent: ").rsplit(": ", 1)
        assert f'href="{line}"' in page or all(each in shown for each in parts), line
    assert "▲ Urgent" in shown and 'href="tel:+' in page and page.count("/a/") == 1
    assert not re.search(r"<img|<link|src=|url\(", page)
