"""A small disk of a test's own: a file system in memory that nobody else sees, for any user.

It is mounted in a namespace of its own (``unshare`` and ``nsenter`` of util-linux), so it needs no
rights, and is gone with the test. What is to see it runs ``within`` it.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent


@dataclass
class SmallDisk:
    """The disk, at ``path`` for whatever runs ``within``."""

    path: Path
    pid: int

    @property
    def within(self) -> list[str]:
        """What a command begins with, to see the disk."""
        enter = ["nsenter", "-t", str(self.pid), "-U", "-m", "--preserve-credentials", "--"]
        # Entering leads to the root folder.
        return [*enter, "sh", "-c", 'cd "$0" && exec "$@"', str(_ROOT)]

    @property
    def database(self) -> str:
        """The address of a database on it."""
        return f"sqlite:///{self.path}/cards.sqlite"

    def shell(self, script: str) -> str:
        """Run a script in the disk's folder."""
        command = [*self.within, "sh", "-c", f"cd {self.path}; {script}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout + done.stderr

    def fill(self) -> None:
        """Fill it to the last byte."""
        self.shell("cat /dev/zero > filling")
        assert "No space left" in self.shell("head -c 1 /dev/zero > another; rm -f another")

    def make_room(self) -> None:
        """Empty it again of what filled it."""
        self.shell("rm filling")

    def protect(self, how: str = "ro") -> None:
        """Make it read-only, or with ``rw`` writable again."""
        said = self.shell(f"mount -o remount,{how} {self.path}")
        assert not said, said


@contextmanager
def small_disk(folder: Path, megabytes: int = 16) -> Iterator[SmallDisk]:
    """A disk of so many megabytes, until the block ends."""
    for tool in ("unshare", "nsenter"):
        if not shutil.which(tool):
            pytest.fail(f"{tool} is missing; it is in the package util-linux", pytrace=False)
    path = folder / "disk"
    path.mkdir()
    script = f"mount -t tmpfs -o size={megabytes}m tmpfs {path} && echo mounted && exec cat"
    holder = subprocess.Popen(
        ["unshare", "-rm", "--propagation", "private", "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin and holder.stdout
    try:
        if holder.stdout.readline() != "mounted\n":
            pytest.fail("this system gives no namespace with a mount of its own", pytrace=False)
        yield SmallDisk(path, holder.pid)
    finally:
        holder.stdin.close()
        holder.wait(20)
        holder.stdout.close()
