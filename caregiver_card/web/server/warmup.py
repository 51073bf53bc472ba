"""What a server does before its workers fork, and each worker before it answers."""

import gc
from datetime import datetime
from pathlib import Path

from flask import Flask

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import load
from caregiver_card.card import codec
from caregiver_card.pages import guide
from caregiver_card.pages.page_version import build_hash
from caregiver_card.printing import printer
from caregiver_card.printing.text.glyphs import MissingFont
from caregiver_card.storage.database import StoreFailure, UnusableAddress
from caregiver_card.storage.migrations import NewerSchema
from caregiver_card.storage.store import Store
from caregiver_card.style_sheets import SITE, screen_style
from caregiver_card.web.config import WrongSetting

# The example card, which ``demo`` stores as well; here it is printed and dropped.
EXAMPLE = Path(__file__).parents[2] / "data" / "example.json"


def warm(app: Flask, now: datetime) -> None:
    """Open the store (and set up an empty one), print one card, and close the connections.

    A connection must not cross a fork; fonts, texts, templates and parsed styles may. Raises
    ``WrongSetting`` if the address of the store can never be right.
    """
    if store := _open_store(app):
        store.dispose()
    build_hash()
    guide.page(load())
    screen_style(*SITE)
    _print_example(app, now)
    # Everything loaded so far stays: the workers' collectors need not look at it again.
    gc.collect()
    gc.freeze()


def settle(app: Flask, now: datetime, *, prints: bool = True) -> None:
    """Prepare a worker: open its own connection, and print one card if it ``prints``.

    The system copies a page of memory shared by a fork at the first write, and Python writes to
    every object that it reads. The print makes these copies before the first request.
    """
    _open_store(app)
    if prints:
        _print_example(app, now)


def _open_store(app: Flask) -> Store | None:
    """Open and ping the store; ``None`` while the database is away, since the guide needs none."""
    try:
        store: Store = app.extensions["services"].cards().store
    except (UnusableAddress, NewerSchema, OSError) as error:
        raise WrongSetting(f"CARD_DATABASE_URL: {error}") from error
    except StoreFailure as error:
        app.logger.warning("database: cannot be reached (%s); trying again", type(error).__name__)
        return None
    store.ping()
    return store


def _print_example(app: Flask, now: datetime) -> None:
    content = load()
    example = codec.read(EXAMPLE.read_bytes(), now.date()).card
    if example:
        try:
            address = "HTTPS://CARD.EXAMPLE/GUIDE"
            printer.make_pdf("wallet", brief(example, content), address, to_guide=True)
        except MissingFont as error:
            # Pages need no fonts, and a request for a print will report the same.
            app.logger.warning("%s", error)
