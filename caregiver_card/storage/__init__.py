"""Sealed cards in SQLite or PostgreSQL: keys, tables, queries, backups.

The room uses ``card`` alone. Only this room and ``alerting`` use SQLAlchemy, and only ``crypto``
uses cryptography: callers pass tokens and get cards, and never see a key.
"""
