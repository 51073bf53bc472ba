"""``make run``: on the first start, keep one example card; on every start, print its addresses.

The addresses of the example are kept beside the database so that they can be printed again: its
data is nobody's. The addresses of a real card are kept nowhere.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from caregiver_card.card import codec
from caregiver_card.card_service import CardService
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import create_app, server_port
from caregiver_card.web.config import ROOT, Config
from caregiver_card.web.server_warmup import EXAMPLE


def main(url: str, kept: Path = ROOT / "instance" / "example-tokens") -> None:
    """Print ``owner: URL`` and ``reader: URL`` of the example card.

    Where no server can listen at ``url``, that is the one line, and the exit status 2.
    """
    if words := server_port.refusal(url, by_name=True):
        print(words, file=sys.stderr)
        sys.exit(2)
    keeper: CardService = (
        create_app(Config.from_environment(os.environ)).extensions["services"].keeper()
    )
    owner, reader = _present(keeper, kept) or _added(keeper, kept)
    print(f"owner: {url}/o/{owner}")
    print(f"reader: {url}/c/{reader}", flush=True)


def _present(keeper: CardService, kept: Path) -> tuple[str, str] | None:
    """The tokens of the last start, if they still open a card in this database."""
    try:
        owner, reader = kept.read_text().split()
        keeper.vault.card(reader)
    except (OSError, ValueError, UnknownCard):
        return None
    return owner, reader


def _added(keeper: CardService, kept: Path) -> tuple[str, str]:
    card = codec.decode(EXAMPLE.read_bytes())
    added = keeper.add(card, datetime.now(UTC), labels=("example",))
    tokens = added.owner, added.reader_links[0].token
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    kept.touch(mode=0o600)
    kept.write_text("\n".join(tokens))
    return tokens


if __name__ == "__main__":
    main(sys.argv[1])
