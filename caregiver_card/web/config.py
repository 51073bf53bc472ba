"""Every setting, read once from the environment into one frozen object.

The README has the same list as a table; a test holds the two together.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from caregiver_card.alerting.channels import mail

ROOT = Path(__file__).parent.parent.parent
PREFIX = "CARD_"
NAMES = (
    "DATABASE_URL",
    "MAIL_FROM",
    "MAIL_URL",
    "OFFLINE",
    "PUBLIC_URL",
    "SECRET_KEY",
    "SENDER",
    "TRUSTED_PROXIES",
    "VAPID_SUBJECT",
)
# A key shorter than what new_secret() makes was typed by a person.
_SHORTEST_KEY = 32
# A name with a dot that ends in letters: neither this machine nor a bare address.
_REAL_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+", re.IGNORECASE)


class WrongSetting(ValueError):
    """A setting that the program cannot start with; names it and says why."""


@dataclass(frozen=True, slots=True, repr=False)
class Config:
    """The settings; not shown in full anywhere, for the secrets in it."""

    database_url: str
    public_url: str
    secret_key: str
    trusted_proxies: int
    # Empty: no e-mail is sent.
    mail_url: str = ""
    mail_from: str = ""
    # Empty: no notifications on phones.
    vapid_subject: str = ""
    offline: bool = True
    # Whether the server starts a sender beside it.
    sender: bool = True

    @property
    def is_secure(self) -> bool:
        """Whether people come over https."""
        return self.public_url.startswith("https:")

    @property
    def pushes(self) -> bool:
        """Whether phones are sent notifications, which the worker shows."""
        return bool(self.vapid_subject) and self.offline

    @property
    def ways(self) -> frozenset[str]:
        """The channels by which messages go out; none without a setting of its own."""
        here = {"mail": bool(self.mail_url), "push": self.pushes}
        return frozenset(name for name, there in here.items() if there)

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], instance: Path = ROOT / "instance"
    ) -> "Config":
        """The settings of an environment; raises ``WrongSetting``.

        ``instance`` is where the database and the secret key are kept when neither is given.
        """
        given = {
            name.removeprefix(PREFIX): value.strip()
            for name, value in environment.items()
            if name.startswith(PREFIX) and value.strip()
        }
        unknown = sorted(set(given) - set(NAMES))
        if unknown:
            raise WrongSetting(f"{PREFIX}{unknown[0]} is not a setting; see the README's table")
        port = environment.get("PORT", "8000")
        public_url = _public(given.get("PUBLIC_URL", f"http://127.0.0.1:{port}"))
        mail_from = given.get("MAIL_FROM", f"alerts@{urlsplit(public_url).hostname}")
        return cls(
            database_url=given.get("DATABASE_URL", f"sqlite:///{instance / 'cards.sqlite'}"),
            public_url=public_url,
            mail_url=_mail(given.get("MAIL_URL", "")),
            mail_from=_sender(mail_from) if "MAIL_URL" in given else mail_from,
            vapid_subject=_contact(given.get("VAPID_SUBJECT", "")),
            secret_key=_key(given.get("SECRET_KEY", "")) or _kept_key(instance),
            trusted_proxies=_count(given.get("TRUSTED_PROXIES", "0")),
            offline=_switch("OFFLINE", given),
            sender=_switch("SENDER", given),
        )


def _public(url: str) -> str:
    """Scheme and host alone: a path in small letters could not stand in a QR code."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii():
        raise WrongSetting(f"{PREFIX}PUBLIC_URL must be http(s)://host, in ASCII letters")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise WrongSetting(f"{PREFIX}PUBLIC_URL must end after the host: no path, no user")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _mail(url: str) -> str:
    try:
        if url:
            mail.parse_server(url)
    except mail.InvalidAddress:
        raise WrongSetting(f"{PREFIX}MAIL_URL must be smtp(s)://user:password@host:port") from None
    return url


def _contact(subject: str) -> str:
    """Push services refuse a contact on this machine, and Apple says so only when one sends."""
    scheme, _, rest = subject.partition(":")
    host = rest.removeprefix("//") if scheme == "https" else rest.rpartition("@")[2]
    if subject and not (
        _REAL_HOST.fullmatch(host)
        and not host.endswith((".localhost", ".local"))
        and ((scheme == "https" and rest != host) or (scheme == "mailto" and _is_mail(rest)))
    ):
        raise WrongSetting(
            f"{PREFIX}VAPID_SUBJECT must be mailto:name@host or https://host, and no localhost"
        )
    return subject


def _is_mail(address: str) -> bool:
    try:
        return not address.startswith("/") and bool(mail.parse_address(address))
    except mail.InvalidAddress:
        return False


def _sender(address: str) -> str:
    try:
        return mail.parse_address(address)
    except mail.InvalidAddress:
        raise WrongSetting(
            f"{PREFIX}MAIL_FROM must be an e-mail address, in ASCII letters up to the @"
        ) from None


def _key(key: str) -> str:
    if key and len(key) < _SHORTEST_KEY:
        raise WrongSetting(f"{PREFIX}SECRET_KEY must have {_SHORTEST_KEY} characters or more")
    return key


def _count(words: str) -> int:
    if not words.isdigit() or int(words) > 9:
        raise WrongSetting(f"{PREFIX}TRUSTED_PROXIES must be a number from 0 to 9")
    return int(words)


def _switch(name: str, given: Mapping[str, str]) -> bool:
    words = given.get(name, "on")
    if words not in ("on", "off"):
        raise WrongSetting(f"{PREFIX}{name} must be on or off")
    return words == "on"


def _kept_key(instance: Path) -> str:
    """The key that the first start made; whichever process comes first makes it."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = instance / f"secret_key.{os.getpid()}"
        mine.touch(mode=0o600)
        mine.write_text(new_secret())
        try:
            # A link is made at once or not at all, so that nobody reads half a key.
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return _key(path.read_text().strip())


def new_secret() -> str:
    """A key for ``CARD_SECRET_KEY``: 256 random bits."""
    return secrets.token_hex(32)
