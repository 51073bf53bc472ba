"""The checkout as a whole: templates, addresses, names, and what must agree with what."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes

from tests.web.client import Site

_ROOT = Path(__file__).parent.parent
_DOCUMENTS = _ROOT / "templates" / "documents"
_TOP = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "caregiver_card",
    "deploy",
    "docs",
    "gunicorn.conf.py",
    "pyproject.toml",
    "requirements.lock",
    "static",
    "templates",
    "tests",
    "wsgi.py",
}
_TEMPLATES = sorted(path.name for path in _DOCUMENTS.glob("*.html"))
# Where somebody's own folders are; spelt so that this file does not hold them.
_MACHINE = re.compile(r"(?<![\w.\-$}/])/(?:wor" + r"k|roo" + r"t|hom" + r"e/\w+)/[\w.]")


def _tracked() -> list[Path]:
    """Every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=_ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := _ROOT / name).is_file()]


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_DOCUMENTS), autoescape=True, undefined=StrictUndefined
    )


@pytest.mark.parametrize("name", _TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    """Without being rendered once."""
    assert _environment().get_template(name)


def test_no_macro_is_unused() -> None:
    """Each macro is called in some template."""
    defined, called = set(), set()
    for name in _TEMPLATES:
        tree = _environment().parse((_DOCUMENTS / name).read_text("utf-8"))
        defined |= {each.name for each in tree.find_all(nodes.Macro)}
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Getattr):
                called.add(call.node.attr)
            elif isinstance(call.node, nodes.Name):
                called.add(call.node.name)
    assert defined - called == set()


def test_every_template_is_used() -> None:
    """None is left over from something that is gone."""
    code = "".join(path.read_text("utf-8") for path in (_ROOT / "caregiver_card").rglob("*.py"))
    code += "".join((_DOCUMENTS / name).read_text("utf-8") for name in _TEMPLATES)
    assert [name for name in _TEMPLATES if f'"{name}"' not in code] == []


@pytest.mark.parametrize("route", (_ROOT / "tests" / "routes.txt").read_text().split())
def test_what_is_printed_on_cards_still_opens(site: Site, route: str) -> None:
    """A card in a wallet outlives a release: an address is added, and never taken away."""
    rules = site.app.url_map.iter_rules()
    methods = [method for rule in rules if rule.rule == route for method in rule.methods or ()]
    assert "GET" in methods, f"{route} is printed on cards"


def test_the_example_is_the_one_of_the_tests() -> None:
    """What a first run shows is the card that the tests know best."""
    example = _ROOT / "caregiver_card" / "data" / "example.json"
    assert example.read_bytes() == (_ROOT / "tests" / "data" / "typical.json").read_bytes()


def test_the_top_of_the_tree_is_short() -> None:
    """A newcomer sees what matters."""
    assert {path.relative_to(_ROOT).parts[0] for path in _tracked()} == _TOP - (
        {"static"} if not any((_ROOT / "static").iterdir()) else set()
    )


def test_no_file_knows_the_machine_that_it_was_written_on() -> None:
    """No path of somebody's folders is in any text."""
    found = []
    for path in _tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(_ROOT)}: {hit[0]}" for hit in _MACHINE.finditer(text)]
    assert found == []


def test_the_version_is_the_newest_of_the_changelog() -> None:
    """What is released is described."""
    changelog = _ROOT / "CHANGELOG.md"
    assert changelog.is_file(), "there is no CHANGELOG.md"
    version = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]["version"]
    heading = re.search(r"^## \[?v?(\d+\.\d+\.\d+)", changelog.read_text("utf-8"), re.MULTILINE)
    assert heading and heading[1] == version


def test_every_dependency_has_one_version() -> None:
    """What was tested is what is installed; the data of time zones is the one exception."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    for each in project["dependencies"] + project["optional-dependencies"]["test"]:
        assert "==" in each or each == "tzdata", f"{each} is not pinned"


def test_scripts_run_on_a_phone_of_2018() -> None:
    """A browser that cannot read one of these reads nothing of the file."""
    newer = re.compile(
        r"\?\.[a-zA-Z(\[]|\?\?|\|\|=|&&=|\breplaceAll\b|\bglobalThis\b|:has\(|\.at\("
    )
    for path in (_ROOT / "static").rglob("*.js"):
        lines = path.read_text("utf-8").splitlines()
        assert [line for line in lines if newer.search(line)] == [], path.name
