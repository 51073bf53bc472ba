"""Read the answers from a posted form, without validating them."""

import re
from collections.abc import Mapping
from datetime import date

from caregiver_card.briefing.content import Content
from caregiver_card.questionnaire import answers, confirmations, written_dates
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows

# The form draws 100 rows of a list at most, far beyond what a card can hold; and Python refuses
# to read a number of some thousand digits.
_INDEX = re.compile("[0-9]{1,2}")
# The value of the button that sends a draft.
RESUME = "resume"
# What the value of a button begins with that writes another number into a box.
TAKE = "take"
_BIRTH = "patient.date_of_birth"


def posted(
    step_fields: tuple[Field | Rows, ...], form: Mapping[str, str], content: Content, today: date
) -> Answers:
    """The answers in a form to these fields, each date in its boxes; empty rows are left out."""
    typed: Answers = {}
    for field in step_fields:
        if isinstance(field, Rows):
            typed |= _row_answers(field, form)
        else:
            typed |= _field_answers(field, field.path, field.path, form)
            if field.kind == "date":
                typed |= _spread(field.path, typed, content, today)
    typed |= _taken(typed, form)
    return {path: text for path, text in typed.items() if text}


def _taken(typed: Answers, form: Mapping[str, str]) -> Answers:
    """The number that somebody pressed in place of the one that they had typed."""
    action, _, rest = form.get("go", "").partition(":")
    path, _, number = rest.partition("=")
    return {path: number} if action == TAKE and path in typed else {}


def _spread(path: str, typed: Answers, content: Content, today: date) -> Answers:
    births_until = today if path == _BIRTH else None
    boxes = written_dates.spread(answers.date_boxes(typed, path), content, births_until)
    return {f"{path}-{box}": text for box, text in zip(answers.DATE_BOXES, boxes, strict=True)}


def changed(before: Answers, step_fields: tuple[Field | Rows, ...], typed: Answers) -> Answers:
    """``before`` with these fields as typed, and the confirmations that are still valid."""
    after = before
    for field in step_fields:
        after = answers.without(after, field.path)
    return confirmations.still_valid(before, after | typed)


def _field_answers(field: Field, name: str, path: str, form: Mapping[str, str]) -> Answers:
    if field.kind != "date":
        return {path: form.get(name, "")}
    parts = (*answers.DATE_BOXES, *(("after",) if field.after else ()))
    return {f"{path}-{part}": form.get(f"{name}-{part}", "") for part in parts}


def is_redrawn(form: Mapping[str, str]) -> bool:
    """Whether to show the page again without validating it: from a draft, or with another row."""
    action = form.get("go", "")
    return action == RESUME or action.startswith(("add:", "remove:"))


def growing_list(form: Mapping[str, str]) -> str:
    """The path of the list that gets another row, or an empty string."""
    action, _, path = form.get("go", "").partition(":")
    return path if action == "add" else ""


def _row_answers(rows: Rows, form: Mapping[str, str]) -> Answers:
    typed: Answers = {}
    count = 0
    for index in _indexes(rows, form):
        if form.get("go") == f"remove:{rows.path}[{index}]":
            continue
        row: Answers = {}
        for field in rows.fields:
            name = f"{rows.path}[{index}].{field.path}"
            row |= _field_answers(field, name, f"{rows.path}[{count}].{field.path}", form)
        if any(text.strip() for text in row.values()):
            typed |= row
            count += 1
    return typed


def _indexes(rows: Rows, form: Mapping[str, str]) -> list[int]:
    starts = (name.removeprefix(f"{rows.path}[") for name in form if name.startswith(rows.path))
    numbers = {start.partition("]")[0] for start in starts}
    return sorted(int(number) for number in numbers if _INDEX.fullmatch(number))
