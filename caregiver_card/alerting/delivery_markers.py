"""Marker files by which a sender knows what a killed sender of the same machine has delivered.

A sender creates an empty file right after the final send of a message and removes it once the
outbox row says so. The files lie in memory that a restart of the machine clears, so a marker exists
only while the data that was sent is in the hands of the running kernel. Senders on other machines
do not see it.
"""

import os
from contextlib import suppress
from pathlib import Path


class DeliveryMarkers:
    """The markers of one user on one machine; without a folder it stores and finds none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def add(self, row_id: bytes) -> None:
        """Mark a message as delivered."""
        if self._folder:
            with suppress(OSError):
                os.close(os.open(self._path(row_id), os.O_CREAT | os.O_WRONLY, 0o600))

    def has(self, row_id: bytes) -> bool:
        """Whether a message is marked as delivered."""
        return self._folder is not None and Path(self._path(row_id)).exists()

    def remove(self, row_id: bytes) -> None:
        """Remove a message's marker, once its row holds the outcome."""
        if self._folder:
            with suppress(OSError):
                Path(self._path(row_id)).unlink()

    def _path(self, row_id: bytes) -> str:
        return f"{self._folder}/{row_id.hex()}"


def markers_of_this_user() -> DeliveryMarkers:
    """Return the markers of the present user on this machine."""
    return DeliveryMarkers(memory_folder())


def memory_folder() -> Path | None:
    """Return this user's folder in the machine's memory; None where there is no such place."""
    user = os.geteuid()
    for memory in (Path("/dev/shm"), Path(f"/run/user/{user}")):
        folder = memory / f"caregiver-card-{user}"
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            # Another user's folder of that name could claim that everything was delivered.
            if folder.lstat().st_uid == user and not folder.is_symlink():
                return folder
    return None
