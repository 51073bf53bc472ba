"""Sealed cards in SQLite or PostgreSQL: keys, rows, backups.

Uses ``card``. Nothing above it sees a key or a row, and it never sees a page's words.
"""
