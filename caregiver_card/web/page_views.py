"""Tell a person who reads an emergency page from a program, and the family from a stranger.

An emergency page ends with a small image; its request is judged here. The owner's page and the
recipients' pages set a cookie that marks a device as the family's. Browsers send it to ``/c/``
alone, it opens nothing, and nobody can forge it; so no address and no parameter can keep the
family from an alert about a stranger.
"""

import hmac
import re
from enum import Enum

from flask import Request, Response, after_this_request

# Programs that follow links in messages and name themselves. Those that do not fetch no images.
_PROGRAMS = re.compile(
    r"(?i)bot\b|bot/|crawl|spider|preview|scan|facebookexternalhit|whatsapp|skype|slack|telegram"
    r"|discord|safelinks|mimecast|proofpoint|barracuda|curl|wget|python|java/|go-http|okhttp|libwww"
)
_YEAR_S = 365 * 24 * 60 * 60


class Certainty(Enum):
    """How certain it is that a person reads the page."""

    SURE = "sure"
    UNSURE = "unsure"
    NOBODY = "nobody"


def certainty(request: Request) -> Certainty:
    """Judge a request by its method and headers."""
    headers = request.headers
    if request.method != "GET" or "Sec-Purpose" in headers or headers.get("Purpose") == "prefetch":
        return Certainty.NOBODY
    if not headers.get("User-Agent") or _PROGRAMS.search(headers["User-Agent"]):
        return Certainty.NOBODY
    fetched = headers.get("Sec-Fetch-Dest"), headers.get("Sec-Fetch-Site")
    return Certainty.SURE if fetched == ("image", "same-origin") else Certainty.UNSURE


def remember_family_device(name: str, device_cookie: str, *, secure: bool) -> None:
    """Mark the device of this request as the family's, by a cookie for one year."""

    @after_this_request
    def remember(response: Response) -> Response:
        response.set_cookie(
            f"ours-{name}",
            device_cookie,
            max_age=_YEAR_S,
            path="/c/",
            secure=secure,
            httponly=True,
            samesite="Strict",
        )
        return response


def is_family_device(request: Request, name: str, device_cookie: str) -> bool:
    """Whether the request comes from a device of the family."""
    return hmac.compare_digest(request.cookies.get(f"ours-{name}", ""), device_cookie)
