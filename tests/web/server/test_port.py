"""A port that cannot be had: said in one line before an address is, on a real machine's sockets."""

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from caregiver_card.web import demo
from caregiver_card.web.server import port
from tests.servers import environment, free_port

_ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_whoever_listens_there_first_is_named_with_a_way_out(host: str) -> None:
    """In either family: "localhost" would lead to the other program."""
    number = free_port()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as other:
        other.bind((host, number))
        other.listen()
        words = port.refusal(f"http://127.0.0.1:{number}", by_name=True)
        # A server behind a proxy has an address, and no name.
        assert bool(port.refusal(f"http://127.0.0.1:{number}")) == (host != "::1")
    assert f"Port {number} is taken" in words and "PORT=8080 make run" in words
    assert words.isprintable()
    assert port.refusal(f"http://127.0.0.1:{number}", by_name=True) == ""


def test_another_port_is_proposed_than_the_one_that_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """8080 may be the one."""
    monkeypatch.setattr(port, "_try_bind", lambda host, number: errno.EADDRINUSE)
    assert "PORT=8081" in port.refusal("http://127.0.0.1:8080")


def test_a_port_that_only_an_operator_may_take_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below 1024 most systems ask for rights."""

    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    assert "Port 80 needs rights" in port.refusal("http://127.0.0.1:80")


@pytest.mark.parametrize("number", ["", "0", "abc", "99999", "-1"])
def test_what_is_no_port_is_said(number: str) -> None:
    """Before anything is made of it."""
    assert "from 1 to 65535" in port.refusal(f"http://127.0.0.1:{number}")


def test_a_machine_without_the_other_family_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can listen there."""
    monkeypatch.setattr(socket, "AF_INET6", 9999)
    assert port.refusal(f"http://127.0.0.1:{free_port()}", by_name=True) == ""


def test_the_first_run_says_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No address of another program, and no database."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SystemExit) as ended:
            demo.main(f"http://127.0.0.1:{other.getsockname()[1]}", tmp_path / "tokens")
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "") and said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_gunicorn_says_it_once(tmp_path: Path) -> None:
    """Started without make, too."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        done = subprocess.run(
            command, cwd=_ROOT, env=environment(tmp_path, number), capture_output=True, timeout=60
        )
    told = [each for each in done.stderr.decode().splitlines() if "[INFO]" not in each]
    assert done.returncode == 2 and len(told) == 1, told
    assert f"Port {number} is taken" in told[0]
