"""What WeasyPrint leaves out of a file, put in while and after it paints the pages.

A second claim, parts that are drawn more than once, lines spelled beside their shapes, and the
compression. It knows the objects of pydyf, in which WeasyPrint writes.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from caregiver_card.printing.text import bidi, glyphs
from caregiver_card.printing.text.page_geometry import POINT_PX


def spell(document: Any) -> None:
    """Have each page say, beside a line whose letters combine, what the line says.

    WeasyPrint writes one text for each shape, that of the first place where it stands. Where a
    shape is a part of different syllables, as in Hindi and Bengali, another name would be read out.
    """
    for page in document.pages:
        # What a box says is known right after it was painted, and forgotten before the finisher.
        page.paint = partial(_spelled, page.paint)


def _spelled(paint: Callable[..., None], stream: Any, *scale: float) -> None:
    paint(stream, *scale)
    said = [getattr(box, "text", "") for box in stream._tags]
    for item in stream.stream:
        words = said[item["MCID"]] if isinstance(item, dict) else ""
        # From right to left, shapes have only one letter each, and need no spelling.
        if glyphs.combined(words) and not any(map(bidi.wanders, words)):
            item["ActualText"] = f"<feff{words.encode('utf-16-be').hex()}>"


# WeasyPrint writes one claim, PDF/A or PDF/UA. PDF/A wants the other to be described before it is
# made, and both in the one RDF element.
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
    """A PDF/A: add the claim of PDF/UA-1 to its metadata, and compress it."""
    metadata = _object(file, file.catalog["Metadata"])
    # The list of attached files names each of them twice.
    file.catalog["AF"][:] = dict.fromkeys(file.catalog["AF"])
    metadata.stream = [each.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>") for each in metadata.stream]
    _finish(file)


# How a part of the class "again" begins: it is moved by nothing.
_STILL = b"1 0 0 1 0 0 cm"


def accessible(
    again: Sequence[Sequence[tuple[float, float]]], cut: bool, _document: Any, file: Any
) -> None:
    """A PDF/UA: draw each part of the class "again" elsewhere too, and compress it."""
    if again:
        _draw_again(again, file)
    if cut:
        # Viewers fit pages to the paper unless they are told not to (ISO 32000-1, 12.2).
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


def _draw_again(again: Sequence[Sequence[tuple[float, float]]], file: Any) -> None:
    """As decoration, for a reader aloud tells a part once; nothing is laid out for it."""
    # Pictures have streams too, though nothing in them is told.
    [drawn] = [each.stream for each in file.objects if b"BDC" in getattr(each, "stream", ())]
    starts = [index for index, each in enumerate(drawn) if each == _STILL]
    for start, places in reversed(list(zip(starts, again, strict=True))):
        end = _closed(drawn, start)
        part = list(_untold(drawn[start + 1 : end]))
        copies = []
        for right, below in places:
            moved = f"1 0 0 1 {right / POINT_PX:.4f} {below / POINT_PX:.4f} cm"
            copies += [b"q", moved.encode(), *part, b"Q"]
        drawn[end + 1 : end + 1] = copies


def _compress(file: Any) -> None:
    """As zlib does by itself; WeasyPrint asks it for a fiftieth fewer bytes in four times the time.

    What is compressed already, and the metadata, which must not be, are left as they are.
    """
    for each in file.objects:
        if getattr(each, "compress", False):
            written = b"\n".join(map(_bytes, each.stream))
            each.stream, each.compress = [zlib.compress(written)], False
            each.extra["Filter"] = "/FlateDecode"


def _bytes(item: Any) -> bytes:
    """An item of a stream as it is written: words, bytes, or an object of the file."""
    if isinstance(item, bytes):
        return item
    return item.encode() if isinstance(item, str) else bytes(item.data)


def _closed(drawn: Sequence[Any], start: int) -> int:
    """Where the state that was saved right before ``start`` is restored."""
    depth = 1
    for index in range(start, len(drawn)):
        depth += (drawn[index] == b"q") - (drawn[index] == b"Q")
        if not depth:
            return index
    raise ValueError("a part that does not end")


def _untold(part: Sequence[Any]) -> Iterator[Any]:
    """The same without a place in the structure: three items begin a told one."""
    for index, each in enumerate(part):
        if b"BDC" in part[index + 1 : index + 3]:
            if isinstance(each, str):
                yield b"/Artifact BMC"
        elif each != b"BDC":
            yield each
