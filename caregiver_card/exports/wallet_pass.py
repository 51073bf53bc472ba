"""Compose a pass for a phone's wallet (PassKit package format, version 1).

A pass does not update, so it shows what rarely ages: the danger, whom to call, who it is and what
the signs are. No dose, no concentration, no medicine, no pump and no date of a refill is on it; its
code opens the page, which has them.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from caregiver_card.briefing import isolates
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import Statement
from caregiver_card.card.patient_clock import local_day
from caregiver_card.exports.pass_signature import PassSigner
from caregiver_card.style_sheets import colour

MEDIA_TYPE = "application/vnd.apple.pkpass"
FILE_NAME = "baclofen-pump.pkpass"
_PICTURES = Path(__file__).parent.parent / "data" / "wallet_pass"
# The earliest day that a zip can hold: the same contents give the same bytes but for the signature.
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
# What a phone makes a link of on the back: numbers where they are to be called, and nothing else.
_LINKS = "dataDetectorTypes"
_DIALLED = {_LINKS: ["PKDataDetectorTypePhoneNumber"]}

Field = dict[str, Any]


def wallet_pass(
    briefing: Briefing,
    address: str,
    serial: str,
    signer: PassSigner,
    now: datetime,
    operator: str = "",
) -> bytes:
    """Return the signed pass whose code is ``address``. Raises ``pass_signature.OutOfDate``.

    A wallet replaces a pass by one with the same ``serial``. ``now`` is aware. ``operator`` is how
    to reach whoever signs; Apple asks for it on the back of every pass.
    """
    made_on = local_day(briefing.time_zone, now)
    made = contents(briefing, address, made_on, operator) | {
        "serialNumber": serial,
        "passTypeIdentifier": signer.pass_type,
        "teamIdentifier": signer.team,
    }
    files = {"pass.json": _encode(made), **_pictures()}
    files["manifest.json"] = manifest(files)
    files["signature"] = signer.sign(files["manifest.json"], now)
    return _zipped(files)


def contents(briefing: Briefing, address: str, made_on: date, operator: str = "") -> dict[str, Any]:
    """Return what stands on a pass, without the names that its certificate gives it."""
    say = briefing.content.say
    code = {
        "format": "PKBarcodeFormatQR",
        # As in every printed code: capitals give the coarser pattern.
        "message": address.upper(),
        "messageEncoding": "iso-8859-1",
        "altText": say("wallet.scan"),
    }
    return {
        "formatVersion": 1,
        "organizationName": say("site.name"),
        "description": isolates.plain(briefing.what.text),
        "logoText": isolates.plain(say("wallet.title")),
        "backgroundColor": _rgb("danger"),
        "foregroundColor": _rgb("white"),
        "labelColor": _rgb("white"),
        # Another phone gets a copy of its own, which is revoked alone.
        "sharingProhibited": True,
        "barcodes": [code],
        # For iOS 8 and before.
        "barcode": code,
        "generic": {
            **_front(briefing),
            "backFields": [{_LINKS: []} | each for each in _back(briefing, made_on, operator)],
        },
    }


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-1 digest of each file, as version 1 of the format asks."""
    return _encode(
        {
            name: hashlib.sha1(data, usedforsecurity=False).hexdigest()
            for name, data in files.items()
        }
    )


def _front(b: Briefing) -> dict[str, list[Field]]:
    """Return the fields of the front; a phone shortens what is too long, so the back has them."""
    say, person = b.content.say, b.person
    return {
        "primaryFields": [_field("team", say("wallet.team"), b.team.shown)],
        "secondaryFields": [_field("danger", b.stop.text, b.what.text)],
        "auxiliaryFields": [
            _field("name", say("page.patient"), person.name),
            _field("born", say("label.patient.date_of_birth"), b.content.day(person.born)),
        ],
    }


def _back(b: Briefing, made_on: date, operator: str) -> Iterator[Field]:
    """Yield the fields of the back, in the order of the emergency page."""
    say, statement = b.content.say, b.content.statement
    danger = f"{_in_both(b.what)}\n{_in_both(b.stop)}"
    yield _field("danger-whole", say("wallet.title"), danger)
    yield _field("emergency", say("page.not_in_hospital"), b.emergency.name) | _DIALLED
    yield _field("team-whole", b.team.name, f"{b.team.shown}\n{b.hospital}") | _DIALLED
    yield _field("person", say("page.patient"), f"{b.person.name}\n{b.person.born_words}")
    for group in b.signs:
        yield _field(group.key, group.title, f"{group.cue}\n{group.line}")
    yield _field("late", say("page.also"), _in_both(statement("danger.late_line")))
    yield _field("never", say("page.do_nots"), _in_both(statement("danger.never_line")))
    allergies = isolates.join_isolated(b.allergies.items, "; ") or b.allergies.words
    yield _field("allergies", say("page.allergies"), allergies)
    contacts = "\n".join(_contacts(b))
    yield _field("contacts", say("page.contacts"), contacts) | _DIALLED
    machine = say("page.machine") if b.content.state == "machine" else ""
    about = (say("pass.made", day=made_on), b.review, machine, operator.removeprefix("mailto:"))
    yield _field("about", say("site.name"), "\n".join(filter(None, about)))


def _contacts(b: Briefing) -> Iterator[str]:
    for each in b.contacts:
        number = each.number.shown if each.number else b.content.say("page.contact_no_phone")
        yield isolates.join_isolated(filter(None, (each.name, each.about, number)), ", ")


def _in_both(statement: Statement) -> str:
    """Return a statement, and beneath it the English where no clinician checked its words."""
    return "\n".join(filter(None, (statement.text, statement.beneath)))


def _field(key: str, label: str, value: str) -> Field:
    return {"key": key, "label": label, "value": value}


def _rgb(name: str) -> str:
    red, green, blue = bytes.fromhex(colour(name).removeprefix("#"))
    return f"rgb({red}, {green}, {blue})"


@cache
def _pictures() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(_PICTURES.glob("*.png"))}


def _encode(held: Mapping[str, Any]) -> bytes:
    return json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
