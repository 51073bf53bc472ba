"""What may stand in the settings as an address at which the operator can be reached."""

import re
from urllib.parse import urlsplit

from caregiver_card.alerting.channels import mail

# A host name with a dot and a last label of letters: not a local name, not an IP address.
_REAL_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+", re.IGNORECASE)


def is_contact(contact: str) -> bool:
    """Whether a page can link to it: ``mailto:name@host`` or ``https://host``."""
    if contact.startswith("mailto:"):
        return _is_address(contact.removeprefix("mailto:"))
    return contact.startswith("https://") and bool(urlsplit(contact).hostname)


def is_push_contact(subject: str) -> bool:
    """Whether push services take it as the operator's contact.

    They refuse a local host, and Apple's service does so only at the first message.
    """
    scheme, _, rest = subject.partition(":")
    host = rest.removeprefix("//") if scheme == "https" else rest.rpartition("@")[2]
    if not _REAL_HOST.fullmatch(host) or host.endswith((".localhost", ".local")):
        return False
    return (scheme == "https" and rest != host) or (scheme == "mailto" and _is_address(rest))


def _is_address(address: str) -> bool:
    try:
        return not address.startswith("/") and bool(mail.parse_address(address))
    except mail.InvalidAddress:
        return False
