"""Letters: which fonts have them, how wide they are, which way they run, and the sizes of pages."""
