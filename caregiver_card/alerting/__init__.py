"""Alerts that go out: who is told what and when, until somebody says "I know"."""
