"""Sign the passes of phones' wallets: a detached PKCS #7 signature, as PassKit asks.

What needs no date is judged when the files are read; whether the certificates hold now, at each
signature. The library writes the moment of signing into the signature by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509.oid import NameOID

CERTIFICATE, KEY, AUTHORITY = "certificate", "key", "authority"
# How every pass type identifier of Apple's begins.
_PASS_TYPE = "pass."
_Key = RSAPrivateKey | EllipticCurvePrivateKey


class WrongPassFile(ValueError):
    """A file that cannot sign passes; ``kind`` says which, the message why, in one sentence."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


class OutOfDate(ValueError):
    """A certificate or its authority that does not hold now: it ended, or begins, at ``at``."""

    def __init__(self, at: datetime, *, is_over: bool) -> None:
        super().__init__(f"{'ended' if is_over else 'is valid only from'} {at:%Y-%m-%d}")
        self.at, self.is_over = at, is_over


@dataclass(frozen=True, slots=True, repr=False)
class PassSigner:
    """What signs passes, and the names that its certificate gives them. It has no ``repr``."""

    certificate: x509.Certificate
    key: _Key
    authority: x509.Certificate
    pass_type: str
    team: str

    @property
    def ends_at(self) -> datetime:
        """The moment after which nothing can be signed any more."""
        return min(each.not_valid_after_utc for each in (self.certificate, self.authority))

    def check(self, now: datetime) -> None:
        """Raise ``OutOfDate`` where the certificate or its authority does not hold at ``now``."""
        begins = max(each.not_valid_before_utc for each in (self.certificate, self.authority))
        if now > self.ends_at:
            raise OutOfDate(self.ends_at, is_over=True)
        if now < begins:
            raise OutOfDate(begins, is_over=False)

    def sign(self, manifest: bytes, now: datetime) -> bytes:
        """Return the signature of a manifest in DER. Raises ``OutOfDate``."""
        self.check(now)
        return (
            PKCS7SignatureBuilder()
            .set_data(manifest)
            .add_signer(self.certificate, self.key, SHA256())
            .add_certificate(self.authority)
            .sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
        )


def read_signer(certificate: bytes, key: bytes, authority: bytes) -> PassSigner:
    """Return the signer of three PEM files. Raises ``WrongPassFile``.

    Apple writes the pass type identifier into the subject's user ID and the team's into its
    organizational unit.
    """
    own, issuer = _certificate(CERTIFICATE, certificate), _certificate(AUTHORITY, authority)
    private = _private_key(key)
    if private.public_key() != own.public_key():
        raise WrongPassFile(KEY, "the key does not belong to the certificate")
    try:
        own.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        raise WrongPassFile(AUTHORITY, "this authority did not issue the certificate") from None
    pass_type, team = _named(own, NameOID.USER_ID), _named(own, NameOID.ORGANIZATIONAL_UNIT_NAME)
    if not pass_type.startswith(_PASS_TYPE):
        raise WrongPassFile(CERTIFICATE, "the certificate has no pass type identifier (UID=pass.…)")
    if not team:
        raise WrongPassFile(CERTIFICATE, "the certificate names no team (OU=…)")
    return PassSigner(own, private, issuer, pass_type, team)


def _certificate(kind: str, pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise WrongPassFile(kind, "the file holds no certificate in PEM") from None


def _private_key(pem: bytes) -> _Key:
    try:
        found = load_pem_private_key(pem, password=None)
    # The library's way to say that a password is missing.
    except TypeError:
        why = "the key is encrypted; write it without a passphrase (openssl pkey)"
        raise WrongPassFile(KEY, why) from None
    except ValueError:
        raise WrongPassFile(KEY, "the file holds no private key in PEM") from None
    if not isinstance(found, _Key):
        raise WrongPassFile(KEY, "the key is neither an RSA nor an elliptic curve key")
    return found


def _named(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    """Return the first value of an attribute of the subject, or an empty string."""
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
