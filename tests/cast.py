"""The named cast: people with a pump, one example file each, changed where a test needs it.

``alex`` is the typical file, ``tuyet`` the one with every edge, ``sam`` the least a card may hold.
Changes are dotted paths (``{"regimen.daily_dose_mcg": 96}``, ``{"contacts[0].phone": absent}``) or
nested objects that are merged (``regimen={"mode": "flex"}``); ``absent`` takes a key away.
"""

import copy
import json
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from caregiver_card.briefing import content, fault_messages
from caregiver_card.card import codec
from caregiver_card.card.codec import Reading
from caregiver_card.card.model import GENDERS, Card
from caregiver_card.card.rules import Fault

TODAY = date(2026, 11, 21)
WORDS = content.load("en")
_LANGUAGES = Path(content.__file__).parent.parent / "data" / "languages"
_DATA = Path(__file__).parent / "data"


class _Absent:
    def __repr__(self) -> str:
        return "absent"

    def __deepcopy__(self, memo: Any) -> "_Absent":
        return self


absent = _Absent()


def alex(changes: dict[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
    """Alex Rivera: a SynchroMed II in Chicago, alarm date 16 Nov 2026, appointment on the 6th."""
    return _changed("typical", changes, more)


def tuyet(changes: dict[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
    """Ánh-Tuyết: a Prometra II in Hanoi, flex dosing, a mixture, and a long name."""
    return _changed("complex", changes, more)


def sam(changes: dict[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
    """Sam Lee: a child in London whose card holds nothing that is not required, but a date."""
    return _changed("minimal", changes, more)


CAST = {"typical": alex, "complex": tuyet, "minimal": sam}


def file_of(file: dict[str, Any]) -> bytes:
    """The card file as it would stand on a disk."""
    return json.dumps(file, ensure_ascii=False).encode()


def card_of(file: dict[str, Any]) -> Card:
    """The card of a file that is without errors."""
    return codec.decode(file_of(file))


def reading_of(file: dict[str, Any], today: date = TODAY) -> Reading:
    """What a reading finds; every fault in it can be said in one line."""
    return checked(codec.read(file_of(file), today))


def checked(reading: Reading) -> Reading:
    """The same reading, after each of its faults was put into one line that can be printed."""
    for fault in reading.faults:
        spoken(fault)
    assert (reading.card is None) == bool(reading.errors)
    return reading


def words_of(area: str) -> dict[str, Any]:
    """The interface words of one area, as its file has them."""
    path = _LANGUAGES / "en" / "text" / f"{area}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def spoken(fault: Fault) -> str:
    """A fault's line as ``card check`` prints it, which must be one line and whole."""
    line = fault_messages.line(fault, WORDS)
    assert line.isprintable(), line
    assert line.startswith(f"{fault.level} {fault.path}: ") and fault.path, line
    assert "None" not in line, line
    return line


def found(faults: Any) -> set[tuple[str, str]]:
    """Faults as pairs of path and code."""
    return {(fault.path, fault.code) for fault in faults}


def _changed(name: str, changes: dict[str, Any] | None, more: dict[str, Any]) -> dict[str, Any]:
    file = json.loads((_DATA / f"{name}.json").read_text("utf-8"))
    for path, value in {**(changes or {}), **more}.items():
        _change(file, re.findall(r"\w+|\[\d+\]", path), copy.deepcopy(value))
    return file  # type: ignore[no-any-return]


def _change(held: Any, steps: list[str], value: Any) -> None:
    step: Any = int(steps[0][1:-1]) if steps[0].startswith("[") else steps[0]
    if len(steps) > 1:
        if isinstance(held, dict) and step not in held:
            held[step] = {}
        _change(held[step], steps[1:], value)
    elif value is absent:
        del held[step]
    elif isinstance(value, dict) and isinstance(held, dict) and isinstance(held.get(step), dict):
        for name, inner in value.items():
            _change(held[step], [name], inner)
    else:
        held[step] = value


# Strangers: any valid card -------------------------------------------------------------------

_LETTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"))
_WORDS = st.text(_LETTERS, min_size=1, max_size=12).map(lambda words: f"x{words}")
_LINES = st.lists(_WORDS, min_size=1, max_size=3).map("\n".join)
_ANSWERS = st.sampled_from(["yes", "no", "unknown"])
_PHONES = st.sampled_from(
    ["+13125550142", "+442079460321", "+842438260001", "+4930123456", "+390612345678"]
)
_PUMPS = st.sampled_from(
    [
        ("Medtronic", "SynchroMed II 8637-40"),
        ("Medtronic", "SynchroMed III"),
        ("Medtronic", "SynchroMed EL"),
        ("Medtronic", "IsoMed"),
        ("Flowonix", "Prometra II"),
        ("Flowonix", "Prometra"),
        ("Codman", "Codman 3000"),
        ("Acme", "Nobody's Pump 1"),
    ]
)


def _tenths(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low * 10, high * 10).map(lambda tenths: tenths / 10)


def _mostly(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(absent), strategy, strategy)


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """The file of any valid card: what may be left out is left out now and then."""
    refilled = draw(st.dates(date(2005, 1, 1), date(2090, 1, 1)))

    def before(days: int) -> str:
        return (refilled - timedelta(days=draw(st.integers(0, days)))).isoformat()

    def after(days: int) -> str:
        return (refilled + timedelta(days=draw(st.integers(0, days)))).isoformat()

    def maybe(make: Any, *given: Any) -> Any:
        return make(*given) if draw(st.booleans()) else absent

    maker, model = draw(_PUMPS)
    implanted = maybe(before, 6000)
    mode = draw(
        st.sampled_from(["simple_continuous", "constant_flow", "flex", "bolus", "minimum_rate"])
    )
    file = {
        "format": "caregiver-card/1",
        "region": draw(st.sampled_from(["US", "GB", "VN", "DE"])),
        "time_zone": draw(_mostly(st.sampled_from(["Europe/London", "Asia/Ho_Chi_Minh"]))),
        "patient": {
            **draw(_names()),
            "gender": draw(_mostly(st.sampled_from(GENDERS))),
            "date_of_birth": (
                refilled - timedelta(days=draw(st.integers(6000, 30000)))
            ).isoformat(),
            "weight_kg": draw(_mostly(_tenths(1, 400))),
            "baseline": draw(_mostly(_LINES)),
            "risks": draw(_mostly(st.fixed_dictionaries({"kidney_disease": _ANSWERS}))),
        },
        "regimen": {
            "drug": "baclofen",
            "concentration_mcg_per_ml": draw(_tenths(50, 6000)),
            "compounded": draw(_mostly(st.booleans())),
            "daily_dose_mcg": draw(_tenths(10, 3000)),
            "mode": mode,
            "flow_ml_per_day": draw(_mostly(_tenths(1, 10))),
            "patient_bolus_device": draw(_mostly(_ANSWERS)),
            "last_change": maybe(lambda: {"on": draw(st.sampled_from([before(99), after(99)]))}),
            "oral_baclofen": draw(_mostly(_oral())),
            "other_pump_drugs": draw(_mostly(_listing("name", "concentration"))),
            "rescue_plan": maybe(
                lambda: {
                    "text": draw(_LINES),
                    "written_by": draw(_WORDS),
                    "written_on": before(900),
                }
            ),
        },
        "pump": {
            "maker": maker,
            "model": model,
            "location": draw(_WORDS),
            "implanted_on": implanted,
            "reservoir_ml": draw(_mostly(st.sampled_from([40, 60]))),
            "alarm_volume_ml": draw(_mostly(_tenths(0, 5))),
            "alarms": draw(_mostly(st.sampled_from(["single_and_two_tone", "none", "unknown"]))),
            "replace_by": maybe(after, 4000),
        },
        "refill": {
            "last_refill_on": refilled.isoformat(),
            "volume_ml": draw(_mostly(_tenths(1, 40))),
            "next_appointment_on": maybe(after, 300),
            "alarm_date": maybe(after, 300),
        },
        "team": {"hospital": draw(_WORDS), "phone_24h": draw(_PHONES)},
        "maker_support": maybe(
            lambda: {"phone": draw(_PHONES), "for": draw(_WORDS), "checked_on": before(900)}
        ),
        "allergies": draw(_listing("substance", "reaction")),
        "medicines": draw(_listing("name", "dose")),
        "contacts": [{"name": draw(_WORDS), "phone": draw(_PHONES)}],
        "directives": maybe(
            lambda: {"status": "listed", "text": draw(_LINES), "written_on": before(900)}
        ),
        "verified": {"on": draw(st.sampled_from([before(99), after(99)])), "by": draw(_WORDS)},
        "confirmed": draw(_mostly(st.lists(_WORDS, max_size=3))),
    }
    return _present(file)  # type: ignore[no-any-return]


def cards() -> st.SearchStrategy[Card]:
    """Any valid card."""
    return files().map(card_of)


def _names() -> st.SearchStrategy[dict[str, Any]]:
    """A full name, and now and then which of its words are the family name."""
    word = _WORDS.map(lambda each: each.replace(",", "x"))
    family = st.lists(word, min_size=1, max_size=2).map(" ".join)
    return st.builds(
        lambda before, family, after, said: {
            "full_name": " ".join(filter(None, (before, family, after))),
            "family_name": family if said else absent,
        },
        *(st.one_of(st.just(""), word), family, st.one_of(st.just(""), word), st.booleans()),
    )


def _oral() -> st.SearchStrategy[dict[str, Any]]:
    listed = {"status": st.just("listed"), "dose_mg": _tenths(1, 200), "times_per_day": st.just(3)}
    return st.one_of(_silent(), st.fixed_dictionaries(listed))


def _listing(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    items = st.lists(st.fixed_dictionaries({key: _WORDS for key in keys}), min_size=1, max_size=3)
    return st.one_of(
        _silent(), st.fixed_dictionaries({"status": st.just("listed"), "items": items})
    )


def _silent() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(["none_known", "unknown", "not_shared"]).map(
        lambda status: {"status": status}
    )


def _present(held: Any) -> Any:
    if isinstance(held, dict):
        return {key: _present(value) for key, value in held.items() if value is not absent}
    return [_present(each) for each in held] if isinstance(held, list) else held
