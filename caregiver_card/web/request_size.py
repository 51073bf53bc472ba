"""How large a request may be, which the server and the application agree on."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from flask import Flask, Request, request

from caregiver_card.questionnaire import hospital_file

# Where a hospital's file begins a card; and below an owner's address, where it is held against one.
HOSPITAL_FILE, OWNERS_HOSPITAL_FILE = "/new/hospital", "/edit/hospital"
# In bytes. A card file is the largest upload but one.
_LARGEST = 512 * 1024
# A hospital's file, and the form around it.
_LARGER = hospital_file.MAX_BYTES + 64 * 1024
_LARGER_AT = re.compile(f"{HOSPITAL_FILE}|/o/[^/]+{OWNERS_HOSPITAL_FILE}")
# Record systems get their file whatever they say; some do not know the length of what they say.
RECORD_FILES = "/s/"


class MemoryRequest(Request):
    """A request whose uploads are in memory alone: nothing of a card is left in a file."""

    def _get_file_stream(self, *_about: Any, **_more: Any) -> BytesIO:
        return BytesIO()


def largest_request(path: str) -> int:
    """How many bytes a request to an address may have; ``path`` as the client wrote it."""
    return _LARGER if _LARGER_AT.fullmatch(unquote(path).lower()) else _LARGEST


def is_answered_unread(path: str) -> bool:
    """Whether a request to an address is answered although nobody knows how long its body is."""
    return unquote(path).lower().startswith(RECORD_FILES)


def limit(app: Flask) -> None:
    """Limit the size of requests, before anything reads a form."""
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    app.request_class = MemoryRequest
    app.before_request(_allow)


def _allow() -> None:
    request.max_content_length = largest_request(request.path)
