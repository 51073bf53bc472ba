"""The web and the command line: ``create_app`` builds the Flask application.

This room turns requests and commands into calls of the rooms below it, and their results into
responses. It may use every other room, and it alone imports Flask; no other room imports it.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from caregiver_card.alerting.service import AlertService
from caregiver_card.briefing import languages, reviews
from caregiver_card.briefing.content import use_reviews
from caregiver_card.card_service import CardService
from caregiver_card.storage import key_check
from caregiver_card.storage.disk_space import MEGABYTE
from caregiver_card.storage.limiter import Limiter, make_limiter
from caregiver_card.storage.store import open_store
from caregiver_card.web import (
    batch_upload,
    bedside,
    health,
    health_links,
    help_pages,
    hospital_record,
    hospital_upload,
    new_card,
    paper_check,
    pass_files,
    pwa,
    reader,
    redaction,
    request_language,
    responses,
    routing,
    security,
    start_page,
    styles_page,
    templating,
)
from caregiver_card.web.alerts import closed, overview, push, recipient_pages, recipients, snooze
from caregiver_card.web.cli import GROUPS
from caregiver_card.web.config import ROOT, Config, WrongSetting
from caregiver_card.web.owner import (
    address,
    after_save,
    calendar,
    edit,
    export,
    history,
    home,
    hospital_comparison,
    prints,
    pump_alarm_note,
    record_codes,
    wallet_pass,
)
from caregiver_card.web.page_shortcut import PageShortcut
from caregiver_card.web.services import Services

_BLUEPRINTS = (
    reader.bp,
    hospital_record.bp,
    health_links.bp,
    bedside.bp,
    paper_check.bp,
    pwa.bp,
    help_pages.bp,
    styles_page.bp,
    start_page.bp,
    new_card.bp,
    hospital_upload.bp,
    batch_upload.bp,
    home.bp,
    prints.bp,
    edit.bp,
    hospital_comparison.bp,
    after_save.bp,
    history.bp,
    export.bp,
    calendar.bp,
    pump_alarm_note.bp,
    record_codes.bp,
    address.bp,
    overview.bp,
    recipients.bp,
    snooze.bp,
    recipient_pages.bp,
    push.bp,
)


def create_app(config: Config, clock: Callable[[], datetime] | None = None) -> Flask:
    """Create the application.

    ``clock`` returns the present moment as an aware datetime; the default is the system's clock.
    The first use of ``Services.cards`` opens the database, and sets it up if it is empty.
    """
    app = Flask(
        __name__, static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates")
    )
    security.sign_sessions(app, config.secret_key)
    clock = clock or _now
    _use_reviews(config.reviews)
    # An incomplete language stops the program here.
    languages.offered()

    cards = cache(partial(_open_cards, config, clock))

    @cache
    def limiter() -> Limiter | None:
        return _make_limiter(config, clock, app.logger) if config.limits else None

    services = Services(config, cards, clock, limiter, pass_files.read(config))
    app.extensions["services"] = services
    _add_addresses(app, services)
    for group in GROUPS:
        app.cli.add_command(group)
    security.protect(app)
    closed.refuse_without_key(app, config)
    app.after_request(responses.compress_static)
    templating.init_templates(app, config.public_url)
    # They change nothing; a page of a phone's offline copy and a record system have no CSRF token.
    list(map(app.extensions["csrf"].exempt, (bedside.bp, start_page.bp, health_links.bp)))
    redaction.redact_handlers(app.logger)
    redaction.redact_server_log()
    shortcut = PageShortcut(app.wsgi_app, cards, clock)
    app.wsgi_app = _wrap(shortcut, config)  # type: ignore[method-assign]
    return app


def _add_addresses(app: Flask, services: Services) -> None:
    routing.prepare(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    if services.pass_signer:
        app.register_blueprint(wallet_pass.bp)
    health.init(app, services)


def _open_cards(config: Config, clock: Callable[[], datetime]) -> CardService:
    store = open_store(config.database_url, config.disk_floor * MEGABYTE)
    key_check.begin(store.engine, config.secret_key)
    alerts = AlertService(store.engine, config.secret_key)
    return CardService(store, alerts, request_language.of_card, clock)


def _use_reviews(path: str) -> None:
    try:
        found = reviews.read(Path(path).read_bytes()) if path and Path(path).exists() else {}
    except (OSError, reviews.WrongReview) as error:
        raise WrongSetting(f"CARD_REVIEWS: {error}") from error
    use_reviews(found)


def _make_limiter(config: Config, clock: Callable[[], datetime], logger: logging.Logger) -> Limiter:
    addresses = config.database_url, config.limits_url
    return make_limiter(*addresses, config.secret_key, clock, logger.warning)


def _wrap(wsgi_app: Any, config: Config) -> Any:
    wrapped, proxies = security.FixedHeaders(wsgi_app, config), config.trusted_proxies
    # No host and no prefix: no address that the program gives is made from what a client says.
    return ProxyFix(wrapped, x_for=proxies, x_proto=proxies) if proxies else wrapped


def _now() -> datetime:
    return datetime.now(UTC)
