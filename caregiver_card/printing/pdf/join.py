"""Many tagged PDFs -> one that is tagged still, written as they come.

What a library merges it holds in memory until the end, and the ready-made ways lose the tags. Here
each document becomes a ``Leaf``: its objects as they stand. The binder gives them new numbers,
hangs their pages and their structure trees under one root, and writes them out at once, so that
memory and time for a card stay the same however many there are. ISO 32000-1 names in brackets
where a rule is not plain.
"""

import re
import zlib
from collections.abc import Callable
from typing import BinaryIO
from xml.sax.saxutils import escape

import pikepdf

from caregiver_card.printing.pdf.join_parts import ParsedPdf, UnreadableStructure

# Strings and names are passed over; what is left are references and the keys of the parent tree.
_TOKEN = re.compile(
    rb"\((?:[^\\)]|\\.)*\)|<[0-9A-Fa-f]*>|/StructParents? (\d+)|/[^\s()<>\[\]{}/%]*|(\d+) 0 R",
    re.DOTALL,
)
_METADATA = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>
<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class PdfJoiner:
    """Writes one document to ``stream`` from many, each under its own title in the outline."""

    def __init__(self, stream: BinaryIO, title: str, language: str) -> None:
        self._stream, self._title, self._language = stream, title, language
        # Where each object is, as seven bytes of a cross-reference stream (7.5.8): in the file at a
        # place, or within another object. Number 0 is free for ever.
        self._places = bytearray(b"\0\0\0\0\0\xff\xff")
        self._at = 0
        self._root, self._pages, self._tree = (self._number() for _ in range(3))
        self._leaves: list[tuple[int, int]] = []
        self._titles: list[tuple[bytes, str]] = []
        self._kids: list[bytes] = []
        self._parents: list[int] = []
        self._key = 0
        self._roles = b""
        self._own_size = False
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return sum(count for _, count in self._leaves)

    def add(self, leaf: ParsedPdf, title: str) -> None:
        """One more document."""
        own = {leaf.tree: self._tree}
        for number in (*leaf.objects, *leaf.streams):
            own[number] = self._number()

        def moved(content: bytes) -> bytes:
            return _TOKEN.sub(lambda found: self._moved(found, own), content)

        for number, (words, content) in leaf.streams.items():
            self._write(own[number], moved(words) + b"\nstream\n" + content + b"\nendstream")
        packed = {own[number]: moved(words) for number, words in leaf.objects.items()}
        pages = own[leaf.pages]
        packed[pages] = packed[pages][:-2] + b"/Parent %d 0 R >>" % self._pages
        parents = self._number()
        packed[parents] = self._parent_tree(leaf, moved)
        self._pack(packed)
        self._leaves.append((pages, leaf.count))
        first = re.search(rb"/Kids \[ (\d+ 0 R)", packed[pages])
        self._titles.append((first[1] if first else b"null", title))
        self._kids += [moved(each) for each in leaf.kids]
        self._parents.append(parents)
        self._roles = self._roles or leaf.roles
        self._own_size |= leaf.own_size
        if leaf.roles not in (b"", self._roles):
            raise UnreadableStructure("documents with different roles")
        self._key += 1 + max((key for key, _ in leaf.parents), default=-1)

    def close(self) -> None:
        """Write what holds the documents together."""
        metadata = _METADATA.format(title=escape(self._title)).encode()
        words = b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(metadata)
        about, info = self._number(), self._number()
        self._write(about, words + b"\nstream\n" + metadata + b"\nendstream")
        kids = b" ".join(b"%d 0 R" % number for number, _ in self._leaves)
        limits = b" ".join(b"%d 0 R" % number for number in self._parents)
        roles = b"/RoleMap " + self._roles if self._roles else b""
        catalog = (
            b"<< /Type /Catalog /Pages %d 0 R /StructTreeRoot %d 0 R /Metadata %d 0 R /Lang %s "
            b"/Outlines %d 0 R /MarkInfo << /Marked true >> "
            b"/ViewerPreferences << /DisplayDocTitle true %s>> >>"
        )
        outline, scaling = self._outline(), b"/PrintScaling /None " if self._own_size else b""
        language = pikepdf.String(self._language).unparse()
        self._pack(
            {
                self._root: catalog
                % (self._pages, self._tree, about, language, outline[0], scaling),
                self._pages: b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (self.pages, kids),
                self._tree: b"<< /Type /StructTreeRoot /K [ %s ] /ParentTree << /Kids [ %s ] >> "
                b"/ParentTreeNextKey %d %s >>" % (b" ".join(self._kids), limits, self._key, roles),
                info: b"<< /Title %s >>" % pikepdf.String(self._title).unparse(),
                **outline[1],
            }
        )
        self._finish(info)

    def _moved(self, found: re.Match[bytes], own: dict[int, int]) -> bytes:
        if found[1]:
            return found[0][: -len(found[1])] + b"%d" % (int(found[1]) + self._key)
        if not found[2]:
            return found[0]
        # What stayed behind, such as an outline, is nothing.
        number = own.get(int(found[2]))
        return b"%d 0 R" % number if number else b"null"

    def _parent_tree(self, leaf: ParsedPdf, moved: Callable[[bytes], bytes]) -> bytes:
        """The leaf's part of the tree that leads from a page's content to its tags (7.9.7)."""
        keys = [key + self._key for key, _ in leaf.parents]
        nums = b" ".join(
            b"%d %s" % (key, moved(words))
            for key, (_, words) in zip(keys, leaf.parents, strict=True)
        )
        return b"<< /Limits [ %d %d ] /Nums [ %s ] >>" % (min(keys), max(keys), nums)

    def _outline(self) -> tuple[int, dict[int, bytes]]:
        """One entry for each document: its title, and its first page."""
        top, items = self._number(), [self._number() for _ in self._titles]
        held = {
            top: b"<< /Type /Outlines /Count %d /First %d 0 R /Last %d 0 R >>"
            % (len(items), items[0], items[-1])
        }
        for index, (page, title) in enumerate(self._titles):
            beside = b"/Prev %d 0 R " % items[index - 1] if index else b""
            if index + 1 < len(items):
                beside += b"/Next %d 0 R " % items[index + 1]
            words = pikepdf.String(title).unparse()
            held[items[index]] = b"<< /Title %s /Parent %d 0 R %s/Dest [ %s /Fit ] >>" % (
                words,
                top,
                beside,
                page,
            )
        return top, held

    def _pack(self, objects: dict[int, bytes]) -> None:
        """Write objects into one compressed stream (7.5.7)."""
        holder, index, body = self._number(), [], b""
        for place, (number, words) in enumerate(objects.items()):
            index.append(b"%d %d" % (number, len(body)))
            body += words + b"\n"
            self._set(number, b"\2" + holder.to_bytes(4, "big") + place.to_bytes(2, "big"))
        head = b" ".join(index) + b"\n"
        packed = zlib.compress(head + body)
        words = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>"
        about = words % (len(objects), len(head), len(packed))
        self._write(holder, about + b"\nstream\n" + packed + b"\nendstream")

    def _write(self, number: int, words: bytes) -> None:
        self._set(number, b"\1" + self._at.to_bytes(4, "big") + b"\0\0")
        self._put(b"%d 0 obj\n" % number + words + b"\nendobj\n")

    def _finish(self, info: int) -> None:
        number, at = self._number(), self._at
        self._set(number, b"\1" + at.to_bytes(4, "big") + b"\0\0")
        packed = zlib.compress(bytes(self._places))
        words = (
            b"<< /Type /XRef /Size %d /W [ 1 4 2 ] /Root %d 0 R /Info %d 0 R "
            b"/Filter /FlateDecode /Length %d >>"
        )
        about = words % (len(self._places) // 7, self._root, info, len(packed))
        self._put(
            b"%d 0 obj\n" % number + about + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
        )
        self._put(b"startxref\n%d\n%%%%EOF\n" % at)

    def _number(self) -> int:
        self._places += bytes(7)
        return len(self._places) // 7 - 1

    def _set(self, number: int, place: bytes) -> None:
        self._places[7 * number : 7 * number + 7] = place

    def _put(self, content: bytes) -> None:
        self._stream.write(content)
        self._at += len(content)
