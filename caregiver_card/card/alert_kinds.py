"""Every kind of alert, once: its subject, and the days before its event on which it is repeated.

``alert_schedule`` decides when a kind holds and how severe it is; ``data/text`` holds its wording.
Lead times and their sources: ``docs/clinical-sources.md``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """One kind of alert.

    ``subject`` is the topic that a recipient subscribes to. ``renotify_days_before`` lists the days
    before the event on which every recipient is notified anew, even after an acknowledgement.
    ``reminder_days_before`` lists the days before the event on which a calendar reminds; it is
    empty for a kind that has no calendar event. ``starts_event`` places the calendar event on the
    first day of the alert, because that is the day to act on. With ``counts_days`` a reader also
    sees how far away the event is, except in the ``undated_wordings``, whose titles name another
    day.
    """

    subject: str
    renotify_days_before: tuple[int, ...] = ()
    reminder_days_before: tuple[int, ...] = ()
    starts_event: bool = False
    counts_days: bool = False
    undated_wordings: tuple[str, ...] = ()


# In the order of the events in a calendar.
KINDS = {
    "refill_due": AlertKind(
        subject="refill",
        renotify_days_before=(7, 3, 1),
        reminder_days_before=(14, 7, 3, 1),
        counts_days=True,
    ),
    "refill_to_book": AlertKind(
        subject="refill",
        renotify_days_before=(21,),
        reminder_days_before=(0, -7),
        starts_event=True,
        counts_days=True,
    ),
    "refill_late": AlertKind(subject="refill", counts_days=True),
    "refill_missed": AlertKind(subject="refill", counts_days=True),
    "alarm_date_reached": AlertKind(
        subject="refill", reminder_days_before=(10, 7, 3, 0), counts_days=True
    ),
    "empty_estimated": AlertKind(
        subject="refill", reminder_days_before=(5, 2, 0), counts_days=True
    ),
    "refill_unknown": AlertKind(subject="refill", reminder_days_before=(0,)),
    "refill_180_days": AlertKind(
        subject="refill",
        renotify_days_before=(15,),
        reminder_days_before=(30, 15, 0),
        counts_days=True,
    ),
    "replacement_due": AlertKind(
        subject="replacement",
        reminder_days_before=(180, 30, 7),
        counts_days=True,
        undated_wordings=("replacement_due-age",),
    ),
    "watch_after_change": AlertKind(subject="watch"),
    "card_review": AlertKind(
        subject="card",
        reminder_days_before=(0,),
        starts_event=True,
        counts_days=True,
        undated_wordings=("card_review",),
    ),
    "maker_line_stale": AlertKind(subject="card"),
    "contacts_stale": AlertKind(subject="card"),
    "rescue_plan_old": AlertKind(subject="card"),
    "directives_old": AlertKind(subject="card"),
}
SUBJECTS = tuple(dict.fromkeys(kind.subject for kind in KINDS.values()))
