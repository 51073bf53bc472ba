"""What a server does once before its workers fork, so that nobody waits for it later."""

import gc
from datetime import datetime
from pathlib import Path

from flask import Flask

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import load
from caregiver_card.card import codec
from caregiver_card.pages import guide
from caregiver_card.pages.page_version import code_hash
from caregiver_card.printing import printer
from caregiver_card.printing.text.glyphs import MissingFont
from caregiver_card.storage.database import StoreFailure, UnusableAddress
from caregiver_card.storage.migrations import NewerSchema
from caregiver_card.storage.store import Store
from caregiver_card.style_sheets import screen_style
from caregiver_card.web.config import WrongSetting

# The example that also shows what the program can do; nothing of it is kept.
EXAMPLE = Path(__file__).parent.parent / "data" / "example.json"


def warm(app: Flask, now: datetime) -> None:
    """Open the store (and set an empty one up), print one card, and let go of the connections.

    A connection must not cross a fork; fonts, words, templates and parsed styles may. Raises
    WrongSetting where the address of the store can never be right.
    """
    if store := _store(app):
        store.dispose()
    code_hash()
    guide.page(load())
    screen_style("site.css")
    _print(app, now)
    # What is there now is there for good: the workers need not look at it again.
    gc.collect()
    gc.freeze()


def settle(app: Flask, now: datetime) -> None:
    """In a worker, before it answers anybody: have its own connection and its own memory.

    What a fork shares is copied page by page when it is first written to, and Python writes to all
    that it looks at; a first print would take three quarters as long again.
    """
    _store(app)
    _print(app, now)


def _store(app: Flask) -> Store | None:
    """The store, looked into once; None while the database is away, for the guide needs none."""
    try:
        store: Store = app.extensions["services"].keeper().store
    except (UnusableAddress, NewerSchema, OSError) as fault:
        raise WrongSetting(f"CARD_DATABASE_URL: {fault}") from fault
    except StoreFailure as fault:
        app.logger.warning("database: cannot be reached (%s); trying again", type(fault).__name__)
        return None
    store.ping()
    return store


def _print(app: Flask, now: datetime) -> None:
    content = load()
    example = codec.read(EXAMPLE.read_bytes(), now.date()).card
    if example:
        try:
            address = "HTTPS://CARD.EXAMPLE/GUIDE"
            printer.write("wallet", brief(example, content), address, to_guide=True)
        except MissingFont as fault:
            # Pages need no fonts; prints will say the same when somebody asks for one.
            app.logger.warning("%s", fault)
