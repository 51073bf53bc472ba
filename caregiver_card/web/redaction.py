"""Keep tokens out of logs: each one is written as a short hash, which opens no card."""

import hashlib
import logging
import re
import sys
from typing import Any, TextIO
from urllib.parse import unquote

# The segment after /c/, /o/, /f/, /a/, /u/ or /s/, in any case, and any token by itself.
_ADDRESS = re.compile(r"(?i)(/+)([cofaus])/+([^/\s?#\"'<>\\]+)")
_TOKEN = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-z]-*){25}[0-9a-z](?![0-9a-z])")
# A health link with its key, and an address or a key by itself: 32 bytes in base64url.
_HEALTH_LINK = re.compile(r"shlink:/[\w-]+")
_SECRET = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])", re.ASCII)
# What may be an address in percent encoding, of any of its letters, and encoded again.
_ENCODED = re.compile(r"[^\s\"'<>\\]*%[0-9a-fA-F]{2}[^\s\"'<>\\]*")
_MOST_DECODINGS = 8
# What was replaced already.
_HASHED = re.compile(r"~[0-9a-f]{8}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def redact(text: str) -> str:
    """Replace every token in ``text`` by its ``short_hash``."""
    return _redact(_ENCODED.sub(_redact_encoded, text) if "%" in text else text)


def _redact_encoded(match: re.Match[str]) -> str:
    """Decode until nothing changes; write it decoded only if there was a token in it."""
    decoded = match[0]
    for _ in range(_MOST_DECODINGS):
        if (once := unquote(decoded)) == decoded:
            break
        decoded = once
    redacted = _redact(decoded)
    if redacted == decoded:
        return match[0]
    # A line break that was encoded must not begin a line of the log.
    return _CONTROLS.sub("?", redacted)


def _redact(text: str) -> str:
    text = _HEALTH_LINK.sub(lambda match: f"shlink:/{short_hash(match[0])}", text)
    text = _ADDRESS.sub(lambda match: f"/{match[2]}/{short_hash(match[3])}", text)
    text = _SECRET.sub(lambda match: short_hash(match[0]), text)
    return _TOKEN.sub(lambda match: short_hash(match[0]), text)


def short_hash(token: str) -> str:
    """A hash that tells a token from others but opens no card."""
    if _HASHED.fullmatch(token):
        return token
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


def redact_server_log() -> None:
    """Give Werkzeug's server, which ``flask run`` starts, a handler that redacts.

    It makes one of its own with its first line, and only where there is none.
    """
    logger = logging.getLogger("werkzeug")
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler())
    redact_handlers(logger)


def redact_stderr() -> None:
    """Redact what this process writes to standard error by itself, such as the last traceback."""
    if not isinstance(sys.stderr, RedactingStream):
        sys.stderr = RedactingStream(sys.stderr)


class RedactingStream:
    """A text stream that redacts whole lines; what begins a line waits for its end or a flush."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._begun = stream, ""

    def write(self, text: str) -> int:
        """Write the lines that are complete."""
        lines, end, self._begun = (self._begun + text).rpartition("\n")
        if end:
            self._stream.write(redact(lines + end))
        return len(text)

    def flush(self) -> None:
        """Write what has begun as well."""
        begun, self._begun = self._begun, ""
        self._stream.write(redact(begun))
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
