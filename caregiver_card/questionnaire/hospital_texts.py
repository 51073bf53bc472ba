"""A hospital's file in words: what was taken, what was not and why, and why a file is refused."""

from caregiver_card.briefing import field_labels
from caregiver_card.briefing.content import Content
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import field_paths
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
    lines: dict[str, list[str]] = {}
    for path, value in found.answers.items():
        row, bracket, _ = path.rpartition("]")
        lines.setdefault(row + bracket or path, []).append(_value(path, value, content))
    return [(field_labels.label(path, content), ", ".join(said)) for path, said in lines.items()]


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


def _value(path: str, said: str, content: Content) -> str:
    place = field_paths.place(path)
    if not place or not place.is_date:
        return said
    try:
        return content.day(place.parse_typed(said, None))
    except InvalidValue:
        return said
