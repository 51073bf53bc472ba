"""Forms: read answers from a request, build form fields with their faults, list all answers.

These modules know neither routes nor tokens. They may use ``questionnaire``, ``briefing`` and
``card``.
"""
