"""What strangers may do only so often, with the reason for each number.

Never asked: the emergency page and what a person at the bedside opens beneath it (languages, a
beeping pump, the signs, the contact, the page as a file, "seen", kept copies), the guide, health,
"I know", stopping, revoking, deleting. A view asks after it has opened the card, so that a known
token is never held up by what others do from the same address.

A hospital's hundreds share one address (NAT), so the numbers by address are those of a building
and not of a person; what a family does to its own card is counted by that card.
"""

import ipaddress

from flask import request
from werkzeug.exceptions import TooManyRequests

from caregiver_card.storage.limiter import Limit, Limiter
from caregiver_card.web.services import get_services

_HOUR = 60 * 60
_DAY = 24 * _HOUR
# By address. A clinic's evening brings sixty families; a day of them is a large clinic's caseload.
NEW_CARDS = (Limit("new cards", 60, _HOUR), Limit("new cards a day", 300, _DAY))
# By address: a draft is begun once a browser; one that ends, or is erased, is begun anew.
DRAFTS = (Limit("drafts", 300, _HOUR),)
# By card: a family saves a few times a day; each save keeps a version of some 60 kB for good.
SAVES = (Limit("saves", 60, _HOUR), Limit("saves a day", 200, _DAY))
# By card and address: every layout on both papers in colour and black is 20 prints, a school or a
# ward prints that some times over. Somebody else's prints of other cards never count.
PRINTS = (Limit("prints", 120, _HOUR),)
# By card and address: a zip holds as many prints as a card has copies, some seconds of work.
ZIPS = (Limit("zips", 20, _HOUR),)
# By address: 40 times 25 cards is the caseload of a large clinic. A table is looked through several
# times before it is right, which costs a fiftieth of a print.
BATCHES = (Limit("batches", 40, _HOUR),)
TABLES = (Limit("tables", 400, _HOUR),)
# By address: a clinic's evening of families, some of whom try a second file; a large one is a third
# of a second of work.
HOSPITAL_FILES = (Limit("hospital's files", 120, _HOUR),)
# By the address that is written to, whoever asks: one, a second that was not seen, and a few for
# somebody who is on several cards. More would be a way to pester a stranger.
INVITED = (Limit("invitations to one address", 5, _DAY),)
# By address: a clinic's evening again, some of it; ``invite_limit`` has that of the installation.
INVITING = (Limit("invitations", 40, _HOUR),)
# By card: a list has 12 people, and a browser that lost its subscription comes again.
PHONES = (Limit("phones", 30, _HOUR),)
# By address: tokens that open nothing. Wrong and revoked papers of a whole ward are far fewer.
GUESSES = (Limit("guesses", 60, 10 * 60),)
LIMITS = (
    *NEW_CARDS,
    *DRAFTS,
    *SAVES,
    *PRINTS,
    *ZIPS,
    *BATCHES,
    *TABLES,
    *HOSPITAL_FILES,
    *INVITED,
    *INVITING,
    *PHONES,
    *GUESSES,
)

# Seconds by which the server holds back an answer to a guess beyond the limit, without waiting
# itself; guessing 130 bits is hopeless at any speed.
DELAY_S = 1.0
# In the WSGI environment: how many seconds the server is to hold the finished answer back.
HELD = "caregiver_card.held_s"
# Where a proxy in front of this server is: on the same machine, or in the same house.
_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    )
)


class LimitReached(TooManyRequests):
    """More than a limit allows; there is one again in ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(retry_after=seconds)
        self.seconds = seconds


def charge_card(limits: tuple[Limit, ...], card: str | bytes) -> None:
    """Count something done to a card, given its id or its owner's token. Raises LimitReached."""
    _charge(limits, card)


def charge_address(limits: tuple[Limit, ...]) -> None:
    """Count something done from the caller's address. Raises LimitReached."""
    if address := caller():
        _charge(limits, address)


def charge_card_at_address(limits: tuple[Limit, ...], card: str | bytes) -> None:
    """Count something done to a card from the caller's address. Raises LimitReached."""
    _charge(limits, card, caller())


def wait_to_invite(recipient: str) -> tuple[str, int]:
    """Count an invitation to a mail address; return the message's code, and seconds, of a refusal.

    Both are empty where the invitation may be sent.
    """
    if wait := _wait(INVITED, _mailbox(recipient)):
        return "asked-often", wait
    address = caller()
    if address and (wait := _wait(INVITING, address)):
        return "busy-here", wait
    return "", 0


def slow_guess() -> None:
    """Count a token that opens nothing, and have the answer held back beyond the limit."""
    limiter, address = get_services().limiter(), caller()
    if limiter is None or not address:
        return
    (limit,) = GUESSES
    if not limiter.refused_for(limit, address):
        # Counted by a thread: the process that serves emergency pages waits for no database.
        limiter.take_later(limit, address)
    else:
        request.environ[HELD] = DELAY_S


def minutes(wait: int) -> int:
    """Whole minutes, rounded up, of so many seconds."""
    return -(-wait // 60)


def caller() -> str:
    """Where the request comes from: an IPv4 address or an IPv6 network of 64 bits.

    Everybody in such a network is one household's or one machine's. Empty where it cannot be known:
    then no limit by address is asked, for it would be one for everybody.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if _is_undeclared_proxy(address):
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _is_undeclared_proxy(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a proxy passed this request on that CARD_TRUSTED_PROXIES does not count."""
    if get_services().config.trusted_proxies or not any(address in net for net in _INSIDE):
        return False
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & {
        name for name, _ in request.headers
    }
    return bool(forwarded)


def _charge(limits: tuple[Limit, ...], *who: str | bytes) -> None:
    if wait := _wait(limits, *who):
        raise LimitReached(wait)


def _wait(limits: tuple[Limit, ...], *who: str | bytes) -> int:
    """Take one of each limit; return the seconds until all have one again, or 0."""
    limiter: Limiter | None = get_services().limiter()
    if limiter is None:
        return 0
    named = [each.hex() if isinstance(each, bytes) else each for each in who]
    return max(limiter.take(limit, *named) for limit in limits)


def _mailbox(address: str) -> str:
    """An address as most providers deliver it: without dots, a part after "+", and capitals."""
    name, _, host = address.casefold().rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{host}"
