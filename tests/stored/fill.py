"""How the database of this folder was filled; kept to be read, not to be run again.

python -m tests.stored.fill FOLDER
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from caregiver_card.alerting.channels import mail
from caregiver_card.card import codec
from caregiver_card.storage.records import AddedCard
from caregiver_card.web import create_app
from caregiver_card.web.config import Config
from tests import cast
from tests.alerting.telling import person

MADE = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "the key of the stored cards, of nobody's use"
_CASES = Path(__file__).parent.parent / "data" / "cases"
# What the reading of that day took although it was not what had been meant.
_ODD: dict[str, dict[str, Any]] = {
    "porter": {"team.phone_24h": "030 45050 Pforte", "region": "DE"},
    "plus-lost": {"contacts[0].phone": "33142345678", "region": "DE"},
    "prometra-letters": {"pump.maker": "Flowonix", "pump.model": "Prometra ll"},
    "footnote": {"regimen.daily_dose_mcg": "96¹", "regimen.concentration_mcg_per_ml": "500"},
    "appointment-in-1-year": {"refill.next_appointment_on": "2027-11-08"},
    "old-implant": {"pump.implanted_on": "2015-10-01", "pump.replace_by": "2099-01-01"},
    "bolus": {"regimen.mode": "bolus", "refill.alarm_date": cast.absent},
    "change-in-mg": {"regimen.last_change": {"on": "2026-11-20", "from_mcg": 0.4, "to_mcg": 0.5}},
    "period-in-mg": {
        "regimen.mode": "flex",
        "regimen.daily_dose_mcg": 400,
        "regimen.schedule": [
            {"start": "00:00", "end": "12:00", "mcg": 399.6},
            {"start": "12:00", "end": "24:00", "mcg": 0.4},
        ],
    },
}


def _files() -> dict[str, dict[str, Any]]:
    files = {name: made() for name, made in cast.CAST.items()}
    files |= {path.stem: json.loads(path.read_text("utf-8")) for path in _CASES.glob("*.json")}
    return files | {name: cast.sam(changes) for name, changes in _ODD.items()}


def main(folder: Path) -> None:
    """Fill a new database in ``folder`` with all that this program takes."""
    url = f"sqlite:///{folder}/cards.sqlite"
    app = create_app(Config(url, "http://card.example", SECRET, 0), lambda: MADE)
    keeper = app.extensions["services"].cards()
    stored: dict[str, dict[str, Any]] = {}
    for name, file in sorted(_files().items()):
        reading = codec.read(cast.file_of(file), MADE.date())
        if reading.card is None:
            print(f"{name}: not taken", *map(cast.spoken, reading.errors), sep="\n  ")
            continue
        kept: AddedCard = keeper.add(reading.card, MADE, ("wallet", "school"))
        keeper.calendars.add(kept.owner, "plain phone", MADE.date())
        stored[name] = {"owner": kept.owner, "readers": [each.token for each in kept.reader_links]}
        if name in cast.CAST:
            keeper.save(kept.owner, reading.card, 1, "the same once more", LATER)
        if name in ("typical", "03-flex-without-alarm-date"):
            stored[name]["people"] = _tell(keeper, kept.owner)
    keeper.store.dispose()
    (folder / "cards.json").write_text(json.dumps(stored, indent=1, sort_keys=True))


def _tell(keeper: Any, owner: str) -> dict[str, str]:
    told = (
        person("Anna", address=mail.parse_address("anna@straße.example")),
        person("Bob", confirmed_at=None),
        person("Carmen", stopped_at=LATER),
        person("Dan", gone_at=LATER),
    )
    owned = keeper.vault.owned(owner)
    for each in told:
        keeper.alerts.invite(owned.card_id, owned.card, owned.version, each, LATER)
    return {each.name: each.token for each in told}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
