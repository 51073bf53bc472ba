"""The sender as a command: one pass for cron, or a service that goes on until it is told to end."""

import signal
import sys
import threading
from typing import Any

import click
from flask.cli import with_appcontext

from caregiver_card.alerting import mail
from caregiver_card.alerting.channels import Channel
from caregiver_card.alerting.sender import Pass, Sender
from caregiver_card.keeping import crypto
from caregiver_card.keeping.database import StoreFailure, UnusableAddress
from caregiver_card.web.config import Config
from caregiver_card.web.services import Services, services

# A message that was asked for on a page is on its way so soon.
_EVERY_S = 20
_AWAY = (StoreFailure, UnusableAddress, OSError)


def channels(config: Config) -> dict[str, Channel]:
    """The ways to people that this installation has, by their names."""
    found: dict[str, Channel] = {}
    if config.mail_url:
        found["mail"] = mail.Mail(mail.server(config.mail_url), config.mail_from)
    if config.pushes:
        # Its libraries take longer to load than all of the other commands.
        from caregiver_card.alerting import push

        found["push"] = push.Push(crypto.push_key(config.secret_key), config.vapid_subject)
    return found


@click.command()
@with_appcontext
def send() -> None:
    """Send what is due, once: for cron, every few minutes."""
    try:
        _say(_sender(services()).run())
    except _AWAY:
        click.echo("ERROR database: cannot be reached", err=True)
        sys.exit(2)


@click.command()
@with_appcontext
def work() -> None:
    """Send what is due until SIGTERM, which ends it after the message under way."""
    here, ending = services(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    while not ending.is_set():
        try:
            _say(_sender(here).run(ending.is_set))
        except _AWAY:
            click.echo("ERROR database: cannot be reached; trying again", err=True)
        ending.wait(_EVERY_S)


def _sender(here: Services) -> Sender:
    bureau = here.keeper().bureau
    assert bureau is not None
    return Sender(bureau.books, channels(here.config), here.config.public_url, here.clock)


def _say(done: Pass) -> None:
    """One line where something happened."""
    counts: dict[str, Any] = vars(done)
    said = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
    if any(counts.values()):
        click.echo(said)
    if done.unreadable:
        click.echo("WARNING CARD_SECRET_KEY: is not the one of these people told", err=True)
