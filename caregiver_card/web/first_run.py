"""``make run``: on the first start, keep one example card; on every start, print its addresses.

The addresses of the example are kept beside the database so that they can be printed again: its
data is nobody's. The addresses of a real card are kept nowhere.
"""

import os
import sys
from datetime import UTC, datetime

from caregiver_card import codec
from caregiver_card.web import create_app
from caregiver_card.web.config import ROOT, Config
from caregiver_card.web.warmup import EXAMPLE

_KEPT = ROOT / "instance" / "example-tokens"


def main(url: str) -> None:
    """Print ``owner: URL`` and ``reader: URL`` of the example card."""
    if not _KEPT.exists():
        app = create_app(Config.from_environment(os.environ))
        now = datetime.now(UTC)
        card = codec.decode(EXAMPLE.read_bytes())
        kept = app.extensions["keeper"]().add(card, now, labels=("example",))
        _KEPT.parent.mkdir(mode=0o700, exist_ok=True)
        _KEPT.touch(mode=0o600)
        _KEPT.write_text(f"{kept.owner}\n{kept.readers[0].token}\n")
    owner, reader = _KEPT.read_text().split()
    print(f"owner: {url}/o/{owner}")
    print(f"reader: {url}/c/{reader}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
