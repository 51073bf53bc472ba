"""The command ``card review``: a form for a clinician, and what comes back."""

import sys
from pathlib import Path

import click

from caregiver_card import files
from caregiver_card.briefing import languages, reviews
from caregiver_card.pages import review_form
from caregiver_card.web.cli.cards import refuse, write
from caregiver_card.web.services import get_services

# A form with every comment as long as a page; more is no form.
_LARGEST = 8 * 1024 * 1024


@click.command()
@click.option("--language", help="The language to review, such as es; en is one as well.")
@click.option("--out", help="Where to write the form; - for standard output.")
@click.option("--in", "filled", help="A form that came back.")
def review(language: str | None, out: str | None, filled: str | None) -> None:
    """Write a form to review a language's clinical statements, or enter one that came back."""
    if bool(filled) == bool(language and out):
        refuse("give --language and --out for a form, or --in for one that came back")
    if filled:
        _enter(filled)
    elif language not in languages.offered():
        refuse(languages.refusal(language))
    elif out:
        write(out, review_form.page(languages.content_of(language)).encode())


def _enter(path: str) -> None:
    services = get_services()
    target = Path(services.config.reviews)
    try:
        raw = Path(path).read_bytes()
        held = reviews.read(target.read_bytes()) if target.exists() else {}
        if len(raw) > _LARGEST:
            refuse("the form is larger than any form")
        offered = {tag: languages.content_of(tag).statements for tag in languages.offered()}
        form = reviews.filled(raw, offered, services.today)
        merged = held.get(form.language, {}) | form.reviews
        # What is called wrong now is not right any more.
        kept = {place: each for place, each in merged.items() if place not in form.wrong}
        target.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(str(target), reviews.write({**held, form.language: kept}))
    except OSError as error:
        refuse(f"{error.filename or path}: {error.strerror}")
    except reviews.WrongReview as error:
        refuse(str(error))
    click.echo(f"{len(form.reviews)} statements reviewed; restart the server to show it")
    for place in form.changed:
        click.echo(f"{place}: its words have changed since the form was written", err=True)
    for place, comment in form.wrong.items():
        click.echo(f"{place}: called wrong: {comment}", err=True)
    if form.wrong or form.changed:
        sys.exit(1)
