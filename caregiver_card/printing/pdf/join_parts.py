"""A tagged PDF, taken apart for binding with others."""

import io
from dataclasses import dataclass

import pikepdf

# What a structure tree may bring along and keeps its meaning beside another one.
_KNOWN = {"/Type", "/K", "/ParentTree", "/RoleMap"}
# What a bound document has one of, made anew.
_SUCCEEDED = ("/StructTreeRoot", "/Metadata", "/Outlines")


class UnreadableStructure(ValueError):
    """A document that cannot be bound without losing something; the message names it."""


@dataclass(frozen=True, slots=True)
class ParsedPdf:
    """One document, taken apart: its objects by their own numbers, streams apart."""

    objects: dict[int, bytes]
    streams: dict[int, tuple[bytes, bytes]]
    pages: int
    tree: int
    kids: tuple[bytes, ...]
    parents: tuple[tuple[int, bytes], ...]
    roles: bytes
    count: int
    # Whether it is to be printed in its own size.
    own_size: bool


def parse_pdf(pdf: bytes) -> ParsedPdf:
    """A tagged document as the binder takes it; raises ``Unbindable``."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        tree = root.get("/StructTreeRoot")
        if tree is None or set(tree.keys()) - _KNOWN or "/Nums" not in tree.ParentTree:
            raise UnreadableStructure("a document with another kind of structure tree")
        nums = list(tree.ParentTree.Nums)
        kids = list(tree.K) if isinstance(tree.K, pikepdf.Array) else [tree.K]
        for each in kids:
            # Required (ISO 32000-1, 14.7.2), and left out by those who wrote the tree.
            each.P = tree
        objects, streams = _held(document)
        return ParsedPdf(
            objects,
            streams,
            root.Pages.objgen[0],
            tree.objgen[0],
            tuple(each.unparse() for each in kids),
            tuple((int(nums[i]), nums[i + 1].unparse()) for i in range(0, len(nums), 2)),
            tree.RoleMap.unparse(resolved=True) if "/RoleMap" in tree else b"",
            len(document.pages),
            root.ViewerPreferences.get("/PrintScaling") == "/None",
        )


def _held(document: pikepdf.Pdf) -> tuple[dict[int, bytes], dict[int, tuple[bytes, bytes]]]:
    """What the pages and the tree are made of; the root has its own successor."""
    root = document.Root
    left = {root.objgen, root.StructTreeRoot.ParentTree.objgen}
    left |= {root[name].objgen for name in _SUCCEEDED if name in root}
    objects, streams = {}, {}
    for each in document.objects:
        if not isinstance(each, pikepdf.Object) or each.objgen in left:
            continue
        number = each.objgen[0]
        if isinstance(each, pikepdf.Stream):
            if each.get("/Type") not in ("/ObjStm", "/XRef"):
                streams[number] = (each.stream_dict.unparse(), each.read_raw_bytes())
        else:
            objects[number] = each.unparse(resolved=True)
    return objects, streams
