"""A site in a test's own folder, and a client that looks at every page it is given."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import inspect
from werkzeug.test import TestResponse

from caregiver_card.card_service import CardService
from caregiver_card.storage.limiter import Limiter
from caregiver_card.storage.records import AddedCard
from caregiver_card.web import create_app
from caregiver_card.web.config import Config
from tests import cast, ready
from tests.web.reading import Page, audit, audit_headers, has_forms

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PUBLIC_URL = "http://card.example"
SECRET = "a key for tests that is long enough to be one"


@dataclass
class Clock:
    """The moment that the app believes in."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


class PageClient:
    """The test client; every answer's headers and every HTML answer's page are looked at."""

    def __init__(self, app: Flask, tokens: list[str], *, https: bool = False) -> None:
        self._client = app.test_client()
        self._tokens, self._https = tokens, https

    def get(self, path: str, **options: Any) -> TestResponse:
        """Fetch with GET."""
        return self.open(path, method="GET", **options)

    def open(self, path: str, **options: Any) -> TestResponse:
        """Fetch, look at what came, and hand it over."""
        answer, address = self._client.open(path, **options), path.split("?")[0]
        page = self._unseen(answer, address)
        audit_headers(answer.headers, page, https=self._https, address=address)
        if page:
            audit(page, address, tokens=tuple(self._tokens))
        return answer

    def _unseen(self, answer: TestResponse, address: str) -> Page | None:
        """The page that came, unless one that differs by nothing but its token was looked at."""
        if answer.mimetype != "text/html" or not answer.data:
            return None
        source = plain(answer).decode()
        for token in self._tokens:
            source = re.sub(token, "TOKEN", source, flags=re.IGNORECASE)
        seen = hash((source, address == "/guide", has_forms(address)))
        if seen in _SEEN:
            return None
        _SEEN.add(seen)
        return self.page_of(answer)

    def page(self, path: str, code: int = 200, **options: Any) -> Page:
        """The page at an address, which must answer with this code."""
        answer = self.get(path, **options)
        page = self.page_of(answer)
        assert answer.status_code == code, (path, answer.status_code)
        assert page is not None, f"{path}: {answer.content_type}"
        return page

    @staticmethod
    def page_of(answer: TestResponse) -> Page | None:
        """The page that came, unpacked; nothing if it was no page."""
        if answer.mimetype != "text/html":
            return None
        assert answer.content_type == "text/html; charset=utf-8"
        return _page(plain(answer).decode())


# Parsing a page is most of what looking at it takes.
_page = lru_cache(maxsize=16)(Page)
_SEEN: set[int] = set()


def plain(answer: TestResponse) -> bytes:
    """What came, unpacked if it was packed."""
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(answer.data) if packed else answer.data


class _Compiled(BytecodeCache):
    """The templates once compiled, for every app of this process: each would compile its own."""

    def __init__(self) -> None:
        self._by_key: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take it from here if it is of the same source."""
        if bucket.key in self._by_key:
            bucket.bytecode_from_string(self._by_key[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._by_key[bucket.key] = bucket.bytecode_to_string()


# What every app of the tests compiles its templates into.
COMPILED = _Compiled()


@dataclass
class Site:
    """An app with a database, a clock and a client of its own."""

    config: Config
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.app = create_app(self.config, self.clock)
        self.app.jinja_env.bytecode_cache = COMPILED
        self._tokens: list[str] = []
        self.client = PageClient(
            self.app, self._tokens, https=self.config.public_url.startswith("https:")
        )

    @property
    def keeper(self) -> CardService:
        """What keeps the cards; opens the database."""
        return self.app.extensions["services"].cards()  # type: ignore[no-any-return]

    @property
    def limiter(self) -> Limiter | None:
        """What counts, where limits are on."""
        return self.app.extensions["services"].limiter()  # type: ignore[no-any-return]

    def add(self, file: dict[str, Any]) -> AddedCard:
        """Keep the card of a file; the client then watches its tokens."""
        kept = self.keeper.add(cast.card_of(file), self.clock())
        self._tokens += [kept.owner, *(copy.token for copy in kept.reader_links)]
        return kept

    def reader(self, file: dict[str, Any]) -> str:
        """Keep the card of a file and give its one reader's token."""
        return self.add(file).reader_links[0].token

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that the database holds."""
        engine = self.keeper.store.engine
        with engine.connect() as connection:
            return {
                name: sorted(
                    map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr
                )
                for name in inspect(engine).get_table_names()
            }

    def close(self) -> None:
        """Let go of the database, if it was ever opened."""
        if self.app.extensions["services"].cards.cache_info().currsize:
            self.keeper.store.dispose()
        if self.app.extensions["services"].limiter.cache_info().currsize and self.limiter:
            self.limiter.close()


def config(folder: Path, **changes: Any) -> Config:
    """The settings of a site in ``folder``."""
    given: dict[str, Any] = {
        "database_url": f"sqlite:///{folder}/cards.sqlite",
        "public_url": PUBLIC_URL,
        "secret_key": SECRET,
        "trusted_proxies": 0,
        # The clock of most tests stands still, and some do a thing a thousand times.
        "limits": False,
    }
    return Config(**{**given, **changes})


@contextmanager
def site_in(folder: Path, **changes: Any) -> Iterator[Site]:
    """A site in ``folder`` with changed settings."""
    ready.put(folder / "cards.sqlite")
    site = Site(config(folder, **changes))
    try:
        yield site
    finally:
        site.close()
