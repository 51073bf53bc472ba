"""``/styles``: every component of the caregiver's pages, for ``flask --debug`` alone."""

from flask import Blueprint, abort, current_app, render_template

from caregiver_card.web import templating

bp = Blueprint("styles_page", __name__)
templating.with_script(bp)


@bp.get("/styles")
def styles() -> str:
    """Show the components; there is no such page without ``flask --debug``."""
    if not current_app.debug:
        abort(404)
    return render_template("styles_page.html")
