"""What an owner changes: one section of a card, or what a refill changes."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import answers, confirmations, journey, refill
from caregiver_card.answers import Answers
from caregiver_card.card import Card
from caregiver_card.keeper import Keeper
from caregiver_card.rules import Fault
from caregiver_card.steps import Step
from caregiver_card.web import desk, drawing, forms, layout, review
from caregiver_card.web.choosing import Chooser


def blueprint(keeper: Callable[[], Keeper], clock: Callable[[], datetime]) -> Blueprint:
    """The addresses under an owner's token that change a card."""
    pages = Blueprint("editor", __name__)
    editor, chooser = Editor(keeper, clock), Chooser(keeper, clock)
    for rule, view, methods in (
        ("/o/<token>/edit", editor.sections, ["GET"]),
        ("/o/<token>/edit/<key>", editor.edit, ["GET", "POST"]),
        ("/o/<token>/refill", editor.refill, ["GET", "POST"]),
        ("/o/<token>/choose", chooser.choose, ["GET", "POST"]),
        ("/o/<token>/saved", chooser.saved, ["GET"]),
    ):
        pages.add_url_rule(rule, view_func=view, methods=methods, strict_slashes=False)
    layout.with_script(pages)
    return pages


class Editor(desk.Desk):
    """The pages with a form; each opens the card with the token in its address."""

    def sections(self, token: str) -> str:
        """Every section with what it says, each to be changed by itself."""
        typed = answers.of(self.owned(token).card)
        drawn = review.sections(typed, self.keeper().content)
        return render_template("editor/sections.html", token=token, sections=drawn)

    def edit(self, token: str, key: str) -> str | Response:
        """One section of the card."""
        owned, step = self.owned(token), journey.BY_KEY.get(key)
        if step is None:
            abort(404)
        if request.method == "GET":
            return self._edit_page(token, step, answers.of(owned.card), [], owned.version)
        base = self.base(token, owned)
        typed = forms.posted(step.fields, request.form)
        typed = forms.changed(answers.of(base), step.fields, typed)
        if forms.is_row_button(request.form):
            return self._edit_page(token, step, typed, [], desk.version())
        found = desk.judged(typed, self.today(owned), lambda each: _belongs(each, step))
        if found.card is None:
            return self._edit_page(token, step, found.typed, found.faults, desk.version())
        content = self.keeper().content
        note = content.say("edit.note", section=content.say(f"step.{key}.name"))
        return self.keep(token, found.card, base, note)

    def refill(self, token: str) -> str | Response:
        """The short update after a refill."""
        owned = self.owned(token)
        today = self.today(owned)
        if request.method == "GET":
            offered = refill.offered(answers.of(owned.card), today)
            return self._refill_page(token, owned.card, offered, [], owned.version)
        base = self.base(token, owned)
        card = answers.of(base)
        typed = forms.posted(refill.fields(card), request.form)
        if forms.is_row_button(request.form):
            return self._refill_page(token, base, typed, [], desk.version())
        after, faults = refill.applied(card, typed, today)
        found = desk.judged(confirmations.held(card, after), today, _after_a_refill)
        if found.card is None or faults:
            shown = faults + [refill.shown_at(each) for each in found.faults]
            return self._refill_page(token, base, typed, shown, desk.version(), found.typed)
        note = self.keeper().content.say("refill.note", day=found.card.refill.last_refill_on)
        return self.keep(token, found.card, base, note)

    def _edit_page(
        self, token: str, step: Step, typed: Answers, faults: list[Fault], version: int
    ) -> str:
        content = self.keeper().content
        drawn = drawing.boxes(step.fields, typed, content, faults, forms.more(request.form))
        return render_template(
            "editor/edit.html",
            token=token,
            step=step,
            version=version,
            lead=content.text.get(f"step.{step.key}.lead", ""),
            boxes=drawn,
            faulty=drawing.faulty(drawn),
            asking=drawing.asking(drawn),
        )

    def _refill_page(
        self,
        token: str,
        card: Card,
        typed: Answers,
        faults: list[Fault],
        version: int,
        after: Answers | None = None,
    ) -> str:
        content, before = self.keeper().content, answers.of(card)
        fields, more = refill.fields(before), forms.more(request.form)
        drawn = drawing.boxes(fields, typed, content, faults, more, after)
        return render_template(
            "editor/refill.html",
            token=token,
            version=version,
            strength=review.words("regimen.concentration_mcg_per_ml", before, content),
            boxes=drawn,
            faulty=drawing.faulty(drawn),
            asking=drawing.asking(drawn),
        )


def _belongs(fault: Fault, step: Step) -> bool:
    return journey.step_of(fault.path) is step


def _after_a_refill(fault: Fault) -> bool:
    """Whether a question is about what a refill changes; an older one can wait."""
    found = journey.step_of(fault.path)
    return found is not None and found.key in ("refill", "regimen", "schedule", "change")
