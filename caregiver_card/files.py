"""File names that every system accepts, and files that are written as a whole or not at all."""

import contextlib
import errno
import os
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# For the owner alone: a card, or the addresses that open it, may be on a shared machine.
_MODE = 0o600
# Some systems cut off longer names once folders precede them.
_MAX_LENGTH = 30


def slug(text: str) -> str:
    """Return lower-case letters, digits and hyphens; an empty string without Latin letters."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:_MAX_LENGTH].rstrip("-")


@contextmanager
def atomic_writer(out: str) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only if the block ends without an error.

    ``-`` stands for standard output, which also gets either everything or nothing. Where the system
    can, the file has no name until then, so that even a killed process leaves nothing behind.
    Raises ``OSError``.
    """
    if out == "-":
        with tempfile.TemporaryFile() as spool:
            yield spool
            spool.seek(0)
            shutil.copyfileobj(spool, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    target = Path(out)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    descriptor = _open_unnamed(target.parent)
    with _named_temporary(target) if descriptor is None else os.fdopen(descriptor, "w+b") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
        if descriptor is not None:
            _link(descriptor, target)


def write_atomically(out: str, content: bytes) -> None:
    """Write the whole content or nothing; raises ``OSError``."""
    with atomic_writer(out) as stream:
        stream.write(content)


def _open_unnamed(folder: Path) -> int | None:
    """Open a file without a name, or return ``None`` where the system has no such files."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR, _MODE)
    except (AttributeError, OSError):
        return None


def _link(descriptor: int, target: Path) -> None:
    """Give an unnamed file its name, replacing what had it before."""
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    temporary = folder / target.name
    try:
        # A link cannot replace an existing file, but renaming does so in one step.
        os.chmod(descriptor, _MODE)
        os.link(
            f"/proc/self/fd/{descriptor}", temporary, src_dir_fd=descriptor, follow_symlinks=True
        )
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def _named_temporary(target: Path) -> Iterator[BinaryIO]:
    """Open a temporary file next to ``target``, and rename it at the end."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
        Path(name).chmod(_MODE)
        Path(name).replace(target)
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink(missing_ok=True)
