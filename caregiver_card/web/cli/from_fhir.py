"""``card from-fhir``: a hospital's summary as the beginning of a card file."""

import json
import re
from typing import Any

import click

from caregiver_card.card import codec
from caregiver_card.card.model import FORMAT
from caregiver_card.questionnaire import hospital_file
from caregiver_card.web.cli import cards
from caregiver_card.web.services import get_services

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


@click.command("from-fhir")
@click.argument("file", metavar="FILE.json")
@cards.OUT
def from_fhir(file: str, out: str) -> None:
    """Begin a card file with what a hospital's summary (HL7 IPS, FHIR R4) says.

    It says what it took and what not; the rest is still to be filled in.
    """
    try:
        with click.open_file(file, "rb") as stream:
            raw = stream.read(hospital_file.MAX_BYTES + 1)
        found = hospital_file.read(raw)
    except OSError as error:
        cards.refuse(error.strerror or str(error))
    except hospital_file.WrongFile as error:
        cards.refuse(str(error))
    content: dict[str, Any] = {"format": FORMAT}
    for path, value in found.answers.items():
        _put(content, path, value)
        click.echo(f"from the hospital's file: {path}: {value}", err=True)
    for each in found.skipped:
        click.echo(f"not taken: {each.what}: {each.words}: {each.why}", err=True)
    written = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
    for fault in codec.read(written, get_services().today).errors:
        click.echo(f"still to be filled in: {fault.path}", err=True)
    cards.write(out, written)


def _put(content: dict[str, Any], path: str, value: str) -> None:
    """Put a value at a path such as ``allergies.items[0].substance``."""
    *steps, (last, _) = _STEP.findall(path)
    here: Any = content
    for name, index in steps:
        here = here.setdefault(name, [] if index else {})
        if index:
            here += [{} for _ in range(int(index) + 1 - len(here))]
            here = here[int(index)]
    here[last] = value
