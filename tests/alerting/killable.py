"""Senders that can be killed: a process that has loaded the program and forks one for each line.

Run as ``python -m tests.alerting.killable DATABASE_URL MAIL_PORT``. Each line on standard input
starts a sender, whose number is printed; it ends by being killed, or when its parent does.
"""

import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

from caregiver_card.alerting.channels.mail import Mail, MailServer
from caregiver_card.alerting.sender import Sender
from caregiver_card.alerting.service import AlertService
from caregiver_card.briefing import languages
from caregiver_card.storage.store import open_store
from tests.alerting.house import SECRET, URL

# Short, so that what a dead sender had in hand is free again within the test.
LEASE = timedelta(seconds=2)


def _send(url: str, port: int) -> None:
    parent = os.getppid()
    bureau = AlertService(open_store(url).engine, SECRET, LEASE)
    channels = {
        "mail": Mail(MailServer("127.0.0.1", port, encrypted=False), "alerts@card.example", 5)
    }
    sender = Sender(bureau.records, channels, URL, lambda: datetime.now(UTC))
    while os.getppid() == parent:
        sender.run(lambda: os.getppid() != parent)
        time.sleep(0.05)


def main(url: str, port: str) -> None:
    """Fork a sender for each line, with everything loaded that a first message needs."""
    open_store(url).dispose()
    languages.offered()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            _send(url, int(port))
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
