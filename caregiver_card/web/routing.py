"""How addresses are matched, beyond Flask's own rules."""

from flask import Flask
from werkzeug.routing import BaseConverter


class VersionNumber(BaseConverter):
    """The number of a version in an address: as many digits as the forms take (``saving.version``).

    Flask's own ``int`` takes any number; a database does not, and says so by failing.
    """

    regex = "[0-9]{1,7}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)


def prepare(app: Flask) -> None:
    """Set the rules, before any address is registered."""
    app.url_map.converters["version"] = VersionNumber
    # With it, an address with "//" in it is answered by a redirect to the host that the request
    # names, whoever's that is.
    app.url_map.merge_slashes = False
