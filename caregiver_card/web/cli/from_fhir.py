"""``card from-fhir``: a hospital's summary as the beginning of a card file."""

import json
from typing import Any

import click

from caregiver_card.card import codec
from caregiver_card.card.model import FORMAT
from caregiver_card.questionnaire import flatten, hospital_answers, hospital_file, hospital_texts
from caregiver_card.questionnaire.hospital_file import HospitalFile, WrongFile
from caregiver_card.web.cli import cards
from caregiver_card.web.services import get_services


@click.command("from-fhir")
@click.argument("file", metavar="FILE.json")
@click.option(
    "--card",
    "begun",
    metavar="CARD.json",
    help="A card of the same person: what the summary says fills what is empty in it.",
)
@cards.OUT
def from_fhir(file: str, begun: str | None, out: str) -> None:
    """Begin a card file with what a hospital's summary (HL7 IPS, FHIR R4) says.

    It says what it took and what not; the rest is still to be filled in.
    """
    content = get_services().content
    values: dict[str, Any] = {"format": FORMAT}
    if begun:
        values = flatten.flatten(json.loads(codec.encode(cards.valid_card(begun))))
    try:
        given = {path: str(value) for path, value in values.items()}
        found = hospital_answers.beside(given, _read(file))
    except WrongFile as wrong:
        cards.refuse(hospital_texts.refusal(wrong, content))
    for path, value in found.answers.items():
        click.echo(f"{path}: {value}: {content.say('hospital.mark')}", err=True)
    for label, words, why in hospital_texts.left(found, content):
        click.echo(f"{content.say('hospital.left')}: {label}: {words}: {why}", err=True)
    written = _encode(flatten.unflatten(values | found.answers))
    for fault in codec.read(written, get_services().today).errors:
        click.echo(f"still to be filled in: {fault.path}", err=True)
    cards.write(out, written)


def _read(file: str) -> HospitalFile:
    try:
        with click.open_file(file, "rb") as stream:
            # One byte more than the limit, so that the reader sees that the file is too large.
            return hospital_file.read(stream.read(hospital_file.MAX_BYTES + 1))
    except OSError as error:
        cards.refuse(error.strerror or str(error))


def _encode(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
