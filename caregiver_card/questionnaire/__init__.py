"""The caregiver's questions: which, in what order, and what the answers make of a card.

Uses ``card`` and ``briefing``. Nothing here knows a form or a request.
"""
