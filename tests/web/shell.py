"""A shell in a folder of its own: commands as a clinic's script runs them."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cast import file_of

ROOT = Path(__file__).parent.parent.parent
ADDRESS = "http://card.example"


@dataclass
class Shell:
    """A folder with an environment of its own to run commands in."""

    folder: Path
    loaded: "subprocess.Popen[str]"

    def run(self, *words: str | Path, given: bytes = b"", **settings: str) -> "Result":
        """Run ``flask --app wsgi`` with these words, forked from a process that has loaded it."""
        with tempfile.TemporaryDirectory() as streams:
            paths = [Path(streams) / name for name in ("in", "out", "err")]
            for path, content in zip(paths, (given, b"", b""), strict=True):
                path.write_bytes(content)
            request = {
                "words": ["--app", "wsgi", *map(str, words)],
                "environment": self.environment(**settings),
                "streams": list(map(str, paths)),
            }
            assert self.loaded.stdin and self.loaded.stdout
            self.loaded.stdin.write(json.dumps(request) + "\n")
            self.loaded.stdin.flush()
            status = int(self.loaded.stdout.readline())
            return Result(status, paths[1].read_bytes(), paths[2].read_text("utf-8"))

    def run_afresh(self, *words: str | Path, given: bytes = b"", **settings: str) -> "Result":
        """The same with an interpreter of its own, as a person's shell does it."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, words)],
            cwd=ROOT,
            env=self.environment(**settings),
            input=given,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr.decode())

    def environment(self, **settings: str) -> dict[str, str]:
        """The environment of a command: a database in the folder, and no other setting."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("CARD_")},
            "CARD_DATABASE_URL": f"sqlite:///{self.folder}/instance/cards.sqlite",
            "CARD_SECRET_KEY": "a key for tests that is long enough to be one",
            "CARD_PUBLIC_URL": ADDRESS,
            **settings,
        }

    def file(self, content: dict[str, Any], name: str = "card.json") -> Path:
        """A card file in the folder."""
        path = self.folder / name
        path.write_bytes(file_of(content))
        return path

    def names(self) -> set[str]:
        """What is in the folder."""
        return {path.name for path in self.folder.iterdir()}


@dataclass
class Result:
    """How a command ended and what it printed."""

    status: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode()


@pytest.fixture(scope="session")
def loaded() -> Iterator["subprocess.Popen[str]"]:
    """The process that commands are forked from."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.web.loaded"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.fixture
def shell(tmp_path: Path, loaded: "subprocess.Popen[str]") -> Shell:
    """A shell in an empty folder."""
    return Shell(tmp_path, loaded)
