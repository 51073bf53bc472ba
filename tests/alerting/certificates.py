"""An authority of the tests' own, and certificates for servers on loopback."""

from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


class Authority:
    """Who trusts it trusts all that it issued."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("An authority for tests")
        self._id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        made = (
            _builder(self._name, self._name, self._key, datetime.now(UTC) + _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(self._id, critical=False)
            .sign(self._key, SHA256())
        )
        self.pem = made.public_bytes(Encoding.PEM)

    def issue(self, address: str = "127.0.0.1", valid: timedelta = _DAY) -> bytes:
        """A server's certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        ours = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._id)
        made = (
            _builder(_named(address), self._name, key, datetime.now(UTC) + valid)
            .add_extension(here, critical=False)
            .add_extension(ours, critical=False)
            .sign(self._key, SHA256())
        )
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return made.public_bytes(Encoding.PEM) + plain


def _named(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime
) -> x509.CertificateBuilder:
    number, since = x509.random_serial_number(), datetime.now(UTC) - 2 * _DAY
    return x509.CertificateBuilder(issuer, subject, key.public_key(), number, since, until)


@cache
def _whole() -> bytes:
    made = Authority()
    return made.issue() + made.pem


def certificate(folder: Path) -> Path:
    """A certificate for loopback with its key and who issued it, to serve with and to trust."""
    path = folder / "server.pem"
    path.write_bytes(_whole())
    return path
