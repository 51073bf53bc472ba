"""The app: its manifests, its worker, what a phone can keep or be given of a card, and the copy."""

import hashlib
import json
import re
from functools import cache

from flask import Blueprint, Response, render_template

from caregiver_card.card.patient_clock import patient_day
from caregiver_card.exports import medical_id_texts
from caregiver_card.pages.page_version import code_hash
from caregiver_card.storage.crypto import read_token
from caregiver_card.style_sheets import colour
from caregiver_card.web import responses, templating
from caregiver_card.web.bedside import companion_pages
from caregiver_card.web.config import ROOT
from caregiver_card.web.services import services

# What opens without a network beside the kept cards. No page here knows a patient.
PAGES = ("/", "/beeping", "/guide", "/offline", "/signs")
FILES = (
    "/static/css/site.css",
    "/static/js/copies.js",
    "/static/js/days.js",
    "/static/js/home.js",
    "/static/js/see.js",
    "/static/js/shelf.js",
)
# The worker is one file: nothing of it can be missing, or of another version.
_WORKER = ("js/days.js", "js/copies.js", "js/phone.js", "sw.js")
_STATIC = ROOT / "static"
# A worker fetches, and does nothing else that a policy knows of.
_WORKER_POLICY = "default-src 'none'; connect-src 'self'"
_ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
)

# What a tag holds beside the letters of an address, at most: the heads of the record, of the URI
# in it and of the tag's own entry (NFC Forum).
_TAG_BYTES = 8

keeping = Blueprint("pwa", __name__)
templating.with_script(keeping)


@keeping.get("/sw.js")
def worker() -> Response:
    """The worker; with the kill switch on, one that takes itself away."""
    source = _source() if services().config.offline else (_STATIC / "sw-off.js").read_text("utf-8")
    response = responses.packed(source.encode(), "text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = _WORKER_POLICY
    return response


@cache
def _source() -> str:
    """The scripts of the worker as one, behind what it is to keep and the version of that.

    Without their comments, which would be a fifth of what a phone has to keep of it.
    """
    texts = [(_STATIC / name).read_text("utf-8") for name in _WORKER]
    scripts = re.sub(r"^(?:export | *//.*\n)", "", "\n".join(texts), flags=re.MULTILINE)
    constants = {"VERSION": _version(scripts), "ASSETS": [*PAGES, *FILES]}
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    return "\n".join([*lines, scripts])


def _version(scripts: str) -> str:
    """A mark of all that the shell is made of: code, words, templates, styles and scripts."""
    digest = hashlib.sha256((code_hash() + scripts).encode())
    for folder in (ROOT / "templates", _STATIC / "js"):
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            digest.update(json.dumps(path.name).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@keeping.get("/manifest.webmanifest")
def manifest() -> Response:
    """The app without a card."""
    return _manifest("/", services().content.say("phone.app"), [("beeping", "/beeping")])


@keeping.get("/c/<token>/manifest.webmanifest")
def card_manifest(token: str) -> Response:
    """The app that opens one card."""
    name = services().content.say("phone.app_of", name=_name(token))
    start = f"{_home(token)}/keep?app"
    shortcuts = [("card", start), ("call", f"{start}#call"), ("beeping", f"{_home(token)}/beeping")]
    return _manifest(start, name, shortcuts)


def _manifest(start: str, name: str, shortcuts: list[tuple[str, str]]) -> Response:
    content = services().content
    made = {
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
    return Response(json.dumps(made), content_type="application/manifest+json")


@keeping.get("/offline")
def offline() -> str:
    """What the worker shows in the place of a page that there is no network for."""
    return render_template("pwa/offline.html")


@keeping.get("/c/<token>/keep")
def keep(token: str) -> str:
    """Keep this card on this phone: a script does it when it is asked to, and says what came."""
    here, card = services(), services().keeper().vault.card(token).card
    address = here.address("c", read_token(token))
    return render_template(
        "pwa/keep.html",
        name=card.patient.full_name,
        card=_home(token),
        on=here.config.offline,
        today=patient_day(card, here.clock()),
        address=address,
        tag_bytes=len(address) + _TAG_BYTES,
    )


@keeping.get("/c/<token>/medical-id")
def medical_id(token: str) -> str:
    """The texts for a phone's own emergency screen, each to be copied as it stands."""
    b = services().keeper().briefing(token)
    return render_template(
        "pwa/medical-id.html", b=b, card=_home(token), phones=medical_id_texts.texts(b)
    )


@keeping.get("/c/<token>/kept.json")
def copy(token: str) -> Response:
    """The card for a phone without a network."""
    made = (
        services().keeper().offline_copy(token, lambda briefing: companion_pages(token, briefing))
    )
    return responses.packed(made, "application/json")


def _name(token: str) -> str:
    return services().keeper().vault.card(token).card.patient.full_name


def _home(token: str) -> str:
    return f"/c/{read_token(token)}"
