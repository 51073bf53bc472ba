"""The questions to a caregiver: which ones, in what order, and how the answers become a card.

The room uses ``card`` and ``briefing``. It knows no form and no request.
"""
