"""The commands ``alerts send``, one pass for cron, and ``alerts work``, a service."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.channels.channel import Channel
from caregiver_card.alerting.sender_pass import PassResult, SenderPass
from caregiver_card.storage import crypto
from caregiver_card.storage.database import StoreFailure, UnusableAddress
from caregiver_card.storage.migrations import NewerSchema
from caregiver_card.web import readiness
from caregiver_card.web.cli.cards import why
from caregiver_card.web.config import ROOT, Config
from caregiver_card.web.services import Services, get_services

# Seconds between two passes: a test message goes out this soon.
_INTERVAL_S = 20
_AWAY = (StoreFailure, UnusableAddress, OSError)


def channels(config: Config, former_push_keys: Iterable[bytes] = ()) -> dict[str, Channel]:
    """The channels that are set up, by name; ``former_push_keys`` as in ``push.Push``."""
    channels: dict[str, Channel] = {}
    if "mail" in config.channels:
        channels["mail"] = mail.Mail(mail.parse_server(config.mail_url), config.mail_from)
    if "push" in config.channels:
        # Imported here: its libraries load slowly, and no other command needs them.
        from caregiver_card.alerting.channels import push

        channels["push"] = push.Push(
            crypto.push_key(config.secret_key),
            config.vapid_subject,
            former_keys=former_push_keys,
        )
    return channels


@click.command()
@with_appcontext
def send() -> None:
    """Send what is due, once: for cron, every few minutes."""
    services = get_services()
    try:
        if fault := _key_fault(services):
            click.echo(fault, err=True)
            sys.exit(2)
        _report(_sender(services).run(lambda: bool(_key_fault(services))))
    except NewerSchema:
        _end_newer_schema()
    except _AWAY as error:
        click.echo(f"ERROR database: {why(error)}", err=True)
        sys.exit(2)


@click.command()
@click.option("--beside", type=int, metavar="PID", hidden=True, help="End with this parent.")
@with_appcontext
def work(beside: int | None) -> None:
    """Send what is due until SIGTERM, which ends it after the message under way."""
    services, signalled = get_services(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: signalled.set())

    def is_over() -> bool:
        return signalled.is_set() or (beside is not None and os.getppid() != beside)

    said = ""
    while not is_over():
        try:
            # A key may be rotated, or mended, while this process runs; each change is said once.
            if (fault := _key_fault(services)) and fault != said:
                click.echo(fault, err=True)
            if not fault:
                _report(_sender(services).run(lambda: is_over() or bool(_key_fault(services))))
            said = fault
        except NewerSchema:
            # Trying again helps nobody: another program has to be started.
            _end_newer_schema()
        except _AWAY as error:
            click.echo(f"ERROR database: {why(error)}; trying again", err=True)
        except Exception:
            # The service must go on: perhaps nobody is there to restart it.
            current_app.logger.exception("the sender failed; trying again")
        signalled.wait(_INTERVAL_S)


def start_sender_process(config: Config) -> "subprocess.Popen[bytes] | None":
    """Start ``alerts work`` as a child process, if it is on and a channel is set up.

    It ends at SIGTERM, or as soon as this process has ended.
    """
    if not (config.sender and config.channels) or config.has_weak_key:
        return None
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "alerts", "work"]
    return subprocess.Popen([*command, "--beside", str(os.getpid())], cwd=ROOT)


def _end_newer_schema() -> NoReturn:
    click.echo(
        "ERROR database: set up by a newer version of this program, which alone can read it",
        err=True,
    )
    sys.exit(2)


def _key_fault(services: Services) -> str:
    """Why nothing may be sent under CARD_SECRET_KEY, in one line; empty if it may."""
    fault = readiness.key_fault(services)
    return f"ERROR CARD_SECRET_KEY: {fault}; nothing is sent" if fault else ""


def _sender(services: Services) -> SenderPass:
    alerts = services.cards().alerts
    assert alerts is not None
    return SenderPass(
        alerts,
        channels(services.config, alerts.former_push_keys()),
        services.config.public_url,
        services.clock,
    )


def _report(result: PassResult) -> None:
    """Print the counts of a pass in one line, unless all are zero."""
    done = result.done
    if result.unwritable:
        click.echo(
            f"WARNING database: {result.unwritable}; alerts go out and are noted in memory",
            err=True,
        )
    counts: dict[str, Any] = vars(done)
    if any(counts.values()):
        click.echo(", ".join(f"{name.replace('_', ' ')}: {n}" for name, n in counts.items()))
    if done.unreadable:
        click.echo("WARNING alerts: unreadable lists are damaged, or of a lost key", err=True)
