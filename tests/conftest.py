"""What every test may ask for."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.web.client import Site, site_in

# The same examples in every run, few enough that the whole set stays quick;
# ``--hypothesis-profile=search`` looks for new ones.
settings.register_profile("tests", max_examples=15, deadline=None, derandomize=True, database=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("tests")

pytest_plugins = ["tests.databases", "tests.web.shell"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each of several runners begin with its share of the slow tests, so that all end at once.

    xdist gives each a part of the list as it stands, and later what another has not begun.
    """
    runners = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [each for each in items if {"slow", "browser"} & set(each.keywords)]
    fast = [each for each in items if not {"slow", "browser"} & set(each.keywords)]
    items[:] = [
        each
        for number in range(runners)
        for kind in (slow, fast)
        for each in kind[len(kind) * number // runners : len(kind) * (number + 1) // runners]
    ]


def pytest_collection_finish() -> None:
    """Have the collector pass over what stays to the end: nine thousand tests and their modules."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An empty site at http://card.example, where it is noon UTC on 21 November 2026."""
    with site_in(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site for the tests of a module that do not mind one another's cards."""
    with site_in(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def secure_site(tmp_path: Path) -> Iterator[Site]:
    """The same behind https."""
    with site_in(tmp_path, public_url="https://card.example") as opened:
        yield opened
