"""Keeps tokens out of logs: what could open a card is written as a short hash."""

import hashlib
import logging
import re

# What stands behind /c/, /o/, /f/, /a/ or /u/, in any case and spelling, and any lone token.
_ADDRESS = re.compile(r"(?i)(/|%(?:25)*2f)([cofau])\1([^/\s?#\"'<>\\]+)")
_TOKEN = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-z]-?){25}[0-9a-z](?![0-9a-z])")


def redact(words: str) -> str:
    """``words`` with every token replaced by a hash that only tells two of them apart."""
    words = _ADDRESS.sub(lambda found: f"/{found[2]}/{short(found[3])}", words)
    return _TOKEN.sub(lambda found: short(found[0]), words)


def short(token: str) -> str:
    """A token as a hash that tells it from others and opens nothing."""
    folded = token.upper().replace("-", "")
    return "~" + hashlib.sha256(folded.encode()).hexdigest()[:8]


class RedactingFormatter(logging.Formatter):
    """Formats like the formatter it wraps, and redacts what comes out, tracebacks included."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record))


def redact_handlers(logger: logging.Logger) -> None:
    """Make every handler of ``logger`` redact."""
    for handler in logger.handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter))
