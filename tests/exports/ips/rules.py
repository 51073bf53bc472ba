"""The rules of a hospital's summary together: what a bundle breaks, by the name of the rule."""

from tests.exports.ips import document_rules, entry_rules
from tests.exports.ips.reading import Json

RULES = (*document_rules.RULES, *entry_rules.RULES)


def faults(bundle: Json) -> list[tuple[str, str]]:
    """Every fault of a bundle: the rule, and what breaks it."""
    return [(rule.__name__, fault) for rule in RULES for fault in rule(bundle)]
