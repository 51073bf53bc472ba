"""Reads a health link as its specification says, with nothing of the project's own."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def payload(code: str) -> dict[str, Any]:
    """What a code says: where the file is, and its key."""
    _, prefix, written = code.partition("shlink:/")
    assert prefix, code
    found: dict[str, Any] = json.loads(_bytes(written))
    return found


def decrypted(jwe: str, key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the content of a compact JWE."""
    header, wrapped_key, nonce, text, tag = jwe.split(".")
    assert not wrapped_key
    cipher = AESGCM(_bytes(key))
    plain = cipher.decrypt(_bytes(nonce), _bytes(text) + _bytes(tag), header.encode())
    return json.loads(_bytes(header)), json.loads(plain)


def nonce_of(jwe: str) -> str:
    """The initialization vector of a compact JWE."""
    return jwe.split(".")[2]


def _bytes(written: str) -> bytes:
    assert "=" not in written
    return base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
