"""Files: names that every system takes, and content that is there whole or not at all."""

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

# mkstemp makes files for their owner alone; what is made here is meant to be handed on.
_MODE = 0o644
# Longer names are cut off by some systems once folders are put before them.
_LONGEST = 30


def slug(words: str) -> str:
    """Small letters, figures and hyphens; nothing, if the words have no Latin letters."""
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].rstrip("-")


@contextmanager
def whole(out: str) -> Iterator[BinaryIO]:
    """A file that gets its name, or goes to standard output for ``-``, if the block ends well.

    Where the system can, it has no name before that: even a killed process leaves nothing behind.
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
    handle = _nameless(target.parent)
    with _named(target) if handle is None else os.fdopen(handle, "w+b") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
        if handle is not None:
            _name(handle, target)


def write(out: str, content: bytes) -> None:
    """Write whole or not at all; raises ``OSError``."""
    with whole(out) as stream:
        stream.write(content)


def _nameless(folder: Path) -> int | None:
    """A file without a name, where system and file system have such."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR, _MODE)
    except (AttributeError, OSError):
        return None


def _name(handle: int, target: Path) -> None:
    """Give a nameless file its name, in the place of what was there."""
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    passing = folder / target.name
    try:
        # A link can only be made beside what is there already; a renaming replaces it at once.
        os.chmod(handle, _MODE)
        os.link(f"/proc/self/fd/{handle}", passing, src_dir_fd=handle, follow_symlinks=True)
        passing.replace(target)
    finally:
        passing.unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def _named(target: Path) -> Iterator[BinaryIO]:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
        Path(name).chmod(_MODE)
        Path(name).replace(target)
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink(missing_ok=True)
