"""The files that sign passes, made for tests: what Apple would issue, and what it would not."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

PASS_TYPE, TEAM = "pass.example.card", "TEAM123456"
# OpenSSL asks the machine's clock, so they hold today as well as on the day of the tests.
BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)
_NAMES = {
    "UID": NameOID.USER_ID,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "CN": NameOID.COMMON_NAME,
}


@cache
def key_of(owner: str) -> rsa.RSAPrivateKey:
    """An RSA key as Apple's certificates have; making one takes a tenth of a second."""
    return rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True)
class Issued:
    """A certificate that an authority of this name issued to an owner of this key."""

    subject: dict[str, str] = field(
        default_factory=lambda: {"UID": PASS_TYPE, "OU": TEAM, "CN": "Pass"}
    )
    issuer: str = "authority"
    owner: str = "operator"
    is_authority: bool = False
    begins: datetime = BEGINS
    ends: datetime = ENDS

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        named = [x509.NameAttribute(_NAMES[each], said) for each, said in self.subject.items()]
        made = x509.CertificateBuilder(
            _authority_name(self.issuer),
            _authority_name(self.owner) if self.is_authority else x509.Name(named),
            key_of(self.owner).public_key(),
            x509.random_serial_number(),
            self.begins,
            self.ends,
        ).add_extension(
            x509.BasicConstraints(ca=self.is_authority, path_length=None), critical=True
        )
        return made.sign(key_of(self.issuer), SHA256()).public_bytes(Encoding.PEM)


def _authority_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"An {name} for tests")])


def key_pem(owner: str = "operator", password: str = "") -> bytes:
    """A key in PEM, encrypted where there is a password."""
    how = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key_of(owner).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


@cache
def right_files() -> tuple[bytes, bytes, bytes]:
    """Certificate, key and authority that belong together."""
    return Issued().pem, key_pem(), authority_pem()


def authority_pem(ends: datetime = ENDS) -> bytes:
    """The authority of passes, which a root vouches for as Apple's does."""
    return Issued(issuer="root", owner="authority", is_authority=True, ends=ends).pem


@cache
def root_pem() -> bytes:
    """What a phone trusts. It does not have the authority, which has to come with the pass."""
    return Issued(issuer="root", owner="root", is_authority=True).pem


def write(folder: Path, files: tuple[bytes, bytes, bytes]) -> dict[str, str]:
    """Write the files; return the settings that name them."""
    names = ("pass_certificate", "pass_key", "pass_authority")
    paths = {name: folder / f"{name}.pem" for name in names}
    for path, pem in zip(paths.values(), files, strict=True):
        path.write_bytes(pem)
    return {name: str(path) for name, path in paths.items()}
