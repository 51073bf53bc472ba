"""Pages that are compressed when a card is saved, and only joined when they are opened.

A page consists of pieces that never change, and of holes for what does: the day's alerts, the
age, the address. Each piece is deflated by itself up to a full flush, where deflate streams may be
joined (RFC 1951); opening a page deflates only the texts of its holes, some hundred bytes. If the
maximum size of a hole is known, it always takes that size, and a comment fills what its text
leaves. So distances across it are the same on every day, and the next piece can be deflated with
references to the pieces before. The checksum of the whole is combined from those of the pieces:
opening a page neither compresses nor reads them.

Stored form: the length of a JSON head (4 bytes), the head, and the deflated pieces in order.
"""

import json
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import deflate

# U+FDD0 is a noncharacter: ``values.text`` keeps it out of every card.
HOLE = "\ufdd0"
# An empty last block of deflate, and a gzip header without a name or a time (RFC 1952).
_LAST = b"\x03\x00"
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
# A mask of the lowest bit of each byte, and a table from such bytes to binary digits.
_ODD = int.from_bytes(b"\1" * 63, "big")
_DIGITS = bytes.maketrans(b"\0\1", b"01")
# A stored block holds at most 65,535 bytes. Shorter texts than this are not worth deflating.
_MOST_STORED = 0xFFFF
_LEAST_DEFLATED = 100
# How far back deflate refers, and the byte that stands for a hole there. UTF-8 has no such byte,
# so no reference leads into a hole.
_WINDOW = 0x8000
_HOLE_BYTE = b"\xff"
_COMMENT = (b"<!--", b"-->")
# The shortest comment that can fill a hole, in bytes.
SHORTEST_COMMENT = sum(map(len, _COMMENT))


class UnreadablePage(ValueError):
    """Bytes that are not a precompressed page of this version."""


# The best for its time: a page takes 4 ms instead of the 1 ms of zlib, and is 3.5 % smaller.
_LEVEL = 10


def compress(data: bytes) -> bytes:
    """Return data as one gzip member without a name or a time."""
    return bytes(deflate.gzip_compress(data, _LEVEL))


def precompress(
    page: str, head: Mapping[str, Any], hole_sizes: Mapping[str, int] | None = None
) -> bytes:
    """Compress ``page``, in which each hole is its name between two ``HOLE`` characters.

    ``head`` is stored with the page and must be JSON; with ``whole`` in it, the page is compressed
    when it is opened, which takes longer and makes it smaller. ``hole_sizes`` has the bytes that a
    hole takes on every day: those of its longest text, and ``SHORTEST_COMMENT`` more.
    """
    parts, known = page.split(HOLE), hole_sizes or {}
    holes = [(name, known.get(name)) for name in parts[1::2]]
    pieces, compressed, before = [], [], b""
    for part, (_, size) in zip(parts[0::2], [*holes, ("", None)], strict=True):
        piece = part.encode()
        deflated = _deflate(piece, before)
        pieces.append([len(piece), len(deflated), zlib.crc32(piece), _shift(len(piece))])
        compressed.append(deflated)
        before = b"" if size is None else (before + piece + _HOLE_BYTE * size)[-_WINDOW:]
    json_head = json.dumps({**head, "pieces": pieces, "holes": holes}).encode()
    return struct.pack(">I", len(json_head)) + json_head + b"".join(compressed)


class PrecompressedPage:
    """A precompressed page. ``head`` is what was stored with it.

    Raises ``UnreadablePage``.
    """

    __slots__ = ("_body", "_holes", "head")

    def __init__(self, raw: bytes) -> None:
        try:
            (length,) = struct.unpack_from(">I", raw)
            self.head: dict[str, Any] = json.loads(raw[4 : 4 + length])
            size = sum(deflated for _, deflated, _, _ in self.head["pieces"])
            self._holes = [(name, hole_size) for name, hole_size in self.head["holes"]]
            is_whole = len(self.head["pieces"]) == len(self._holes) + 1
        except (struct.error, ValueError, TypeError, LookupError, RecursionError) as error:
            raise UnreadablePage(str(error)) from None
        self._body = memoryview(raw)[4 + length :]
        if not is_whole or len(self._body) != size:
            raise UnreadablePage("the page is not whole")

    def gzip(self, fill: Callable[[str], str] = str) -> bytes:
        """The page as one gzip member; ``fill`` returns the text of a hole by its name."""
        if self.head.get("whole"):
            return compress(self.plain(fill))
        out: list[bytes | memoryview] = [_GZIP]
        at = total = crc = 0
        for index, (size, deflated, piece_crc, shift) in enumerate(self.head["pieces"]):
            out.append(self._body[at : at + deflated])
            at += deflated
            total += size
            crc = _multiply(crc, shift) ^ piece_crc
            if index < len(self._holes):
                name, hole_size = self._holes[index]
                text = fill(name).encode()
                left = 0 if hole_size is None else hole_size - len(text)
                if left < 0 or 0 < left < SHORTEST_COMMENT:
                    # The text is longer than foreseen, so distances across it would be wrong.
                    return compress(self.plain(fill))
                comment, deflated_comment = _comment(left)
                out += [*_filling(text), deflated_comment]
                total += len(text) + left
                crc = zlib.crc32(comment, zlib.crc32(text, crc))
        out.append(_LAST + struct.pack("<II", crc, total & 0xFFFFFFFF))
        return b"".join(out)

    def plain(self, fill: Callable[[str], str] = str) -> bytes:
        """The page without compression and comments, for a client that does not accept gzip."""
        inflate = zlib.decompressobj(wbits=-15)
        out, at = [], 0
        for index, (_, deflated, _, _) in enumerate(self.head["pieces"]):
            out.append(inflate.decompress(self._body[at : at + deflated]))
            at += deflated
            if index < len(self._holes):
                name, hole_size = self._holes[index]
                out.append(fill(name).encode())
                inflate.decompress(b"".join(_stored_blocks(bytes(hole_size or 0))))
        return b"".join(out)


def _deflate(data: bytes, before: bytes = b"") -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=before)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)


@lru_cache(maxsize=4096)
def _comment(size: int) -> tuple[bytes, bytes]:
    """A comment of ``size`` bytes, plain and deflated; both empty for 0."""
    if not size:
        return b"", b""
    start, end = _COMMENT
    comment = start + b" " * (size - SHORTEST_COMMENT) + end
    return comment, _deflate(comment)


def _filling(text: bytes) -> list[bytes]:
    """The text of a hole, deflated where that saves anything."""
    if len(text) < _LEAST_DEFLATED:
        return _stored_blocks(text)
    # Level 1 with a window of 2 KiB takes half the time of the best, for a hundredth more bytes.
    compressor = zlib.compressobj(1, zlib.DEFLATED, -11, 4)
    return [compressor.compress(text) + compressor.flush(zlib.Z_FULL_FLUSH)]


def _stored_blocks(text: bytes) -> list[bytes]:
    """The text as deflate blocks without compression."""
    blocks = []
    for start in range(0, len(text), _MOST_STORED):
        block = text[start : start + _MOST_STORED]
        blocks += [struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF), block]
    return blocks


def _multiply(a: int, b: int) -> int:
    """The product of two polynomials over GF(2) modulo that of CRC-32, in its reversed bit order.

    With the bits a byte apart, Python's product of integers carries nothing into the next bit.
    """
    product = (_spread(a) * _spread(b) & _ODD).to_bytes(63, "big").translate(_DIGITS)
    bits = int(product, 2)
    # zlib reduces what lies above the 32nd power, as its checksum does to any bytes.
    above = (bits << 1 & 0xFFFFFFFF).to_bytes(4, "little")
    return bits >> 31 ^ zlib.crc32(above, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _spread(number: int) -> int:
    """The number with each of its 32 bits in a byte of its own."""
    return int.from_bytes(f"{number:032b}".encode(), "big") & _ODD


def _shift(length: int) -> int:
    """x to the power of eight times ``length``; multiplies a CRC to append ``length`` bytes."""
    result, power, bits = 0x80000000, 0x00800000, length
    while bits:
        if bits & 1:
            result = _multiply(power, result)
        power = _multiply(power, power)
        bits >>= 1
    return result
