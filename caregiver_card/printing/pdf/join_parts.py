"""Take a tagged PDF apart, to be joined with others."""

import io
from dataclasses import dataclass

import pikepdf

# The entries that a structure tree may have to keep its meaning in a joined one.
_KNOWN = {"/Type", "/K", "/ParentTree", "/RoleMap"}
# The parts that ``PdfJoiner`` writes anew, once for the joined document.
_REPLACED = ("/StructTreeRoot", "/Metadata", "/Outlines")


class UnreadableStructure(ValueError):
    """A document that cannot be joined without loss; the message says why."""


@dataclass(frozen=True, slots=True)
class ParsedPdf:
    """A document, taken apart: its objects and its streams, by their numbers in it."""

    objects: dict[int, bytes]
    streams: dict[int, tuple[bytes, bytes]]
    pages: int
    tree: int
    kids: tuple[bytes, ...]
    parents: tuple[tuple[int, bytes], ...]
    roles: bytes
    count: int
    # Whether it asks to be printed in its own size.
    own_size: bool


def parse_pdf(pdf: bytes) -> ParsedPdf:
    """Take a tagged document apart; raises ``UnreadableStructure``."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        tree = root.get("/StructTreeRoot")
        if tree is None or set(tree.keys()) - _KNOWN or "/Nums" not in tree.ParentTree:
            raise UnreadableStructure("a document with another kind of structure tree")
        nums = list(tree.ParentTree.Nums)
        kids = list(tree.K) if isinstance(tree.K, pikepdf.Array) else [tree.K]
        for kid in kids:
            # ISO 32000-1, 14.7.2, requires this entry; WeasyPrint leaves it out.
            kid.P = tree
        objects, streams = _parts(document)
        return ParsedPdf(
            objects,
            streams,
            root.Pages.objgen[0],
            tree.objgen[0],
            tuple(kid.unparse() for kid in kids),
            tuple((int(nums[i]), nums[i + 1].unparse()) for i in range(0, len(nums), 2)),
            tree.RoleMap.unparse(resolved=True) if "/RoleMap" in tree else b"",
            len(document.pages),
            root.ViewerPreferences.get("/PrintScaling") == "/None",
        )


def _parts(document: pikepdf.Pdf) -> tuple[dict[int, bytes], dict[int, tuple[bytes, bytes]]]:
    """The objects and streams of pages and structure, without those that are written anew."""
    root = document.Root
    replaced = {root.objgen, root.StructTreeRoot.ParentTree.objgen}
    replaced |= {root[name].objgen for name in _REPLACED if name in root}
    objects, streams = {}, {}
    for item in document.objects:
        if not isinstance(item, pikepdf.Object) or item.objgen in replaced:
            continue
        number = item.objgen[0]
        if isinstance(item, pikepdf.Stream):
            if item.get("/Type") not in ("/ObjStm", "/XRef"):
                streams[number] = (item.stream_dict.unparse(), item.read_raw_bytes())
        else:
            objects[number] = item.unparse(resolved=True)
    return objects, streams
