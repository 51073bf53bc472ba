"""What comes after a message: when the same is said again, when it ends, who is told next.

Worked out by the rules of ``rounds``, so that no message promises what they do not do.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from caregiver_card.alerting.policy import escalation, timing
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.plan import PlannedAlert
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.briefing.content import Content
from caregiver_card.card.alert_schedule import Severity


class Outlook(NamedTuple):
    """What comes for one person while nobody says "I know"; times are by the person's clock."""

    severity: Severity
    # Whether it is said again before it ends.
    repeated: bool
    # Its last day; None: it holds for good.
    ends_on: date | None
    # When the same event is told of afresh, to those who know as well.
    afresh_on: date | None
    # When the next in turn is told.
    handed_on: datetime | None

    def said(self, content: Content) -> str:
        """The same in sentences."""
        say, words = content.say, []
        if self.repeated:
            words.append(say(f"tell.again.{self.severity.name}"))
        elif not self.afresh_on:
            words.append(say("tell.again.once"))
        if self.handed_on:
            time = f"{self.handed_on:%H:%M}"
            words.append(say("tell.again.next", day=self.handed_on.date(), time=time))
        if self.afresh_on:
            words.append(say("tell.again.afresh", day=self.afresh_on))
        elif self.ends_on:
            words.append(say("tell.again.ends", day=self.ends_on))
        return " ".join(words)


def outlook(book: AlertRecord, person: Recipient, occasion: PlannedAlert, now: datetime) -> Outlook:
    """What comes after this occasion was told to this person."""
    begun = book.begun.get(occasion.key, now)
    spared = escalation.spared(book, person, occasion, now) or timedelta()
    again = escalation.RHYTHMS[occasion.severity].again
    next_time = timing.following(begun + spared, again, person.zone, now)
    later = [
        each.first_on
        for each in book.plan.occasions
        if (each.kind, each.due_on) == (occasion.kind, occasion.due_on)
        and each.first_on > occasion.first_on
    ]
    turns = [each.astimezone(person.zone) for each in _turns(book, occasion, begun, now)]
    return Outlook(
        occasion.severity,
        _holds(book, occasion, next_time),
        occasion.last_on,
        min(later, default=None),
        min(turns, default=None),
    )


def _turns(
    book: AlertRecord, occasion: PlannedAlert, begun: datetime, now: datetime
) -> list[datetime]:
    """When those are told whose turn is still to come; who sleeps then is not promised."""
    times = []
    for each in book.people:
        wait = escalation.spared(book, each, occasion, now)
        if wait is None or not escalation.listens(book, each, occasion, now):
            continue
        at = begun + wait
        if at > now and _holds(book, occasion, at) and each.disturbed_by(occasion.severity, at):
            times.append(at)
    return times


def _holds(book: AlertRecord, occasion: PlannedAlert, at: datetime) -> bool:
    return occasion.holds(at.astimezone(book.zone).date())
