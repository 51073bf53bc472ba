"""One card: its fields, its rules and its alerts.

Pure: it knows no words, no clock and no other room. What one value, one card and one file may hold
stands here, once.
"""
