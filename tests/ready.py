"""An empty SQLite database with its tables, made once for all tests that do not make their own."""

import tempfile
from functools import cache
from pathlib import Path

from caregiver_card.keeping.store import open_store


def put(path: Path) -> None:
    """A database without a card at ``path``: a copy is quicker than each step of its making."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(_empty())
    path.chmod(0o600)


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cards.sqlite"
        open_store(f"sqlite:///{path}").dispose()
        return path.read_bytes()
