"""What is the same for all apps of the tests, made once: an empty database, the compiled routes."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.routing import Rule

from caregiver_card.storage.store import open_store


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


_compile_builder = Rule._compile_builder

_builders: dict[tuple[str, bool, str], Any] = {}


def _compiled_once(self: Rule, append_unknown: bool = True) -> Any:
    key = (self.rule, append_unknown, repr(self.defaults))
    if key not in _builders:
        _builders[key] = _compile_builder(self, append_unknown)
    return _builders[key]


# Werkzeug compiles two functions a route, which is four fifths of the making of an app.
Rule._compile_builder = _compiled_once  # type: ignore[method-assign]
