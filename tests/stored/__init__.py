"""A database that the program filled on 28 November 2026: what it stored then opens for ever.

``cards.sqlite`` holds every card of ``cards.json``, by name with the tokens that open it, and the
people told about some of them. Both were written by ``fill`` and are never written again: the rules
for what may be typed have changed since, and cards that were stored before must still open.
"""
