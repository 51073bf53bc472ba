"""Where cards are kept: sealed under keys that only their tokens open, in either database."""
