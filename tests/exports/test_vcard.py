"""The contact of the pump team, read by icalendar's reader of content lines."""

from typing import Any

import pytest
from icalendar.parser import Contentlines

from caregiver_card.briefing.briefing import brief
from caregiver_card.exports import vcard
from tests.cast import CAST, WORDS, absent, alex, card_of, tuyet
from tests.web.client import Site


def _written(file: dict[str, Any]) -> str:
    return vcard.contact(brief(card_of(file), WORDS, 1))


def _read(written: str) -> list[tuple[str, dict[str, Any], str]]:
    """Each property: name, parameters and value, lines put together again."""
    read = Contentlines.from_ical(written)  # type: ignore[no-untyped-call]  # it has no types
    lines = [line.parts() for line in read if line]
    return [(name, dict(given), value) for name, given, value in lines]


def _values(written: str, name: str) -> list[str]:
    return [value for found, _, value in _read(written) if found == name]


@pytest.mark.parametrize("name", sorted(CAST))
def test_it_works(name: str) -> None:
    """A vCard 3.0 with the team's name, its hospital and its number for any hour."""
    written = _written(CAST[name]())
    briefing = brief(card_of(CAST[name]()), WORDS, 1)
    properties = _read(written)
    assert properties[0] == ("BEGIN", {}, "VCARD") and properties[-1] == ("END", {}, "VCARD")
    assert _values(written, "VERSION") == ["3.0"]
    assert _values(written, "FN") == [f"Baclofen pump team, {briefing.hospital}"]
    assert _values(written, "ORG") == [briefing.hospital]
    assert len(_values(written, "N")) == 1
    assert _values(written, "TEL")[0] == briefing.team.dial


def test_the_clinics_number_comes_second() -> None:
    """Both numbers, the one for any hour first."""
    assert _values(_written(alex()), "TEL") == ["+13125550142", "+13125550110"]
    assert _values(_written(alex({"team.phone_clinic": absent})), "TEL") == ["+13125550142"]
    kinds = [given for found, given, _ in _read(_written(alex())) if found == "TEL"]
    assert all(given["TYPE"] == "WORK" for given in kinds)


@pytest.mark.parametrize("name", sorted(CAST))
def test_the_note_says_what_a_caller_must(name: str) -> None:
    """What this is, who, and the background to read out."""
    briefing = brief(card_of(CAST[name]()), WORDS, 1)
    (note,) = _values(_written(CAST[name]()), "NOTE")
    for words in (briefing.what.text, briefing.stop.text, briefing.person.name, briefing.say[1]):
        assert words in note


def test_a_contact_that_is_kept_says_how_old_it_is() -> None:
    """The dose in it is that of a day."""
    (note,) = _values(_written(alex({"verified.on": "2026-11-05"})), "NOTE")
    assert note.endswith("Confirmed 5 Nov 2026.")


@pytest.mark.parametrize("name", sorted(CAST))
def test_long_lines_are_folded(name: str) -> None:
    """RFC 2426: lines of at most 75 characters, ended by CR LF, no letter taken apart."""
    raw = _written(CAST[name]()).encode()
    assert raw.endswith(b"\r\n")
    for line in raw.split(b"\r\n"):
        assert len(line.decode()) <= 75
        assert b"\n" not in line and b"\r" not in line


def test_vietnamese_survives() -> None:
    """Folding and escaping leave every letter as it was."""
    written = _written(tuyet())
    hospital = "Bệnh viện Phục hồi chức năng Trung ương – Trung tâm Thần kinh"
    assert _values(written, "ORG") == [hospital]
    assert "Nguyễn Thị Ánh-Tuyết Featherstonehaugh-Wójcik" in _values(written, "NOTE")[0]


@pytest.mark.parametrize(
    "hospital",
    ["St. Mary; North, South", "Back\\slash", 'Quo"ted: colon', "BEGIN:VCARD", "Line TEL:+1"],
)
def test_what_a_family_typed_is_only_a_value(hospital: str) -> None:
    """Commas, semicolons and colons make no further property."""
    written = _written(alex({"team.hospital": hospital}))
    plain = _written(alex())
    assert [name for name, _, _ in _read(written)] == [name for name, _, _ in _read(plain)]
    assert _values(written, "FN") == [f"Baclofen pump team, {hospital}"]


def test_no_address_of_the_card_is_in_it(site: Site) -> None:
    """Contacts are copied to clouds: nothing in one opens the card."""
    kept = site.add(alex())
    written = site.client.get(f"/c/{kept.reader_links[0].token}/contact.vcf").text
    for secret in (kept.owner, kept.reader_links[0].token):
        assert secret.lower() not in written.replace("\r\n ", "").lower()
    assert "card.example" not in written and "/c/" not in written.lower()
    assert not {"URL", "SOURCE", "UID"} & {name for name, _, _ in _read(written)}
