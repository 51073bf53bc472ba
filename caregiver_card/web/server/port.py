"""Check, before a server starts, whether it can listen at its address."""

import errno
import socket
from urllib.parse import urlsplit

from caregiver_card.briefing.content import load

# Browsers try this first for "localhost", and would find another program that listens there.
_LOCALHOST = "::1"
# The errors of a machine without that address family.
_ABSENT = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)
# The port to propose: it needs no rights, and is most likely free.
_PROPOSED = 8080


def refusal(url: str, *, by_name: bool = False) -> str:
    """Why no server can listen at ``url``, in one line; empty if one can.

    ``by_name``: people will open it as "localhost" too.
    """
    content = load()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        port = 0
    if not port:
        return content.say("run.no_port", other=_PROPOSED)
    errors = {_try_bind(name, port) for name in (host, *([_LOCALHOST] if by_name else []))}
    other = _PROPOSED if port != _PROPOSED else _PROPOSED + 1
    if errno.EADDRINUSE in errors:
        return content.say("run.taken", port=port, other=other)
    if errno.EACCES in errors or errno.EPERM in errors:
        return content.say("run.no_rights", port=port, other=_PROPOSED)
    return ""


def _try_bind(host: str, port: int) -> int:
    """The ``errno`` of an attempt to listen there; 0 if it succeeds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As gunicorn does: a connection that has just ended does not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return 0 if error.errno in _ABSENT else error.errno or 0
    return 0
