"""Who fetched the small image after the last words of an emergency page: a person, or a program?

The family's own phones are known by a cookie that the owner's page and the pages behind a message
set. It is sent to /c/ alone, is worth nothing elsewhere, and cannot be made up; so no address and
no parameter keeps the family from hearing of a stranger.
"""

import hmac
import re
from enum import Enum

from flask import Request, Response, after_this_request

# Programs that look at links in messages and mails and say so. Those that hide it fetch no images.
_PROGRAMS = re.compile(
    r"(?i)bot\b|bot/|crawl|spider|preview|scan|facebookexternalhit|whatsapp|skype|slack|telegram"
    r"|discord|safelinks|mimecast|proofpoint|barracuda|curl|wget|python|java/|go-http|okhttp|libwww"
)
_YEAR_S = 365 * 24 * 60 * 60


class Visitor(Enum):
    """How sure it is that a person reads the page."""

    SURE = "sure"
    UNSURE = "unsure"
    NOBODY = "nobody"


def visitor(request: Request) -> Visitor:
    """What the request itself says."""
    headers = request.headers
    if request.method != "GET" or "Sec-Purpose" in headers or headers.get("Purpose") == "prefetch":
        return Visitor.NOBODY
    if not headers.get("User-Agent") or _PROGRAMS.search(headers["User-Agent"]):
        return Visitor.NOBODY
    fetched = headers.get("Sec-Fetch-Dest"), headers.get("Sec-Fetch-Site")
    return Visitor.SURE if fetched == ("image", "same-origin") else Visitor.UNSURE


def remember_family_device(name: str, mark: str, *, secure: bool) -> None:
    """Let the phone that made this request be known as one of the family's."""

    @after_this_request
    def remember(response: Response) -> Response:
        response.set_cookie(
            f"ours-{name}",
            mark,
            max_age=_YEAR_S,
            path="/c/",
            secure=secure,
            httponly=True,
            samesite="Strict",
        )
        return response


def is_family_device(request: Request, name: str, mark: str) -> bool:
    """Whether it is one of the family's phones."""
    return hmac.compare_digest(request.cookies.get(f"ours-{name}", ""), mark)
