"""The secret key that the program itself makes and keeps, where the operator gives none."""

import os
import secrets
from pathlib import Path


def key_file(secret: str, instance: Path) -> Path | None:
    """The file in which the program itself keeps this key; None if it comes from elsewhere."""
    path = instance / "secret_key"
    return path if _read_key(path) == secret else None


def stored_key(instance: Path) -> str:
    """The key in ``instance``, made by the first process; empty if neither can be done."""
    path = instance / "secret_key"
    try:
        _make_key(path)
    except OSError:
        return ""
    return _read_key(path)


def _read_key(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _make_key(path: Path) -> None:
    if not path.exists():
        instance = path.parent
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = instance / f"secret_key.{os.getpid()}"
        temporary.touch(mode=0o600)
        temporary.write_text(new_secret())
        try:
            # The system makes a link whole or not at all, so no process reads half a key.
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()


def new_secret() -> str:
    """Make a key for ``CARD_SECRET_KEY``: 256 random bits, in hexadecimal."""
    return secrets.token_hex(32)
