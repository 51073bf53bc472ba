"""A server moves to an empty machine: what is printed opens there."""

import subprocess
import sys
from pathlib import Path

import pytest

from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.store import open_store
from tests.alerting.telling import person
from tests.cast import alex, card_of
from tests.prints import Print, scanned
from tests.servers import SECRET, database, environment, free_port, gunicorn
from tests.web.client import NOON

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]


def _run(folder: Path, port: int, *words: str) -> str:
    """A command as docs/operating.md has it, with the settings of the machine ``folder``."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=_ROOT,
        env=environment(folder, port),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_printed_card_opens_on_the_new_machine(tmp_path: Path) -> None:
    """Under the same host, with the same key: its code opens, and its people are told."""
    old, new, port = tmp_path / "old", tmp_path / "new", free_port()
    old.mkdir()
    new.mkdir()
    with gunicorn(old, port=port) as server:
        service = _service(old)
        added = service.add(card_of(alex()), NOON)
        owned = service.vault.owned(added.owner)
        assert service.alerts
        service.alerts.invite(owned.card_id, owned.card, 1, person("Mum"), NOON)
        service.store.dispose()
        status, pdf = server.get(f"/c/{added.reader_links[0].token}/card.pdf")
        assert status == 200
    _run(old, port, "backup", "create", str(tmp_path / "LAST.backup"))
    printed = _run(new, port, "backup", "restore", str(tmp_path / "LAST.backup"))
    assert "cards: 1" in printed
    (code,) = scanned(Print(pdf).sides[0].raster(300))
    assert code.startswith(f"HTTP://127.0.0.1:{port}/C/")
    with gunicorn(new, port=port) as server:
        status, page = server.get(code.partition(str(port))[2])
        assert status == 200 and b"Alex Rivera" in page
    service = _service(new)
    assert service.alerts
    record = service.alerts.record(service.vault.owned(added.owner).card_id)
    service.store.dispose()
    assert record and [each.name for each in record.people] == ["Mum"]


def _service(folder: Path) -> CardService:
    store = open_store(database(folder))
    return CardService(store, AlertService(store.engine, SECRET))
