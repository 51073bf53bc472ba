"""Keep tokens out of logs: each one is written as a short hash, which opens no card."""

import hashlib
import logging
import re

# The segment after /c/, /o/, /f/, /a/ or /u/, in any case and encoding, and any token by itself.
_ADDRESS = re.compile(r"(?i)(/|%(?:25)*2f)([cofau])\1([^/\s?#\"'<>\\]+)")
_TOKEN = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-z]-?){25}[0-9a-z](?![0-9a-z])")


def redact(text: str) -> str:
    """Replace every token in ``text`` by its ``short_hash``."""
    text = _ADDRESS.sub(lambda match: f"/{match[2]}/{short_hash(match[3])}", text)
    return _TOKEN.sub(lambda match: short_hash(match[0]), text)


def short_hash(token: str) -> str:
    """A hash that tells a token from others but opens no card."""
    folded = token.upper().replace("-", "")
    return "~" + hashlib.sha256(folded.encode()).hexdigest()[:8]


class RedactingFormatter(logging.Formatter):
    """Wrap a formatter and redact its output, tracebacks included."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record))


def redact_handlers(logger: logging.Logger) -> None:
    """Make every handler of ``logger`` redact its output."""
    for handler in logger.handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter))
