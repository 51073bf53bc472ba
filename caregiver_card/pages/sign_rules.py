"""What was ticked -> the documented lists that hold it, and what they call for. No diagnosis.

``static/js/see.js`` does the same on the device. Both read one table: the ticks of
``data/clinical`` and the rules of ``data/seeing.toml``; a test compares their answers.
"""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from caregiver_card.briefing.content import Content, Statement

_RULES = Path(__file__).parent.parent / "data" / "seeing.toml"


@dataclass(frozen=True, slots=True)
class SignAnswer:
    """``lists``: each documented list with its statements that were ticked; ``say``: what to do.

    Statements are places, ``group.key``. ``alike``: something ticked does not tell withdrawal
    from overdose. ``grave``: the emergency number is the first to call.
    """

    lists: dict[str, list[str]]
    say: list[str]
    alike: bool
    grave: bool


def table(content: Content) -> dict[str, Any]:
    """What both programs go by: every tick with its statements, the lists, and the rules."""
    return {
        "ticks": {
            key: {"listed": each.extra["listed"], "alike": each.extra.get("alike", False)}
            for key, each in content.groups["ticks"].items()
        },
        "lists": rules()["lists"],
        "rules": rules()["rules"],
    }


@cache
def rules() -> dict[str, Any]:
    """The questions in order, the lists in order, and what their marks call for."""
    return tomllib.loads(_RULES.read_text("utf-8"))


def answer(ticked: Collection[str], given: dict[str, Any]) -> SignAnswer:
    """Which lists hold what was ticked, by the ``given`` table. Keys it lacks count for nothing."""
    chosen = [key for key in given["ticks"] if key in ticked]
    listed = {place for key in chosen for place in given["ticks"][key]["listed"]}
    lists = {
        name: held
        for name in given["lists"]
        if (held := sorted(place for place in listed if place.split(".")[0] == name))
    }
    marks = {*chosen, *lists}
    fired = [rule for rule in given["rules"] if _fires(rule, marks)]
    return SignAnswer(
        lists,
        [rule["say"] for rule in fired],
        any(given["ticks"][key]["alike"] for key in chosen),
        any(rule.get("grave", False) for rule in fired),
    )


def _fires(rule: dict[str, Any], marks: set[str]) -> bool:
    return (
        (not rule["on"] or not marks.isdisjoint(rule["on"]))
        and ("with" not in rule or not marks.isdisjoint(rule["with"]))
        and marks.isdisjoint(rule.get("without", ()))
    )


def message(
    words: dict[str, str], seen: Sequence[str], time: str, own: str, lines: Sequence[str]
) -> str:
    """What is sent: what was ticked, and when, the person's own words, and the finished ``lines``.

    ``words`` are the catalogue's under ``message``. No name: a text message lies open, and the
    card's address tells the rest to whoever may open it.
    """
    signs = "; ".join(seen) or words["nothing"]
    first = words["seen"].format(time=time, signs=signs)
    return "\n".join([first, *filter(None, [own.strip()]), *lines])


def areas(content: Content) -> list[tuple[str, dict[str, Statement]]]:
    """The questions with their ticks."""
    held = content.groups["ticks"]
    return [
        (area, {key: each for key, each in held.items() if each.extra["area"] == area})
        for area in rules()["areas"]
    ]
