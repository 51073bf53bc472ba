"""QR codes: one for an address, and one for a contact that needs no network.

This room may use ``briefing`` and the vCard of ``exports``.
"""
