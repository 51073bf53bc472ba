"""Letters of a file that is not UTF-8: what it says as Windows-1252, for a person to judge.

A spreadsheet's plain "CSV" and an old editor write so. Every byte is a letter there, so that any
file can be read: whether it is right only who knows the words can tell.
"""

import re

WINDOWS = "windows-1252"
_BETWEEN = re.compile(r'[,;\t\r\n"{}\[\]:|]+')
# Enough to see whether the letters are right.
_MOST, _LONGEST = 6, 40


def is_wide(raw: bytes) -> bool:
    """Whether it says that it is UTF-16, as Excel's "Unicode text" does."""
    return raw.startswith((b"\xff\xfe", b"\xfe\xff"))


def of(raw: bytes) -> str:
    """The encoding of a file that is Unicode."""
    return "utf-16" if is_wide(raw) else "utf-8-sig"


def is_unicode(raw: bytes) -> bool:
    """Whether there is nothing to ask."""
    try:
        raw.decode(of(raw))
    except UnicodeDecodeError:
        return False
    return True


def sample(raw: bytes) -> list[str]:
    """The words with other than plain letters, as Windows-1252 has them; none if it cannot be, as
    of UTF-16 or of what is no text."""
    if is_wide(raw) or b"\0" in raw:
        return []
    try:
        text = raw.decode(WINDOWS)
    except UnicodeDecodeError:
        return []
    words = (each.strip() for each in _BETWEEN.split(text))
    found = [each for each in words if not each.isascii() and each.isprintable()]
    return [each[:_LONGEST] for each in dict.fromkeys(found)][:_MOST]


def from_windows(raw: bytes) -> bytes:
    """The file as UTF-8, after somebody has said that it is Windows-1252; UTF-8 stays as it is."""
    return raw if is_unicode(raw) or not sample(raw) else raw.decode(WINDOWS).encode()
