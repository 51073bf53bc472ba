"""A posted form -> answers; nothing in it is judged here."""

from collections.abc import Mapping

from caregiver_card.questionnaire import answers, confirmations
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows

# A list may grow far beyond what a card holds before the form stops drawing it.
_MOST_ROWS = 99
# The button that sends a draft.
RESUME = "resume"


def posted(step_fields: tuple[Field | Rows, ...], form: Mapping[str, str]) -> Answers:
    """What a form says about these fields; empty rows close up."""
    typed: Answers = {}
    for each in step_fields:
        if isinstance(each, Rows):
            typed |= _rows(each, form)
        else:
            typed |= _one(each, each.path, each.path, form)
    return {path: words for path, words in typed.items() if words}


def changed(before: Answers, step_fields: tuple[Field | Rows, ...], typed: Answers) -> Answers:
    """``before`` with these fields as typed; confirmations hold as far as they still can."""
    after = before
    for each in step_fields:
        after = answers.without(after, each.path)
    return confirmations.still_valid(before, after | typed)


def _one(each: Field, name: str, path: str, form: Mapping[str, str]) -> Answers:
    if each.kind != "date":
        return {path: form.get(name, "")}
    parts = (*answers.DATE_BOXES, *(("after",) if each.after else ()))
    return {f"{path}-{part}": form.get(f"{name}-{part}", "") for part in parts}


def is_redrawn(form: Mapping[str, str]) -> bool:
    """Whether the page is only to be shown again, with a row more or less or from a draft, and
    nothing judged yet."""
    go = form.get("go", "")
    return go == RESUME or go.startswith(("add:", "remove:"))


def more(form: Mapping[str, str]) -> str:
    """The list that gets another row, or an empty word."""
    action, _, path = form.get("go", "").partition(":")
    return path if action == "add" else ""


def _rows(rows: Rows, form: Mapping[str, str]) -> Answers:
    typed: Answers = {}
    count = 0
    for index in _indexes(rows, form):
        if form.get("go") == f"remove:{rows.path}[{index}]":
            continue
        row: Answers = {}
        for each in rows.fields:
            here = f"{rows.path}[{index}].{each.path}"
            row |= _one(each, here, f"{rows.path}[{count}].{each.path}", form)
        if any(words.strip() for words in row.values()):
            typed |= row
            count += 1
    return typed


def _indexes(rows: Rows, form: Mapping[str, str]) -> list[int]:
    starts = (name.removeprefix(f"{rows.path}[") for name in form if name.startswith(rows.path))
    numbers = {start.partition("]")[0] for start in starts}
    return sorted(int(each) for each in numbers if each.isdecimal() and int(each) <= _MOST_ROWS)
