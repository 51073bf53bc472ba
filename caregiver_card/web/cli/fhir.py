"""``card fhir``: a card file as a summary for a hospital's record system."""

import hashlib
from uuid import NAMESPACE_URL, uuid5

import click

from caregiver_card.briefing import languages
from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec
from caregiver_card.exports.ips import bundle
from caregiver_card.printing import print_languages, printer
from caregiver_card.printing.errors import UNPRINTABLE, reason
from caregiver_card.web.cli import cards
from caregiver_card.web.services import get_services


@click.command()
@cards.FILE
@click.option("--pdf", is_flag=True, help="Put the emergency sheet in.")
@cards.OUT
def fhir(file: str, pdf: bool, out: str) -> None:
    """Write a summary for a hospital's record system (HL7 IPS 2.0, FHIR R4)."""
    services, card = get_services(), cards.valid_card(file)
    own = languages.content_for(card)
    briefing, sheet = brief(card, own), None
    if pdf:
        guide = f"{services.config.public_url}/guide"
        english = print_languages.in_english(card, own)
        try:
            sheet = printer.make_pdf("sheet", briefing, guide, to_guide=True, english=english)
        except UNPRINTABLE as error:
            cards.refuse(reason(error, own))
    seed = uuid5(NAMESPACE_URL, hashlib.sha256(codec.encode_shared(card)).hexdigest())
    cards.write(out, bundle.encode(bundle.bundle(card, briefing, seed, services.clock(), sheet)))
