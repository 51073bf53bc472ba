"""Every kind of alert, once: what it is about, and on which days before its event it is told.

When a kind holds and how grave it is: ``schedule``. Its words: ``data/text``. Lead times:
clinical-facts section 8.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """One kind of alert.

    ``subject`` is what a recipient chooses. On the days of ``told_again`` before the event it is
    told afresh, even to those who know. ``calendar`` are the days before its event on which a
    calendar reminds, and empty where a calendar has no such event; ``starts_event`` puts the event
    on the first day of the alert, where one is to act on that day. ``counts_days``: a reader is
    told how far away the day of the event is, but for the wordings that name another day.
    """

    subject: str
    told_again: tuple[int, ...] = ()
    calendar: tuple[int, ...] = ()
    starts_event: bool = False
    counts_days: bool = False
    names_another_day: tuple[str, ...] = ()


# In the order in which a calendar has them.
KINDS = {
    "refill_due": AlertKind(
        subject="refill", told_again=(7, 3, 1), calendar=(14, 7, 3, 1), counts_days=True
    ),
    "refill_to_book": AlertKind(
        subject="refill", told_again=(21,), calendar=(0, -7), starts_event=True, counts_days=True
    ),
    "refill_late": AlertKind(subject="refill", counts_days=True),
    "refill_missed": AlertKind(subject="refill", counts_days=True),
    "alarm_date_reached": AlertKind(subject="refill", calendar=(10, 7, 3, 0), counts_days=True),
    "empty_estimated": AlertKind(subject="refill", calendar=(5, 2, 0), counts_days=True),
    "refill_unknown": AlertKind(subject="refill", calendar=(0,)),
    "refill_180_days": AlertKind(
        subject="refill", told_again=(15,), calendar=(30, 15, 0), counts_days=True
    ),
    "replacement_due": AlertKind(
        subject="replacement",
        calendar=(180, 30, 7),
        counts_days=True,
        names_another_day=("replacement_due-age",),
    ),
    "watch_after_change": AlertKind(subject="watch"),
    "card_review": AlertKind(
        subject="card",
        calendar=(0,),
        starts_event=True,
        counts_days=True,
        names_another_day=("card_review",),
    ),
    "maker_line_stale": AlertKind(subject="card"),
    "contacts_stale": AlertKind(subject="card"),
    "rescue_plan_old": AlertKind(subject="card"),
    "directives_old": AlertKind(subject="card"),
}
SUBJECTS = tuple(dict.fromkeys(kind.subject for kind in KINDS.values()))
