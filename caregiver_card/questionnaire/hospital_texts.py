"""A hospital's file in words: what was taken, what was not and why, and why a file is refused."""

from collections.abc import Iterable

from caregiver_card.briefing import field_labels, isolates
from caregiver_card.briefing.changes import Change
from caregiver_card.briefing.content import Content
from caregiver_card.card.regimen import STATUSES
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import field_paths
from caregiver_card.questionnaire.hospital_comparison import NAMED_BY, NEW, SAME, Compared
from caregiver_card.questionnaire.hospital_entries import Values
from caregiver_card.questionnaire.hospital_file import HospitalFile, WrongFile


def refusal(wrong: WrongFile, content: Content) -> str:
    """Return the sentence that says why a file is refused."""
    details = dict(wrong.details)
    if path := details.pop("path", ""):
        details = {name: _value(path, said, content) for name, said in details.items()}
        details["label"] = field_labels.label(path, content)
    return content.say(f"hospital_wrong.{wrong.code}", **details)


def taken(found: HospitalFile, content: Content) -> list[tuple[str, str]]:
    """Return the label and the words of everything that a file says; a row of a list is one."""
    return [
        (field_labels.label(row, content), _row(said, content))
        for row, said in field_paths.by_row(found.answers).items()
    ]


def left(found: HospitalFile, content: Content) -> list[tuple[str, str, str]]:
    """Return what was not taken: its label, its words, and why."""
    return [
        (
            field_labels.label(each.what, content),
            _value(each.what, each.words, content),
            content.say(f"hospital_why.{each.why}"),
        )
        for each in found.skipped
    ]


def difference(each: Compared, content: Content) -> Change:
    """Return what the card says in a place, and what the file says there."""
    label = field_labels.label(each.part, content)
    return Change(label, _ours(each, content), _row(each.theirs, content), each.part)


def _ours(each: Compared, content: Content) -> str:
    if not each.ours:
        return content.say("status.not_recorded")
    if each.state == NEW and STATUSES[0] in each.ours.values():
        return content.say("change.not_listed")
    return "; ".join(_row(row, content) for row in field_paths.by_row(each.ours).values())


def same(compared: Iterable[Compared], content: Content) -> str:
    """Return what the file and the card say alike: the label of a value, the name of a row."""
    alike = (each for each in compared if each.state == SAME)
    return isolates.join_isolated((_name(each, content) for each in alike), ", ")


def _name(each: Compared, content: Content) -> str:
    # A row begins with its name.
    is_row, first = each.part in NAMED_BY, next(iter(each.theirs.values()))
    return first if is_row else field_labels.label(each.part, content)


def _row(said: Values, content: Content) -> str:
    words = ", ".join(_value(path, value, content) for path, value in said.items())
    return isolates.protect_numbers(words, content.is_rtl)


def _value(path: str, said: str, content: Content) -> str:
    place = field_paths.place(path)
    try:
        value = place.parse_typed(said, None) if place else None
    except InvalidValue:
        value = None
    if value is None:
        return said
    return field_labels.value_text(field_paths.without_indexes(path), value, content)
