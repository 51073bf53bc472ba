"""A briefing in the formats of other programs: contact, calendar, Medical ID, a device's list.

Uses ``card`` and ``briefing``. A new format is a new file here.
"""
