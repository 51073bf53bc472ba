"""A reader of passes that knows PassKit's format and nothing of this program."""

import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_LISTED = {"primaryFields", "secondaryFields", "auxiliaryFields", "backFields"}


class BrokenPass(Exception):
    """A phone would refuse this pass."""


@dataclass(frozen=True)
class OpenedPass:
    """The files of a pass."""

    files: dict[str, bytes]

    @classmethod
    def of(cls, raw: bytes) -> "OpenedPass":
        """Open the archive of a pass."""
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert len(set(names)) == len(names)
            return cls({name: archive.read(name) for name in names})

    @cached_property
    def contents(self) -> dict[str, Any]:
        """What pass.json says."""
        found: dict[str, Any] = json.loads(self.files["pass.json"])
        return found

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """Every field of the front and of the back by its key, which stands once."""
        held = self.contents["generic"]
        assert held.keys() == _LISTED
        fields = [each for name in held for each in held[name]]
        assert len({each["key"] for each in fields}) == len(fields)
        return {each["key"]: each for each in fields}

    def check(self, root: bytes, folder: Path) -> None:
        """Raise ``BrokenPass`` as a phone would, at the first thing that is wrong."""
        self.check_manifest()
        self.check_signature(root, folder)

    def check_manifest(self) -> None:
        """Raise ``BrokenPass`` unless it has each file but itself and the signature, unchanged."""
        digests = {
            name: hashlib.sha1(data).hexdigest()
            for name, data in self.files.items()
            if name not in ("manifest.json", "signature")
        }
        if json.loads(self.files["manifest.json"]) != digests:
            raise BrokenPass("a file is not as the manifest says")

    def check_signature(self, root: bytes, folder: Path) -> None:
        """Raise ``BrokenPass`` unless OpenSSL, which trusts ``root``, takes the signature."""
        if self.files["manifest.json"] in self.files["signature"]:
            raise BrokenPass("the signature is not detached")
        held = {**self.files, "root.pem": root}
        for name in ("signature", "manifest.json", "root.pem"):
            (folder / name).write_bytes(held[name])
        asked = "-verify -binary -inform DER -in signature -content manifest.json"
        run = subprocess.run(
            ["openssl", "smime", *asked.split(), "-CAfile", "root.pem", "-purpose", "any"],
            cwd=folder,
            capture_output=True,
        )
        if run.returncode:
            raise BrokenPass(run.stderr.decode())
        assert run.stdout == self.files["manifest.json"]
