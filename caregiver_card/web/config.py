"""The settings, read once from the environment into a frozen ``Config``.

The README lists the same settings in a table; a test compares the two.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from caregiver_card.alerting import invite_limit
from caregiver_card.alerting.channels import mail
from caregiver_card.storage.key_check import SHORTEST_KEY
from caregiver_card.storage.limiter import WrongLimitStorage, redis_storage
from caregiver_card.web import operator_contacts
from caregiver_card.web.key_file import new_secret as new_secret
from caregiver_card.web.key_file import stored_key

ROOT = Path(__file__).parent.parent.parent
PREFIX = "CARD_"
NAMES = (
    "DATABASE_URL",
    "DISK_FLOOR",
    "HSTS_DAYS",
    "INVITATIONS_PER_HOUR",
    "LIMITS",
    "LIMITS_URL",
    "MAIL_FROM",
    "MAIL_URL",
    "METRICS_PATH",
    "NEW_SECRET_KEY",
    "OFFLINE",
    "OPERATOR_CONTACT",
    "PASS_AUTHORITY",
    "PASS_CERTIFICATE",
    "PASS_KEY",
    "PUBLIC_URL",
    "REVIEWS",
    "SECRET_KEY",
    "SENDER",
    "TRUSTED_PROXIES",
    "VAPID_SUBJECT",
)
_PASS_FILES = ("pass_certificate", "pass_key", "pass_authority")


class WrongSetting(ValueError):
    """A setting that the program cannot start with; the message names it and says why."""


@dataclass(frozen=True, slots=True, repr=False)
class Config:
    """The settings. They hold secrets, so there is no ``repr``."""

    database_url: str
    public_url: str
    secret_key: str
    trusted_proxies: int
    # Empty: the program sends no e-mail.
    mail_url: str = ""
    mail_from: str = ""
    # Empty: the program sends no push notifications.
    vapid_subject: str = ""
    # How long browsers insist on https; 0 takes it back.
    hsts_days: int = 730
    offline: bool = True
    # Whether the server starts a sender process.
    sender: bool = True
    # In megabytes: with less free space, the cards that are stored have what is left.
    disk_floor: int = 100
    # The file of what clinicians have reviewed; it need not be there.
    reviews: str = ""
    # Empty: there are no metrics.
    metrics_path: str = ""
    limits: bool = True
    # A Redis; empty: the counters of limits are in the database.
    limits_url: str = ""
    invitations_per_hour: int = invite_limit.USUAL
    # A mailto: or https: address; empty: none is named.
    operator_contact: str = ""
    # Paths of PEM files; all empty: there are no wallet passes.
    pass_certificate: str = ""
    pass_key: str = ""
    pass_authority: str = ""
    # What ``card rotate-key`` makes the key; nothing else reads it.
    new_secret_key: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether the public address is https."""
        return self.public_url.startswith("https:")

    @property
    def has_weak_key(self) -> bool:
        """Whether the secret key can be guessed: then readers are served, and nobody else."""
        return len(self.secret_key) < SHORTEST_KEY

    @property
    def has_push(self) -> bool:
        """Whether push notifications go out; the service worker, which shows them, must be on."""
        return bool(self.vapid_subject) and self.offline

    @property
    def channels(self) -> frozenset[str]:
        """The names of the channels that are set up; without its setting, a channel is off."""
        enabled = {"mail": bool(self.mail_url), "push": self.has_push}
        return frozenset(name for name, is_enabled in enabled.items() if is_enabled)

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], instance: Path = ROOT / "instance"
    ) -> "Config":
        """Read the settings from an environment; raises ``WrongSetting``.

        ``instance`` has the database and the secret key where the environment names none.
        """
        settings = {
            name.removeprefix(PREFIX): value.strip()
            for name, value in environment.items()
            if name.startswith(PREFIX) and value.strip()
        }
        if unknown := sorted(set(settings) - set(NAMES)):
            raise WrongSetting(
                f"{PREFIX}{unknown[0]} is not a setting; docs/operating.md has them all"
            )
        port = environment.get("PORT", "8000")
        public_url = _public_url(settings.get("PUBLIC_URL", f"http://127.0.0.1:{port}"))
        mail_from = settings.get("MAIL_FROM", f"alerts@{urlsplit(public_url).hostname}")
        return cls(
            **_files(settings, instance),
            public_url=public_url,
            mail_url=_mail_url(settings.get("MAIL_URL", "")),
            mail_from=_mail_from(mail_from) if "MAIL_URL" in settings else mail_from,
            vapid_subject=_vapid_subject(settings.get("VAPID_SUBJECT", "")),
            secret_key=settings.get("SECRET_KEY", "") or stored_key(instance),
            operator_contact=_operator_contact(settings.get("OPERATOR_CONTACT", "")),
            new_secret_key=settings.get("NEW_SECRET_KEY", ""),
            trusted_proxies=_number("TRUSTED_PROXIES", settings, 0, 9),
            hsts_days=_number("HSTS_DAYS", settings, 730, 3650),
            offline=_switch("OFFLINE", settings),
            sender=_switch("SENDER", settings),
            disk_floor=_number("DISK_FLOOR", settings, 100, 9_999_999),
            metrics_path=_metrics_path(settings.get("METRICS_PATH", "")),
            limits=_switch("LIMITS", settings),
            limits_url=_limits_url(settings.get("LIMITS_URL", "")),
            invitations_per_hour=_number(
                "INVITATIONS_PER_HOUR", settings, invite_limit.USUAL, 999_999
            ),
        )


def _files(settings: Mapping[str, str], instance: Path) -> dict[str, str]:
    """Return where files are: the reviews beside an SQLite database, else in ``instance``."""
    url = settings.get("DATABASE_URL", f"sqlite:///{instance / 'cards.sqlite'}")
    scheme, _, path = url.partition(":///")
    beside = (Path(path).parent if scheme == "sqlite" and path else instance) / "reviews.json"
    passes = {name: settings.get(name.upper(), "") for name in _PASS_FILES}
    return {"database_url": url, "reviews": settings.get("REVIEWS", str(beside)), **passes}


def _public_url(url: str) -> str:
    """Check that the URL is a scheme and a host.

    The QR codes hold capitals only, so a path in small letters would not survive in them.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii():
        raise WrongSetting(f"{PREFIX}PUBLIC_URL must be http(s)://host, in ASCII letters")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise WrongSetting(f"{PREFIX}PUBLIC_URL must end after the host: no path, no user")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _mail_url(url: str) -> str:
    try:
        if url:
            mail.parse_server(url)
    except mail.InvalidAddress:
        raise WrongSetting(f"{PREFIX}MAIL_URL must be smtp(s)://user:password@host:port") from None
    return url


def _limits_url(url: str) -> str:
    try:
        if url:
            redis_storage(url)
    except WrongLimitStorage:
        raise WrongSetting(f"{PREFIX}LIMITS_URL must be redis(s)://host:port/number") from None
    return url


def _vapid_subject(subject: str) -> str:
    if subject and not operator_contacts.is_push_contact(subject):
        raise WrongSetting(
            f"{PREFIX}VAPID_SUBJECT must be mailto:name@host or https://host, and no localhost"
        )
    return subject


def _operator_contact(contact: str) -> str:
    if contact and not operator_contacts.is_contact(contact):
        raise WrongSetting(f"{PREFIX}OPERATOR_CONTACT must be mailto:name@host or https://host")
    return contact


def _mail_from(address: str) -> str:
    try:
        return mail.parse_address(address)
    except mail.InvalidAddress:
        raise WrongSetting(
            f"{PREFIX}MAIL_FROM must be an e-mail address, in ASCII letters up to the @"
        ) from None


def _number(name: str, settings: Mapping[str, str], default: int, most: int) -> int:
    value = settings.get(name, str(default))
    # A number of thousands of digits is not even read.
    if not (value.isascii() and value.isdecimal()) or len(value) > 9 or int(value) > most:
        raise WrongSetting(f"{PREFIX}{name} must be a number from 0 to {most}")
    return int(value)


def _metrics_path(path: str) -> str:
    # Small letters: the first segment of every address works in any case.
    if path and not re.fullmatch(r"/metrics(?:-[a-z0-9]+)?", path):
        raise WrongSetting(
            f"{PREFIX}METRICS_PATH must be /metrics, or /metrics- and small letters or digits"
        )
    return path


def _switch(name: str, settings: Mapping[str, str]) -> bool:
    value = settings.get(name, "on")
    if value not in ("on", "off"):
        raise WrongSetting(f"{PREFIX}{name} must be on or off")
    return value == "on"
