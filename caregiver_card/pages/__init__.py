"""The pages that a stranger or the family opens: rendered once, then filled for the day.

This room turns a briefing, or the clinical content alone, into HTML. It may use ``briefing``,
``card`` and ``document_templates``, and knows neither requests nor storage.
"""
