"""A page pressed once and opened in no time: compressed when the card is saved, joined later.

A page is a run of pieces that never change and holes for what does: the day's alerts, the age,
the address. Each piece is deflated on its own up to a flush, where deflate streams may be joined
(RFC 1951); a hole is a stored block. Where the most bytes of a hole are known, it always takes
that room, and what follows is deflated with what went before it in mind, for the way back is the
same on every day: what words leave of a room is a comment. gzip's checksum of the whole is
combined from those of the pieces, so that opening a page neither compresses nor reads it.

Written form: the length of a JSON head (4 bytes), the head, the deflated pieces one by one.
"""

import gzip
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

# U+FDD0 is a noncharacter: ``values.text`` keeps it out of every card.
HOLE = "\ufdd0"
# Deflate's last block, empty; gzip's header without a name or a time (RFC 1952).
_LAST = b"\x03\x00"
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
# The lowest bit of each byte, and bytes of one bit as binary digits.
_ODD = int.from_bytes(b"\1" * 63, "big")
_DIGITS = bytes.maketrans(b"\0\1", b"01")
# A stored block holds at most 65,535 bytes.
_MOST_STORED = 0xFFFF
# How far back deflate looks, and what stands for a hole there: no UTF-8 has such a byte, so that
# nothing is ever taken from a hole.
_WINDOW = 0x8000
_UNTOLD = b"\xff"
_COMMENT = (b"<!--", b"-->")
# The least that can be left of a room, if anything is.
LEAST_LEFT = sum(map(len, _COMMENT))


class UnreadablePage(ValueError):
    """Bytes that are not a pressed page of this version."""


def precompress(
    page: str, head: Mapping[str, Any], rooms: Mapping[str, int] | None = None
) -> bytes:
    """Press ``page``, in which each hole is its name between two ``HOLE`` marks.

    ``head`` is kept with the page and must be JSON. ``rooms`` has the bytes that a hole takes on
    every day: its longest words and ``LEAST_LEFT`` more.
    """
    parts, known = page.split(HOLE), rooms or {}
    holes = [(name, known.get(name)) for name in parts[1::2]]
    pieces, deflated, before = [], [], b""
    for part, (_, room) in zip(parts[0::2], [*holes, ("", None)], strict=True):
        plain = part.encode()
        squeezed = _deflate(plain, before)
        pieces.append([len(plain), len(squeezed), zlib.crc32(plain), _shift(len(plain))])
        deflated.append(squeezed)
        before = b"" if room is None else (before + plain + _UNTOLD * room)[-_WINDOW:]
    written = json.dumps({**head, "pieces": pieces, "holes": holes}).encode()
    return struct.pack(">I", len(written)) + written + b"".join(deflated)


class PrecompressedPage:
    """A pressed page, read: ``head`` is what was kept with it."""

    __slots__ = ("_body", "_holes", "head")

    def __init__(self, raw: bytes) -> None:
        try:
            (length,) = struct.unpack_from(">I", raw)
            self.head: dict[str, Any] = json.loads(raw[4 : 4 + length])
            body = sum(deflated for _, deflated, _, _ in self.head["pieces"])
            self._holes = [(name, room) for name, room in self.head["holes"]]
            whole = len(self.head["pieces"]) == len(self._holes) + 1
        except (struct.error, ValueError, TypeError, LookupError, RecursionError) as fault:
            raise UnreadablePage(str(fault)) from None
        self._body = memoryview(raw)[4 + length :]
        if not whole or len(self._body) != body:
            raise UnreadablePage("the page is not whole")

    def gzip(self, fill: Callable[[str], str] = str) -> bytes:
        """The page as one gzip member; ``fill`` gives the words of each hole."""
        out: list[bytes | memoryview] = [_GZIP]
        at = total = crc = 0
        for index, (plain, deflated, piece_crc, shift) in enumerate(self.head["pieces"]):
            out.append(self._body[at : at + deflated])
            at += deflated
            total += plain
            crc = _times(crc, shift) ^ piece_crc
            if index < len(self._holes):
                name, room = self._holes[index]
                words = fill(name).encode()
                left = 0 if room is None else room - len(words)
                if left < 0 or 0 < left < LEAST_LEFT:
                    # Longer than foreseen: the way back is another one.
                    return gzip.compress(self.plain(fill), mtime=0)
                comment, squeezed = _blank(left)
                out += [*_stored(words), squeezed]
                total += len(words) + left
                crc = zlib.crc32(comment, zlib.crc32(words, crc))
        out.append(_LAST + struct.pack("<II", crc, total & 0xFFFFFFFF))
        return b"".join(out)

    def plain(self, fill: Callable[[str], str] = str) -> bytes:
        """The page without compression and comments, for a reader that asks for it."""
        inflate = zlib.decompressobj(wbits=-15)
        out, at = [], 0
        for index, (_, deflated, _, _) in enumerate(self.head["pieces"]):
            out.append(inflate.decompress(self._body[at : at + deflated]))
            at += deflated
            if index < len(self._holes):
                name, room = self._holes[index]
                out.append(fill(name).encode())
                inflate.decompress(b"".join(_stored(bytes(room or 0))))
        return b"".join(out)


def _deflate(plain: bytes, before: bytes = b"") -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=before)
    return squeeze.compress(plain) + squeeze.flush(zlib.Z_FULL_FLUSH)


@lru_cache(maxsize=4096)
def _blank(left: int) -> tuple[bytes, bytes]:
    """A comment of so many bytes, or nothing; and the same deflated."""
    if not left:
        return b"", b""
    start, end = _COMMENT
    comment = start + b" " * (left - LEAST_LEFT) + end
    return comment, _deflate(comment)


def _stored(words: bytes) -> list[bytes]:
    """Words as deflate blocks that are stored as they are."""
    blocks = []
    for start in range(0, len(words), _MOST_STORED):
        block = words[start : start + _MOST_STORED]
        blocks += [struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF), block]
    return blocks


def _times(a: int, b: int) -> int:
    """The product of two polynomials over GF(2) modulo CRC-32's, bits reversed as it has them.

    With their bits a byte apart, Python's own product carries nothing from one bit into the next.
    """
    product = (_apart(a) * _apart(b) & _ODD).to_bytes(63, "big").translate(_DIGITS)
    bits = int(product, 2)
    # What lies above the 32nd power is reduced by zlib, whose checksum does just that to bytes.
    above = (bits << 1 & 0xFFFFFFFF).to_bytes(4, "little")
    return bits >> 31 ^ zlib.crc32(above, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _apart(number: int) -> int:
    """A number with each of its 32 bits in a byte of its own."""
    return int.from_bytes(f"{number:032b}".encode(), "big") & _ODD


def _shift(length: int) -> int:
    """x to the power of eight times ``length``: what puts ``length`` bytes behind a CRC."""
    result, power, bits = 0x80000000, 0x00800000, length
    while bits:
        if bits & 1:
            result = _times(power, result)
        power = _times(power, power)
        bits >>= 1
    return result
