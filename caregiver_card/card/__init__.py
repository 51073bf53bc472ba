"""The data model of one card: its fields, the rules between them, its warnings and its alerts.

Every limit on a value, a card or a card file is stated here and nowhere else. The room uses no
other room; it holds no wording and never asks for the time.
"""
