"""What goes on paper: every layout, its letters and codes, and the proof of the finished file."""
