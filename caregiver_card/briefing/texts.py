"""The interface texts of one language, read from its files.

A text that counts something is a table of its forms, by the plural categories of CLDR:
``{ one = "{count} day", other = "{count} days" }``.
"""

from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import tomli

from caregiver_card.briefing.statements import IncompleteContent

_CATEGORIES = {"zero", "one", "two", "few", "many", "other"}
Texts = dict[str, str]
Forms = dict[str, dict[str, str]]


def read(folder: Path, categories: Set[str]) -> tuple[Texts, Forms]:
    """Read the texts of all files in ``folder``, and the texts that have forms.

    Raises ``IncompleteContent`` for a key that two files have, and for forms that are not exactly
    the ``categories`` of the language.
    """
    plain: Texts = {}
    forms: Forms = {}
    for path in sorted(folder.glob("*.toml")):
        found, counting = _flatten(tomli.loads(path.read_text("utf-8")))
        if repeated := (plain.keys() | forms.keys()) & (found.keys() | counting.keys()):
            raise IncompleteContent(f"{path.name}: {min(repeated)} stands in another file already")
        plain |= found
        forms |= counting
    for place, held in forms.items():
        if held.keys() != categories:
            raise IncompleteContent(f"{place} needs the forms {', '.join(sorted(categories))}")
    return plain, forms


def check_complete(
    plain: Texts, forms: Forms, english: Texts, english_forms: Forms, language: str
) -> None:
    """Raise ``IncompleteContent`` for a text that only one of two languages has."""
    pairs = ((english, plain), (english_forms, forms))
    for places, held in pairs:
        if missing := places.keys() - held.keys():
            raise IncompleteContent(f"{language} lacks the text {min(missing)}")
        if unknown := held.keys() - places.keys():
            raise IncompleteContent(f"{language} has a text that English lacks: {min(unknown)}")


def _flatten(table: Mapping[str, Any], prefix: str = "") -> tuple[Texts, Forms]:
    plain: Texts = {}
    forms: Forms = {}
    for key, value in table.items():
        place = f"{prefix}{key}"
        if not isinstance(value, dict):
            plain[place] = value
        elif value.keys() <= _CATEGORIES:
            forms[place] = value
        else:
            found, counting = _flatten(value, f"{place}.")
            plain |= found
            forms |= counting
    return plain, forms
