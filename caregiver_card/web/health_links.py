"""What a record system fetches, from any web page and with no token of a card.

``/s/`` answers with a card's encrypted summary, whose key is in the code alone, by GET, and by POST
in a list of files. A request may name who asks for it, and is answered as well if it does not.
"""

import json
from datetime import UTC

from flask import Blueprint, Response, jsonify, request

from caregiver_card.exports.ips.bundle import MEDIA_TYPE
from caregiver_card.storage.opening import UnknownCard
from caregiver_card.web.request_size import RECORD_FILES
from caregiver_card.web.security import REFUSED
from caregiver_card.web.server.work import page_work
from caregiver_card.web.services import get_services

_FILE = f"{RECORD_FILES}<path:address>"
_FHIR_VERSION = "4.0.1"
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "content-type",
}

bp = Blueprint("health_links", __name__)


@bp.get(_FILE, provide_automatic_options=False)
@page_work
def summary(address: str) -> Response:
    """The encrypted summary."""
    found = get_services().cards().health_links.open(address)
    return Response(found.jwe, content_type="application/jose")


@bp.post(_FILE, provide_automatic_options=False)
@page_work
def files(address: str) -> Response:
    """The list of files, which is one, with the file in it or where it is."""
    found = get_services().cards().health_links.open(address)
    file = {
        "contentType": MEDIA_TYPE,
        "fhirVersion": _FHIR_VERSION,
        "lastUpdated": found.saved_at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    most = _most_embedded()
    if most is None or len(found.jwe) <= most:
        file["embedded"] = found.jwe.decode()
    else:
        file["location"] = get_services().address("s", address)
    return jsonify(files=[file])


@bp.route(_FILE, methods=["OPTIONS"])
@page_work
def preflight(address: str) -> Response:
    """Answer what a browser asks before another site's page may send JSON: always the same."""
    return Response(status=204)


@bp.errorhandler(UnknownCard)
def absent(_error: UnknownCard) -> Response:
    """Answer for everything that is not there: never was, has ended, was stopped, is mistyped."""
    return Response(status=404)


@bp.after_app_request
def allow_other_sites(response: Response) -> Response:
    """Let pages of other sites read each answer below the prefix; each 404 is the same there.

    And what the server refuses by itself: it knows no path then, and tells nothing of a card.
    """
    is_below = request.path.startswith(RECORD_FILES)
    if is_below and response.status_code == 404:
        response = Response(status=404)
    if is_below or REFUSED in request.environ:
        response.headers.update(_CROSS_ORIGIN)
    return response


def _most_embedded() -> int | None:
    """The most characters of a file that the client takes inside the list, if it says so.

    None, where what it says came without its length, and was not read.
    """
    if request.content_length is None:
        return 0
    try:
        asked = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    most = asked.get("embeddedLengthMax") if isinstance(asked, dict) else None
    return most if isinstance(most, int) and not isinstance(most, bool) else None
