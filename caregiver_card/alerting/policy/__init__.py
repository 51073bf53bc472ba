"""The rules of alerting: who is notified of what, and when.

Every function takes a record and a moment, and returns the new record and the messages to queue.
The room has no database, no clock and no network; it uses ``card`` and ``briefing``.
"""
