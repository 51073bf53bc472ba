"""A card's recipients in sentences, as the owner's pages show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.moments import format_moment
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import Acknowledgement, AlertRecord
from caregiver_card.alerting.policy.plan import PlannedAlert
from caregiver_card.alerting.policy.reach import MOST_SEVERE_SUBJECT, Standing, reach
from caregiver_card.alerting.policy.recipients import Audience, Recipient, audience
from caregiver_card.briefing.content import Content

# The fault of an address that no longer exists, where none was stored.
_GONE_FAULTS = {"mail": "mail-address", "push": "push-gone"}


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """A recipient on the owner's page: standing, fault, and choices."""

    recipient: Recipient
    standing: Standing
    state: str
    trouble: str
    choices: tuple[str, ...]
    # A question about the address, or empty.
    question: str


@dataclass(frozen=True, slots=True)
class ReachSummary:
    """Who receives alerts, in sentences.

    ``red`` is filled where alerts reach nobody, or those of the most severe subject do not.
    """

    red: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    people: tuple[tuple[str, Standing], ...] = ()
    # The keys of current alerts that nobody has acknowledged.
    unanswered: tuple[str, ...] = ()


class ReachTexts:
    """The texts about one card's alerts, with times in the patient's time zone.

    ``channels`` names the channels that there are, as in ``reach``.
    """

    def __init__(
        self,
        record: AlertRecord,
        now: datetime,
        content: Content,
        channels: Collection[str] | None = None,
    ) -> None:
        self._record, self._now, self._content = record, now, content
        self._reach = reach(record, now, channels)

    def recipient_lines(self) -> list[RecipientLine]:
        """Return a line for each recipient, by tier."""
        return [
            RecipientLine(
                recipient,
                standing,
                self._state(recipient, standing),
                self._trouble(recipient),
                self._choices(recipient),
                self._question(recipient),
            )
            for recipient, standing in self._reach.standings
        ]

    def reach_summary(self, overdue_since: datetime | None) -> ReachSummary:
        """Return who receives alerts and who does not.

        ``overdue_since`` is when a sender should have evaluated the record; None: none is missing.
        """
        red, lines = self._reached(overdue_since)
        return ReachSummary(
            red,
            lines,
            questions=tuple(filter(None, map(self._question, self._record.people))),
            people=tuple((each.name, standing) for each, standing in self._reach.standings),
            unanswered=tuple(alert.key for alert, known in self.current_alerts() if not known),
        )

    def _reached(self, overdue_since: datetime | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        receiving, exceptions = self._reach.receiving(), self._exceptions()
        if overdue_since:
            why = self._say("people.no_sender", time=self.format_time(overdue_since))
            return (self._nobody(why),), (exceptions,) if exceptions else ()
        if not receiving:
            return (self._nobody(exceptions),), ()
        names = self._content.join_and([recipient.name for recipient in receiving])
        lines = (
            self._say("people.reach.some", names=names),
            self._say("people.reach.ours") if audience(receiving) is Audience.OWNER else "",
            self._all_snoozed(),
            exceptions,
            self._uncovered(),
            self._say("people.reach.unknown"),
        )
        words = self._say("people.reach.most_severe", names=names)
        red = (words,) if MOST_SEVERE_SUBJECT in self._reach.uncovered_subjects else ()
        return red, tuple(filter(None, lines))

    def current_alerts(self) -> list[tuple[PlannedAlert, str]]:
        """Return the current alerts, most severe first, each with who acknowledged it, or empty."""
        return [
            (
                alert.in_language(self._content),
                self._acknowledged(self._record.known.get(alert.key)),
            )
            for alert in escalation.current(self._record, self._now)
        ]

    def format_time(self, moment: datetime) -> str:
        """Return a moment as ``format_moment`` does, in the patient's time zone."""
        return format_moment(moment, self._record.zone, self._content)

    def _nobody(self, why: str) -> str:
        return f"{self._say('people.reach.nobody')} {why}"

    def _exceptions(self) -> str:
        """Return one sentence on all recipients whose standing is not RECEIVING; or empty."""
        parts = [
            self._exception(recipient, standing)
            for recipient, standing in self._reach.standings
            if standing is not Standing.RECEIVING
        ]
        return f"{'; '.join(parts)}." if parts else ""

    def _exception(self, recipient: Recipient, standing: Standing) -> str:
        since = recipient.stopped_at if standing is Standing.STOPPED else recipient.gone_at
        gone_fault = _GONE_FAULTS.get(recipient.channel, "") if recipient.gone_at else ""
        code = recipient.trouble or gone_fault
        return self._say(
            f"people.reach.{standing}",
            name=recipient.name,
            channel=self._channel(recipient.channel),
            day=self._day(since) if since else "",
            time=self.format_time(recipient.troubled_at) if recipient.troubled_at else "",
            until=self.format_time(recipient.snoozed_until) if recipient.snoozed_until else "",
            fault=self._say(f"tell.fault.{code}") if code else "",
        )

    def _all_snoozed(self) -> str:
        until = self._reach.snoozed_until
        return self._say("people.reach.all_paused", time=self.format_time(until)) if until else ""

    def _uncovered(self) -> str:
        """Return the subjects that nobody chose; the most severe has its own line."""
        subjects = [
            self._say(f"people.subject.{subject}")
            for subject in self._reach.uncovered_subjects
            if subject != MOST_SEVERE_SUBJECT
        ]
        return self._say("people.reach.unheard", what="; ".join(subjects)) if subjects else ""

    def _question(self, recipient: Recipient) -> str:
        if recipient.is_owner_phone or recipient.exact:
            return ""
        if not mail.may_have_been_changed(recipient.address):
            return ""
        return self._say("people.address_asked", name=recipient.name, address=recipient.address)

    def _acknowledged(self, last: Acknowledgement | None) -> str:
        if not last:
            return ""
        return self._say("people.now.known", by=last.by, time=self.format_time(last.at))

    def _state(self, recipient: Recipient, standing: Standing) -> str:
        since = recipient.stopped_at if standing is Standing.STOPPED else recipient.confirmed_at
        return self._say(
            f"people.state.{standing}",
            day=self._day(since) if since else "",
            time=self.format_time(recipient.snoozed_until) if recipient.snoozed_until else "",
            channel=self._channel(recipient.channel),
        )

    def _trouble(self, recipient: Recipient) -> str:
        if not recipient.trouble or not recipient.troubled_at:
            return ""
        time, fault = self.format_time(recipient.troubled_at), f"tell.fault.{recipient.trouble}"
        return self._say("people.state.trouble", time=time, fault=self._say(fault))

    def _choices(self, recipient: Recipient) -> tuple[str, ...]:
        choices = [self._say("people.line.turn", turn=recipient.turn)]
        choices += [self._say(f"people.subject.{subject}") for subject in recipient.subjects]
        if recipient.quiet:
            start, end = recipient.quiet
            choices.append(self._say("people.line.quiet", from_=start, until=end))
        if recipient.proof:
            choices.append(self._say(f"people.line.proof-{recipient.proof}"))
        if recipient.checked_at:
            time = self.format_time(recipient.checked_at)
            choices.append(self._say("people.line.checked", time=time))
        return tuple(choices)

    def _channel(self, channel: str) -> str:
        return self._say(f"tell.channel.{channel}")

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._record.zone).date()

    def _say(self, place: str, **details: Any) -> str:
        return self._content.say(place, **details)
