"""Forms: read from a request, drawn with their faults, shown for a last check."""
