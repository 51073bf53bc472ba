"""The commands ``card status`` and ``card downgrade``, for the operator.

Neither prints anything of any patient.
"""

import sys
from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext

from caregiver_card.storage import migrations
from caregiver_card.storage.disk_space import MEGABYTE
from caregiver_card.storage.figures import figures_of
from caregiver_card.storage.migrations import way_back
from caregiver_card.storage.operator_notes import Event, OperatorNotes
from caregiver_card.web import readiness, release
from caregiver_card.web.cli.cards import AWAY, card_service, refuse, why
from caregiver_card.web.limiting import LIMITS
from caregiver_card.web.services import get_services


@click.command("status")
@with_appcontext
def status() -> None:
    """Versions, queue, last pass and backup, limits, free space; every fault on standard error.

    The exit status is 2 if there is a fault.
    """
    store = card_service().store
    try:
        for name, words in _lines():
            click.echo(f"{name}: {words}")
    except AWAY as error:
        refuse(why(error), "database")
    found = readiness.check(get_services())
    for name, fault in found.faults.items():
        if fault:
            click.echo(f"ERROR {name}: {fault}", err=True)
    store.dispose()
    if not found.is_ready:
        sys.exit(2)


@click.command("downgrade")
@click.argument("schema")
@with_appcontext
def downgrade(schema: str) -> None:
    """Take the database back to an earlier program's SCHEMA, such as 0004.

    Stop the server and every sender first, and start the earlier program next: this one brings the
    database up again. Nothing is changed where a card needs a newer program.
    """
    store = card_service().store
    try:
        way_back.downgrade(store.engine, schema)
    except way_back.NoWayBack as error:
        refuse(str(error), "schema")
    except AWAY as error:
        refuse(why(error), "database")
    finally:
        store.dispose()
    click.echo(f"schema: {schema}")


def _lines() -> list[tuple[str, str]]:
    services, store = get_services(), card_service().store
    now, figures = services.clock(), figures_of(store.engine)
    notes, free = OperatorNotes(store.engine).read(), store.disk.free()
    channels = ", ".join(sorted(services.config.channels)) or "none"
    signer = services.pass_signer
    return [
        ("program", f"{release.VERSION}, released {release.RELEASED_ON}"),
        ("schema", f"{figures.schema}; this program's is {migrations.HEAD}"),
        ("database", figures.database),
        ("cards", f"{figures.cards}, {figures.told} of them with people told"),
        ("channels", channels),
        ("wallet passes", f"until {signer.ends_at:%Y-%m-%d}" if signer else "off"),
        ("messages waiting", str(figures.waiting)),
        ("oldest waiting", _moment(figures.oldest_waiting, now, "none")),
        ("sender last ran", _moment(readiness.last_pass(store), now, "never")),
        ("last backup", _moment(notes.get(Event.BACKUP), now, "never")),
        ("limits used up", _limits_used_up()),
        ("free space", f"{free // MEGABYTE} MB" if free is not None else "not measured"),
        ("floor", f"{services.config.disk_floor} MB"),
    ]


def _limits_used_up() -> str:
    if (limiter := get_services().limiter()) is None:
        return "off"
    if (used_up := limiter.used_up(LIMITS)) is None:
        return "cannot be asked"
    counts = [
        f"{limit.name} {count} times since {ends - timedelta(days=1):%Y-%m-%d %H:%M} UTC"
        for limit, count, ends in used_up
    ]
    return ", ".join(counts) or "none"


def _moment(at: datetime | None, now: datetime, missing: str) -> str:
    if at is None:
        return missing
    ago = max(now - at, timedelta())
    return f"{at:%Y-%m-%d %H:%M} UTC, {ago // timedelta(minutes=1)} minutes ago"
