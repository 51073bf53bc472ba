"""Alerts that the program sends: who is notified of what and when, until somebody acknowledges.

``service`` is what the web's owner pages call, ``recipient_service`` what the recipients' own pages
call, and ``sender`` what a timer runs. The rules stand in ``policy``, the ways out in ``channels``.
The room uses ``card``, ``briefing`` and ``storage``.
"""
