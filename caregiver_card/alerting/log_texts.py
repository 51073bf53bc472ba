"""A book and its log in words: what the owner reads about the people told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import Acknowledgement, AlertRecord
from caregiver_card.alerting.policy.plan import PlannedAlert
from caregiver_card.alerting.policy.reach import GRAVEST, Reach, Standing, reach
from caregiver_card.alerting.policy.recipients import Audience, Recipient, audience
from caregiver_card.briefing.content import Content
from caregiver_card.storage.rows import OutboxState

# Why an address is no more, where nobody wrote it down.
_LOST = {"mail": "mail-address", "push": "push-gone"}
# Of whom there is nothing to be said.
_WELL = (Standing.TOLD,)


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """A person on the list: how it stands with them, what is wrong, what they chose."""

    person: Recipient
    state: str
    trouble: str
    choices: tuple[str, ...]
    # What is asked about the address, if anything.
    question: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log."""

    what: str
    to: str
    became: str
    seen: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Who hears, in sentences: ``red`` where nobody does, or nobody of what is gravest."""

    red: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


class LogTexts:
    """Words for one card's owner, times by the patient's clock; ``ways`` as ``reach`` takes it."""

    def __init__(
        self,
        book: AlertRecord,
        now: datetime,
        content: Content,
        ways: Collection[str] | None = None,
    ) -> None:
        self._book, self._now, self._content = book, now, content
        self._found = reach(book, now, ways)

    def people(self) -> list[RecipientLine]:
        """Everybody, in turn."""
        return [
            RecipientLine(
                person,
                self._state(person, standing),
                self._trouble(person),
                self._choices(person),
                self._question(person),
            )
            for person, standing in self._found.standings
        ]

    def heard(self, idle_since: datetime | None) -> Heard:
        """Who hears and who does not; ``idle_since`` is when a sender ought to have looked."""
        found, hearing = self._found, self._found.hearing()
        asked = tuple(filter(None, map(self._question, self._book.people)))
        if idle_since:
            why = self._say("people.no_sender", time=self.time(idle_since))
            lines = [self._standing(found)]
            return Heard((self._nobody(why),), tuple(filter(None, lines)), asked)
        if not hearing:
            return Heard((self._nobody(self._standing(found)),), questions=asked)
        names = self._content.join_and([each.name for each in hearing])
        lines = [self._say("people.reach.some", names=names)]
        if audience(hearing) is Audience.OURS:
            lines.append(self._say("people.reach.ours"))
        if found.paused_until:
            until = self.time(found.paused_until)
            lines.append(self._say("people.reach.all_paused", time=until))
        lines += [self._standing(found), *self._unheard(found), self._say("people.reach.unknown")]
        red = (self._say("people.reach.gravest", names=names),) if GRAVEST in found.unheard else ()
        return Heard(red, tuple(filter(None, lines)), asked)

    def current(self) -> list[tuple[PlannedAlert, str]]:
        """What is told now, gravest first, each with who knows, if anybody does."""
        return [
            (each, self._known(self._book.known.get(each.key)))
            for each in escalation.current(self._book, self._now)
        ]

    def sent(self, log: list[OutboxEntry]) -> list[LogLine]:
        """The log, line by line."""
        return [self._sent(each) for each in log]

    def time(self, moment: datetime) -> str:
        """A day and a time."""
        return format_moment(moment, self._book.zone, self._content)

    def _nobody(self, why: str) -> str:
        return f"{self._say('people.reach.nobody')} {why}"

    def _standing(self, found: Reach) -> str:
        """Everybody of whom something is to be said, in one sentence."""
        said = [self._of(person, each) for person, each in found.standings if each not in _WELL]
        return f"{'; '.join(said)}." if said else ""

    def _of(self, person: Recipient, standing: Standing) -> str:
        since = person.stopped_at if standing is Standing.STOPPED else person.gone_at
        code = person.trouble or (_LOST.get(person.channel, "") if person.gone_at else "")
        fault = self._say(f"tell.fault.{code}") if code else ""
        return self._say(
            f"people.reach.{standing}",
            name=person.name,
            channel=self._say(f"tell.channel.{person.channel}"),
            day=self._day(since) if since else "",
            time=self.time(person.troubled_at) if person.troubled_at else "",
            until=self.time(person.snoozed_until) if person.snoozed_until else "",
            fault=fault,
        )

    def _unheard(self, found: Reach) -> list[str]:
        """What nobody chose to hear of, but for the gravest, which has a line of its own."""
        subjects = [each for each in found.unheard if each != GRAVEST]
        words = [self._say(f"people.subject.{each}") for each in subjects]
        return [self._say("people.reach.unheard", what="; ".join(words))] if words else []

    def _question(self, person: Recipient) -> str:
        if person.is_ours or person.exact or not mail.may_have_been_changed(person.address):
            return ""
        return self._say("people.address_asked", name=person.name, address=person.address)

    def _known(self, known: Acknowledgement | None) -> str:
        return self._say("people.now.known", by=known.by, time=self.time(known.at)) if known else ""

    def _state(self, person: Recipient, standing: Standing) -> str:
        since = person.stopped_at if standing is Standing.STOPPED else person.confirmed_at
        return self._say(
            f"people.state.{standing}",
            day=self._day(since) if since else "",
            time=self.time(person.snoozed_until) if person.snoozed_until else "",
            channel=self._say(f"tell.channel.{person.channel}"),
        )

    def _trouble(self, person: Recipient) -> str:
        if not person.trouble or not person.troubled_at:
            return ""
        fault = self._say(f"tell.fault.{person.trouble}")
        return self._say("people.state.trouble", time=self.time(person.troubled_at), fault=fault)

    def _choices(self, person: Recipient) -> tuple[str, ...]:
        words = [self._say("people.line.turn", turn=person.turn)]
        words += [self._say(f"people.subject.{each}") for each in person.subjects]
        if person.quiet:
            start, end = person.quiet
            words.append(self._say("people.line.quiet", from_=start, until=end))
        if person.proof:
            words.append(self._say(f"people.line.proof-{person.proof}"))
        if person.checked_at:
            words.append(self._say("people.line.checked", time=self.time(person.checked_at)))
        return tuple(words)

    def _sent(self, entry: OutboxEntry) -> LogLine:
        row, result = entry.row, entry.result
        person = self._book.person(entry.note.person)
        name = person.name if person else result.get("name", "–")
        channel = person.channel if person else result.get("channel", "mail")
        to = self._say("people.log.to", name=name, channel=self._say(f"tell.channel.{channel}"))
        what = self._say(f"people.log.{entry.note.what}")
        said = result.get("said", "")
        seen = self._say("people.log.seen", time=self.time(row.seen_at)) if row.seen_at else ""
        return LogLine(f"{what}: {said}" if said else what, to, self._became(entry), seen)

    def _became(self, entry: OutboxEntry) -> str:
        row, result = entry.row, entry.result
        if row.state == OutboxState.SENT and row.done_at:
            return self._say("people.log.sent", time=self.time(row.done_at))
        if row.state == OutboxState.WITHDRAWN:
            return self._say("people.log.withdrawn")
        if not result.get("code"):
            return self._say("people.log.waiting")
        fault = self._fault(result)
        if row.state == OutboxState.REFUSED:
            return self._say("people.log.refused", fault=fault)
        return self._say("people.log.again", tries=row.tries, fault=fault)

    def _fault(self, result: dict[str, Any]) -> str:
        words = self._say(f"tell.fault.{result['code']}")
        return f"{words} ({result['detail']})" if result.get("detail") else words

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._book.zone).date()

    def _say(self, place: str, **details: Any) -> str:
        return self._content.say(place, **details)


def format_moment(moment: datetime, zone: ZoneInfo, content: Content) -> str:
    """A moment by a wall clock: 21 Nov 2026, 08:04."""
    local = moment.astimezone(zone)
    return f"{content.day(local.date())}, {local:%H:%M}"
