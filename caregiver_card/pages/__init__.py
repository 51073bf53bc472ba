"""The pages that a stranger or the family opens: pressed once, then only put together."""
