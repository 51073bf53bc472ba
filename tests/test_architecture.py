"""Which room may use which, who may know the time, and how large things may grow."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_CODE = _ROOT / "caregiver_card"
_MOST_LINES, _MOST_LINES_OF_A_FUNCTION = 250, 40

# The rooms, lowest first. A module imports from its own room and from rooms below it.
_LAYERS = (
    {"card", "files", "style_sheets"},
    {"briefing", "charts"},
    {"document_templates"},
    {"exports", "questionnaire", "pages", "storage"},
    {"alerting", "owner_overview", "printing"},
    {"card_service", "export_zip", "caseload"},
    {"web"},
)
# Each outside library has one owner; what the web needs of its own stays inside web/.
_OWNERS = {
    "cryptography": r"storage\.crypto|exports\.pass_signature",
    "sqlalchemy": r"storage\.(store|database|schema|rows|checksums|backup|migrations.*)"
    r"|storage\.(fault_causes|unlocked_reading|disk_space|operator_notes|figures|limit_counters|pruning)"
    r"|storage\.(key_check|device_marks|drafts|reader_links|health_links)"
    r"|alerting\.(record_store|service|invite_limit|outbox|memory_copy|waiting|key_rotation)"
    r"|alerting\.link_labels",
    "alembic": r"storage\.migrations.*",
    "gunicorn": r"web\.server\.(worker|answers)",
    "limits": r"storage\.(limiter|limit_counters)",
    "idna": r"alerting\.channels\.mail",
    "pywebpush": r"alerting\.channels\.push",
    "py_vapid": r"alerting\.channels\.push",
    "requests": r"alerting\.channels\.push",
    "qrcode": r"printing\.codes\.qr",
    "PIL": r"printing\.(codes\.qr|pdf\.verify)",
    "weasyprint": r"printing\.pdf\.render",
    "cssselect2": r"printing\.pdf\.render",
    "pikepdf": r"printing\.pdf\.(join|join_parts)",
    "pypdfium2": r"printing\.pdf\.verify",
    "zxingcpp": r"printing\.pdf\.verify",
    "vobject": r"exports\.vcard",
    "icalendar": r"exports\.ics",
    "phonenumbers": r"card\.telephones",
    "babel": r"briefing\.(content|manners|time_zones)",
    "jinja2": r"document_templates|web\.templating",
    "markupsafe": r"pages\.(pump_alarm|sign_checker|emergency|guide|history)"
    r"|pages\.(reading_languages|review_form)|document_templates"
    r"|alerting\.channels\.mail_message",
    "fontTools": r"printing\.text\.glyphs",
    "tomli": r"card\.(drug_classes|pump_models)|briefing\.(content|texts)"
    r"|style_sheets|pages\.sign_rules",
    "openpyxl": r"caseload\.workbook(_template)?",
    "num2words": r"questionnaire\.number_words",
    "rcssmin": r"style_sheets",
    "deflate": r"pages\.precompressed",
    "flask": r"web(\..*)?",
    "werkzeug": r"web(\..*)?",
    "click": r"web\..*",
    "flask_wtf": r"web\.templating",
}
# What a day, a machine or chance would change, and where it may be asked for.
_IMPURE = {
    "date.today": r"",
    "datetime.now": r"web|web\.demo|web\.server\.answers",
    "datetime.utcnow": r"",
    "time.time": r"",
    "time.monotonic": r"web\.server\..*",
    "os.environ": r"web\.demo",
    "os.getenv": r"",
    "os.urandom": r"",
}
_CHANCE = {
    "random": r"",
    "secrets": r"storage\.crypto|web\.key_file",
    # uuid5, which is a hash.
    "uuid": r"exports\.ips\.bundle|web\.cli\.fhir",
    "time": r"web\.server\..*",
}
# The room of the briefing is named after what it makes; a migration is numbered.
_NAMES_OF_ROOMS = {"briefing", "env", "versions"}
_NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "core", "lib"}


@cache
def _modules() -> dict[str, Path]:
    found = {}
    for path in sorted(_CODE.rglob("*.py")):
        parts = [*path.relative_to(_CODE).with_suffix("").parts]
        if parts[-1] == "__init__":
            parts.pop()
        found[".".join(parts) or "caregiver_card"] = path
    return found


@cache
def _tree(name: str) -> ast.Module:
    return ast.parse(_modules()[name].read_text("utf-8"))


@cache
def _imports(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The own modules that a module imports, and the outside libraries."""
    own, outside = set(), set()
    for each in ast.walk(_tree(name)):
        if isinstance(each, ast.Import):
            named = [alias.name for alias in each.names]
        elif isinstance(each, ast.ImportFrom):
            assert not each.level and each.module, f"{name}: a relative import"
            named = [f"{each.module}.{alias.name}" for alias in each.names]
        else:
            continue
        for full in named:
            first = full.split(".")[0]
            if first == "caregiver_card":
                own.add(_module(full.removeprefix("caregiver_card.")))
            elif first not in sys.stdlib_module_names:
                outside.add(first)
    return frozenset(own), frozenset(outside)


def _module(full: str) -> str:
    """The module that a dotted name is, or is in."""
    while full and full not in _modules():
        full = full.rpartition(".")[0]
    return full or "caregiver_card"


def test_a_room_uses_only_the_rooms_below_it() -> None:
    """A card knows no page, and a page no request: each import leads down or stays in its room."""
    floor = {room: at for at, rooms in enumerate(_LAYERS) for room in rooms}
    assert {_room(name) for name in _modules()} - {"caregiver_card"} == set(floor)
    for name in _modules():
        for other in _imports(name)[0]:
            if _room(other) != _room(name):
                assert floor[_room(other)] < floor[_room(name)], f"{name} imports {other}"


def test_every_library_has_one_owner() -> None:
    """Whoever changes a library changes one module."""
    for name in _modules():
        for library in _imports(name)[1]:
            assert library in _OWNERS, f"{library} has no owner"
            assert re.fullmatch(_OWNERS[library], name), f"{library} is not for {name}"


def test_the_core_knows_no_web() -> None:
    """Only web/ imports web/."""
    for name in _modules():
        if name.split(".")[0] != "web":
            assert not [each for each in _imports(name)[0] if each.split(".")[0] == "web"], name


def test_no_module_asks_for_the_time_or_for_chance() -> None:
    """The core has no clock, no environment, and no randomness but in crypto."""
    for name in _modules():
        for each in ast.walk(_tree(name)):
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
                said = f"{each.value.id}.{each.attr}"
                assert re.fullmatch(_IMPURE.get(said, r".*"), name), f"{name} uses {said}"
            if isinstance(each, ast.Import | ast.ImportFrom):
                named = [alias.name for alias in each.names]
                for first in named if isinstance(each, ast.Import) else [each.module or ""]:
                    assert re.fullmatch(_CHANCE.get(first, r".*"), name), f"{name}: {first}"


def test_no_module_leads_back_to_itself() -> None:
    """There are no circles."""
    _climbed({name: set(_imports(name)[0]) for name in _modules()})


def test_no_room_leads_back_to_itself() -> None:
    """Nor between folders: what stands in one builds on another, or the other on it."""
    arrows: dict[str, set[str]] = {}
    for name in _modules():
        arrows.setdefault(_room(name), set()).update(map(_room, _imports(name)[0]))
    _climbed(arrows)


def _room(name: str) -> str:
    """The folder of a module; one that stands in none is a room of its own."""
    return name.split(".")[0]


def _climbed(arrows: dict[str, set[str]]) -> None:
    """Take away what imports nothing that is left, until nothing is."""
    arrows = {name: own - {name} for name, own in arrows.items()}
    while leaves := {name for name, own in arrows.items() if not own}:
        arrows = {name: own - leaves for name, own in arrows.items() if name not in leaves}
    assert arrows == {}


# A briefing has one line for each of its fields, and nothing else happens there.
_LISTS = {"briefing.briefing.brief"}


def test_no_module_and_no_function_is_too_long() -> None:
    """Past 250 lines or 40, look for the noun that wants to leave."""
    for name, path in _modules().items():
        lines = path.read_text("utf-8").count("\n")
        assert lines <= _MOST_LINES, f"{name} has {lines} lines"
        for each in ast.walk(_tree(name)):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (each.end_lineno or 0) - each.lineno + 1
                if f"{name}.{each.name}" not in _LISTS:
                    assert length <= _MOST_LINES_OF_A_FUNCTION, f"{name}.{each.name}: {length}"


def test_every_module_has_a_name_and_says_what_it_is() -> None:
    """No module is called after nothing, and each begins with a sentence."""
    for name, path in _modules().items():
        assert not _NAMELESS & set(name.split(".")), name
        if path.read_text("utf-8").strip():
            assert ast.get_docstring(_tree(name)), f"{name} says nothing of itself"


def test_what_others_may_use_is_described() -> None:
    """Every public function and class has a docstring."""
    for name in _modules():
        if name.startswith("storage.migrations."):
            continue
        for each in _tree(name).body:
            if isinstance(each, ast.FunctionDef | ast.ClassDef) and not each.name.startswith("_"):
                assert ast.get_docstring(each), f"{name}.{each.name}"


def test_no_name_means_two_things() -> None:
    """A class has one name in the whole program; so has a module, but one of the web's may bear the
    name of what it shows."""
    classes: dict[str, list[str]] = {}
    for name in _modules():
        for each in _tree(name).body:
            if isinstance(each, ast.ClassDef) and not each.name.startswith("_"):
                classes.setdefault(each.name, []).append(name)
    assert {each: where for each, where in classes.items() if len(where) > 1} == {}
    leaves = [
        name.split(".")[-1] for name in _modules() if not name.startswith("web.") and "." in name
    ]
    leaves = [leaf for leaf in leaves if leaf not in _NAMES_OF_ROOMS]
    assert sorted({leaf for leaf in leaves if leaves.count(leaf) > 1}) == []


def test_no_test_waits_by_what_the_pages_forbid() -> None:
    """``tests/browser/waiting.py`` says why."""
    for path in (_ROOT / "tests").rglob("*.py"):
        calls = (
            each
            for each in ast.walk(ast.parse(path.read_text()))
            if isinstance(each, ast.Attribute)
        )
        assert not [each.lineno for each in calls if each.attr == "wait_for_function"], path
