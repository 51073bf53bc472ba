"""Answer an emergency page before Flask does: most of the time of such a request was Flask's."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from caregiver_card.briefing import languages
from caregiver_card.card_service import CardService
from caregiver_card.web import responses

_PATH = re.compile("/c/([^/]+)/?")


class PageShortcut:
    """WSGI middleware that answers ``GET /c/<token>``, for a token that opens a card.

    Everything else goes on to Flask: unknown tokens, other methods, other languages, and whatever
    fails, so that Flask says and logs it.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        cards: Callable[[], CardService],
        clock: Callable[[], datetime],
    ) -> None:
        self._app, self._cards, self._clock = app, cards, clock

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = _PATH.fullmatch(environ["PATH_INFO"]) if _is_plain(environ) else None
        if path:
            compressed = responses.accepts_gzip(environ)
            try:
                body = self._cards().page(path[1], self._clock(), compressed=compressed)
            except Exception:
                return self._app(environ, start_response)
            start_response("200 OK", responses.html_headers(len(body), compressed=compressed))
            return [body]
        return self._app(environ, start_response)


def _is_plain(environ: dict[str, Any]) -> bool:
    """Whether a page is asked for as it is stored, in the card's own language."""
    is_plain = environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING")
    return is_plain and not languages.reviewed()
