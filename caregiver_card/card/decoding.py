"""Detect the text encoding of a file; read one that is not Unicode as Windows-1252.

Spreadsheet programs write it as plain "CSV", and so do old editors. Every byte is a letter in
Windows-1252, so decoding never shows whether the guess is right: a person must look at the words.
"""

import re

WINDOWS = "windows-1252"
_SEPARATORS = re.compile(r'[,;\t\r\n"{}\[\]:|]+')
# Enough for a person to see whether the letters are right.
_MAX_WORDS, _MAX_WORD_LENGTH = 6, 40


def is_utf16(raw: bytes) -> bool:
    """Return whether a byte order mark says UTF-16, as in Excel's "Unicode text"."""
    return raw.startswith((b"\xff\xfe", b"\xfe\xff"))


def unicode_encoding(raw: bytes) -> str:
    """Return the encoding to read a Unicode file with: UTF-16 or UTF-8."""
    return "utf-16" if is_utf16(raw) else "utf-8-sig"


def is_unicode(raw: bytes) -> bool:
    """Return whether the file decodes as Unicode, so that nobody needs to be asked."""
    try:
        raw.decode(unicode_encoding(raw))
    except UnicodeDecodeError:
        return False
    return True


def non_ascii_words(raw: bytes) -> list[str]:
    """Return some words with letters outside ASCII, read as Windows-1252.

    Returns none for UTF-16 and for what is no text.
    """
    if is_utf16(raw) or b"\0" in raw:
        return []
    try:
        text = raw.decode(WINDOWS)
    except UnicodeDecodeError:
        return []
    words = (word.strip() for word in _SEPARATORS.split(text))
    non_ascii = [word for word in words if not word.isascii() and word.isprintable()]
    return [word[:_MAX_WORD_LENGTH] for word in dict.fromkeys(non_ascii)][:_MAX_WORDS]


def to_utf8(raw: bytes) -> bytes:
    """Convert a file that somebody has called Windows-1252 to UTF-8; leave Unicode as it is."""
    return raw if is_unicode(raw) or not non_ascii_words(raw) else raw.decode(WINDOWS).encode()
