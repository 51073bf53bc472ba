"""``/readyz`` and the metrics, for the operator; neither says anything of a patient.

A proxy routes by ``/healthz`` alone: what is not ready still opens cards.
"""

from datetime import datetime

from flask import Blueprint, Flask, Response, current_app

from caregiver_card.storage.figures import Figures, figures_of
from caregiver_card.storage.operator_notes import Event, OperatorNotes
from caregiver_card.storage.rows import OutboxState
from caregiver_card.storage.store import Store
from caregiver_card.web import readiness, release
from caregiver_card.web.readiness import Readiness, ReadinessCheck
from caregiver_card.web.services import Services, get_services

_CHECK = "readiness"
_PREFIX = "caregiver_card"
# One name and one value a line: Prometheus's text format 0.0.4.
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

bp = Blueprint("health", __name__)


def init(app: Flask, services: Services) -> None:
    """Add the addresses; that of the metrics only where one is set."""
    app.extensions[_CHECK] = ReadinessCheck(services)
    app.register_blueprint(bp)
    if services.config.metrics_path:
        app.add_url_rule(services.config.metrics_path, "metrics", metrics)


@bp.get("/readyz")
def ready() -> Response:
    """A line for each check: ``ok``, or its fault in words; 503 if there is one."""
    found = _readiness()
    lines = [f"{name}: {fault or 'ok'}" for name, fault in found.faults.items()]
    return Response("\n".join(lines) + "\n", 200 if found.is_ready else 503, mimetype="text/plain")


def metrics() -> Response:
    """The figures of the installation, from its database: the same from every process."""
    services, found = get_services(), _readiness()
    store = services.cards().store
    samples = [
        *_samples(figures_of(store.engine), services.clock()),
        *_moments(store),
        *(_sample("ready", not fault, check=name) for name, fault in found.faults.items()),
    ]
    if (free := store.disk.free()) is not None:
        samples += [_sample("disk_free_bytes", free), _sample("disk_floor_bytes", store.disk.floor)]
    return Response("\n".join(samples) + "\n", content_type=_METRICS_TYPE)


def _readiness() -> Readiness:
    check: ReadinessCheck = current_app.extensions[_CHECK]
    return check()


def _samples(figures: Figures, now: datetime) -> list[str]:
    oldest = figures.oldest_waiting
    age = (now - oldest).total_seconds() if oldest else 0
    about = {"version": release.VERSION, "schema": figures.schema, "database": figures.database}
    return [
        _sample("info", 1, **about),
        _sample("cards", figures.cards),
        _sample("versions", figures.versions),
        _sample("cards_told", figures.told),
        *(
            _sample("messages", figures.messages.get(state, 0), state=state.name.lower())
            for state in OutboxState
        ),
        _sample("oldest_waiting_seconds", max(0, age)),
    ]


def _moments(store: Store) -> list[str]:
    """The last pass and the last backup, in seconds since 1970; nothing of what never was."""
    times = {
        "sender_last_run": readiness.last_pass(store),
        "backup_last": OperatorNotes(store.engine).read().get(Event.BACKUP),
    }
    return [
        _sample(f"{name}_timestamp_seconds", at.timestamp()) for name, at in times.items() if at
    ]


def _sample(name: str, value: float, **labels: str) -> str:
    """Write one line. The labels are our own words, which hold nothing to be escaped."""
    named = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return (
        f"{_PREFIX}_{name}{{{named}}} {float(value):g}"
        if named
        else (f"{_PREFIX}_{name} {float(value):.15g}")
    )
