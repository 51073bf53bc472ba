"""What has been answered so far, section by section, as it will be read."""

from dataclasses import dataclass

from caregiver_card.briefing import field_labels, isolates
from caregiver_card.briefing.content import Content
from caregiver_card.card import values
from caregiver_card.questionnaire import answers, field_paths, number_words
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows, Step
from caregiver_card.questionnaire.steps import STEPS


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """One step's answers in words; no lines means that nothing is recorded."""

    key: str
    name: str
    lines: tuple[tuple[str, str], ...]
    first: bool


def sections(typed: Answers, content: Content) -> list[AnswerSection]:
    """Every section that these answers have or could have."""
    return [section(each, typed, content) for each in STEPS if applies(each, typed)]


def section(step: Step, typed: Answers, content: Content) -> AnswerSection:
    """One step's answers."""
    lines: list[tuple[str, str]] = []
    for each in step.fields:
        if isinstance(each, Rows):
            lines += _row_lines(each, typed, content)
        else:
            lines += _lines(each, typed, content)
    return AnswerSection(step.key, content.say(f"step.{step.key}.name"), tuple(lines), step.first)


def applies(step: Step, typed: Answers) -> bool:
    """Whether a step is to be asked, given what has been answered."""
    if step.when is None or answered(step, typed):
        return True
    path, allowed = step.when
    return typed.get(path, "") in allowed


def answered(step: Step, typed: Answers) -> bool:
    """Whether anything of a step has been answered."""
    return any(answers.under(typed, each.path) for each in step.fields)


def doses(typed: Answers, content: Content) -> list[str]:
    """The numbers that matter most, once more in words."""
    region, said = typed.get("region"), []
    for path in ("regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml"):
        value = _value(path, typed.get(path, ""), region)
        if value is not None:
            name = path.partition(".")[2]
            spoken = number_words.in_words(value, content)
            said.append(
                content.say(f"new.{name}", figures=values.format_number(value), words=spoken)
            )
    return said


def _lines(each: Field, typed: Answers, content: Content) -> list[tuple[str, str]]:
    return _line(each.path, content.text.get(f"label.{each.path}", ""), typed, content)


def _line(path: str, label: str, typed: Answers, content: Content) -> list[tuple[str, str]]:
    if not answers.under(typed, path):
        return []
    return [(label, words(path, typed, content))]


def _row_lines(rows: Rows, typed: Answers, content: Content) -> list[tuple[str, str]]:
    lines, index = [], 0
    while answers.under(typed, f"{rows.path}[{index}]"):
        here = f"{rows.path}[{index}]"
        parts = [
            words(f"{here}.{each.path}", typed, content)
            for each in rows.fields
            if answers.under(typed, f"{here}.{each.path}")
        ]
        lines.append(
            (field_labels.label(here, content), isolates.protect_numbers(", ".join(parts)))
        )
        index += 1
    return lines


def whole(path: str, typed: Answers, content: Content) -> str:
    """A field or a whole list in one line, to be compared with another."""
    if answers.under(typed, f"{path}[0]"):
        found = next(each for step in STEPS for each in step.fields if each.path == path)
        assert isinstance(found, Rows)
        return "; ".join(said for _, said in _row_lines(found, typed, content))
    return (
        words(path, typed, content)
        if answers.under(typed, path)
        else field_labels.value_text(path, None, content)
    )


def words(path: str, typed: Answers, content: Content) -> str:
    """An answer as the card would say it; what cannot be read stays as it was typed."""
    found = field_paths.place(path)
    if found and found.is_date:
        raw = answers.join_dates(typed).get(path, "")
        shown = " ".join(answers.date_boxes(typed, path))
    else:
        raw = shown = typed.get(path, "")
    value = _value(path, raw, typed.get("region"))
    if value is None:
        return content.text.get(f"option.{path}.{shown}", shown)
    return field_labels.value_text(field_paths.without_indexes(path), value, content)


def _value(path: str, raw: str, region: str | None) -> object:
    found = field_paths.place(path)
    if not found or not raw.strip():
        return None
    try:
        return found.parse(raw, region)
    except values.InvalidValue:
        return None
