"""The sender as a command: one pass for cron, or a service that goes on until it is told to end."""

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.channels.channel import Channel
from caregiver_card.alerting.sender import Pass, Sender
from caregiver_card.storage import crypto
from caregiver_card.storage.database import StoreFailure, UnusableAddress
from caregiver_card.web.config import ROOT, Config
from caregiver_card.web.services import Services, get_services

# A message that was asked for on a page is on its way so soon.
_EVERY_S = 20
_AWAY = (StoreFailure, UnusableAddress, OSError)


def channels(config: Config) -> dict[str, Channel]:
    """The ways to people that this installation has, by their names."""
    found: dict[str, Channel] = {}
    if "mail" in config.channels:
        found["mail"] = mail.Mail(mail.parse_server(config.mail_url), config.mail_from)
    if "push" in config.channels:
        # Its libraries take longer to load than all of the other commands.
        from caregiver_card.alerting.channels import push

        found["push"] = push.Push(crypto.push_key(config.secret_key), config.vapid_subject)
    return found


@click.command()
@with_appcontext
def send() -> None:
    """Send what is due, once: for cron, every few minutes."""
    try:
        _say(_sender(get_services()).run())
    except _AWAY:
        click.echo("ERROR database: cannot be reached", err=True)
        sys.exit(2)


@click.command()
@click.option("--beside", type=int, metavar="PID", hidden=True, help="End with this parent.")
@with_appcontext
def work(beside: int | None) -> None:
    """Send what is due until SIGTERM, which ends it after the message under way."""
    services, ending = get_services(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())

    def over() -> bool:
        return ending.is_set() or (beside is not None and os.getppid() != beside)

    while not over():
        try:
            _say(_sender(services).run(over))
        except _AWAY:
            click.echo("ERROR database: cannot be reached; trying again", err=True)
        except Exception:
            # Nobody may be there to start it again.
            current_app.logger.exception("the sender failed; trying again")
        ending.wait(_EVERY_S)


def start_sender_process(config: Config) -> "subprocess.Popen[bytes] | None":
    """The service as a child of the server's, if there is anything to send by.

    It ends when it is told to, or when this process has ended without a word.
    """
    if not (config.sender and config.channels):
        return None
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "alerts", "work"]
    return subprocess.Popen([*command, "--beside", str(os.getpid())], cwd=ROOT)


def _sender(services: Services) -> Sender:
    bureau = services.cards().bureau
    assert bureau is not None
    return Sender(
        bureau.books, channels(services.config), services.config.public_url, services.clock
    )


def _say(done: Pass) -> None:
    """One line where something happened."""
    counts: dict[str, Any] = vars(done)
    said = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
    if any(counts.values()):
        click.echo(said)
    if done.unreadable:
        click.echo("WARNING CARD_SECRET_KEY: is not the one of these people told", err=True)
