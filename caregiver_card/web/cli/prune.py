"""The command ``card prune``: list, and remove, cards that were never used."""

from datetime import timedelta

import click

from caregiver_card.storage import pruning
from caregiver_card.storage.database import StoreFailure
from caregiver_card.web.cli.cards import card_service, refuse
from caregiver_card.web.services import get_services

# Characters of a record id: enough to tell the cards of an installation apart.
_ID_CHARS = 12


@click.command("prune")
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(1, 36500),
    required=True,
    metavar="DAYS",
    help="Only cards that were made more than so many days ago.",
)
@click.option("--yes", is_flag=True, help="Remove them, for good; without it they are listed.")
def prune(days: int, yes: bool) -> None:
    """List cards with one version, one copy that nobody opened, and nobody told.

    A printed card that was never scanned is one of them: its code opens nothing once it is removed.
    """
    store, before = card_service().store, get_services().today - timedelta(days=days)
    try:
        unused = (pruning.delete_unused if yes else pruning.find_unused)(store, before)
    except StoreFailure as error:
        refuse(f"cannot be read or written ({type(error).__name__})", "database")
    for each in unused:
        click.echo(f"{each.made_on} {each.card_id.hex()[:_ID_CHARS]}")
    done = "removed" if yes else "nothing was removed; --yes removes them"
    click.echo(f"{len(unused)} unused: {done}" if unused else "0 unused")
