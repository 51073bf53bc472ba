"""``make run``: store an example card on the first start, and print its addresses on every start.

The example's tokens are stored in a file beside the database, to be printed again; its data is no
real person's. No file ever holds the tokens of a real card.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from caregiver_card.card import codec
from caregiver_card.card_service import CardService
from caregiver_card.storage.migrations import NewerSchema
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import create_app
from caregiver_card.web.config import ROOT, Config
from caregiver_card.web.server import port
from caregiver_card.web.server.warmup import EXAMPLE


def main(url: str, token_file: Path = ROOT / "instance" / "example-tokens") -> None:
    """Print ``owner: URL`` and ``reader: URL`` of the example card.

    If no server can listen at ``url``, print why in one line and exit with status 2.
    """
    if refusal := port.refusal(url, by_name=True):
        print(refusal, file=sys.stderr)
        sys.exit(2)
    app = create_app(Config.from_environment(os.environ))
    try:
        cards: CardService = app.extensions["services"].cards()
    except NewerSchema as error:
        print(f"ERROR database: {error}", file=sys.stderr)
        sys.exit(2)
    owner, reader = _stored_tokens(cards, token_file) or _add_example(cards, token_file)
    print(f"owner: {url}/o/{owner}")
    print(f"reader: {url}/c/{reader}")
    print(
        "An example card, of nobody. owner is its private page: enter a refill, print, tell people."
        f"\nreader is what a scanned code opens. The start page is {url}/; Ctrl+C stops.",
        flush=True,
    )


def _stored_tokens(cards: CardService, token_file: Path) -> tuple[str, str] | None:
    """The tokens of an earlier start, if they still open a card in this database."""
    try:
        owner, reader = token_file.read_text().split()
        cards.vault.card(reader)
    except (OSError, ValueError, UnknownCard):
        return None
    return owner, reader


def _add_example(cards: CardService, token_file: Path) -> tuple[str, str]:
    card = codec.decode(EXAMPLE.read_bytes())
    added = cards.add(card, datetime.now(UTC), labels=("example",))
    tokens = added.owner, added.reader_links[0].token
    token_file.parent.mkdir(mode=0o700, exist_ok=True)
    token_file.touch(mode=0o600)
    token_file.write_text("\n".join(tokens))
    return tokens


if __name__ == "__main__":
    main(sys.argv[1])
