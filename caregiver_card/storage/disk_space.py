"""The free space of the disk under a SQLite database, and the floor below which it stops growing.

Below the floor the space that is left belongs to the cards that are stored: their saves, deletions,
acknowledgements and alerts. PostgreSQL's disk is its own machine's to watch, and is not measured.
"""

import os
from pathlib import Path

from sqlalchemy import Engine

from caregiver_card.storage.database import is_sqlite

MEGABYTE = 1024 * 1024
# SQLite writes what is new into its log first, and from there into the file.
_COPIES = 2


class DiskBelowFloor(RuntimeError):
    """There is less free space than the operator wants to keep for the cards that are stored."""


class DiskFloor:
    """The floor of free space under one database, in bytes; 0 is no floor."""

    def __init__(self, engine: Engine, floor: int) -> None:
        self._engine, self.floor = engine, floor

    def free(self) -> int | None:
        """Return the free bytes that this user may fill; None if they cannot be measured."""
        if not is_sqlite(self._engine):
            return None
        return free_bytes(Path(str(self._engine.url.database)).parent)

    def is_below(self, more: int = 0) -> bool:
        """Whether the space would be below the floor with ``more`` bytes stored."""
        free = self.free()
        return free is not None and free < self.floor + more * _COPIES

    def require(self, more: int = 0) -> None:
        """Raise DiskBelowFloor if ``more`` bytes, or a new card, may not be stored."""
        if self.is_below(more):
            raise DiskBelowFloor("the free space is below CARD_DISK_FLOOR")

    def require_for_copy(self, folder: Path) -> None:
        """Raise DiskBelowFloor if a copy of the database in ``folder`` would leave too little."""
        free = self.free()
        if free is None or not folder.is_dir():
            return
        path = Path(str(self._engine.url.database))
        if folder.stat().st_dev == path.stat().st_dev and free - path.stat().st_size < self.floor:
            raise DiskBelowFloor("a copy on this disk would leave less than CARD_DISK_FLOOR")


def free_bytes(folder: Path) -> int | None:
    """Return the free bytes of the disk under a folder; None if they cannot be measured."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return None
    return disk.f_bavail * disk.f_frsize
