"""The units of ``deploy/``: judged by systemd, and their own commands run as an ordinary user."""

import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.servers import free_port

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]
_DEPLOY = _ROOT / "deploy"
_SERVICES = sorted(path.name for path in _DEPLOY.glob("*.service"))
_INSTALLED = "/srv/caregiver-card"
# 2.0 of 10, as systemd-analyze takes it.
_MOST_EXPOSED = "20"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's lines, by their names."""

    lines: dict[str, list[str]]

    def command(self, name: str = "ExecStart") -> list[str]:
        """The command, in this checkout instead of where it is installed."""
        (line,) = self.lines[name]
        return shlex.split(line.replace(_INSTALLED, str(_ROOT)).replace("%%", "%"))

    def environment(self) -> dict[str, str]:
        """Its own variables."""
        words = [word for line in self.lines["Environment"] for word in line.split()]
        return dict(word.split("=", 1) for word in words)


def _unit(name: str) -> Unit:
    lines: dict[str, list[str]] = {}
    for line in (_DEPLOY / name).read_text().splitlines():
        if found := re.fullmatch(r"(\w+)=(.*)", line):
            lines.setdefault(found[1], []).append(found[2])
    return Unit(lines)


def _settings(place: Path, port: int) -> dict[str, str]:
    """The file of settings, filled in as an operator does."""
    lines = (_DEPLOY / "caregiver-card.env").read_text().splitlines()
    found = dict(line.split("=", 1) for line in lines if re.match(r"CARD_", line))
    return {
        **found,
        "CARD_DATABASE_URL": f"sqlite:///{place}/cards.sqlite",
        "CARD_SECRET_KEY": "0123456789abcdef" * 4,
        "CARD_MAIL_URL": "smtp://127.0.0.1:9",
        "PORT": str(port),
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "TMPDIR": str(place),
    }


def _user() -> str | None:
    """An ordinary user: another one if we are root and it can read the checkout."""
    readable = all(path.stat().st_mode & 0o005 == 0o005 for path in (_ROOT, *_ROOT.parents))
    return "nobody" if os.geteuid() == 0 and readable else None


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of that user."""
    folder = Path(mkdtemp(prefix="caregiver-card-"))
    if user := _user():
        found = pwd.getpwnam(user)
        os.chown(folder, found.pw_uid, found.pw_gid)
    yield folder
    shutil.rmtree(folder)


def _start(command: list[str], environment: dict[str, str], place: Path) -> subprocess.Popen[bytes]:
    with (place / "out.log").open("wb") as out:
        return subprocess.Popen(
            command,
            cwd=_ROOT,
            env=environment,
            user=_user(),
            umask=0o077,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A system with the program and its units in their places."""
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    for path in (*_DEPLOY.glob("*.service"), *_DEPLOY.glob("*.timer")):
        shutil.copy(path, units)
    (tmp_path / "usr/lib/systemd").mkdir(parents=True)
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    for program in (
        f"{_INSTALLED}/.venv/bin/gunicorn",
        f"{_INSTALLED}/.venv/bin/flask",
        "/bin/sh",
        "/bin/kill",
    ):
        made = tmp_path / program.lstrip("/")
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text("#!/bin/true\n")
        made.chmod(0o755)
    return tmp_path


def test_systemd_understands_every_unit(installed: Path) -> None:
    """No unknown line, no missing program, nothing that contradicts itself."""
    names = [path.name for path in (installed / "etc/systemd/system").iterdir()]
    command = ["systemd-analyze", "verify", "--man=no", f"--root={installed}", *names]
    done = subprocess.run(command, capture_output=True, text=True)
    own = [line for line in done.stderr.splitlines() if "caregiver-card" in line]
    assert own == [] and done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", _SERVICES)
def test_a_unit_may_do_little(name: str) -> None:
    """At most 2.0 of 10, where 10 is everything."""
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={_MOST_EXPOSED}"]
    done = subprocess.run([*command, str(_DEPLOY / name)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:]


def test_the_shell_understands_every_command_of_the_page() -> None:
    """Each block of docs/operating.md, and the command that runs the others."""
    page = (_ROOT / "docs" / "operating.md").read_text("utf-8")
    blocks = re.findall(r"(?ms)^( *)```\n(.*?)^\1```$", page)
    assert len(blocks) > 8
    for words in (*(block for _, block in blocks), (_DEPLOY / "caregiver-card").read_text("utf-8")):
        done = subprocess.run(["bash", "-n"], input=words, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), words


def test_the_web_unit_serves(place: Path) -> None:
    """And stops when it is told to."""
    unit, port = _unit("caregiver-card-web.service"), free_port()
    environment = {**unit.environment(), **_settings(place, port)}
    process = _start(unit.command(), environment, place)
    try:
        assert _await(f"http://127.0.0.1:{port}/healthz") == "ok\n", (place / "out.log").read_text()
        assert "Alex" not in _await(f"http://127.0.0.1:{port}/")
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(75) == 0
    assert (place / "cards.sqlite").stat().st_mode & 0o777 == 0o600


def test_the_senders_unit_works_until_it_is_stopped(place: Path) -> None:
    """It waits for what is due, and ends between two messages."""
    unit = _unit("caregiver-card-sender.service")
    process = _start(unit.command(), {**unit.environment(), **_settings(place, 0)}, place)
    while not _takes_sigterm(process.pid):
        assert process.poll() is None, (place / "out.log").read_text()
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 0, (place / "out.log").read_text()


def _takes_sigterm(pid: int) -> bool:
    """Whether the process has a handler of its own for it (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    (caught,) = re.findall(r"(?m)^SigCgt:\s*(\w+)$", status)
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def test_the_backups_unit_writes_one_and_forgets_old_ones(place: Path) -> None:
    """Which nobody else reads."""
    unit, backups = _unit("caregiver-card-backup.service"), place / "backups"
    backups.mkdir(mode=0o777)
    backups.chmod(0o777)
    old = backups / "2020-01-01T000000.backup"
    old.touch()
    os.utime(old, (0, 0))
    environment = {**unit.environment(), **_settings(place, 0), "BACKUPS": str(backups)}
    for name in ("ExecStart", "ExecStartPost"):
        process = _start(unit.command(name), environment, place)
        assert process.wait(60) == 0, (place / "out.log").read_text()
    (made,) = backups.iterdir()
    assert made.suffix == ".backup" and made.stat().st_size > 0
    assert made.stat().st_mode & 0o777 == 0o600


def _await(url: str) -> str:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    return ""
