"""The settings: their defaults, what is refused, and that docs/operating.md lists them."""

import multiprocessing
import re
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.alerting.channels import mail
from caregiver_card.web.cli import alerts
from caregiver_card.web.config import Config, WrongSetting, new_secret

_ROOT = Path(__file__).parent.parent.parent
_KEY = "k" * 32


def _read(folder: Path, **given: str) -> Config:
    return Config.from_environment(given, folder / "instance")


def test_it_works(tmp_path: Path) -> None:
    """With nothing set it is a SQLite file and a local address, and a key is made."""
    config = _read(tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path}/instance/cards.sqlite"
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.trusted_proxies == 0
    assert len(config.secret_key) >= 32


def test_what_is_set_is_taken(tmp_path: Path) -> None:
    """Each setting from its variable; space around a value does not count."""
    config = _read(
        tmp_path,
        CARD_DATABASE_URL="postgresql+psycopg://cards@db/cards",
        CARD_PUBLIC_URL=" https://Card.Example/ ",
        CARD_SECRET_KEY=_KEY,
        CARD_TRUSTED_PROXIES="2",
        CARDIGAN="no setting of ours",
        HOME="/",
    )
    sender, held = "alerts@card.example", str(tmp_path / "instance" / "reviews.json")
    assert config == Config(
        "postgresql+psycopg://cards@db/cards",
        "https://card.example",
        _KEY,
        2,
        mail_from=sender,
        reviews=held,
    )
    assert not (tmp_path / "instance").exists(), "a key was made although one is set"


def test_limits_are_on_and_in_the_database(tmp_path: Path) -> None:
    """Unless the operator says otherwise."""
    config = _read(tmp_path)
    assert (config.limits, config.limits_url, config.invitations_per_hour) == (True, "", 600)
    config = _read(
        tmp_path,
        CARD_LIMITS="off",
        CARD_LIMITS_URL="redis://:word@counts.example:6379/2",
        CARD_INVITATIONS_PER_HOUR="25",
    )
    assert not config.limits and config.invitations_per_hour == 25
    assert config.limits_url == "redis://:word@counts.example:6379/2"


def test_a_host_of_mail_is_written_after_idna_2008(tmp_path: Path) -> None:
    """The mail server's own, and that of the address that mail comes from."""
    config = _read(
        tmp_path,
        CARD_MAIL_URL="smtp://mail.straße.de:25",
        CARD_MAIL_FROM="alerts@straße.de",
        CARD_VAPID_SUBJECT="mailto:operator@card.example",
    )
    assert config.mail_from == "alerts@xn--strae-oqa.de"
    assert mail.parse_server(config.mail_url).host == "mail.xn--strae-oqa.de"
    assert config.channels == set(alerts.channels(config)) == {"mail", "push"}


def test_the_port_shows_in_the_public_address(tmp_path: Path) -> None:
    """What make run prints can be opened."""
    assert _read(tmp_path, PORT="8123").public_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"CARD_PUBLIC_URL": "https://card.example/below"}, "path"),
        ({"CARD_PUBLIC_URL": "https://card.example/?q=1"}, "CARD_PUBLIC_URL"),
        ({"CARD_PUBLIC_URL": "https://card.example/#x"}, "CARD_PUBLIC_URL"),
        ({"CARD_PUBLIC_URL": "https://user@card.example"}, "user"),
        ({"CARD_PUBLIC_URL": "card.example"}, "http"),
        ({"CARD_PUBLIC_URL": "ftp://card.example"}, "http"),
        ({"CARD_PUBLIC_URL": "https://"}, "host"),
        ({"CARD_PUBLIC_URL": "https://кард.example"}, "ASCII"),
        ({"CARD_TRUSTED_PROXIES": "-1"}, "CARD_TRUSTED_PROXIES"),
        ({"CARD_TRUSTED_PROXIES": "ten"}, "CARD_TRUSTED_PROXIES"),
        ({"CARD_TRUSTED_PROXIES": "10"}, "0 to 9"),
        ({"CARD_MAIL_URL": "mail.example"}, "CARD_MAIL_URL"),
        ({"CARD_MAIL_URL": "http://mail.example"}, "CARD_MAIL_URL"),
        ({"CARD_MAIL_URL": "smtp://mail.example:mail"}, "CARD_MAIL_URL"),
        ({"CARD_MAIL_URL": "smtp://mail.example", "CARD_MAIL_FROM": "alerts"}, "CARD_MAIL_FROM"),
        ({"CARD_MAIL_URL": "smtp://straße..de"}, "CARD_MAIL_URL"),
        ({"CARD_MAIL_URL": "smtp://m.example", "CARD_MAIL_FROM": "jörg@x.de"}, "ASCII letters"),
        *(
            ({"CARD_VAPID_SUBJECT": each}, "CARD_VAPID_SUBJECT must be mailto:name@host")
            for each in (
                "operator@card.example",
                "mailto:operator",
                "mailto:operator@localhost",
                "mailto:@card.example",
                "mailto:a b@card.example",
                "mailto://operator@card.example",
                "https://localhost",
                "https://127.0.0.1",
                "https://box.local",
                "https:card.example",
                "https://card.example/contact",
                "http://card.example",
            )
        ),
        ({"CARD_OFFLINE": "yes"}, "CARD_OFFLINE must be on or off"),
        ({"CARD_SENDER": "no"}, "CARD_SENDER must be on or off"),
        ({"CARD_LIMITS": "none"}, "CARD_LIMITS must be on or off"),
        ({"CARD_LIMITS_URL": "memory://"}, "CARD_LIMITS_URL must be redis"),
        ({"CARD_LIMITS_URL": "redis"}, "CARD_LIMITS_URL must be redis"),
        ({"CARD_INVITATIONS_PER_HOUR": "-1"}, "CARD_INVITATIONS_PER_HOUR must be a number from 0"),
        ({"CARD_INVITATIONS_PER_HOUR": "many"}, "CARD_INVITATIONS_PER_HOUR"),
        ({"CARD_INVITATIONS_PER_HOUR": "9" * 5000}, "CARD_INVITATIONS_PER_HOUR"),
        ({"CARD_SECRET": _KEY}, "CARD_SECRET is not a setting"),
        ({"CARD_DATABASE": "x"}, "CARD_DATABASE is not a setting"),
    ],
    ids=lambda value: (
        "-".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else ""
    ),
)
def test_a_wrong_setting_is_refused_by_name(
    tmp_path: Path, given: dict[str, str], says: str
) -> None:
    """The program does not start, and says which setting and why."""
    with pytest.raises(WrongSetting, match=re.escape(says)):
        _read(tmp_path, **given)


@pytest.mark.parametrize("subject", ["mailto:operator@card.example", "https://card.example"])
def test_notifications_need_a_contact(tmp_path: Path, subject: str) -> None:
    """Whom push services can ask; and the worker, which shows them."""
    assert _read(tmp_path, CARD_VAPID_SUBJECT=subject).has_push
    assert not _read(tmp_path, CARD_VAPID_SUBJECT=subject, CARD_OFFLINE="off").has_push
    assert not _read(tmp_path).has_push


def test_the_settings_cannot_be_changed_or_shown(tmp_path: Path) -> None:
    """They are read once, and a traceback does not quote the key."""
    config = _read(tmp_path, CARD_SECRET_KEY=_KEY)
    with pytest.raises(AttributeError):
        config.secret_key = "another"  # type: ignore[misc]
    assert _KEY not in repr(config) and _KEY not in f"{config}"


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """The second start reads what the first one made."""
    first, second = _read(tmp_path), _read(tmp_path)
    assert first.secret_key == second.secret_key
    kept = list((tmp_path / "instance").iterdir())
    assert [path.name for path in kept] == ["secret_key"]
    assert kept[0].stat().st_mode & 0o777 == 0o600
    assert kept[0].parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("held", ["cut", "", "\n", "k" * 31])
def test_a_kept_key_that_is_too_short_serves_readers_alone(tmp_path: Path, held: str) -> None:
    """A file that somebody emptied is not taken for a key, and stops no emergency page."""
    assert not _read(tmp_path).has_weak_key
    (tmp_path / "instance" / "secret_key").write_text(held)
    assert _read(tmp_path).has_weak_key
    assert _read(tmp_path, CARD_SECRET_KEY="k" * 31).has_weak_key
    assert not _read(tmp_path, CARD_SECRET_KEY="k" * 32).has_weak_key


def test_a_key_that_can_be_neither_read_nor_made_serves_readers_alone(tmp_path: Path) -> None:
    """A folder that is a file, and a key that is a folder."""
    (tmp_path / "instance").write_text("no folder")
    assert _read(tmp_path).has_weak_key
    (tmp_path / "instance").unlink()
    (tmp_path / "instance" / "secret_key").mkdir(parents=True)
    assert _read(tmp_path).has_weak_key


def _start(folder: Path, together: Any, keys: Any) -> None:
    together.wait()
    keys.put(Config.from_environment({}, folder).secret_key)


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    """Whichever comes first makes it; nobody reads half a key."""
    forked = multiprocessing.get_context("fork")
    for turn in range(5):
        folder, together, keys = tmp_path / str(turn), forked.Barrier(4), forked.SimpleQueue()
        started = [forked.Process(target=_start, args=(folder, together, keys)) for _ in range(4)]
        for each in started:
            each.start()
        found = {keys.get() for _ in started}
        for each in started:
            each.join(20)
        assert len(found) == 1 and len(found.pop()) == 64
        assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_new_keys_differ() -> None:
    """256 bits of chance."""
    assert len({new_secret() for _ in range(50)}) == 50
    assert all(re.fullmatch(r"[0-9a-f]{64}", new_secret()) for _ in range(5))


def _rows() -> list[list[str]]:
    lines = (_ROOT / "docs" / "operating.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if re.match(r"\|\s*`CARD_[A-Z_]+`", line)]
    return [[cell.strip() for cell in row.strip("| ").split("|")] for row in rows]


def test_the_readme_lists_every_setting() -> None:
    """One row of the table for each setting of Config, and none for any other."""
    listed = [row[0].strip("`") for row in _rows()]
    fields: Any = Config.__dataclass_fields__
    assert listed, "docs/operating.md has no row that begins with a setting's name"
    assert sorted(listed) == sorted(f"CARD_{name.upper()}" for name in fields)
    assert all(len(row) >= 2 and all(row) for row in _rows()), "an empty cell"
