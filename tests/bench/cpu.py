"""The emergency page's CPU time inside the process, beside "hello", and where it goes."""

import io
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkzeug.test import create_environ

from caregiver_card.card_service import CardService
from caregiver_card.pages import day_texts
from caregiver_card.pages.precompressed import PrecompressedPage
from caregiver_card.storage import key_wrapping
from caregiver_card.storage.crypto import lookup_id, read_token
from caregiver_card.web import create_app
from caregiver_card.web.config import Config
from caregiver_card.web.server import warmup
from tests.bench import examples, hello
from tests.bench.figures import Row, Work, at_most, in_turn, information, milliseconds

MOST = 6.0
_ROUNDS, _TIMES = 25, 40


def rows() -> list[Row]:
    """The whole request for each example, then the stages of the typical one."""
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'cards.sqlite'}"
        tokens = examples.keep(url)
        app = create_app(Config(url, examples.PUBLIC_URL, "0" * 64, 0))
        warmup.warm(app, datetime.now(UTC))
        works = {each: request(app, f"/c/{tokens[each]}") for each in examples.NAMES}
        works["hello"] = request(hello.app, "/")
        parts = _stages(app.extensions["services"].cards(), tokens["typical"])
        for work in (*works.values(), *parts.values()):
            in_turn({"warming": work}, 1, _TIMES)
        taken = in_turn(works | parts, _ROUNDS, _TIMES)
        app.extensions["services"].cards().store.dispose()
    cpu = {each: one.cpu for each, one in taken.items()}
    base = cpu["hello"]
    yardstick = f'"hello" ({milliseconds(base)})'
    return [
        *(
            at_most(f"/c/<token>, {each}, CPU time", yardstick, cpu[each], base, MOST)
            for each in examples.NAMES
        ),
        *(information(f"  of it: {each}", yardstick, cpu[each], base) for each in parts),
    ]


def request(app: Callable[..., Any], path: str) -> Work:
    """One WSGI request, answered with 200."""
    made = create_environ(path, headers={"Accept-Encoding": "gzip"})

    def start(status: str, _headers: object, _fault: object = None) -> None:
        if not status.startswith("200"):
            raise RuntimeError(status)

    def ask() -> None:
        answer = app({**made, "wsgi.input": io.BytesIO()}, start)
        b"".join(answer)
        if close := getattr(answer, "close", None):
            close()

    return ask


def _stages(keeper: CardService, token: str) -> dict[str, Work]:
    """What `Keeper.page` does, one after the other; the rest of a request is little."""
    token, now = read_token(token), datetime.now(UTC)
    found = keeper.store.find_page(lookup_id(token))
    if found is None:
        raise RuntimeError("the card is not kept")
    raw = keeper.vault.page(token).content

    def unseal() -> None:
        key_wrapping.open_page(key_wrapping.unwrap_data_key(token, found), found)

    def join() -> None:
        pressed = PrecompressedPage(raw)
        pressed.gzip(day_texts.words(pressed.head, now.date(), f"/c/{token}"))

    return {
        "look-up": lambda: keeper.store.find_page(lookup_id(token)),
        "unsealing": unseal,
        "joining": join,
        "all three, by Keeper.page": lambda: keeper.page(token, now, compressed=True),
    }
