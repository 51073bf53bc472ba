"""Chromium of the system's packages, as every test and benchmark that needs one starts it."""

import shutil

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program() -> str:
    """Chromium for tests: the engine alone where it is packed, which takes half the time of one
    that also keeps the windows ready which nobody sees."""
    return _installed("chromium-headless-shell", "chromium", "chromium-browser")


def whole() -> str:
    """The whole browser, beside which we are measured."""
    return _installed("chromium", "chromium-browser")


def _installed(*names: str) -> str:
    """The first of the programs that is there; raises FileNotFoundError with what to install."""
    for each in names:
        if found := shutil.which(each):
            return found
    raise FileNotFoundError(f"Chromium is not installed; install the package {names[0]}")
