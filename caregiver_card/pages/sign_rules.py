"""Find the documented lists that contain the ticked signs, and what they call for. No diagnosis.

``static/js/see.js`` does the same on the device. Both use one table, made from the ticks in
``data/clinical`` and the rules in ``data/seeing.toml``; a test compares their answers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from caregiver_card.briefing.content import Content, Statement

_RULES = Path(__file__).parent.parent / "data" / "seeing.toml"


@dataclass(frozen=True, slots=True)
class SignAnswer:
    """The answer to the ticked signs.

    ``lists`` maps each documented list to its statements that were ticked, and ``say`` is what to
    do; a statement is named by its place, ``group.key``. ``alike`` means that a ticked sign does
    not tell withdrawal from overdose. ``grave`` means that the emergency number is the first to
    call.
    """

    lists: dict[str, list[str]]
    say: list[str]
    alike: bool
    grave: bool


def table(content: Content) -> dict[str, Any]:
    """The table for both programs: every tick with its statements, the lists, and the rules."""
    return {
        "ticks": {
            key: {"listed": tick.extra["listed"], "alike": tick.extra.get("alike", False)}
            for key, tick in content.groups["ticks"].items()
        },
        "lists": rules()["lists"],
        "rules": rules()["rules"],
    }


@cache
def rules() -> dict[str, Any]:
    """The areas and the lists, each in order, and the rules, from ``data/seeing.toml``."""
    return tomli.loads(_RULES.read_text("utf-8"))


def answer(ticked: Collection[str], table: dict[str, Any]) -> SignAnswer:
    """Answer the ticked signs by ``table``; keys that it does not know are ignored."""
    chosen = [key for key in table["ticks"] if key in ticked]
    listed = {place for key in chosen for place in table["ticks"][key]["listed"]}
    lists = {
        name: statements
        for name in table["lists"]
        if (statements := sorted(place for place in listed if place.split(".")[0] == name))
    }
    facts = {*chosen, *lists}
    matching = [rule for rule in table["rules"] if _matches(rule, facts)]
    return SignAnswer(
        lists,
        [rule["say"] for rule in matching],
        any(table["ticks"][key]["alike"] for key in chosen),
        any(rule.get("grave", False) for rule in matching),
    )


def _matches(rule: dict[str, Any], facts: set[str]) -> bool:
    return (
        (not rule["on"] or not facts.isdisjoint(rule["on"]))
        and ("with" not in rule or not facts.isdisjoint(rule["with"]))
        and facts.isdisjoint(rule.get("without", ()))
    )


def message(
    words: dict[str, str], seen: Sequence[str], time: str, own: str, lines: Sequence[str]
) -> str:
    """Compose the text message: the ticked signs and the time, ``own`` words, and ``lines``.

    ``words`` holds the catalogue's texts under ``message``. The message names no patient: others
    may see it, and the card's address in it shows the rest to those who may open it.
    """
    signs = "; ".join(seen) or words["nothing"]
    first = words["seen"].format(time=time, signs=signs)
    return "\n".join([first, *filter(None, [own.strip()]), *lines])


def areas(content: Content) -> list[tuple[str, dict[str, Statement]]]:
    """The areas of the questions, each with its ticks."""
    ticks = content.groups["ticks"].items()
    return [
        (area, {key: tick for key, tick in ticks if tick.extra["area"] == area})
        for area in rules()["areas"]
    ]
