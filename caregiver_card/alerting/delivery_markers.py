"""What outlives a sender that is killed: that it had said the last word.

An empty file for each message, made right after the last word and removed once the row is settled.
It lies in memory that a restart of the machine clears, so it is there only while what was said is
in the hands of a kernel that still runs. Another machine's senders see none of it.
"""

import os
from contextlib import suppress
from pathlib import Path


class DeliveryMarkers:
    """The files of one user's senders on one machine; without a folder it has seen nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def saw(self, row_id: bytes) -> None:
        """The last word was said."""
        if self._folder:
            with suppress(OSError):
                os.close(os.open(self._path(row_id), os.O_CREAT | os.O_WRONLY, 0o600))

    def has_seen(self, row_id: bytes) -> bool:
        """Whether it was."""
        return self._folder is not None and Path(self._path(row_id)).exists()

    def forget(self, row_id: bytes) -> None:
        """The row itself says it now."""
        if self._folder:
            with suppress(OSError):
                Path(self._path(row_id)).unlink()

    def _path(self, row_id: bytes) -> str:
        return f"{self._folder}/{row_id.hex()}"


def here() -> DeliveryMarkers:
    """The witness of this user on this machine."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        return DeliveryMarkers(None)
    folder = memory / f"caregiver-card-{os.geteuid()}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        # Somebody else's folder of that name could say that everything was sent.
        if folder.lstat().st_uid == os.geteuid() and not folder.is_symlink():
            return DeliveryMarkers(folder)
    return DeliveryMarkers(None)
