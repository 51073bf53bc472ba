"""Add to a PDF what WeasyPrint leaves out, while it paints and when it has painted.

These hooks add a second claim of conformance, repeated parts, the text of lines whose letters
combine, the order of headings, and compression. They use the objects of pydyf, in which WeasyPrint
writes.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from caregiver_card.printing.text import bidi, glyphs
from caregiver_card.printing.text.page_geometry import POINT_PX


def add_actual_text(document: Any) -> None:
    """Have each page state the text of every line whose letters combine, as ActualText.

    WeasyPrint writes one text for each shape: that of the first place where the shape occurs. In
    Hindi and Bengali a shape can be part of different syllables, and a screen reader would read
    another name.
    """
    for page in document.pages:
        # WeasyPrint knows the text of a box right after painting, and no longer in the finisher.
        page.paint = partial(_paint_with_text, page.paint)


def _paint_with_text(paint: Callable[..., None], stream: Any, *scale: float) -> None:
    paint(stream, *scale)
    texts = [getattr(box, "text", "") for box in stream._tags]
    for item in stream.stream:
        text = texts[item["MCID"]] if isinstance(item, dict) else ""
        # A right-to-left shape has only one letter, and needs no ActualText.
        if glyphs.has_combining_marks(text) and not any(map(bidi.may_be_reordered, text)):
            item["ActualText"] = f"<feff{text.encode('utf-16-be').hex()}>"


# WeasyPrint writes one claim, PDF/A or PDF/UA. PDF/A requires a description of the other before
# that claim, and both in one RDF element.
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1\
</pdfuaid:part></rdf:Description><rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li>
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def archival(_document: Any, file: Any) -> None:
    """Finish a PDF/A: add the claim of PDF/UA-1 to its metadata, and compress it."""
    metadata = _object(file, file.catalog["Metadata"])
    # The list of attached files names each of them twice.
    file.catalog["AF"][:] = dict.fromkeys(file.catalog["AF"])
    metadata.stream = [each.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>") for each in metadata.stream]
    _finish(file)


# The beginning of a part of the class "again": its style moves it by nothing.
_PART_START = b"1 0 0 1 0 0 cm"


def accessible(
    repeats: Sequence[Sequence[tuple[float, float]]], cut: bool, _document: Any, file: Any
) -> None:
    """Finish a PDF/UA: draw the repeats of each part of the class "again", and compress it."""
    if repeats:
        _draw_repeats(repeats, file)
    if cut:
        # Without this, viewers scale pages to the paper (ISO 32000-1, 12.2).
        file.catalog["ViewerPreferences"]["PrintScaling"] = "/None"
    _finish(file)


def _finish(file: Any) -> None:
    for each in file.objects:
        if isinstance(each, dict) and each.get("S") == "/Sect":
            _lift_heading(each, file)
    _compress(file)


_WORDS = {"/Span", "/NonStruct"}


def _lift_heading(section: Any, file: Any) -> None:
    """Let a heading that shares its line with words come before them in the structure.

    As one block the two are laid out in less time, but a paragraph holds no heading (ISO 32000-1,
    14.8.4.3). A section that holds paragraphs is one.
    """
    heading, *rest = (_object(file, each) for each in section["K"])
    if rest and {each["S"] for each in rest} <= _WORDS:
        around = _object(file, section["P"])
        around["K"].insert(around["K"].index(section.reference), section["K"].pop(0))
        section["S"], heading["P"] = "/P", section["P"]


def _object(file: Any, reference: bytes) -> Any:
    return file.objects[int(reference.split()[0])]


def _draw_repeats(repeats: Sequence[Sequence[tuple[float, float]]], file: Any) -> None:
    """Draw the repeats as artifacts: a screen reader reads a part once."""
    # The page's stream: those of pictures have no marked content.
    [items] = [each.stream for each in file.objects if b"BDC" in getattr(each, "stream", ())]
    starts = [index for index, item in enumerate(items) if item == _PART_START]
    for start, offsets in reversed(list(zip(starts, repeats, strict=True))):
        end = _end_of_part(items, start)
        part = list(_as_artifact(items[start + 1 : end]))
        repeated = []
        for right, down in offsets:
            matrix = f"1 0 0 1 {right / POINT_PX:.4f} {down / POINT_PX:.4f} cm"
            repeated += [b"q", matrix.encode(), *part, b"Q"]
        items[end + 1 : end + 1] = repeated


def _compress(file: Any) -> None:
    """Compress streams at zlib's default level; WeasyPrint's is much slower and hardly smaller.

    Streams that are compressed already, and the metadata, which must not be, stay as they are.
    """
    for stream in file.objects:
        if getattr(stream, "compress", False):
            data = b"\n".join(map(_bytes, stream.stream))
            stream.stream, stream.compress = [zlib.compress(data)], False
            stream.extra["Filter"] = "/FlateDecode"


def _bytes(item: Any) -> bytes:
    """The bytes of a stream's item: a string, bytes, or an object of the file."""
    if isinstance(item, bytes):
        return item
    return item.encode() if isinstance(item, str) else bytes(item.data)


def _end_of_part(items: Sequence[Any], start: int) -> int:
    """The index at which the state that was saved right before ``start`` is restored."""
    depth = 1
    for index in range(start, len(items)):
        depth += (items[index] == b"q") - (items[index] == b"Q")
        if not depth:
            return index
    raise ValueError("a part that does not end")


def _as_artifact(part: Sequence[Any]) -> Iterator[Any]:
    """The items of a part, with its marked content as artifacts outside the structure.

    Marked content begins with three items: tag, properties and ``BDC``.
    """
    for index, item in enumerate(part):
        if b"BDC" in part[index + 1 : index + 3]:
            if isinstance(item, str):
                yield b"/Artifact BMC"
        elif item != b"BDC":
            yield item
