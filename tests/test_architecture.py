"""What may import what, what may know the time, and how large things may grow."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_CODE = _ROOT / "caregiver_card"
_MOST_LINES, _MOST_LINES_OF_A_FUNCTION = 250, 40

# Module: the own modules it may import | the outside libraries. An arrow more is a decision.
_PERMITTED = """
alert_kinds |
alerting |
alerting.book: alerting.moments alerting.people alerting.plan |
alerting.books: alerting.book alerting.moments alerting.outbox alerting.reach alerting.rounds alerting.sealed alerting.tables keeping.crypto keeping.database | sqlalchemy
alerting.bureau: alerting.book alerting.books alerting.messages alerting.openings alerting.outbox alerting.people alerting.plan alerting.recipient_service alerting.rounds alerting.sealed card content keeping.crypto | sqlalchemy
alerting.channels: schedule |
alerting.invitations: alerting.tables keeping.database | sqlalchemy
alerting.listing: alerting.book alerting.mail alerting.outbox alerting.people alerting.plan alerting.reach alerting.rounds alerting.tables content |
alerting.mail: alerting.channels schedule | idna
alerting.messages: alerting.book alerting.channels alerting.outlook alerting.people alerting.plan alerting.reach alerting.rounds content keeping.crypto notices schedule |
alerting.moments |
alerting.openings: alerting.book alerting.people |
alerting.outbox: alerting.book alerting.sealed alerting.tables alerting.witness keeping.crypto keeping.database | sqlalchemy
alerting.outlook: alerting.book alerting.moments alerting.people alerting.plan alerting.rounds content schedule |
alerting.people: alerting.moments schedule |
alerting.phone: keeping.crypto |
alerting.plan: alert_kinds briefing calls card content notices schedule |
alerting.push: alerting.channels alerting.phone schedule | py_vapid pywebpush requests
alerting.reach: alert_kinds alerting.book alerting.people alerting.rounds |
alerting.recipient_service: alerting.book alerting.books alerting.outbox alerting.people alerting.rounds keeping.crypto |
alerting.rounds: alerting.book alerting.moments alerting.people alerting.plan schedule |
alerting.sealed: alerting.book keeping.crypto |
alerting.sender: alerting.book alerting.books alerting.channels alerting.messages alerting.moments alerting.outbox alerting.people alerting.reach alerting.rounds alerting.tables keeping.crypto keeping.database |
alerting.tables: keeping.tables | sqlalchemy
alerting.wishes: alert_kinds alerting.mail alerting.people rules times values |
alerting.witness |
asking |
asking.answers: asking.flat asking.outline card codec regimen values |
asking.confirmations: asking.answers rules |
asking.flat |
asking.journey: asking.steps regimen |
asking.merging: asking.answers asking.confirmations asking.journey |
asking.outline: card values |
asking.refill: asking.answers asking.outline asking.steps quantities rules values |
asking.spans: asking.answers asking.steps content dates rules values |
asking.spelled: content values |
asking.steps |
backup: alerting.tables keeping.database keeping.migrations keeping.proof keeping.store | sqlalchemy
bidi |
briefing: bidi calls card content device facts notices phrases pumps reservoir schedule |
bundle: briefing card codec filenames keeping.opened pages.emergency printing.layouts printing.letters printing.measures printing.refusals vcard |
calls: bidi card content phones phrases |
card: parts phones quantities regimen rules values |
caregiver_card |
caseload |
caseload.batch: asking.flat briefing caseload.cases caseload.spreadsheet codec content filenames keeper keeping.admission printing.binding printing.layouts printing.leaves printing.letters printing.refusals rules |
caseload.cases: card caseload.spreadsheet codec decoding rules |
caseload.crew |
caseload.days |
caseload.findings: caseload.days caseload.spreadsheet rules |
caseload.persons: asking.flat briefing card caseload.batch content |
caseload.spreadsheet: asking.flat asking.outline card caseload.days caseload.template decoding rules values |
caseload.template: asking.flat asking.outline caseload.days values |
changes: bidi card content labels |
codec: card decoding draft phones questions rules values |
content | babel
date_questions: dates reservoir rules |
dates |
decoding |
device: bidi card content phrases pumps values |
dosing: dates regimen reservoir rules times values |
draft: rules values |
events: alert_kinds bidi card content notices phones schedule |
facts: card codec dosing reservoir |
filenames |
ics: events | icalendar
keeper: alerting.bureau briefing card changes content events ics keeping.calendars keeping.crypto keeping.opened keeping.store keeping.vault owner pages.emergency pages.offline pages.pressed paper printing.mark printing.papers |
keeping |
keeping.admission: card codec keeping.crypto keeping.opened keeping.seals keeping.tables |
keeping.calendars: codec keeping.crypto keeping.opened keeping.seals keeping.store keeping.tables keeping.vault |
keeping.crypto | cryptography
keeping.database | sqlalchemy
keeping.migrations: keeping.database | alembic sqlalchemy
keeping.migrations.env | alembic
keeping.migrations.versions |
keeping.migrations.versions.0001_first_tables | alembic sqlalchemy
keeping.migrations.versions.0002_papers | alembic sqlalchemy
keeping.migrations.versions.0003_alerts | alembic sqlalchemy
keeping.migrations.versions.0004_invitations | alembic sqlalchemy
keeping.opened: card |
keeping.proof | sqlalchemy
keeping.seals: keeping.crypto keeping.tables |
keeping.store: keeping.database keeping.migrations keeping.tables | sqlalchemy
keeping.tables | sqlalchemy
keeping.vault: card codec keeping.admission keeping.crypto keeping.opened keeping.seals keeping.store keeping.tables |
labels: bidi content phones phrases regimen values |
medicalid: bidi briefing content phrases |
medicines |
notices: card content schedule |
owner: asking.confirmations asking.journey asking.outline briefing card changes codec content keeping.opened labels notices report |
pages |
pages.beeping: briefing content pages.emergency pages.pressed paper phrases | markupsafe
pages.checklist: briefing content pages.emergency pages.pressed pages.seeing paper | markupsafe
pages.clocks |
pages.emergency: briefing content notices pages.pressed paper phrases schedule | markupsafe
pages.guide: briefing content pages.emergency pages.pressed paper | markupsafe
pages.offline: content pages.clocks pages.emergency pages.pressed |
pages.pressed |
pages.seeing: content |
paper | jinja2
parts: values |
phones: values | phonenumbers
phrases: bidi card content dates dosing pumps regimen reservoir values |
printing |
printing.binding: printing.leaves | pikepdf
printing.direction: bidi |
printing.finishing: printing.direction printing.letters printing.measures |
printing.fitting: printing.letters printing.pdf |
printing.fold: paper printing.leaf printing.letters printing.measures printing.order printing.proof printing.wallet |
printing.fonts |
printing.keysheet: content paper printing.letters printing.measures printing.pdf printing.proof printing.qr |
printing.labels: paper printing.letters printing.measures printing.order printing.proof printing.qr |
printing.layouts: briefing printing.fold printing.keysheet printing.labels printing.measures printing.offline printing.order printing.pdf printing.proof printing.qr printing.school printing.sheet printing.wallet |
printing.leaf: briefing calls content paper phrases printing.fitting printing.letters printing.mark printing.measures printing.order printing.proof printing.qr printing.sections printing.sheets |
printing.leaves | pikepdf
printing.letters: printing.fonts | fontTools
printing.lockscreen: briefing paper printing.letters printing.measures printing.pdf printing.proof printing.qr |
printing.mark: briefing content facts |
printing.measures |
printing.naming: briefing |
printing.offline: briefing phrases printing.qr vcard |
printing.order: briefing printing.offline printing.proof printing.qr |
printing.papers: bidi briefing card changes content facts labels printing.mark |
printing.pdf: bidi paper printing.direction printing.finishing printing.fonts printing.letters printing.measures | cssselect2 weasyprint
printing.proof: printing.direction printing.letters printing.measures printing.qr | PIL pypdfium2 zxingcpp
printing.qr | PIL qrcode
printing.refusals: content printing.letters printing.offline printing.proof printing.qr |
printing.school: briefing phrases printing.leaf printing.naming printing.order printing.sections printing.sheets |
printing.sections: printing.fitting |
printing.sheet: briefing content phrases printing.leaf printing.order printing.sections printing.sheets |
printing.sheets: printing.sections |
printing.sides: briefing calls phrases printing.fitting printing.letters printing.mark printing.measures printing.naming printing.qr |
printing.wallet: paper printing.letters printing.mark printing.measures printing.naming printing.order printing.proof printing.sides |
pumps |
quantities: values |
questions: date_questions dates dosing medicines phones pumps rules values |
regimen: parts quantities times values |
reminder: briefing |
report: content rules |
reservoir |
rules: dates regimen times values |
schedule: alert_kinds card dates pumps reservoir |
times: values |
values |
vcard: briefing | vobject
web: alerting.bureau content keeper keeping.store web.answering web.asking web.batching web.belongings web.calendars web.choosing web.config web.editor web.heard web.history web.key web.layout web.members web.newcard web.notifying web.owner web.papers web.pausing web.public web.pwa web.redaction web.replies web.security web.services web.telling web.upload | flask werkzeug
web.answering: alerting.book alerting.listing alerting.outbox alerting.plan alerting.recipient_service alerting.rounds keeping.crypto notices web.hearing web.layout web.pausing web.services web.telling web.visitors | flask werkzeug
web.asking: briefing keeper keeping.crypto pages.beeping pages.checklist pages.offline pages.pressed web.replies web.security web.services | flask
web.batching: caseload.batch caseload.cases caseload.crew caseload.days caseload.findings caseload.spreadsheet caseload.template decoding keeping.admission printing.layouts printing.refusals report rules web.cli web.interruption web.services web.whole | click
web.belongings: asking.answers asking.confirmations briefing bundle codec keeper labels report rules web.desk web.layout web.newcard web.owner web.services | flask werkzeug
web.calendars: events keeping.vault parts report rules values web.meanwhile web.owner web.replies web.services | flask werkzeug
web.choosing: asking.answers asking.confirmations asking.journey asking.merging briefing card changes keeping.crypto printing.papers reminder web.desk web.drawing web.layout web.review web.services | flask werkzeug
web.cli: backup briefing card codec keeper keeping.database notices pages.emergency printing.layouts printing.refusals report rules web.sending web.services web.whole | click flask
web.config: alerting.mail |
web.desk: asking.answers asking.confirmations asking.merging card keeper keeping.crypto keeping.opened keeping.store rules web.drawing web.redaction web.review web.services | flask werkzeug
web.drawing: asking.answers asking.confirmations asking.outline asking.spans asking.steps content labels phones pumps report rules |
web.editor: asking.answers asking.confirmations asking.journey asking.refill asking.spans asking.steps keeping.opened rules web.desk web.drawing web.forms web.layout web.review web.services | flask werkzeug
web.first_run: codec keeper keeping.vault web web.config web.port web.warmup |
web.forms: asking.answers asking.confirmations asking.steps |
web.heard: briefing keeper keeping.opened pages.beeping report rules values web.meanwhile web.owner web.services | flask werkzeug
web.hearing: alerting.bureau alerting.listing web.services |
web.history: card changes keeping.store keeping.vault owner web.layout web.meanwhile web.owner web.services | flask werkzeug
web.interruption |
web.key: briefing keeping.crypto printing.keysheet printing.layouts reminder web.desk web.layout web.meanwhile web.owner web.services | flask werkzeug
web.layout: content | babel flask flask_wtf jinja2
web.meanwhile: card changes keeping.crypto keeping.store owner web.services | flask
web.members: alerting.book alerting.invitations alerting.people alerting.wishes keeping.crypto keeping.opened rules values web.layout web.owner web.services web.telling | flask werkzeug
web.newcard: asking.answers asking.confirmations asking.journey asking.spans asking.steps briefing keeper rules values web.desk web.drawing web.forms web.layout web.review web.services | flask werkzeug
web.notifying: alerting.book alerting.bureau alerting.people alerting.phone alerting.wishes keeping.crypto report rules values web.answering web.services web.telling | flask
web.owner: bundle keeping.crypto keeping.opened keeping.store printing.layouts printing.lockscreen printing.mark reminder report rules values web.hearing web.layout web.meanwhile web.services web.visitors | flask werkzeug
web.papers: briefing keeping.crypto printing.mark printing.papers web.services | flask
web.pausing: alerting.listing web.layout web.owner web.services web.telling | flask werkzeug
web.port: content |
web.public: briefing codec keeper keeping.crypto pages.emergency pages.guide printing.layouts printing.lockscreen vcard web.replies web.services web.visitors | flask
web.pwa: keeper keeping.crypto medicalid web.asking web.config web.layout web.replies web.services | flask
web.redaction |
web.replies: pages.pressed | flask
web.review: asking.answers asking.journey asking.outline asking.spelled asking.steps bidi content labels values |
web.security: keeping.database keeping.vault pages.guide paper printing.refusals web.replies web.services | flask werkzeug
web.sending: alerting.channels alerting.mail alerting.push alerting.sender keeping.crypto keeping.database web.config web.services | click flask
web.services: content keeper web.config | flask
web.telling: alerting.bureau alerting.invitations alerting.listing alerting.messages alerting.people alerting.phone alerting.rounds alerting.wishes keeping.opened report rules values web.hearing web.layout web.owner web.services | flask werkzeug
web.upload: caseload.batch caseload.cases caseload.days caseload.findings caseload.persons caseload.spreadsheet caseload.template labels printing.layouts report rules web.services | flask
web.visitors | flask
web.warmup: briefing codec content keeper keeping.database keeping.migrations keeping.store pages.guide printing.layouts printing.letters web.config | flask
web.whole |
web.worker | gunicorn
"""  # noqa: E501
# Each outside library has one owner; what the web needs of its own stays inside web/.
_OWNERS = {
    "cryptography": r"keeping\.crypto",
    "sqlalchemy": r"keeping\.(store|database|tables|proof)|backup|keeping\.migrations.*"
    r"|alerting\.(tables|books|bureau|invitations|outbox)",
    "alembic": r"keeping\.migrations.*",
    "gunicorn": r"web\.worker",
    "pywebpush": r"alerting\.push",
    "py_vapid": r"alerting\.push",
    "requests": r"alerting\.push",
    "qrcode": r"printing\.qr",
    "PIL": r"printing\.(qr|proof)",
    "weasyprint": r"printing\.pdf",
    "cssselect2": r"printing\.pdf",
    "pikepdf": r"printing\.(leaves|binding)",
    "pypdfium2": r"printing\.proof",
    "zxingcpp": r"printing\.proof",
    "vobject": r"vcard",
    "icalendar": r"ics",
    "idna": r"alerting\.mail",
    "phonenumbers": r"phones",
    "babel": r"content|web\.layout",
    "jinja2": r"paper|web\.layout",
    "markupsafe": r"pages\.(beeping|checklist|emergency|guide)",
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
_CHANCE = {"random": r"", "secrets": r"keeping\.crypto|web\.config", "uuid": r"", "time": r""}
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


def _permitted() -> dict[str, tuple[set[str], ...]]:
    table = {}
    for row in _PERMITTED.strip().splitlines():
        left, _, outside = row.partition("|")
        name, _, own = left.partition(":")
        table[name.strip()] = (set(own.split()), set(outside.split()))
    return table


def test_a_module_imports_only_what_it_may() -> None:
    """Each arrow stands in the table, with no arrow in the table that nobody uses."""
    found = {name: tuple(map(set, _imports(name))) for name in _modules()}
    assert found == _permitted()


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
_LISTS = {"briefing.brief"}


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
        if name.startswith("keeping.migrations."):
            continue
        for each in _tree(name).body:
            public = isinstance(each, ast.FunctionDef | ast.ClassDef)
            if public and not each.name.startswith("_"):
                assert ast.get_docstring(each), f"{name}.{each.name}"
