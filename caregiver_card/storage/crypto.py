"""Tokens, the keys derived from them, seals, and files for others. All randomness is here.

A token is 26 characters of Crockford's base32: 26 x 5 = 130 bits exactly, so every string of 26
characters of the alphabet is a token and none has two canonical spellings. HKDF derives from it the
lookup id, which the database stores, and the wrapping key, which it does not; neither leads back to
the token or to the other.

A seal is ``format byte | 12-byte nonce | AES-256-GCM ciphertext and tag``. Its record, version and
purpose are authenticated but not stored, so a seal that was moved to another place does not open
there.

What a record system is to open (``encrypt_jwe``) has an address and a key of 256 random bits each,
written in base64url.
"""

import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 26
# A token with a hyphen between any two characters has 51; ``read_token`` refuses longer text.
LONGEST_SPELLING = 64
KEY_BYTES = 32
# 128 random bits never collide, so adding a card needs no check.
RECORD_BYTES = 16

_TOKEN_BYTES = 17  # 130 bits, rounded up
_NONCE_BYTES = 12  # 96 bits, the length GCM is defined for
_TAG_BYTES = 16
_FORMAT = b"\x01"
_LOOKUP_INFO = b"caregiver-card/1 lookup id"
_WRAPPING_INFO = b"caregiver-card/1 wrapping key"
_ADDRESS_INFO = b"caregiver-card/1 health link"
_ADDRESS = re.compile("[A-Za-z0-9_-]{43}")
_PUSH_INFO = b"caregiver-card/1 push key"
# 128 bits more than the order of P-256, so that no number is likelier than another (FIPS 186-5,
# A.2.1).
_PUSH_BYTES = 48
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_CANONICAL = re.compile(f"[{ALPHABET}]{{{TOKEN_LENGTH}}}")
_ALIASES = str.maketrans("ILO", "110", "-")
# int() reads base 32 as 0-9 and A-V; the alphabets differ in letters only, not in order.
_DIGITS = str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")


class UnreadableToken(ValueError):
    """A text that spells no token. The error does not quote it: it may nearly be a token."""


class BrokenSeal(ValueError):
    """A seal that does not open: another key, record, version or purpose, or altered bytes."""


def new_token() -> str:
    """Return a random token in canonical form: 26 upper-case characters, 130 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))


def read_token(text: str) -> str:
    """Return the canonical form of a typed or scanned token.

    After Crockford, case and hyphens are ignored, I and L count as 1, O as 0; U is not in the
    alphabet. Raises UnreadableToken for anything else, after the same work for every length.
    """
    # Before upper-casing, which maps some letters outside ASCII into it (dotless i, long s).
    if len(text) > LONGEST_SPELLING or not text.isascii():
        raise UnreadableToken
    canonical = text.upper().translate(_ALIASES)
    if _CANONICAL.fullmatch(canonical) is None:
        raise UnreadableToken
    return canonical


def lookup_id(token: str) -> bytes:
    """Return the 32 bytes under which a link is stored; ``token`` is canonical."""
    return _derived(token, _LOOKUP_INFO)


def wrapping_key(token: str) -> bytes:
    """Return the 256-bit key that seals what a link opens; ``token`` is canonical."""
    return _derived(token, _WRAPPING_INFO)


def read_address(text: str) -> bytes:
    """Return the 32 bytes of an address in base64url. Raises UnreadableToken for anything else."""
    if _ADDRESS.fullmatch(text):
        address = urlsafe_b64decode(f"{text}=")
        # The last letter has two bits more than the bytes: one spelling alone is right.
        if write_base64url(address) == text:
            return address
    raise UnreadableToken


def write_base64url(raw: bytes) -> str:
    """Return bytes in base64url without padding (RFC 7515)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def address_lookup_id(address: bytes) -> bytes:
    """Return the 32 bytes under which an encrypted file is stored."""
    return _hkdf(address, _ADDRESS_INFO)


def encrypt_jwe(key: bytes, content: bytes, content_type: str) -> bytes:
    """Encrypt a file as a compact JWE under a shared key (RFC 7516; ``dir``, ``A256GCM``).

    The initialization vector is random: the same file is never the same bytes.
    """
    header = {"alg": "dir", "enc": "A256GCM", "cty": content_type}
    about = write_base64url(json.dumps(header, separators=(",", ":")).encode())
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, content, about.encode())
    text, tag = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
    # The key is known to both sides, so that the part for an encrypted one is empty.
    return ".".join((about, "", *map(write_base64url, (nonce, text, tag)))).encode()


def new_key() -> bytes:
    """Return a random 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


def new_record_id() -> bytes:
    """Return a random 128-bit id for a card."""
    return secrets.token_bytes(RECORD_BYTES)


def associated_data(record: bytes, version: int, purpose: str) -> bytes:
    """Return the associated data for ``seal`` and ``open_sealed``.

    ``record`` is at most 255 bytes long; ``version`` is 0 where there is none. Version and the
    length of the record have fixed widths, so no two triples give the same bytes.
    """
    return version.to_bytes(8, "big") + len(record).to_bytes(1, "big") + record + purpose.encode()


def seal(key: bytes, plain: bytes, about: bytes) -> bytes:
    """Seal ``plain`` under a 32-byte key; it opens only with the same ``about``.

    A seal is 29 bytes longer than its content. The nonce is random: each key seals a handful of
    things, far from the 2**32 at which random 96-bit nonces become a risk.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, _FORMAT + about)


def open_sealed(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """Return what ``seal`` sealed. Raises BrokenSeal if one bit of the three differs."""
    start = len(_FORMAT) + _NONCE_BYTES
    if len(sealed) < start + _TAG_BYTES or not sealed.startswith(_FORMAT):
        raise BrokenSeal
    try:
        return AESGCM(key).decrypt(sealed[1:start], sealed[start:], _FORMAT + about)
    except InvalidTag:
        raise BrokenSeal from None


def derived_key(secret: str, record: bytes, purpose: str) -> bytes:
    """Derive a 256-bit key for one record from an installation's secret.

    A key for each record keeps the number of seals under one key small.
    """
    info = b"caregiver-card/1 derived " + associated_data(record, 0, purpose)
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret.encode())


def push_key(secret: str) -> bytes:
    """Derive the private P-256 key, 32 bytes, that identifies an installation to push services.

    See RFC 8292. Every subscription is bound to this key. Derived from the installation's secret,
    it stays the same for years, and a restored backup needs nothing else.
    """
    derived = HKDF(algorithm=SHA256(), length=_PUSH_BYTES, salt=None, info=_PUSH_INFO)
    number = int.from_bytes(derived.derive(secret.encode()), "big") % (_P256_ORDER - 1) + 1
    return number.to_bytes(32, "big")


def public_point(private: bytes) -> bytes:
    """Return the public half of a P-256 key: 65 bytes, an uncompressed point."""
    key = ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_public_point(raw: bytes) -> bool:
    """Whether this is an uncompressed point of P-256, as a browser's public key is."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return len(raw) == 65


def _derived(token: str, info: bytes) -> bytes:
    return _hkdf(int(token.translate(_DIGITS), 32).to_bytes(_TOKEN_BYTES, "big"), info)


def _hkdf(random: bytes, info: bytes) -> bytes:
    # No salt: the input is uniformly random, and a printed token can carry none.
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(random)
