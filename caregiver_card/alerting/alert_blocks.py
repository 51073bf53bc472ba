"""The blocks of a message about alerts: what is due, whom to call, and the signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from caregiver_card.alerting.channels.channel import BlockKind, MessageBlock
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.plan import PlannedAlert
from caregiver_card.briefing import alert_texts
from caregiver_card.briefing.content import Content


@dataclass(frozen=True, slots=True)
class AlertBlocks:
    """Writes the blocks for one moment; ``public_url`` begins the addresses of pages."""

    record: AlertRecord
    content: Content
    now: datetime
    public_url: str

    def fact(self, alert: PlannedAlert) -> MessageBlock:
        """Return what is due, and what to do."""
        severity = self.content.say(f"severity.{alert.severity.name}")
        return MessageBlock(
            f"{severity}: {self.dated_title(alert)}.\n{alert.action}", BlockKind.ALERT
        )

    def dated_title(self, alert: PlannedAlert) -> str:
        """Return the title of an alert with how far away its day is."""
        if not alert.dated:
            return alert.title
        today = self.now.astimezone(self.record.zone).date()
        days = alert_texts.relative_day(alert.due_on, today, self.content.language)
        return f"{alert.title} ({days})"

    def number(self) -> MessageBlock:
        """Return the pump team's number."""
        plan = self.record.plan
        words = self.content.say("tell.number", team=plan.team)
        return MessageBlock(words, BlockKind.CALL, f"tel:{plan.team_dial}")

    def signs(self, alerts: Sequence[PlannedAlert]) -> list[MessageBlock]:
        """Return what to do about signs, and where they are, if an alert needs it."""
        say, found = self.content.say, []
        if any(alert.signs_now for alert in alerts):
            found.append(
                MessageBlock(
                    say("tell.signs", emergency=self.record.plan.emergency_in(self.content))
                )
            )
        if any(alert.needs_signs for alert in alerts):
            found.append(
                MessageBlock(say("tell.which_signs"), BlockKind.LINK, f"{self.public_url}/signs")
            )
        return found
