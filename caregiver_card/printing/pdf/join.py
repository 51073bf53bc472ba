"""Join many tagged PDFs into one that keeps the tags, and write it as they come.

Libraries hold the merged file in memory until the end, and their ready-made ways lose the tags.
Here each document is a ``ParsedPdf``. ``PdfJoiner`` gives its objects new numbers, puts its pages
and its structure tree under one root, and writes them at once: memory and time for a card do not
grow with the number of cards. Numbers in brackets are sections of ISO 32000-1.
"""

import re
import zlib
from collections.abc import Callable
from typing import BinaryIO
from xml.sax.saxutils import escape

import pikepdf

from caregiver_card.printing.pdf.join_parts import ParsedPdf, UnreadableStructure

# Matches strings and names to skip them, keys of the parent tree, and references.
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
    """Write one document to ``stream`` from many, each with an entry in the outline."""

    def __init__(self, stream: BinaryIO, title: str, language: str) -> None:
        self._stream, self._title, self._language = stream, title, language
        # The place of each object, as seven bytes of a cross-reference stream (7.5.8): an offset in
        # the file, or an index in an object stream. Number 0 is never used.
        self._places = bytearray(b"\0\0\0\0\0\xff\xff")
        self._at = 0
        self._root, self._pages, self._tree = (self._number() for _ in range(3))
        self._documents: list[tuple[int, int]] = []
        self._titles: list[tuple[bytes, str]] = []
        self._kids: list[bytes] = []
        self._parents: list[int] = []
        self._key = 0
        self._roles = b""
        self._own_size = False
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        """The number of pages so far."""
        return sum(count for _, count in self._documents)

    def add(self, pdf: ParsedPdf, title: str) -> None:
        """Add a document; raises ``UnreadableStructure`` if its roles differ from the others'."""
        own = {pdf.tree: self._tree}
        for number in (*pdf.objects, *pdf.streams):
            own[number] = self._number()

        def renumbered(content: bytes) -> bytes:
            return _TOKEN.sub(lambda found: self._renumber(found, own), content)

        for number, (words, content) in pdf.streams.items():
            self._write(own[number], renumbered(words) + b"\nstream\n" + content + b"\nendstream")
        packed = {own[number]: renumbered(words) for number, words in pdf.objects.items()}
        pages = own[pdf.pages]
        packed[pages] = packed[pages][:-2] + b"/Parent %d 0 R >>" % self._pages
        parents = self._number()
        packed[parents] = self._parent_tree(pdf, renumbered)
        self._pack(packed)
        self._documents.append((pages, pdf.count))
        first = re.search(rb"/Kids \[ (\d+ 0 R)", packed[pages])
        self._titles.append((first[1] if first else b"null", title))
        self._kids += [renumbered(each) for each in pdf.kids]
        self._parents.append(parents)
        self._roles = self._roles or pdf.roles
        self._own_size |= pdf.own_size
        if pdf.roles not in (b"", self._roles):
            raise UnreadableStructure("documents with different roles")
        self._key += 1 + max((key for key, _ in pdf.parents), default=-1)

    def close(self) -> None:
        """Write the objects that join the documents, and the end of the file."""
        metadata = _METADATA.format(title=escape(self._title)).encode()
        words = b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(metadata)
        about, info = self._number(), self._number()
        self._write(about, words + b"\nstream\n" + metadata + b"\nendstream")
        kids = b" ".join(b"%d 0 R" % number for number, _ in self._documents)
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

    def _renumber(self, found: re.Match[bytes], own: dict[int, int]) -> bytes:
        if found[1]:
            return found[0][: -len(found[1])] + b"%d" % (int(found[1]) + self._key)
        if not found[2]:
            return found[0]
        # An object that was left out, such as an outline, becomes null.
        number = own.get(int(found[2]))
        return b"%d 0 R" % number if number else b"null"

    def _parent_tree(self, pdf: ParsedPdf, renumbered: Callable[[bytes], bytes]) -> bytes:
        """The document's part of the tree that leads from content to tags (7.9.7)."""
        keys = [key + self._key for key, _ in pdf.parents]
        nums = b" ".join(
            b"%d %s" % (key, renumbered(words))
            for key, (_, words) in zip(keys, pdf.parents, strict=True)
        )
        return b"<< /Limits [ %d %d ] /Nums [ %s ] >>" % (min(keys), max(keys), nums)

    def _outline(self) -> tuple[int, dict[int, bytes]]:
        """The outline: an entry for each document, with its title and first page."""
        top, items = self._number(), [self._number() for _ in self._titles]
        objects = {
            top: b"<< /Type /Outlines /Count %d /First %d 0 R /Last %d 0 R >>"
            % (len(items), items[0], items[-1])
        }
        for index, (page, title) in enumerate(self._titles):
            siblings = b"/Prev %d 0 R " % items[index - 1] if index else b""
            if index + 1 < len(items):
                siblings += b"/Next %d 0 R " % items[index + 1]
            words = pikepdf.String(title).unparse()
            objects[items[index]] = b"<< /Title %s /Parent %d 0 R %s/Dest [ %s /Fit ] >>" % (
                words,
                top,
                siblings,
                page,
            )
        return top, objects

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
