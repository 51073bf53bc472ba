"""Answers and their faults -> the boxes that a template draws."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from caregiver_card.briefing import fault_messages, field_labels
from caregiver_card.briefing.content import Content
from caregiver_card.card import pump_models, telephones
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import answers, confirmations, field_paths, relative_dates
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """A warning that wants a tick."""

    words: str
    answer: str


@dataclass(slots=True)
class FormField:
    """One field as it is drawn; in ``rows`` each is a row of boxes."""

    name: str
    kind: str
    label: str
    hint: str = ""
    value: Any = ""
    unit: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    # Of a time zone: options in named groups.
    groups: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    optional: bool = False
    error: str = ""
    # Of a date: the parts that are wrong, where not the whole is.
    wrong: dict[str, str] = field(default_factory=dict)
    # Of a date: what was typed beside it, where it may be said as "10 weeks"; else nothing.
    after: str | None = None
    said: str = ""
    questions: list[FieldQuestion] = field(default_factory=list)
    rows: list[list["FormField"]] = field(default_factory=list)
    # Of a list: whether it has just got a row, where the reader then is.
    grown: bool = False
    suggestions: list[str] = field(default_factory=list)

    @property
    def all(self) -> list["FormField"]:
        """This box and those in its rows, the ones that a fault can stand at."""
        return [self, *(box for row in self.rows for box in row)]

    @property
    def place(self) -> str:
        """Where the summary leads: of a date the first part that is wrong; its day has its name."""
        first = next(iter(self.wrong), "day")
        return self.name if first == "day" else f"{self.name}-{first}"


def form_fields(
    step_fields: tuple[Field | Rows, ...],
    typed: Answers,
    content: Content,
    faults: list[Fault] | None = None,
    more: str = "",
    weighed: Answers | None = None,
    said: dict[str, str] | None = None,
    place: Callable[[str], str] = str,
) -> list[FormField]:
    """The boxes of these fields; ``more`` names a list that gets one more empty row.

    ``weighed``: the answers that the questions are about, where they are not just those typed.
    ``said``: what has just been worked out, by its path. ``place``: where a fault of a path is
    shown, if not at its own box.
    """
    drawn = [_box(each, each.path, typed, content, more) for each in step_fields]
    everywhere = [box for each in drawn for box in each.all]
    for box in everywhere:
        box.said = (said or {}).get(box.name, "")
    for fault in faults or []:
        box = _at(place(fault.path), everywhere)
        if fault.level == ERROR:
            if not box.error and box.kind == "date":
                box.wrong = _wrong(fault, typed)
            box.error = box.error or _sentence(fault, box.wrong, content)
        else:
            words = sentence(fault, content)
            box.questions.append(
                FieldQuestion(words, confirmations.tick_value(fault, weighed or typed))
            )
    return drawn


def faulty(drawn: list[FormField]) -> list[tuple[str, str]]:
    """Each box that is wrong, with its words: for the summary."""
    return [(box.place, box.error) for each in drawn for box in each.all if box.error]


def asking(drawn: list[FormField]) -> list[tuple[str, str]]:
    """Each box that asks something back, with its words."""
    everywhere = (box for each in drawn for box in each.all)
    return [(box.name, question.words) for box in everywhere for question in box.questions]


def precise(fault: Fault, typed: Answers, content: Content) -> str:
    """A fault where its boxes are not on the page; of a date it says what is wrong with it."""
    found = field_paths.place(fault.path)
    return _sentence(fault, _wrong(fault, typed) if found and found.is_date else {}, content)


def sentence(fault: Fault, content: Content) -> str:
    """A fault as it is said beside a box: a whole sentence with the field's own name."""
    name = named(fault.path, content)
    own = content.text.get(f"form_fault.{fault.code}")
    if own is None:
        return content.say(
            "form_fault.other", label=name, fault=fault_messages.sentence(fault, content)
        )
    details = fault_messages.detail_texts(fault, content)
    if "other" in details:
        details["other"] = _label(details["other"], content)
    return content.say(f"form_fault.{fault.code}", label=name, **details)


def _sentence(fault: Fault, wrong: dict[str, str], content: Content) -> str:
    """A fault beside its box; of a date it says which of the three boxes is meant."""
    lead = f"form_date.{fault.code}"
    if not wrong or lead not in content.text:
        return sentence(fault, content)
    parts = [content.say(f"form_date.{part}-{how}") for part, how in wrong.items()]
    return ". ".join([content.say(lead, label=named(fault.path, content)), *parts])


def _wrong(fault: Fault, typed: Answers) -> dict[str, str]:
    """Which box of a date is meant; that beside it where its words are no span."""
    if fault.code in ("not-span", "span-start"):
        return {"after": fault.code}
    return answers.wrong_boxes(typed, fault.path)


def _at(path: str, everywhere: list[FormField]) -> FormField:
    """The box that a fault belongs to: its own, one beneath its path, or the list around it."""
    for box in everywhere:
        if box.name == path:
            return box
    for box in everywhere:
        if box.name.startswith((f"{path}.", f"{path}[")):
            return box
    around = [box for box in everywhere if path.startswith(f"{box.name}[")]
    return (around or everywhere)[0]


def _box(each: Field | Rows, path: str, typed: Answers, content: Content, more: str) -> FormField:
    if isinstance(each, Rows):
        return _list_box(each, typed, content, more)
    found = field_paths.place(path)
    box = FormField(path, each.kind, _label(path, content), _hint(path, content), unit=each.unit)
    box.optional = each.kind != "radios" and not (found and found.needed)
    box.value = answers.date_boxes(typed, path) if each.kind == "date" else typed.get(path, "")
    if each.after:
        box.after = typed.get(relative_dates.box_name(path), "")
    if each.kind == "zone":
        region = typed.get("region", "")
        box.value = box.value or content.only_time_zone(region)
        box.groups = content.time_zones(region, box.value)
    box.options = _options(each, path, content)
    box.suggestions = _suggestions(path)
    return box


def _list_box(rows: Rows, typed: Answers, content: Content, more: str) -> FormField:
    box = FormField(rows.path, "rows", _label(rows.path, content), _hint(rows.path, content))
    filled = answers.under(typed, rows.path)
    held = {path.removeprefix(f"{rows.path}[").partition("]")[0] for path in filled}
    box.grown = more == rows.path
    count = max(len(held), 1) + box.grown
    box.rows = [
        [
            _box(each, f"{rows.path}[{index}].{each.path}", typed, content, "")
            for each in rows.fields
        ]
        for index in range(count)
    ]
    return box


def _options(each: Field, path: str, content: Content) -> list[tuple[str, str]]:
    if each.kind == "country":
        return [(code, content.country(code)) for code in _by_name(content)]
    own = [f"option.{path}.{option or 'open'}" for option in each.options]
    common = [f"option.any.{option or 'open'}" for option in each.options]
    return [
        (option, content.text.get(place) or content.say(other))
        for option, place, other in zip(each.options, own, common, strict=True)
    ]


def _by_name(content: Content) -> list[str]:
    """The countries whose telephone numbers can be read, by their names without accents."""
    return sorted(
        telephones.regions(), key=lambda code: unicodedata.normalize("NFKD", content.country(code))
    )


def _suggestions(path: str) -> list[str]:
    """What is most often typed here; anything else may be."""
    if path == "pump.maker":
        return sorted({each.maker for each in pump_models.families() if each.maker})
    return sorted(each.name for each in pump_models.families()) if path == "pump.model" else []


def _label(path: str, content: Content) -> str:
    """What the field is called on a form."""
    place = field_paths.without_indexes(path)
    own = content.text.get(f"ask.{place}.label")
    return own or content.text.get(f"label.{place}") or field_labels.label(path, content)


def named(path: str, content: Content) -> str:
    """A field's name where it stands alone; one of a list says which item it is of."""
    row, inside, rest = path.rpartition("]")
    name = _label(path, content)
    if not inside:
        return name
    item = field_labels.label(f"{row}]", content)
    return f"{item}: {name}" if rest else item


def _hint(path: str, content: Content) -> str:
    return content.text.get(f"ask.{field_paths.without_indexes(path)}.hint", "")
