"""The pass for a phone's wallet: opened by a reader of the tests' own, verified by OpenSSL."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from caregiver_card.briefing import isolates
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card.model import Card
from caregiver_card.exports import pass_signature, wallet_pass
from tests.cast import CAST, TODAY, WORDS, alex, card_of, cards, sam, tuyet
from tests.exports import pass_files
from tests.exports.opened_pass import BrokenPass, OpenedPass
from tests.languages.catalogue import both_directions
from tests.web.client import NOON

_SIGNER = pass_signature.read_signer(*pass_files.right_files())
_ROOT = pass_files.root_pem()
_ADDRESS = "https://card.example/c/0123456789ABCDEFGHJKMNPQRS"
_SERIAL = "5e"


def _made(file: dict[str, Any], language: str = "en") -> bytes:
    briefing = brief(card_of(file), load(language), 1)
    return wallet_pass.wallet_pass(briefing, _ADDRESS, _SERIAL, _SIGNER, NOON)


def _opened(file: dict[str, Any], language: str = "en") -> OpenedPass:
    return OpenedPass.of(_made(file, language))


def _values(briefing: Briefing) -> str:
    held = wallet_pass.contents(briefing, _ADDRESS, TODAY)["generic"]
    return "\n".join(each["value"] for fields in held.values() for each in fields)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("name", sorted(CAST))
def test_a_phone_would_take_it(tmp_path: Path, name: str, language: str) -> None:
    """Each file is in the manifest with its digest, and OpenSSL verifies who signed that."""
    opened = _opened(CAST[name](), language)
    opened.check(_ROOT, tmp_path)
    icons = {"icon.png", "icon@2x.png", "icon@3x.png"}
    assert opened.files.keys() == {"pass.json", "manifest.json", "signature", *icons}
    assert all(opened.files[each].startswith(b"\x89PNG") for each in icons)


@pytest.mark.parametrize("name", ["pass.json", "icon@2x.png", "manifest.json", "signature"])
def test_a_changed_byte_is_refused(tmp_path: Path, name: str) -> None:
    """In whichever file."""
    files = _opened(alex()).files
    changed = bytearray(files[name])
    changed[len(changed) - 2] ^= 1
    with pytest.raises((BrokenPass, ValueError)):
        OpenedPass({**files, name: bytes(changed)}).check(_ROOT, tmp_path)


def test_a_manifest_that_somebody_else_wrote_is_refused(tmp_path: Path) -> None:
    """Another name on the pass with digests to match: the signature is of the first."""
    opened = _opened(alex())
    files = {**opened.files, "pass.json": opened.files["pass.json"].replace(b"Alex", b"Alec")}
    listed = {name: files[name] for name in files.keys() - {"manifest.json", "signature"}}
    forged = OpenedPass({**files, "manifest.json": wallet_pass.manifest(listed)})
    forged.check_manifest()
    with pytest.raises(BrokenPass):
        forged.check(_ROOT, tmp_path)


def test_another_authority_does_not_vouch_for_it(tmp_path: Path) -> None:
    """OpenSSL asks for the chain."""
    foreign = pass_files.Issued(issuer="another", owner="another", is_authority=True).pem
    with pytest.raises(BrokenPass, match="certificate"):
        _opened(alex()).check_signature(foreign, tmp_path)


def test_it_is_what_passkit_asks_for() -> None:
    """The names are the certificate's, the code is the address, and nothing is ever fetched."""
    said = _opened(alex()).contents
    assert said["formatVersion"] == 1
    assert said["passTypeIdentifier"] == pass_files.PASS_TYPE
    assert (said["teamIdentifier"], said["serialNumber"]) == (pass_files.TEAM, _SERIAL)
    assert said["barcodes"] == [said["barcode"]]
    assert said["barcode"]["format"] == "PKBarcodeFormatQR"
    assert said["barcode"]["message"] == _ADDRESS.upper()
    assert said["description"] and said["organizationName"]
    assert not {"webServiceURL", "authenticationToken"} & said.keys()


def test_the_front_says_what_it_is_whom_to_call_and_who() -> None:
    """In Alex's own words; the back says each once more, for a front that a phone shortens."""
    opened = _opened(alex())
    said = {key: (each["label"], each["value"]) for key, each in opened.fields.items()}
    assert said["team"] == ("Pump team, any hour", "+1 312-555-0142")
    danger = "Sudden stop is an emergency. So is overdose."
    assert said["danger"] == (danger, "Implanted intrathecal baclofen pump")
    assert said["name"][1] == "Alex Rivera" and said["born"][1] == "12 Apr 1991"
    back = "\n".join(each["value"] for each in opened.contents["generic"]["backFields"])
    for words in ("+1 312-555-0142", danger, "Alex Rivera", "12 Apr 1991", "Call 911"):
        assert words in back
    assert "not yet reviewed by a clinician" in said["about"][1]
    assert "Made on 21 Nov 2026." in said["about"][1]


def test_the_back_says_how_to_reach_whoever_signed() -> None:
    """Where the operator has said it; Apple asks for it."""
    briefing = brief(card_of(alex()), WORDS, 1)
    made = wallet_pass.contents(briefing, _ADDRESS, TODAY, "mailto:operator@card.example")
    assert made["generic"]["backFields"][-1]["value"].endswith("\noperator@card.example")


@pytest.mark.parametrize("language", ["en", "de", "he"])
@pytest.mark.parametrize("name", sorted(CAST))
def test_nothing_that_ages_is_on_it(name: str, language: str) -> None:
    """No dose, no strength, no medicine, no pump, no date of a refill."""
    card = card_of(CAST[name]())
    briefing = brief(card, load(language), 1)
    said = _values(briefing)
    ageing = [briefing.dose.number, briefing.concentration.number, card.pump.model]
    ageing += [each.name for each in card.medicines.items]
    ageing += [each.value for each in (briefing.refill, briefing.alarm_date)]
    assert not [each for each in ageing if each in said]
    assert "mcg" not in said and " mg" not in isolates.plain(said).replace("\u00a0", " ")


def test_what_is_not_shared_stays_so() -> None:
    """Each silence in its own words; the file may go on holding what is not shared."""
    file = alex({"allergies.status": "not_shared"})
    assert file["allergies"]["items"]
    assert "Latex" not in _values(brief(card_of(file), WORDS, 1))
    said = set()
    for status in ("not_shared", "unknown", "none_known"):
        fields = _opened(alex({"allergies": {"status": status, "items": []}})).fields
        said.add(fields["allergies"]["value"])
    assert len(said) == 3
    assert _opened(alex()).fields["allergies"]["value"].startswith("Latex (hives); ")


@both_directions
def test_a_translation_that_nobody_checked_says_so(tag: str) -> None:
    """With the English beneath what is critical, as on the page."""
    briefing = brief(card_of(sam()), load(tag), 1)
    said = _values(briefing)
    assert briefing.content.say("page.machine") in said
    assert f"{briefing.stop.text}\n{briefing.stop.english}" in said


def test_the_same_card_gives_the_same_files_on_the_same_day() -> None:
    """Apart from the moment of signing."""
    first, again = (OpenedPass.of(_made(tuyet())).files for _ in range(2))
    assert {**first, "signature": b""} == {**again, "signature": b""}


@given(cards())
def test_any_card_makes_one(card: Card) -> None:
    """Whatever it holds, every value is words."""
    held = wallet_pass.contents(brief(card, WORDS, 1), _ADDRESS, TODAY)["generic"]
    for each in (each for fields in held.values() for each in fields):
        assert each["label"].strip() and each["value"].strip(), each


def test_no_pass_is_made_without_a_certificate_that_holds() -> None:
    """The day is asked for each time."""
    briefing = brief(card_of(alex()), WORDS, 1)
    late = pass_files.ENDS + timedelta(days=1)
    with pytest.raises(pass_signature.OutOfDate):
        wallet_pass.wallet_pass(briefing, _ADDRESS, _SERIAL, _SIGNER, late)
