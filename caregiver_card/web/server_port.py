"""Whether a server can listen where it is told to, said before anything else is."""

import errno
import socket
from urllib.parse import urlsplit

from caregiver_card.briefing.content import load

# "localhost" leads here first: who types that would find whoever listens here.
_LOCALHOST = "::1"
# What a machine says that has no such family.
_ABSENT = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)
# What is proposed instead: one that nobody needs rights for, and most likely free.
_PROPOSED = 8080


def refusal(url: str, *, by_name: bool = False) -> str:
    """Why no server can listen at this address, in one line; empty if one can.

    ``by_name``: people will open it as "localhost" as well.
    """
    content = load()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        port = 0
    if not port:
        return content.say("run.no_port", other=_PROPOSED)
    faults = {_bound(each, port) for each in (host, *([_LOCALHOST] if by_name else []))}
    other = _PROPOSED if port != _PROPOSED else _PROPOSED + 1
    if errno.EADDRINUSE in faults:
        return content.say("run.taken", port=port, other=other)
    if errno.EACCES in faults or errno.EPERM in faults:
        return content.say("run.no_rights", port=port, other=_PROPOSED)
    return ""


def _bound(host: str, port: int) -> int:
    """What stands against listening there, as a number of ``errno``; 0 if nothing does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As gunicorn does it: a connection that has just ended keeps no port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as fault:
        return 0 if fault.errno in _ABSENT else fault.errno or 0
    return 0
