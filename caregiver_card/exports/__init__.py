"""A card in the formats of other programs: contact, calendar, Medical ID, a device's own list.

The room uses ``card`` and ``briefing``. Each format is a module of its own.
"""
