"""A clinic's many cards from one table: read, judged, printed by several processes."""
