"""What signs passes: files that belong together, and everything that does not."""

from datetime import timedelta

import pytest

from caregiver_card.exports import pass_signature
from caregiver_card.exports.pass_signature import OutOfDate, WrongPassFile
from tests.exports import pass_files
from tests.exports.pass_files import BEGINS, ENDS, PASS_TYPE, TEAM, Issued, key_pem

_RIGHT = pass_files.right_files()
_SECOND = timedelta(seconds=1)


def test_it_works() -> None:
    """The names are those of the certificate's subject."""
    signer = pass_signature.read_signer(*_RIGHT)
    assert (signer.pass_type, signer.team, signer.ends_at) == (PASS_TYPE, TEAM, ENDS)


@pytest.mark.parametrize(
    ("at", "file", "kind", "says"),
    [
        (0, b"", "certificate", "the file holds no certificate in PEM"),
        (0, key_pem(), "certificate", "the file holds no certificate in PEM"),
        (1, b"secret", "key", "the file holds no private key in PEM"),
        (1, _RIGHT[0], "key", "the file holds no private key in PEM"),
        (1, key_pem("somebody"), "key", "the key does not belong to the certificate"),
        (1, key_pem(password="word"), "key", "the key is encrypted; write it without"),
        (2, b"\xff", "authority", "the file holds no certificate in PEM"),
        (2, _RIGHT[0], "authority", "this authority did not issue the certificate"),
        (
            2,
            Issued(issuer="root", owner="another", is_authority=True).pem,
            "authority",
            "did not issue",
        ),
        (0, Issued(issuer="another").pem, "authority", "did not issue the certificate"),
        (0, Issued({"CN": "card.example", "OU": TEAM}).pem, "certificate", "(UID=pass.…)"),
        (0, Issued({"UID": "web.card", "OU": TEAM}).pem, "certificate", "no pass type identifier"),
        (0, Issued({"UID": PASS_TYPE}).pem, "certificate", "names no team (OU=…)"),
    ],
)
def test_a_wrong_file_is_named_in_one_sentence(at: int, file: bytes, kind: str, says: str) -> None:
    """And it is the file that has to be replaced."""
    files = [*_RIGHT[:at], file, *_RIGHT[at + 1 :]]
    with pytest.raises(WrongPassFile) as caught:
        pass_signature.read_signer(*files)
    assert caught.value.kind == kind and says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_is_signed_before_and_after_the_certificate_holds() -> None:
    """Whichever of the two ends first."""
    signer = pass_signature.read_signer(*_RIGHT)
    assert signer.sign(b"{}", BEGINS) and signer.sign(b"{}", ENDS)
    with pytest.raises(OutOfDate, match="ended 2090-01-01"):
        signer.sign(b"{}", ENDS + _SECOND)
    with pytest.raises(OutOfDate, match="is valid only from 2020-01-01"):
        signer.sign(b"{}", BEGINS - _SECOND)
    earlier = ENDS - timedelta(days=400)
    short = pass_signature.read_signer(*_RIGHT[:2], pass_files.authority_pem(ends=earlier))
    assert short.ends_at == earlier
    with pytest.raises(OutOfDate):
        short.sign(b"{}", earlier + _SECOND)


def test_the_key_stands_in_no_text_of_the_signer() -> None:
    """A crash may print it."""
    signer = pass_signature.read_signer(*_RIGHT)
    assert "key=" not in repr(signer)
