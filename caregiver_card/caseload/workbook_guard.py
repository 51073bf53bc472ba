"""Whether a file may be opened as a workbook: looked at before anything in it is unpacked."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.caseload.spreadsheet import UnreadableTable

# A full row takes some 6 kB unpacked, so this suffices for the largest caseload.
MOST_UNPACKED = 64 * 1024 * 1024
# A workbook has some ten parts, and one more for each sheet, drawing and printer's setting.
_MOST_PARTS = 500
_ZIP = b"PK\x03\x04"
# What Excel wrote until 2003; an encrypted workbook is packed in the same.
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# A workbook declares no entities. In UTF-8 alone, or they could stand in letters that hide them.
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']*)")


def is_workbook(raw: bytes) -> bool:
    """Whether it is a spreadsheet program's own file, readable or not; no CSV begins so."""
    return raw.startswith((_ZIP, _OLD))


def check(raw: bytes, most: int) -> None:
    """Raise ``UnreadableTable`` unless it is a workbook that can be opened without harm."""
    if raw.startswith(_OLD):
        raise refusal("workbook-locked" if _ENCRYPTED in raw else "workbook-old")
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            _check_parts(archive, min(most, MOST_UNPACKED))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise refusal("workbook-broken") from None


def refusal(code: str, **details: object) -> UnreadableTable:
    """Return the error for a workbook that cannot be read."""
    return UnreadableTable((0, Fault(ERROR, "file", code, details)))


def _check_parts(archive: zipfile.ZipFile, most: int) -> None:
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > most:
        raise refusal("workbook-large", most=most // 1024 // 1024)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise refusal("workbook-macros")
    if "xl/workbook.xml" not in names or len(set(names)) < len(names):
        raise refusal("workbook-broken")
    if any(_is_unsafe(text) for text in _texts(archive)):
        raise refusal("workbook-broken")


def _texts(archive: zipfile.ZipFile) -> Iterator[bytes]:
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            yield archive.read(part)


def _is_unsafe(text: bytes) -> bool:
    encoding = _ENCODING.search(text[:300])
    is_utf8 = not encoding or encoding[1].lower() in {b"utf-8", b"us-ascii", b"ascii"}
    return not is_utf8 or b"\x00" in text or bool(_DECLARED.search(text))
