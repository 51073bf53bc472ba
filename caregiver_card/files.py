"""Words as a part of a file's name that every system takes."""

import re
import unicodedata

# Longer names are cut off by some systems once folders are put before them.
_LONGEST = 30


def plain(words: str) -> str:
    """Small letters, figures and hyphens; nothing, if the words have no Latin letters."""
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].rstrip("-")
