"""The only place that imports Flask: ``create_app`` wires the core to the web."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from caregiver_card.alerting.service import AlertService
from caregiver_card.briefing.content import load
from caregiver_card.card_service import CardService
from caregiver_card.storage.store import open_store
from caregiver_card.web import redaction, responses, security, templating
from caregiver_card.web.alerts.overview import telling
from caregiver_card.web.alerts.push import notifying
from caregiver_card.web.alerts.recipient_pages import answering
from caregiver_card.web.alerts.recipients import members
from caregiver_card.web.alerts.snooze import pausing
from caregiver_card.web.batch_upload import upload
from caregiver_card.web.bedside import asking
from caregiver_card.web.cli import GROUPS
from caregiver_card.web.config import ROOT, Config
from caregiver_card.web.new_card import newcard
from caregiver_card.web.owner.address import key
from caregiver_card.web.owner.after_save import choosing
from caregiver_card.web.owner.calendar import calendars
from caregiver_card.web.owner.edit import editor
from caregiver_card.web.owner.export import belongings
from caregiver_card.web.owner.history import history
from caregiver_card.web.owner.home import owner
from caregiver_card.web.owner.pump_alarm_note import heard
from caregiver_card.web.paper_check import papers
from caregiver_card.web.pwa import keeping
from caregiver_card.web.reader import public
from caregiver_card.web.services import Services

_VIEWS = (
    public,
    asking,
    papers,
    keeping,
    newcard,
    upload,
    owner,
    editor,
    choosing,
    history,
    belongings,
    calendars,
    heard,
    key,
    telling,
    members,
    pausing,
    answering,
    notifying,
)


def create_app(config: Config, clock: Callable[[], datetime] | None = None) -> Flask:
    """The application; ``clock`` gives the present moment, aware, and is the real one if absent.

    The database is opened, and set up if it is empty, by what first needs it.
    """
    app = Flask(
        __name__, static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates")
    )
    app.secret_key = config.secret_key
    app.session_interface = security.Sessions()
    content, clock = load(), clock or _now

    @cache
    def keeper() -> CardService:
        store = open_store(config.database_url)
        return CardService(store, content, AlertService(store.engine, config.secret_key, content))

    app.extensions["services"] = Services(config, content, keeper, clock)
    for views in _VIEWS:
        app.register_blueprint(views)
    for group in GROUPS:
        app.cli.add_command(group)
    security.protect(app)
    app.after_request(responses.file)
    templating.init_templates(app, content, config.public_url)
    # What is sent there is answered and forgotten; a copy of the page from a device can send it.
    app.extensions["csrf"].exempt(asking)
    for logger in (app.logger, logging.getLogger("werkzeug")):
        redaction.redact_handlers(logger)
    app.wsgi_app = _wrapped(app.wsgi_app, config)  # type: ignore[method-assign]
    return app


def _wrapped(wsgi_app: Any, config: Config) -> Any:
    wrapped, proxies = security.FixedHeaders(wsgi_app, config.public_url), config.trusted_proxies
    return ProxyFix(wrapped, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else wrapped


def _now() -> datetime:
    return datetime.now(UTC)
