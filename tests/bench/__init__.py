"""The benchmarks: every speed goal beside its yardstick, measured in turn in one run.

``make bench`` runs all; ``python -m tests.bench prints first`` some.
"""
