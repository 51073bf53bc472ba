"""Nothing of a card and no token is readable in anything that the program writes."""

import dataclasses
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.pages import emergency
from tests.cast import TODAY, WORDS, alex, card_of
from tests.servers import environment, free_port, gunicorn

_ROOT = Path(__file__).parent.parent
# Numbers that stand nowhere else; those with limits lie within them and within each other.
_NUMBERS = {
    "weight_kg": 47.1125,
    "concentration_mcg_per_ml": 4711.25,
    "daily_dose_mcg": 1347.75,
    "flow_ml_per_day": 0.2863,
    "from_mcg": 1291.375,
    "to_mcg": 1347.75,
    "dose_mg": 17.1875,
    "times_per_day": 11,
    "reservoir_ml": 38.5625,
    "alarm_volume_ml": 3.4375,
    "volume_ml": 37.3125,
}
_CHOICES = {
    "drug": "baclofen",
    "mode": "flex",
    "gender": "other",
    "status": "listed",
    "purpose": "backup",
    "region": "VN",
    "time_zone": "Asia/Ho_Chi_Minh",
    "alarms": "single_and_two_tone",
    "start": "00:00",
    "end": "24:00",
    "mcg": 1347.75,
    "compounded": True,
}
_PHONES = iter(range(6100, 6999))
_DAYS = iter(range(0, 3000, 37))


@dataclasses.dataclass
class _Marked:
    """A card file in which every field holds a marker of its own, and the markers."""

    file: dict[str, Any]
    markers: list[str]


def _marked() -> _Marked:
    made = _Marked({}, [])
    made.file = {"format": "caregiver-card/1", **_part(Card, "", made.markers)}
    file = made.file
    # The order that dates must keep to.
    for path, day in (
        (("patient", "date_of_birth"), "1937-11-29"),
        (("pump", "implanted_on"), "2013-01-17"),
        (("pump", "replace_by"), "2031-03-19"),
        (("refill", "last_refill_on"), "2026-07-13"),
        (("refill", "next_appointment_on"), "2027-05-23"),
        (("refill", "alarm_date"), "2027-06-27"),
    ):
        file[path[0]][path[1]] = day
        made.markers.append(day)
    return made


def _part(kind: type, path: str, markers: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        here = f"{path}.{field.name}".lstrip(".")
        name = field.metadata.get("key", field.name)
        if "part" in field.metadata:
            made[name] = _part(field.metadata["part"], here, markers)
        elif "parts" in field.metadata:
            inner = field.metadata["parts"]
            one = _part(inner, here, markers) if isinstance(inner, type) else _text(here, markers)
            made[name] = [one]
        else:
            made[name] = _value(field.name, here, field.metadata["parse"], markers)
    return made


def _value(name: str, path: str, parse: Any, markers: list[str]) -> Any:
    if name in _CHOICES:
        return _CHOICES[name]
    if name in _NUMBERS:
        markers.append(str(_NUMBERS[name]) if name != "times_per_day" else "11 times")
        return _NUMBERS[name]
    if name.startswith("phone"):
        number = f"+84 24 3826 {next(_PHONES)}"
        markers += [number, number.replace(" ", ""), number[-11:].replace(" ", "")]
        return number
    words = _text(path, markers)
    try:
        return parse(words, None)
    except ValueError:
        markers.remove(words)
    day = date(2018, 1, 3) + timedelta(days=next(_DAYS))
    try:
        parse(day, None)
    except ValueError:
        return "yes"
    markers += [day.isoformat(), WORDS.day(day)]
    return day.isoformat()


def _text(path: str, markers: list[str]) -> str:
    marker = f"Zq{len(markers):03d}{re.sub('[^a-z]', '', path)[-18:]}Xw"
    markers.append(marker)
    return marker


@pytest.fixture(scope="module")
def marked() -> _Marked:
    """The card in which every field can be told from every other."""
    made = _marked()
    # A family name stands in the full name.
    made.file["patient"]["full_name"] += f" {made.file['patient']['family_name']}"
    # A wish and free words that may be answers too are still words.
    for section, name in (("patient", "baseline"), ("patient", "communication")):
        made.file[section][name] = _text(f"{section}.{name}", made.markers)
    return made


def test_every_field_is_marked(marked: _Marked) -> None:
    """The file is a card, no field of any part is left out, and each text is a marker."""
    raw = json.dumps(marked.file).encode()
    reading = codec.read(raw, date(2026, 11, 21))
    assert reading.card, [f"{fault.path}: {fault.code}" for fault in reading.errors]
    empty = [path for path, value in _fields(reading.card, "") if value is None or value == ()]
    assert empty == []
    assert len(set(marked.markers)) > 60


def _fields(part: Any, path: str) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(part):
        value, here = getattr(part, field.name), f"{path}.{field.name}"
        yield here, value
        for each in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(each):
                yield from _fields(each, here)


def _flask(folder: Path, port: int, *words: str, given: bytes = b"") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=_ROOT,
        env=environment(folder, port),
        input=given,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


def _hyphens(token: str) -> str:
    return "-".join(token[at : at + 5] for at in range(0, 26, 5))


def _use(folder: Path, marked: _Marked) -> dict[str, str]:
    """Everything that there is to use, on a real server; gives the tokens."""
    port = free_port()
    raw = json.dumps(marked.file).encode()
    options = ("--access-logfile", "-", "--log-level", "debug")
    with gunicorn(folder, "wsgi:app", *options, port=port) as server:
        printed = _flask(folder, port, "card", "add", "-", given=raw)
        tokens = {
            kind: url.rsplit("/", 1)[1]
            for kind, url in (line.split(": ") for line in printed.splitlines())
        }
        reader, owner = tokens["reader"], tokens["owner"]
        wrong = reader[:-1] + ("0" if reader[-1] != "0" else "2")
        for path, status in (
            (f"/c/{reader}", 200),
            (f"/C/{reader.lower()}", 200),
            (f"/c/{_hyphens(reader)}", 200),
            (f"/c/{reader}/", 200),
            (f"/c/{reader}/card.pdf", 200),
            (f"/c/{reader}/card.pdf?layout={quote(reader)}", 400),
            (f"/c/{reader}/contact.vcf", 200),
            (f"/c/{reader}/seen", 200),
            (f"/o/{owner}", 200),
            (f"/o/{owner.lower()}", 200),
            (f"/c/{owner}", 404),
            (f"/o/{reader}", 404),
            (f"/c/{wrong}", 404),
            (f"/{reader}", 404),
            (f"/nothing?next={quote('/c/' + reader, safe='')}", 404),
            (f"/c/{reader}/nothing", 404),
        ):
            found, body = server.get(path)
            assert found == status, (path.replace(reader, "READER"), found, body[:300])
        assert server.get(f"/c/{reader}", "POST")[0] == 405
        page = server.get(f"/c/{reader}")[1].decode()
        assert marked.file["patient"]["full_name"] in page, "the page shows the card"
        _flask(folder, port, "backup", "create", str(folder / "backup.sqlite"))
    tokens["wrong"] = wrong
    return tokens


@pytest.mark.slow
def test_no_word_of_a_card_and_no_token_is_left_anywhere(tmp_path: Path, marked: _Marked) -> None:
    """Database, log, index, backup, temporary files and gunicorn's output, byte by byte."""
    tokens = _use(tmp_path, marked)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"cards.sqlite", "backup.sqlite", "gunicorn.log"} <= {path.name for path in files}
    log = (tmp_path / "gunicorn.log").read_text()
    assert "GET /c/~" in log and "Booting worker" in log, "the log is not what it should be"
    for path in files:
        raw = path.read_bytes()
        folded = raw.lower()
        for marker in marked.markers:
            for written in (marker.encode(), marker.encode("utf-16-le")):
                assert written.lower() not in folded, f"{path.name} holds {marker}"
        for kind, token in tokens.items():
            assert token.lower().encode() not in folded.replace(b"-", b""), f"{path.name}: {kind}"
            assert token[:13].lower().encode() not in folded, f"{path.name}: half of {kind}"


def test_what_is_looked_for_would_be_found(marked: _Marked) -> None:
    """The markers are what a page of this card shows, so their absence elsewhere says something."""
    page = emergency.page(brief(card_of(marked.file), WORDS, 1), TODAY)
    shown = [marker for marker in marked.markers if marker in page]
    assert len(shown) > 40
    assert alex()["patient"]["full_name"] not in page
