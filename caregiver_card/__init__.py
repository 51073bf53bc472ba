"""The core of Caregiver Card: no Flask, no clock, no environment.

A file makes a valid ``Card``; a ``Card`` and the clinical content make a ``Briefing``;
everything else is a way to write a ``Briefing`` down.
"""
