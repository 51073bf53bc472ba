"""The emergency page over HTTP: its rate beside "hello", its bytes, and that one request does."""

import re
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tests.bench import examples, servers
from tests.bench.figures import Row, at_least, size

LEAST_RATE = 0.60
MOST_BYTES = 12_000
_ROUNDS = 7
_SECONDS = 2


def rows() -> list[Row]:
    """The page's rate, bytes and requests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'cards.sqlite'}"
        tokens = examples.keep(url)
        with servers.project(folder, url) as ours, servers.hello(folder) as hello:
            found = [row for name in examples.NAMES for row in _one_request(ours, tokens, name)]
            page = f"/c/{tokens['typical']}"
            return [_rate(ours, hello, page, folder), *found]


def _rate(ours: servers.Server, hello: servers.Server, page: str, folder: Path) -> Row:
    rates: dict[str, list[float]] = {"ours": [], "hello": []}
    for _ in range(_ROUNDS):
        rates["hello"].append(hello.rate(["/"], _SECONDS, folder))
        rates["ours"].append(ours.rate([page], _SECONDS, folder))
    yardstick = f'"hello" ({sorted(rates["hello"])[_ROUNDS // 2]:,.0f} rps)'
    what = "/c/<token>, requests per second"
    return at_least(what, yardstick, rates["ours"], rates["hello"], LEAST_RATE)


def _one_request(ours: servers.Server, tokens: dict[str, str], name: str) -> Iterator[Row]:
    page = f"/c/{tokens[name]}"
    # Mends a page that was pressed by other code than the server's, while somebody edits it.
    ours.get(f"{page}/seen")
    response, body = ours.get(page)
    yield size(f"/c/<token>, {name}, compressed", len(body), MOST_BYTES)
    plain = zlib.decompress(body, wbits=31).decode()
    fetched = re.findall(r'(?:src|<link[^>]*href)="(?!data:)([^"]*)"', plain)
    needed = [each for each in fetched if not each.endswith("/seen")]
    whole = response.status == 200 and not needed
    said = f"status {response.status}, {1 + len(needed)} request"
    yield Row(f"/c/<token>, {name}, whole at once", "", said, "200, 1 request", whole)
