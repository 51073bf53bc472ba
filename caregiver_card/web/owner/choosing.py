"""Two saves at once: both versions side by side, and a person picks field by field."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flask import render_template
from werkzeug.wrappers import Response

from caregiver_card.card.codec import Reading
from caregiver_card.card.model import Card
from caregiver_card.questionnaire import answers, merge
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web.forms import check_answers, form_fields
from caregiver_card.web.owner import form_drafts
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import get_services

# The name of the draft: what the second one wanted to save, its form, and what was picked so far.
FORM = "choose"


def begun(mine: Answers, of: str, base: int, note: str) -> Draft:
    """Return the draft of a conflict that nobody has answered yet.

    ``base`` is the version that the form ``of`` was filled in from.
    """
    return Draft(mine, frozenset({of}), {}, base, note)


def lead(
    token: str, now: OwnedCard, base: Card, draft: Draft, today: date
) -> Response | tuple[str, int]:
    """Keep a conflict and lead to its page; where it cannot be kept, answer with the page."""
    return form_drafts.keep(
        now,
        FORM,
        draft,
        lambda: page(token, now, base, draft, today),
        at=f"{owner_path(token)}/choose",
    )


def picking(now: OwnedCard, base: Card, draft: Draft, form: Mapping[str, str]) -> Draft:
    """Return the draft with what a form picks; empty where it picks nothing."""
    found = _differences(now, base, draft)
    return replace(draft, said={each.path: form.get(f"pick:{each.path}", "") for each in found})


def picked(now: OwnedCard, base: Card, draft: Draft, today: date) -> Reading | None:
    """Return the card as it was picked; None while a field is picked by nobody."""
    theirs, found = answers.from_card(now.card), _differences(now, base, draft)
    picks = {each.path: draft.said.get(each.path, "") for each in found}
    if not all(picks.values()):
        return None
    return answers.read(merge.merge(draft.typed, theirs, found, picks), today)


def page(token: str, now: OwnedCard, base: Card, draft: Draft, today: date) -> str:
    """The page of a conflict: two versions side by side, field by field."""
    content, theirs = get_services().content, answers.from_card(now.card)
    differences = []
    for difference in _differences(now, base, draft):
        path = difference.path
        options = [
            (merge.MINE, check_answers.answer_text(path, draft.typed, content)),
            (merge.THEIRS, check_answers.answer_text(path, theirs, content)),
        ]
        name = form_fields.full_label(path, content)
        differences.append((path, name, options, draft.said.get(path) or difference.proposed))
    reading = picked(now, base, draft, today) if draft.said else None
    return render_template(
        "owner/choose_version.html",
        token=token,
        version=now.version,
        base=draft.version,
        mine=answers.dumps(draft.typed),
        note=draft.note,
        of="".join(draft.sent),
        differences=differences,
        unpicked=[row for row in differences if draft.said.get(row[0]) == ""],
        faults=[form_fields.sentence(each, content) for each in reading.errors] if reading else [],
    )


def _differences(now: OwnedCard, base: Card, draft: Draft) -> list[merge.Difference]:
    versions = answers.from_card(base), draft.typed, answers.from_card(now.card)
    return merge.differences(*versions)
