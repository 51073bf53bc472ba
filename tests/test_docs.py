"""The documents: what they link to, name and list is there, and they list all of it."""

import re
import tomllib
from pathlib import Path

import pytest

from caregiver_card.card.alert_kinds import KINDS
from caregiver_card.questionnaire import field_paths
from tests.test_repository import _tracked

_ROOT = Path(__file__).parent.parent
_PACKAGE = _ROOT / "caregiver_card"
DOCUMENTS = sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
# A path in a sentence: a room and a file, with or without its ending.
_PATH = re.compile(r"`([a-z_]+/[a-z_/]+(?:\.[a-z]+)?)`")


def _name(path: Path) -> str:
    return str(path.relative_to(_ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_what_a_document_leads_to_is_there(path: Path) -> None:
    """Links between the documents, pictures, and the files that a sentence names."""
    words = path.read_text("utf-8")
    gone = [
        link
        for link in _LINK.findall(words)
        if not link.startswith(("http:", "https:")) and not (path.parent / link).exists()
    ]
    gone += [named for named in _PATH.findall(words) if not _is_there(named)]
    assert gone == []


def _is_there(named: str) -> bool:
    places = (_ROOT / named, _PACKAGE / named)
    return any(each.exists() or each.with_suffix(".py").exists() for each in places)


def test_the_card_format_lists_every_field_and_every_alert() -> None:
    """Printed cards and scripts depend on it, so nothing in it is left to be guessed."""
    words = (_ROOT / "docs" / "card-format.md").read_text("utf-8")
    assert [path for path in field_paths.places() if f"`{path}`" not in words] == []
    assert [kind for kind in KINDS if f"`{kind}`" not in words] == []


def test_every_source_of_a_limit_is_listed() -> None:
    """A key in the clinical sources is in the data or at the end of that page."""
    words = (_ROOT / "docs" / "clinical-sources.md").read_text("utf-8")
    listed = set(tomllib.loads((_PACKAGE / "data" / "sources.toml").read_text("utf-8")))
    listed |= set(re.findall(r"(?m)^\| (P\d+) \|", words))
    assert set(re.findall(r"\bP\d+\b", words)) - listed == set()


def test_a_decision_says_when_it_was_made_and_what_was_rejected() -> None:
    """One file a subject, and the list names each."""
    folder = _ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text("utf-8")
    for path in folder.glob("*.md"):
        if path.name != "README.md":
            words = path.read_text("utf-8")
            assert re.search(r"(?m)^Decided 20\d\d-\d\d-\d\d.*Status: ", words), path.name
            assert "## Rejected" in words and f"({path.name})" in listed, path.name


def test_the_readme_is_read_in_minutes() -> None:
    """What is longer has a document of its own."""
    assert len((_ROOT / "README.md").read_text("utf-8").splitlines()) <= 150


def test_nothing_is_cited_that_is_not_here() -> None:
    """A name in capitals was a document that no checkout holds."""
    cited = re.compile(r"\b(?:DES" + r"IGN|CONT" + r"RACT|clinical-fa" + r"cts)\b")
    texts = (".py", ".toml", ".md", ".html", ".css", ".js")
    found = [
        path
        for path in _tracked()
        if path.suffix in texts and cited.search(path.read_text("utf-8"))
    ]
    assert [_name(path) for path in found] == []


def test_a_comment_that_names_a_file_names_one_that_is_here() -> None:
    """A module that was moved takes along what is said of it."""
    here = {path.name for path in _tracked()}
    comment = re.compile(r"^ *(?:#|//|/?\*|\{#).*|\"\"\"[\s\S]*?\"\"\"", re.MULTILINE)
    named = re.compile(r"(?<![\w.-])[a-z_]+\.(?:py|css|js)\b")
    missing = {
        (_name(path), name)
        for path in _tracked()
        if path.suffix in (".py", ".css", ".js", ".html", ".toml") and path != Path(__file__)
        for said in comment.findall(path.read_text("utf-8"))
        for name in named.findall(said)
        if name not in here
    }
    assert missing == set()
