"""What is installed is what the lock files say, down to the last library."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

_ROOT = Path(__file__).parent.parent
_RUN, _TEST = _ROOT / "requirements.lock", _ROOT / "tests" / "requirements.lock"
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))


def _locked(path: Path) -> dict[str, Requirement]:
    """Each requirement of a lock file by its name."""
    lines = re.findall(r"^([a-zA-Z0-9].*?)(?: \\)?$", path.read_text("utf-8"), re.MULTILINE)
    return {_plain(each.name): each for each in map(Requirement, lines)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("path", [_RUN, _TEST], ids=["run", "test"])
def test_everything_locked_has_one_version_and_its_hashes(path: Path) -> None:
    """pip refuses a file that has another hash."""
    for block in re.split(r"\n(?=[a-zA-Z0-9])", path.read_text("utf-8"))[1:]:
        assert re.match(r"[\w.-]+==[^ ]+", block) and "--hash=sha256:" in block, block.splitlines()[
            0
        ]


def test_the_versions_of_the_project_are_the_locked_ones() -> None:
    """Whoever changes a version and forgets ``make lock`` is told here."""
    project = _PROJECT["project"]
    run, test = _locked(_RUN), _locked(_TEST)
    for named, locked in ((project["dependencies"], run), (_tests_need(), test)):
        for each in map(Requirement, named):
            specifier = locked[_plain(each.name)].specifier
            assert not each.specifier or each.specifier == specifier, each
    assert {name: each.specifier for name, each in run.items()} == {
        name: test[name].specifier for name in run
    }
    assert "pydyf" in run


def _tests_need() -> list[str]:
    return [
        *_PROJECT["project"]["optional-dependencies"]["test"],
        *_PROJECT["dependency-groups"]["build"],
    ]


def test_what_is_installed_is_what_is_locked() -> None:
    """As ``make test`` has installed it."""
    for name, each in _locked(_TEST).items():
        if each.marker is None or each.marker.evaluate():
            assert each.specifier.contains(version(name), prereleases=True), name
