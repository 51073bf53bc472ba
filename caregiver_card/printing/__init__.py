"""Prints: every layout, its fonts and codes, and the verification of the finished PDF.

Other rooms call ``printer`` and ``errors``, the key sheet and the lock screen. This room may use
``briefing``, ``card``, ``document_templates`` and the vCard of ``exports``.
"""
