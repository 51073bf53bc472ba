"""The pages about alerts: the owner's, under ``/o/<token>/alerts``, and the recipients' own.

They may use ``alerting``, the other rooms below ``web``, and ``web.owner.home`` for the way back.
"""
