"""The progressive web app: manifests, service worker, offline copies, and texts for a phone."""

import hashlib
import json
import re
from functools import cache

from flask import Blueprint, Response, render_template

from caregiver_card.card.patient_clock import patient_day
from caregiver_card.exports import medical_id_texts
from caregiver_card.pages.page_version import build_hash
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.records import OpenedCard
from caregiver_card.style_sheets import colour
from caregiver_card.web import responses, templating
from caregiver_card.web.bedside import companion_pages
from caregiver_card.web.config import ROOT
from caregiver_card.web.server.work import page_work
from caregiver_card.web.services import get_services

# The service worker caches these pages and files beside the offline copies. None shows a patient.
PAGES = ("/", "/beeping", "/guide", "/offline", "/signs")
FILES = (
    "/static/css/site.css",
    "/static/js/copies.js",
    "/static/js/days.js",
    "/static/js/home.js",
    "/static/js/see.js",
    "/static/js/shelf.js",
)
# Served as one file, so that no part can be missing or of another version.
_WORKER = ("js/days.js", "js/copies.js", "js/phone.js", "sw.js")
_STATIC = ROOT / "static"
# Of all that a policy governs, the worker needs fetching alone.
_WORKER_POLICY = "default-src 'none'; connect-src 'self'"
_ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
)
# What an NFC tag holds besides the characters of an address, in bytes, at most: the headers of the
# record, of its URI and of the tag's entry (NFC Forum).
_TAG_BYTES = 8

bp = Blueprint("pwa", __name__)
templating.with_script(bp)


@bp.get("/sw.js")
@page_work
def worker() -> Response:
    """The service worker; with ``CARD_OFFLINE=off``, one that unregisters itself."""
    offline = get_services().config.offline
    source = _worker_source() if offline else (_STATIC / "sw-off.js").read_text("utf-8")
    response = responses.send_compressed(source.encode(), "text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = _WORKER_POLICY
    return response


@cache
def _worker_source() -> str:
    """Join the worker's scripts, after its constants: the version and the paths to cache.

    Comments are left out, since every phone stores this file.
    """
    sources = [(_STATIC / name).read_text("utf-8") for name in _WORKER]
    scripts = re.sub(r"^(?:export | *//.*\n)", "", "\n".join(sources), flags=re.MULTILINE)
    constants = {"VERSION": _version(scripts), "ASSETS": [*PAGES, *FILES]}
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    return "\n".join([*lines, scripts])


def _version(scripts: str) -> str:
    """A hash of everything that the cached pages are made from."""
    digest = hashlib.sha256((build_hash() + scripts).encode())
    for folder in (ROOT / "templates", _STATIC / "js"):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(json.dumps(path.name).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@bp.get("/manifest.webmanifest")
@page_work
def manifest() -> Response:
    """The manifest of the app without a card."""
    return _manifest("/", get_services().content.say("phone.app"), [("beeping", "/beeping")])


@bp.get("/c/<token>/manifest.webmanifest")
@page_work
def card_manifest(token: str) -> Response:
    """The manifest of the app that opens one card."""
    patient, path = _lasting(token).card.patient, _card_path(token)
    name = get_services().content.say("phone.app_of", name=patient.full_name)
    start = f"{path}/keep?app"
    shortcuts = [("card", start), ("call", f"{start}#call"), ("beeping", f"{path}/beeping")]
    return _manifest(start, name, shortcuts)


def _manifest(start: str, name: str, shortcuts: list[tuple[str, str]]) -> Response:
    content = get_services().content
    manifest = {
        "id": start,
        "name": name,
        "short_name": content.say("phone.app"),
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "lang": content.language,
        "theme_color": colour("danger"),
        "background_color": colour("paper"),
        "icons": [
            {"src": f"/static/icons/{file}", "sizes": sizes, "type": "image/png", "purpose": use}
            for file, sizes, use in _ICONS
        ],
        "shortcuts": [
            {"name": content.say(f"phone.shortcut-{key}"), "url": url} for key, url in shortcuts
        ],
    }
    return Response(json.dumps(manifest), content_type="application/manifest+json")


@bp.get("/offline")
@page_work
def offline() -> str:
    """The page that the worker shows instead of one that it cannot fetch."""
    return render_template("pwa/offline.html")


@bp.get("/c/<token>/keep")
def keep(token: str) -> str:
    """The page whose script, on request, stores the card on this phone and reports the result."""
    services, card = get_services(), _lasting(token).card
    address = services.address("c", read_token(token))
    return render_template(
        "pwa/keep.html",
        name=card.patient.full_name,
        card=_card_path(token),
        on=services.config.offline,
        today=patient_day(card, services.clock()),
        address=address,
        tag_bytes=len(address) + _TAG_BYTES,
    )


@bp.get("/c/<token>/medical-id")
def medical_id(token: str) -> str:
    """The texts for a phone's own emergency screen, ready to copy."""
    briefing = get_services().cards().briefing(token, lasting=True)
    return render_template(
        "pwa/medical-id.html",
        b=briefing,
        card=_card_path(token),
        phones=medical_id_texts.texts(briefing),
    )


@bp.get("/c/<token>/kept.json")
def offline_copy(token: str) -> Response:
    """The offline copy of a card, as JSON."""
    cards = get_services().cards()
    copy = cards.offline_copy(token, lambda briefing: companion_pages(token, briefing))
    return responses.send_compressed(copy, "application/json")


def _lasting(token: str) -> OpenedCard:
    """The card for this phone to keep, which no link that ends has."""
    return get_services().cards().vault.lasting_card(token)


def _card_path(token: str) -> str:
    return f"/c/{read_token(token)}"
