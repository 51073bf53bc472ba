"""Build the form fields that a template draws, from answers and their faults."""

import re
import unicodedata
from collections.abc import Callable

from caregiver_card.briefing import fault_messages, field_labels, languages, time_zones
from caregiver_card.briefing.content import Content
from caregiver_card.card import pump_models, telephones
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import (
    answers,
    confirmations,
    field_paths,
    number_words,
    relative_dates,
)
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows
from caregiver_card.web.forms.drawn import FieldQuestion, FormField

_CONTACT = re.compile(r"contacts\[\d+\]\.name")


def form_fields(
    step_fields: tuple[Field | Rows, ...],
    typed: Answers,
    content: Content,
    faults: list[Fault] | None = None,
    growing: str = "",
    confirmed: Answers | None = None,
    said: dict[str, str] | None = None,
    place: Callable[[str], str] = str,
    theirs: frozenset[str] = frozenset(),
) -> list[FormField]:
    """Build the form fields of a step, with their answers, errors and questions.

    ``growing`` is the path of a list that gets another empty row. ``confirmed`` has the answers
    that hold the confirmations, if they are not in ``typed``. ``said`` has the messages about days
    that were worked out, by path. ``place`` maps the path of a fault to the field that shows it.
    ``theirs`` has the paths of what is from a hospital's file.
    """
    drawn = [_form_field(field, field.path, typed, content, growing) for field in step_fields]
    top_level = _reveal(drawn, step_fields)
    all_fields = [inner for outer in top_level for inner in outer.all]
    for form_field in all_fields:
        form_field.said = (said or {}).get(form_field.name, "")
        form_field.is_theirs = form_field.name in theirs
    for fault in faults or []:
        form_field = _field_of(place(fault.path), all_fields)
        form_field.guesses = list(dict.fromkeys(form_field.guesses + _guesses(fault, content)))
        if fault.level == ERROR:
            if not form_field.error and form_field.kind == "date":
                form_field.wrong = _wrong_parts(fault, typed)
            form_field.error = form_field.error or _message(fault, form_field.wrong, content)
        else:
            answer = confirmations.tick_value(fault, confirmed or typed)
            form_field.questions.append(FieldQuestion(sentence(fault, content), answer))
    return top_level


def _reveal(drawn: list[FormField], step_fields: tuple[Field | Rows, ...]) -> list[FormField]:
    """Put what an answer asks for into its choice; return the rest."""
    choices, top_level = {each.name: each for each in drawn}, []
    for each, declared in zip(drawn, step_fields, strict=True):
        choice, answers_that_open = declared.opened_by
        if choice in choices:
            choices[choice].revealed.append(each)
            choices[choice].opens = answers_that_open
        else:
            top_level.append(each)
    return top_level


def errors(top_level: list[FormField]) -> list[tuple[str, str]]:
    """Every error, for the summary: the id of its field, and its message."""
    return [(inner.place, inner.error) for outer in top_level for inner in outer.all if inner.error]


def questions(top_level: list[FormField]) -> list[tuple[str, str]]:
    """Every question: the name of its field, and its text."""
    all_fields = (inner for outer in top_level for inner in outer.all)
    return [(inner.name, question.words) for inner in all_fields for question in inner.questions]


def detailed_sentence(fault: Fault, typed: Answers, content: Content) -> str:
    """The message for a fault whose field is not on the page; of a date, with its wrong parts."""
    field = field_paths.place(fault.path)
    return _message(fault, _wrong_parts(fault, typed) if field and field.is_date else {}, content)


def sentence(fault: Fault, content: Content) -> str:
    """The message for a fault beside its field: a whole sentence with the field's label."""
    name = full_label(fault.path, content)
    if fault.code in ("missing", "empty") and (own := content.text.get(f"missing.{fault.path}")):
        return own
    if f"form_fault.{fault.code}" not in content.text:
        return content.say(
            "form_fault.other", label=name, fault=fault_messages.sentence(fault, content)
        )
    details = fault_messages.detail_texts(fault, content)
    if "other" in details:
        details["other"] = _label(details["other"], content)
    return content.say(f"form_fault.{fault.code}", label=name, **details)


def _guesses(fault: Fault, content: Content) -> list[tuple[str, str]]:
    """What a number may have meant: what to write instead, and the words of its button."""
    unit = fault.details.get("unit", "")
    if fault.code == "number-comma":
        return [_reading(fault.details[each], unit, content) for each in ("point", "without")]
    return [
        (number, content.say("form.guess", number=number, unit=unit))
        for number, _ in fault.details.get("meant", ())
    ]


def _reading(typed: str, unit: str, content: Content) -> tuple[str, str]:
    """One reading of a number with a mark in doubt: what to write, and the words of its button."""
    figures, _, own_unit = typed.partition(" ")
    words = number_words.in_words(figures, content)
    number = f"{figures} {own_unit or unit}".strip()
    return typed, content.say("form.reading", number=number, words=words)


def _message(fault: Fault, wrong: dict[str, str], content: Content) -> str:
    """The message for a fault; of a date, with the parts that are wrong."""
    lead = f"form_date.{fault.code}"
    if not wrong or lead not in content.text:
        return sentence(fault, content)
    parts = [content.say(f"form_date.{part}-{problem}") for part, problem in wrong.items()]
    return ". ".join([content.say(lead, label=full_label(fault.path, content)), *parts])


def _wrong_parts(fault: Fault, typed: Answers) -> dict[str, str]:
    """The wrong parts of a date, each with its problem; "after" if that text is no time span."""
    if fault.code in ("not-span", "span-start"):
        return {"after": fault.code}
    return answers.wrong_boxes(typed, fault.path)


def _field_of(path: str, all_fields: list[FormField]) -> FormField:
    """The field that shows a fault: its own, one beneath its path, or the list around it."""
    for form_field in all_fields:
        if form_field.name == path:
            return form_field
    for form_field in all_fields:
        if form_field.name.startswith((f"{path}.", f"{path}[")):
            return form_field
    lists = [outer for outer in all_fields if path.startswith(f"{outer.name}[")]
    return (lists or all_fields)[0]


def _form_field(
    field: Field | Rows, path: str, typed: Answers, content: Content, growing: str
) -> FormField:
    if isinstance(field, Rows):
        return _list_field(field, typed, content, growing)
    card_field = field_paths.place(path)
    drawn = FormField(path, field.kind, _label(path, content), _hint(path, content))
    drawn.unit = field.unit
    drawn.optional = field.kind != "radios" and not (card_field and card_field.needed)
    drawn.value = answers.date_boxes(typed, path) if field.kind == "date" else typed.get(path, "")
    if field.after:
        drawn.after = typed.get(relative_dates.box_name(path), "")
    if field.kind == "zone":
        region = typed.get("region", "")
        drawn.value = drawn.value or time_zones.only_one(region)
        drawn.groups = time_zones.choices(content, region, drawn.value)
    if field.kind == "language":
        drawn.kind, drawn.value = "radios", languages.find(drawn.value) or content.language
    drawn.options = _options(field, path, content)
    drawn.suggestions = _suggestions(path, typed, content)
    return drawn


def _list_field(rows: Rows, typed: Answers, content: Content, growing: str) -> FormField:
    drawn = FormField(rows.path, "rows", _label(rows.path, content), _hint(rows.path, content))
    paths = answers.under(typed, rows.path)
    indexes = {path.removeprefix(f"{rows.path}[").partition("]")[0] for path in paths}
    drawn.grown = growing == rows.path
    count = max(len(indexes), 1) + drawn.grown
    drawn.rows = [
        [
            _form_field(field, f"{rows.path}[{index}].{field.path}", typed, content, "")
            for field in rows.fields
        ]
        for index in range(count)
    ]
    return drawn


def _options(field: Field, path: str, content: Content) -> list[tuple[str, ...]]:
    if field.kind == "language":
        return [*languages.named()]
    if field.kind == "country":
        return [(code, content.country(code)) for code in _countries(content)]
    return [(option, *_option_words(path, option or "open", content)) for option in field.options]


def _option_words(path: str, option: str, content: Content) -> tuple[str, str]:
    """An answer to choose, and the line below it, if any."""
    words = content.text.get(f"option.{path}.{option}") or content.say(f"option.any.{option}")
    return words, content.text.get(f"option_note.{path}.{option}", "")


def _countries(content: Content) -> list[str]:
    """The countries whose telephone numbers can be parsed, sorted by name without accents."""
    return sorted(
        telephones.regions(), key=lambda code: unicodedata.normalize("NFKD", content.country(code))
    )


def _suggestions(path: str, typed: Answers, content: Content) -> list[str]:
    """Known words for a free text, each of which can be typed as well."""
    bare = field_paths.without_indexes(path)
    if bare == "pump.maker":
        return sorted({family.maker for family in pump_models.families() if family.maker})
    if bare == "pump.model":
        return pump_models.full_names()
    if bare == "verified.by":
        return [words for key, words in typed.items() if _CONTACT.fullmatch(key)]
    return [words for words in content.text.get(f"suggested.{bare}", "").split("; ") if words]


def _label(path: str, content: Content) -> str:
    """The label of a field on a form."""
    bare = field_paths.without_indexes(path)
    own = content.text.get(f"ask.{bare}.label")
    return own or content.text.get(f"label.{bare}") or field_labels.label(path, content)


def full_label(path: str, content: Content) -> str:
    """The label of a field by itself; inside a list, with the item that the field belongs to."""
    row, bracket, rest = path.rpartition("]")
    label = _label(path, content)
    if not bracket:
        return label
    item = field_labels.label(f"{row}]", content)
    return f"{item}: {label}" if rest else item


def _hint(path: str, content: Content) -> str:
    return content.text.get(f"ask.{field_paths.without_indexes(path)}.hint", "")
