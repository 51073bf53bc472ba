"""Which process answers a request: every view has its kind of work."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from flask import Flask
from werkzeug.exceptions import HTTPException

_V = TypeVar("_V", bound=Callable[..., object])
_ATTRIBUTE = "kind_of_work"
# In bytes: taking a form of this size apart takes 5 ms, one of half a megabyte 150 ms. The forms
# that page workers answer are a tenth of it.
_LARGEST_PAGE_BODY = 8 * 1024


class Work(Enum):
    """Kinds of work, in the order of their importance."""

    # Short, and writes nothing: an emergency waits for it.
    PAGE = "page"
    # Reads or writes a card for its owner. May wait for a locked database.
    FORM = "form"
    # Keeps a core busy for a tenth of a second or for seconds.
    PRINT = "print"


def page_work(view: _V) -> _V:
    """Mark a view that the page workers answer themselves."""
    setattr(view, _ATTRIBUTE, Work.PAGE)
    return view


def print_work(view: _V) -> _V:
    """Mark a view that prints."""
    setattr(view, _ATTRIBUTE, Work.PRINT)
    return view


class WorkTable:
    """The kind of work behind each address of an application."""

    def __init__(self, app: Flask) -> None:
        self._routes = app.url_map.bind("")
        self._kinds = {
            endpoint: getattr(view, _ATTRIBUTE, Work.FORM)
            for endpoint, view in app.view_functions.items()
        }
        self._kinds["static"] = Work.PAGE

    def of(self, environ: dict[str, Any]) -> Work:
        """Return the kind of work that a request is, by its WSGI environment.

        What no view answers is an error page, which is short; but nothing that is long to read is.
        """
        kind = self._of_view(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        is_long = int(environ.get("CONTENT_LENGTH") or 0) > _LARGEST_PAGE_BODY
        return Work.FORM if kind == Work.PAGE and is_long else kind

    def _of_view(self, method: str, wsgi_path: str) -> Work:
        path = wsgi_path.encode("latin-1").decode(errors="replace")
        end = path.find("/", 1)
        first = path if end < 0 else path[:end]
        try:
            endpoint, _ = self._routes.match(first.lower() + path[len(first) :], method)
        except HTTPException:
            return Work.PAGE
        return self._kinds[endpoint]
