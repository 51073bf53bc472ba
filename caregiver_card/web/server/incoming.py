"""The bytes of requests as they arrive on one connection, in pieces of any size."""

import re
from collections.abc import Callable

# More than any browser sends; gunicorn then limits each line and the number of fields.
_LARGEST_HEAD = 32 * 1024
# Whatever somebody could take for a length, and what is one.
_LENGTHS = re.compile(rb"[\r\n][ \t]*content-length[ \t]*:([^\r\n]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"[ \t]*(\d{1,18})[ \t]*")
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[^\r\n]*", re.IGNORECASE)
# Older clients do not know that a server can say "100 Continue".
_KNOWS_CONTINUE = re.compile(rb"[^\r\n]* HTTP/1\.1\r\n")


class Incoming:
    """The requests of one connection, one after another.

    ``largest_body`` says how many bytes an address takes: a request that announces more is complete
    with its head, so that the application refuses it in its own words. So is one in chunks to an
    address that ``is_answered_unread``; any other is refused. ``has_unread_body`` then says that
    the body still comes.
    """

    def __init__(
        self, largest_body: Callable[[str], int], is_answered_unread: Callable[[str], bool]
    ) -> None:
        self._largest_body, self._is_answered_unread = largest_body, is_answered_unread
        self._bytes = bytearray()
        self._end = 0
        # The status of a request that no application can answer; 0 for none.
        self.refused = 0
        self.has_unread_body = False
        # Whether the client waits for "100 Continue" before it sends the body.
        self.waits = False

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, chunk: bytes) -> bool:
        """Add what has arrived; return whether a request is complete or refused."""
        self._bytes += chunk
        return self._look()

    def take(self) -> bytes:
        """Return the complete request, and begin with the next one."""
        taken = bytes(self._bytes[: self._end])
        del self._bytes[: self._end]
        self._end, self.waits = 0, False
        return taken

    def has_next(self) -> bool:
        """Whether the client has sent the next request already."""
        return bool(self._bytes) and self._look()

    def _look(self) -> bool:
        if not self._end:
            if self._bytes.startswith(b"\r\n"):
                # Some clients end a body with an empty line that does not belong to it.
                del self._bytes[:2]
            head = self._bytes.find(b"\r\n\r\n", 0, _LARGEST_HEAD + 4)
            if head < 0:
                self.refused = 431 if len(self._bytes) > _LARGEST_HEAD else 0
                return bool(self.refused)
            self._read_head(head + 4)
        return bool(self.refused) or len(self._bytes) >= self._end

    def _read_head(self, length: int) -> None:
        head = bytes(self._bytes[:length])
        lengths = _LENGTHS.findall(head)
        found = _LENGTH.fullmatch(lengths[0] if lengths else b"0")
        is_chunked, path = bool(_CHUNKED.search(head)), _path(head)
        if is_chunked and not self._is_answered_unread(path):
            # Browsers, and proxies that take requests in whole, name the length.
            self.refused = 411
        if not found or len(lengths) > 1 - is_chunked:
            # Where this request ends is a matter of opinion, and so is where the next begins.
            self.refused = self.refused or 400
        body = int(found[1]) if found else 0
        if is_chunked or body > self._largest_body(path):
            self.has_unread_body, body = True, 0
        # The application must not wait for chunks, nor answer the question once more.
        kept = _EXPECT.sub(b"", _CHUNKED.sub(b"", head))
        self._bytes[:length] = kept
        self._end = len(kept) + body
        arrived = self.has_unread_body or len(self._bytes) >= self._end
        self.waits = bool(_EXPECT.search(head) and _KNOWS_CONTINUE.match(head)) and not arrived


def _path(head: bytes) -> str:
    """The path in the first line of a request."""
    target = head.partition(b"\r\n")[0].split(b" ")[1:2]
    return b"".join(target).partition(b"?")[0].decode("latin-1")
