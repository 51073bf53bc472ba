"""Everything that has been answered so far, section by section, in the card's own wording."""

from dataclasses import dataclass
from decimal import Decimal

from caregiver_card.briefing import field_labels, isolates
from caregiver_card.briefing.content import Content
from caregiver_card.card import values
from caregiver_card.questionnaire import answers, field_paths, number_words, progress
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows, Step
from caregiver_card.questionnaire.steps import STEPS


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of one step: lines of a label and a text; none if nothing is answered.

    ``theirs`` has the labels of the lines in which something is from a hospital's file.
    """

    key: str
    name: str
    lines: tuple[tuple[str, str], ...]
    first: bool
    theirs: frozenset[str] = frozenset()


def sections(
    typed: Answers, content: Content, theirs: frozenset[str] = frozenset()
) -> list[AnswerSection]:
    """The sections of every step that applies to these answers.

    ``theirs`` has the paths of what is from a hospital's file.
    """
    return [
        section(step, typed, content, theirs) for step in STEPS if progress.applies(step, typed)
    ]


def section(
    step: Step, typed: Answers, content: Content, theirs: frozenset[str] = frozenset()
) -> AnswerSection:
    """The section of one step."""
    lines: list[tuple[str, str]] = []
    for field in step.fields:
        if isinstance(field, Rows):
            lines += _row_lines(field, typed, content)
        else:
            lines += _field_lines(field, typed, content)
    marked = frozenset(field_labels.label(field_paths.row_of(path), content) for path in theirs)
    name = content.say(f"step.{step.key}.name")
    return AnswerSection(step.key, name, tuple(lines), step.first, marked)


def doses(typed: Answers, content: Content) -> list[str]:
    """Daily dose and concentration in figures and in words."""
    region, texts = typed.get("region"), []
    for path in ("regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml"):
        value = _value(path, typed.get(path, ""), region)
        if value is not None:
            name = path.partition(".")[2]
            in_words = number_words.in_words(value, content)
            words = content.say(f"new.{name}", figures=Decimal(str(value)), words=in_words)
            texts.append(isolates.protect_numbers(words, content.is_rtl))
    return texts


def _field_lines(field: Field, typed: Answers, content: Content) -> list[tuple[str, str]]:
    if not answers.under(typed, field.path):
        return []
    label = content.text.get(f"label.{field.path}", "")
    return [(label, field_text(field.path, typed, content))]


def _row_lines(rows: Rows, typed: Answers, content: Content) -> list[tuple[str, str]]:
    lines, index = [], 0
    while answers.under(typed, f"{rows.path}[{index}]"):
        row = f"{rows.path}[{index}]"
        texts = [
            field_text(f"{row}.{field.path}", typed, content)
            for field in rows.fields
            if answers.under(typed, f"{row}.{field.path}")
        ]
        words = isolates.protect_numbers(", ".join(texts), content.is_rtl)
        lines.append((field_labels.label(row, content), words))
        index += 1
    return lines


def answer_text(path: str, typed: Answers, content: Content) -> str:
    """A field or a whole list in one line, to compare two versions."""
    if answers.under(typed, f"{path}[0]"):
        rows = next(field for step in STEPS for field in step.fields if field.path == path)
        assert isinstance(rows, Rows)
        return "; ".join(text for _, text in _row_lines(rows, typed, content))
    if answers.under(typed, path):
        return field_text(path, typed, content)
    return field_labels.value_text(path, None, content)


def field_text(path: str, typed: Answers, content: Content) -> str:
    """An answer in the card's wording; an unreadable answer as it was typed."""
    field = field_paths.place(path)
    if field and field.is_date:
        raw = answers.join_dates(typed).get(path, "")
        shown = " ".join(answers.date_boxes(typed, path))
    else:
        raw = shown = typed.get(path, "")
    value = _value(path, raw, typed.get("region"))
    if value is None:
        return content.text.get(f"option.{path}.{shown}", shown)
    return field_labels.value_text(field_paths.without_indexes(path), value, content)


def _value(path: str, raw: str, region: str | None) -> object:
    field = field_paths.place(path)
    if not field or not raw.strip():
        return None
    try:
        return field.parse_typed(raw, region)
    except values.InvalidValue:
        return None
