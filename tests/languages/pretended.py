"""A language that nobody speaks, made from the English in a test's own folder.

Welsh is what it calls itself: CLDR knows six forms of a plural for it, and this program has none.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from caregiver_card.briefing import manners
from caregiver_card.briefing.content import FOLDER, load
from caregiver_card.briefing.statements import PARTS, Statement

TAG = "cy"
# What may be done to the table of a file, whose place comes first.
Change = Callable[[str, dict[str, Any]], None]


def marked(text: str) -> str:
    """A text of the pretended language."""
    return f"«{text}»"


def data_with(folder: Path, change: Change = lambda *_: None) -> Path:
    """The program's data with the pretended language beside the others.

    ``change`` may spoil each file before it is written; it is told the file's place.
    """
    for each in FOLDER.parent.iterdir():
        if each != FOLDER:
            (folder / each.name).symlink_to(each)
    languages = folder / FOLDER.name
    shutil.copytree(FOLDER / "en", languages / "en")
    for place, table in _files().items():
        change(place, table)
        path = languages / TAG / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_toml(table), "utf-8")
    return folder


def _files() -> dict[str, dict[str, Any]]:
    english = load()
    files: dict[str, dict[str, Any]] = {
        "language.toml": {"name": "Ffug", "day": "d MMM y"},
        "text/all.toml": {},
    }
    for place, text in english.text.items():
        _put(files["text/all.toml"], place, marked(text))
    for place, forms in english.forms.items():
        for each in sorted(manners.locale(TAG).plural_form.tags | {"other"}):
            _put(files["text/all.toml"], f"{place}.{each}", marked(forms["other"]))
    for group, rows in english.groups.items():
        files[f"clinical/{group}.toml"] = {key: _row(each) for key, each in rows.items()}
    return files


def _row(each: Statement) -> dict[str, Any]:
    own = {
        "text": marked(each.text),
        "of": each.english,
        "made_by": "machine",
        "back": each.english,
        "reviewed_by": "",
        "reviewed_on": "",
    }
    return own | {name: _row(each.parts[name]) for name in PARTS if name in each.parts}


def _put(table: dict[str, Any], place: str, text: str) -> None:
    *groups, key = place.split(".")
    for each in groups:
        table = table.setdefault(each, {})
    table[key] = text


def _toml(table: dict[str, Any]) -> str:
    """A table on one line for each of its keys; a JSON string is a TOML string."""
    return "".join(f"{json.dumps(key)} = {_value(each)}\n" for key, each in table.items())


def _value(held: Any) -> str:
    if isinstance(held, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key)} = {_value(each)}" for key, each in held.items())
            + "}"
        )
    return json.dumps(held, ensure_ascii=False)
