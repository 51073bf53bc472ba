"""The owner's pages, under ``/o/``, except those about alerts.

Each module is a blueprint of its own, or holds what several of them share (``saving``,
``conflicts``). They may use ``web.forms``, ``web.alerts`` for the summary of who hears, and the
rooms below ``web``.
"""
