"""What a record system reads in a code (SMART Health Links, HL7, version 1.0.0).

``shlink:/`` and a base64url of where an encrypted file is and of its key. Behind the ``#`` of an
emergency page's address, any camera opens the page, and no server is sent what follows the ``#``.
"""

import base64
import json
from datetime import datetime

# One file by GET, of which a later version may follow; one file by GET.
_LASTING, _ONCE = "LU", "U"


def shlink(address: str, key: str, ends_at: datetime | None) -> str:
    """Return the link to an encrypted file.

    ``address`` is its URL, at most 128 characters; ``key`` is in base64url, 43 characters;
    ``ends_at`` is when it ends by itself.
    """
    ends = {} if ends_at is None else {"exp": int(ends_at.timestamp())}
    flag = _LASTING if ends_at is None else _ONCE
    payload = json.dumps({"url": address, "key": key, **ends, "flag": flag}, separators=(",", ":"))
    return "shlink:/" + base64.urlsafe_b64encode(payload.encode()).rstrip(b"=").decode()
