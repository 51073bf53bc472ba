"""What may import what, what may know the time, and how large things may grow."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_CODE = _ROOT / "caregiver_card"
_MOST_LINES, _MOST_LINES_OF_A_FUNCTION = 250, 40

# Module: the own modules it may import | the outside libraries. An arrow more is a decision.
_PERMITTED = """
admission: card codec crypto opened seals tables |
alerting |
alerting.book: alerting.people alerting.plan |
alerting.books: alerting.book alerting.moments alerting.outbox alerting.rounds alerting.sealed alerting.tables crypto database | sqlalchemy
alerting.bureau: alerting.book alerting.books alerting.messages alerting.openings alerting.outbox alerting.people alerting.plan alerting.rounds alerting.sealed card content crypto | sqlalchemy
alerting.channels: schedule |
alerting.listing: alerting.book alerting.outbox alerting.people alerting.plan alerting.rounds alerting.tables content |
alerting.mail: alerting.channels schedule |
alerting.messages: alerting.book alerting.channels alerting.people alerting.plan alerting.rounds content crypto notices schedule |
alerting.moments |
alerting.openings: alerting.book alerting.people |
alerting.outbox: alerting.book alerting.sealed alerting.tables alerting.witness crypto database | sqlalchemy
alerting.people: schedule |
alerting.phone: crypto |
alerting.plan: briefing calls card content notices schedule |
alerting.push: alerting.channels alerting.phone schedule | py_vapid pywebpush requests
alerting.rounds: alerting.book alerting.moments alerting.people alerting.plan schedule |
alerting.sealed: alerting.book crypto |
alerting.sender: alerting.book alerting.books alerting.channels alerting.messages alerting.moments alerting.outbox alerting.people alerting.rounds alerting.tables crypto |
alerting.tables: tables | sqlalchemy
alerting.wishes: alerting.mail alerting.people alerting.plan rules values |
alerting.witness |
answers: card codec flat outline values |
backup: alerting.tables database migrations proof store | sqlalchemy
beeping: briefing content emergency paper phrases pressed | markupsafe
briefing: calls card content device facts notices phrases pumps schedule |
bundle: briefing card codec emergency filenames opened printing.layouts printing.letters printing.proof vcard |
calendars: codec crypto opened seals store tables vault |
calls: card content phones phrases |
card: parts phones regimen rules values |
caregiver_card |
caseload: card codec rules spreadsheet |
changes: card content labels |
checklist: briefing content emergency paper pressed seeing | markupsafe
clocks |
codec: card draft phones questions rules values |
confirmations: answers rules |
content | babel
crew |
crypto | cryptography
database | sqlalchemy
dates |
device: card content phrases pumps values |
dosing: dates reservoir rules values |
draft: rules values |
emergency: briefing content notices paper phrases pressed schedule | markupsafe
events: card content notices phones schedule |
facts: card codec questions schedule |
filenames |
flat |
guide: briefing content emergency paper pressed | markupsafe
ics: events | icalendar
journey: regimen steps |
keeper: alerting.bureau briefing calendars card changes content crypto emergency events ics offline opened owner paper pressed printing.mark printing.papers store vault |
labels: content phones values |
medicalid: briefing content phrases |
medicines |
merging: answers confirmations journey |
migrations: database | alembic sqlalchemy
migrations.env | alembic
migrations.versions |
migrations.versions.0001_first_tables | alembic sqlalchemy
migrations.versions.0002_papers | alembic sqlalchemy
migrations.versions.0003_alerts | alembic sqlalchemy
notices: card content schedule |
offline: clocks content pressed |
opened: card |
outline: card values |
owner: briefing card changes confirmations content journey labels notices opened outline questions report |
paper | jinja2
parts: values |
phones: values | phonenumbers
phrases: card content dates pumps questions regimen reservoir schedule values |
pressed |
printing |
printing.batch: admission briefing caseload codec content filenames flat keeper printing.binding printing.layouts printing.leaves printing.letters printing.refusals rules spreadsheet |
printing.binding: printing.leaves | pikepdf
printing.direction |
printing.fitting: printing.letters printing.pdf |
printing.fold: paper printing.leaf printing.letters printing.measures printing.order printing.proof printing.wallet |
printing.fonts |
printing.keysheet: content paper printing.letters printing.measures printing.pdf printing.proof printing.qr |
printing.labels: paper printing.letters printing.measures printing.order printing.proof printing.qr |
printing.layouts: briefing printing.fold printing.keysheet printing.labels printing.measures printing.offline printing.order printing.pdf printing.proof printing.qr printing.school printing.sheet printing.wallet |
printing.leaf: briefing calls content paper phrases printing.letters printing.mark printing.measures printing.order printing.proof printing.qr printing.sheets |
printing.leaves | pikepdf
printing.letters: printing.fonts | fontTools
printing.lockscreen: briefing paper printing.letters printing.measures printing.pdf printing.proof printing.qr |
printing.mark: briefing content facts |
printing.measures |
printing.offline: briefing phrases printing.qr vcard |
printing.order: briefing printing.offline printing.proof printing.qr |
printing.papers: briefing card changes content facts labels printing.mark |
printing.pdf: paper printing.direction printing.fonts | weasyprint
printing.proof: printing.measures | PIL pypdfium2 zxingcpp
printing.qr | PIL qrcode
printing.refusals: content printing.letters printing.offline printing.proof printing.qr |
printing.school: briefing phrases printing.leaf printing.order printing.sheets |
printing.sheet: briefing content phrases printing.leaf printing.order printing.sheets |
printing.sheets: printing.letters |
printing.wallet: briefing calls paper phrases printing.fitting printing.letters printing.mark printing.measures printing.order printing.proof printing.qr |
proof | sqlalchemy
pumps |
questions: dates dosing medicines phones pumps reservoir rules |
refill: answers outline rules steps values |
regimen: parts values |
reminder: briefing |
report: content rules |
reservoir |
rules: dates values |
schedule: card dates pumps reservoir |
seals: crypto tables |
seeing: content |
spans: answers content dates rules steps values |
spelled: content values |
spreadsheet: card flat outline rules values |
steps |
store: database migrations tables | sqlalchemy
tables | sqlalchemy
values |
vault: admission card codec crypto opened seals store tables |
vcard: briefing | vobject
web: alerting.bureau content keeper store web.answering web.asking web.batching web.belongings web.calendars web.choosing web.config web.editor web.heard web.history web.key web.layout web.newcard web.notifying web.owner web.papers web.public web.pwa web.redaction web.replies web.security web.services web.telling web.upload | flask werkzeug
web.answering: alerting.book alerting.bureau alerting.listing alerting.outbox alerting.people alerting.rounds crypto notices web.layout web.services web.telling web.visitors | flask werkzeug
web.asking: beeping briefing checklist crypto keeper offline pressed web.replies web.security web.services | flask
web.batching: admission caseload crew printing.batch printing.layouts printing.refusals report rules spreadsheet web.cli web.interruption web.services web.warmup web.whole | click
web.belongings: briefing bundle codec keeper labels report rules web.desk web.layout web.owner web.services | flask werkzeug
web.calendars: events parts report rules values vault web.meanwhile web.owner web.replies web.services | flask werkzeug
web.choosing: answers briefing card changes confirmations crypto journey merging printing.papers reminder web.desk web.drawing web.layout web.review web.services | flask werkzeug
web.cli: backup briefing card codec database emergency keeper notices printing.layouts printing.refusals report rules web.sending web.services web.whole | click flask
web.config: alerting.mail |
web.desk: answers card confirmations crypto keeper merging opened rules store web.drawing web.redaction web.review web.services | flask werkzeug
web.drawing: answers confirmations content labels outline phones pumps report rules spans steps |
web.editor: answers confirmations journey opened refill rules spans steps web.desk web.drawing web.forms web.layout web.review web.services | flask werkzeug
web.first_run: codec keeper vault web web.config web.warmup |
web.forms: answers confirmations steps |
web.heard: beeping briefing keeper opened report rules values web.meanwhile web.owner web.services | flask werkzeug
web.history: card changes owner store vault web.layout web.meanwhile web.owner web.services | flask werkzeug
web.interruption |
web.key: briefing crypto printing.keysheet printing.layouts reminder web.desk web.layout web.meanwhile web.owner web.services | flask werkzeug
web.layout: content | babel flask flask_wtf jinja2
web.meanwhile: card changes crypto owner store web.services | flask
web.newcard: answers briefing confirmations journey keeper rules spans steps values web.desk web.drawing web.forms web.layout web.review web.services | flask werkzeug
web.notifying: alerting.book alerting.bureau alerting.people alerting.phone alerting.wishes crypto report rules values web.answering web.services web.telling | flask
web.owner: crypto opened printing.layouts printing.mark reminder report rules store values web.layout web.meanwhile web.services web.visitors | flask werkzeug
web.papers: briefing crypto printing.mark printing.papers web.services | flask
web.public: briefing codec crypto emergency guide keeper printing.layouts printing.lockscreen vcard web.replies web.services web.visitors | flask
web.pwa: crypto keeper medicalid web.asking web.config web.layout web.replies web.services | flask
web.redaction |
web.replies: pressed | flask
web.review: answers content journey labels outline spelled steps values |
web.security: database guide paper printing.refusals vault web.replies web.services | flask werkzeug
web.sending: alerting.channels alerting.mail alerting.push alerting.sender crypto database web.config web.services | click flask
web.services: content keeper web.config | flask
web.telling: alerting.book alerting.bureau alerting.listing alerting.messages alerting.people alerting.phone alerting.rounds alerting.wishes crypto opened report rules values web.layout web.owner web.services | flask werkzeug
web.upload: caseload labels printing.batch printing.layouts report rules spreadsheet web.services web.warmup | flask
web.visitors | flask
web.warmup: briefing codec content guide keeper printing.layouts printing.letters | flask
web.whole |
"""  # noqa: E501
# Each outside library has one owner; what the web needs of its own stays inside web/.
_OWNERS = {
    "cryptography": r"crypto",
    "sqlalchemy": r"store|database|(alerting\.)?tables|alerting\.(books|bureau|outbox)|proof|backup"
    r"|migrations.*",
    "alembic": r"migrations.*",
    "pywebpush": r"alerting\.push",
    "py_vapid": r"alerting\.push",
    "requests": r"alerting\.push",
    "qrcode": r"printing\.qr",
    "PIL": r"printing\.(qr|proof)",
    "weasyprint": r"printing\.pdf",
    "pikepdf": r"printing\.(leaves|binding)",
    "pypdfium2": r"printing\.proof",
    "zxingcpp": r"printing\.proof",
    "vobject": r"vcard",
    "icalendar": r"ics",
    "phonenumbers": r"phones",
    "babel": r"content|web\.layout",
    "jinja2": r"paper|web\.layout",
    "markupsafe": r"beeping|checklist|emergency|guide",
    "fontTools": r"printing\.letters",
    "flask": r"web(\..*)?",
    "werkzeug": r"web(\..*)?",
    "click": r"web\..*",
    "flask_wtf": r"web\.layout",
}
# What a day, a machine or chance would change, and where it may be asked for.
_IMPURE = {
    "date.today": r"",
    "datetime.now": r"web|web\.first_run",
    "datetime.utcnow": r"",
    "time.time": r"",
    "time.monotonic": r"",
    "os.environ": r"web\.first_run",
    "os.getenv": r"",
    "os.urandom": r"",
}
_CHANCE = {"random": r"", "secrets": r"crypto|web\.config", "uuid": r"", "time": r""}
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


def _permitted() -> dict[str, tuple[set[str], set[str]]]:
    table = {}
    for row in _PERMITTED.strip().splitlines():
        left, _, outside = row.partition("|")
        name, _, own = left.partition(":")
        table[name.strip()] = (set(own.split()), set(outside.split()))
    return table


every_module = pytest.mark.parametrize("name", list(_modules()))


@every_module
def test_a_module_imports_only_what_it_may(name: str) -> None:
    """Each arrow stands in the table, with no arrow in the table that nobody uses."""
    own, outside = _permitted().get(name, (set(), set()))
    assert (set(_imports(name)[0]), set(_imports(name)[1])) == (own, outside)


def test_the_table_has_every_module() -> None:
    """A new module is a decision, and so is one that is gone."""
    assert set(_permitted()) == set(_modules())


@every_module
def test_every_library_has_one_owner(name: str) -> None:
    """Whoever changes a library changes one module."""
    for library in _imports(name)[1]:
        assert library in _OWNERS, f"{library} has no owner"
        assert re.fullmatch(_OWNERS[library], name), f"{library} belongs to {_OWNERS[library]}"


@every_module
def test_the_core_knows_no_web(name: str) -> None:
    """Only web/ imports web/."""
    if name.split(".")[0] != "web":
        assert not [each for each in _imports(name)[0] if each.split(".")[0] == "web"]


@every_module
def test_no_module_asks_for_the_time_or_for_chance(name: str) -> None:
    """The core has no clock, no environment, and no randomness but in crypto."""
    for each in ast.walk(_tree(name)):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            said = f"{each.value.id}.{each.attr}"
            assert re.fullmatch(_IMPURE.get(said, r".*"), name), f"{name} uses {said}"
        if isinstance(each, ast.Import | ast.ImportFrom):
            named = [alias.name for alias in each.names]
            for first in named if isinstance(each, ast.Import) else [each.module or ""]:
                assert re.fullmatch(_CHANCE.get(first, r".*"), name), f"{name} imports {first}"


def test_no_module_leads_back_to_itself() -> None:
    """There are no circles."""
    arrows = {name: _imports(name)[0] - {name} for name in _modules()}
    while True:
        leaves = {name for name, own in arrows.items() if not own}
        if not leaves:
            break
        arrows = {name: own - leaves for name, own in arrows.items() if name not in leaves}
    assert arrows == {}


# A briefing has one line for each of its fields, and nothing else happens there.
_LISTS = {"briefing.brief"}


@every_module
def test_no_module_and_no_function_is_too_long(name: str) -> None:
    """Past 250 lines or 40, look for the noun that wants to leave."""
    lines = _modules()[name].read_text("utf-8").count("\n")
    assert lines <= _MOST_LINES, f"{name} has {lines} lines"
    for each in ast.walk(_tree(name)):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (each.end_lineno or 0) - each.lineno + 1
            if f"{name}.{each.name}" in _LISTS:
                continue
            assert length <= _MOST_LINES_OF_A_FUNCTION, f"{name}.{each.name} has {length} lines"


@every_module
def test_every_module_has_a_name_and_says_what_it_is(name: str) -> None:
    """No module is called after nothing, and each begins with a sentence."""
    assert not _NAMELESS & set(name.split("."))
    if _modules()[name].read_text().strip():
        assert ast.get_docstring(_tree(name)), f"{name} says nothing of itself"


@every_module
def test_what_others_may_use_is_described(name: str) -> None:
    """Every public function and class has a docstring."""
    for each in _tree(name).body:
        if (
            isinstance(each, ast.FunctionDef | ast.ClassDef)
            and not each.name.startswith("_")
            and not name.startswith("migrations.")
        ):
            assert ast.get_docstring(each), f"{name}.{each.name}"
