"""The time zones that a form offers, a country's own first."""

from functools import cache
from itertools import chain
from operator import itemgetter
from zoneinfo import available_timezones

from babel.core import get_global

from caregiver_card.briefing.content import Content


def choices(
    content: Content, region: str, chosen: str = ""
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones to choose from, in groups: a country's own first, then all.

    ``chosen``, the present choice, stays among them even under a name that is no longer used.
    """
    own, everywhere = _zones(region), _zones()
    if chosen in available_timezones() and chosen not in everywhere:
        own = sorted({*own, chosen})
    groups = [(content.country(region), own), (content.say("form.zones_all"), everywhere)]
    return [
        (name, sorted(map(_choice, zones), key=itemgetter(1))) for name, zones in groups if zones
    ]


def only_one(region: str) -> str:
    """Return the time zone of a country that has just one; otherwise an empty string."""
    zones = _zones(region)
    return zones[0] if len(zones) == 1 else ""


@cache
def _zones(region: str = "") -> list[str]:
    """Return the names of a country's time zones, or those of all countries."""
    table = get_global("territory_zones")
    named = table.get(region, ()) if region else {"UTC", *chain.from_iterable(table.values())}
    return sorted({*named} & available_timezones())


def _choice(zone: str) -> tuple[str, str]:
    """Return a time zone and how a list shows it: town first, since people look for the town."""
    area, _, town = zone.replace("_", " ").rpartition("/")
    return zone, f"{town} ({area})" if area else town
