"""A phone with a browser of another engine than Chromium's, in the few words that a test needs."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

# How long a browser may take over anything, on a busy machine.
PATIENCE = 60.0
# How long a press may take to lead to another page; after that it was lost.
_PRESSED_AGAIN_S = 15.0
_LEFT = "return !document.documentElement.dataset.left && document.readyState === 'complete'"


class Refused(Exception):
    """The browser did not do what it was asked: it is between two pages, or cannot."""


class Phone(ABC):
    """One window; ``sought`` is always a CSS selector, of which the first match is meant."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""

    @abstractmethod
    def run(self, body: str, *given: Any) -> Any:
        """What the body of an asynchronous function returns in the page, by way of JSON."""

    @abstractmethod
    def _resize(self, width: int, height: int) -> None:
        """Ask for a size of the window, in CSS pixels."""

    @abstractmethod
    def _tap(self, sought: str) -> None:
        """Press where the element is, as a finger does."""

    @abstractmethod
    def _type(self, sought: str, words: str) -> None:
        """Press the keys of ``words`` in a box."""

    def widen(self, width: int, height: int = 844) -> None:
        """Give the window a size, in CSS pixels, and wait until it has it."""
        self._resize(width, height)
        self.until("return innerWidth === given[0] && innerHeight === given[1]", width, height)

    def until(self, body: str, *given: Any) -> Any:
        """Wait until the page returns something true; a change of page is waited out."""
        return awaited(lambda: self.run(body, *given), body, self._where)

    def press(self, sought: str) -> None:
        """Press an element as soon as it is there to be pressed."""
        self.until("return document.querySelector(given[0])?.checkVisibility()", sought)
        # A browser refuses to press what has just been drawn anew.
        awaited(lambda: (self._tap(sought), True), f"{sought} to be pressed")

    def follow(self, sought: str) -> None:
        """Press what leads to another page, and wait until that is loaded."""
        self.until("return document.documentElement.dataset.left = 'yes'")
        self.press(sought)
        with suppress(AssertionError):
            awaited(partial(self.run, _LEFT), _LEFT, patience=_PRESSED_AGAIN_S)
            return
        # A busy machine loses a press now and then; a person presses again.
        if self.run("return document.documentElement.dataset.left"):
            self.press(sought)
        self.until(_LEFT)

    def write(self, sought: str, words: str) -> None:
        """Type into a box, in the place of what stands there."""
        # Under load a browser loses a key now and then.
        for _ in range(3):
            self.until("document.querySelector(given[0]).value = ''; return true", sought)
            self._type(sought, words)
            if self.run("return document.querySelector(given[0])?.value", sought) == words:
                return

    def text(self, sought: str = "body") -> str:
        """The words that can be seen in an element, with single spaces."""
        return " ".join(
            self.run("return document.querySelector(given[0])?.innerText ?? ''", sought).split()
        )

    def _where(self) -> str:
        left = "document.documentElement.dataset.left"
        state = self.run(f"return [location.pathname, document.readyState, {left}]")
        return f"{state} {self.text()}"

    def shows(self, *words: str) -> None:
        """Wait until each of the sentences can be seen."""
        for each in words:
            wanted = " ".join(each.split())
            awaited(partial(self._says, wanted), f"{wanted!r} to be seen", self.text)

    def _says(self, words: str) -> bool:
        return words in self.text()


def awaited(
    holds: Callable[[], Any],
    what: str,
    instead: Callable[[], str] = str,
    patience: float = PATIENCE,
) -> Any:
    """Ask until the answer is true, and give it; AssertionError after ``patience`` seconds."""
    end, refused = time.monotonic() + patience, ""
    while time.monotonic() < end:
        try:
            if found := holds():
                return found
        except Refused as refusal:
            refused = str(refusal)
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}; there is: {instead()} {refused}")


def function(body: str, given: tuple[Any, ...], waits: bool = True) -> str:
    """The source of a function without parameters that runs ``body`` and gives JSON."""
    kind, wait = ("async ", "await ") if waits else ("", "")
    inner = f"({kind}(given) => {{ {body} }})({json.dumps(given)})"
    return f"{kind}() => JSON.stringify({wait}{inner} ?? null)"
