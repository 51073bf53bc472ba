"""A new card, one subject a page. Nothing is kept here before the last step: the answers travel
in a hidden field from page to page, and a page needs no script."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import answers, briefing, confirmations, journey, keeper, reminder, values
from caregiver_card.answers import Answers
from caregiver_card.crypto import read_token
from caregiver_card.journey import STEPS
from caregiver_card.keeper import Keeper
from caregiver_card.rules import ERROR, Fault
from caregiver_card.steps import Step
from caregiver_card.web import desk, drawing, forms, layout, review
from caregiver_card.web.services import services

# Where a step leads when it was opened from the last page.
CHECK = "check"


def blueprint(
    keeper: Callable[[], Keeper], clock: Callable[[], datetime], public_url: str
) -> Blueprint:
    """The addresses that make a card, and the start page."""
    pages, maker = Blueprint("newcard", __name__), NewCard(keeper, clock, public_url)
    pages.add_url_rule("/", view_func=maker.home, methods=["GET"])
    pages.add_url_rule("/new", view_func=maker.start, methods=["GET"], strict_slashes=False)
    pages.add_url_rule("/new", "step", maker.step, methods=["POST"], strict_slashes=False)
    pages.add_url_rule("/o/<token>/kept", view_func=maker.kept, methods=["GET"])
    layout.with_script(pages)
    return pages


class NewCard:
    """The pages on the way to a new card."""

    def __init__(
        self, keeper: Callable[[], Keeper], clock: Callable[[], datetime], public_url: str
    ) -> None:
        self._keeper, self._clock, self._public_url = keeper, clock, public_url

    def home(self) -> str:
        """What this is; with script, the cards that this device keeps."""
        return render_template("home.html", review=briefing.review(services().content))

    def start(self) -> str:
        """What is needed, and a draft of this device if there is one."""
        return render_template("editor/start.html")

    def step(self) -> str | Response:
        """One page of questions was answered; what comes next depends on the button."""
        typed, step = answers.loads(request.form.get("answers", "")), _step()
        if step is None:
            return self._elsewhere(typed)
        drafted = forms.changed(typed, step.fields, forms.posted(step.fields, request.form))
        drafted |= _zone(request.form)
        go = request.form.get("go", "")
        if go == "back":
            return self._page(_before(step, drafted) or step, drafted)
        if forms.is_row_button(request.form):
            return self._page(step, drafted)
        found = desk.judged(drafted, self._today(drafted), partial(_is_on, step))
        shown = [each for each in found.faults if _is_on(step, each)]
        if shown:
            return self._page(step, found.typed, shown)
        following = _after(step, found.typed)
        return self._page(following, found.typed) if following else self._check(found.typed)

    def _elsewhere(self, typed: Answers) -> str | Response:
        """The last page's buttons, and the first page's."""
        go = request.form.get("go", "")
        if go == "save":
            return self._save(typed)
        if go == CHECK:
            return self._check(typed)
        step = journey.BY_KEY.get(go)
        return self._page(step or STEPS[0], typed)

    def _save(self, typed: Answers) -> str | Response:
        found = desk.judged(typed, self._today(typed), lambda each: True)
        if found.card is None:
            return self._check(found.typed, found.faults)
        kept = self._keeper().add(found.card, self._clock())
        return redirect(f"/o/{kept.owner}/kept", 303)

    def kept(self, token: str) -> str:
        """The addresses to keep, right after saving."""
        owned = self._keeper().vault.owned(token)
        made = briefing.brief(owned.card, self._keeper().content)
        return render_template(
            "editor/kept.html",
            token=token,
            owner_address=f"{self._public_url}/o/{read_token(token)}",
            copies=[(copy, f"{self._public_url}/c/{copy.token}") for copy in owned.copies],
            record=reminder.record(made, read_token(token)),
        )

    def _today(self, typed: Answers) -> date:
        return keeper.day(_zone(typed).get("time_zone", ""), self._clock())

    def _page(self, step: Step, typed: Answers, faults: list[Fault] | None = None) -> str:
        content = self._keeper().content
        shown = self._offered(step, typed)
        drawn = drawing.boxes(step.fields, shown, content, faults, forms.more(request.form))
        return render_template(
            "editor/question.html",
            step=step,
            answers=answers.dumps(typed),
            returning=_returning(),
            first=_before(step, typed) is None,
            lead=content.text.get(f"step.{step.key}.lead", ""),
            boxes=drawn,
            faulty=drawing.faulty(drawn),
            asking=drawing.asking(drawn),
        )

    def _offered(self, step: Step, typed: Answers) -> Answers:
        """What is filled in before anybody has typed: today. Never a country: a browser that speaks
        American English says nothing of which number brings an ambulance."""
        if step.key == "verified" and not any(answers.day(typed, "verified.on")):
            return typed | answers.as_day("verified.on", self._today(typed))
        return typed

    def _check(self, typed: Answers, faults: list[Fault] | None = None) -> str:
        content, reading = self._keeper().content, answers.read(typed, self._today(typed))
        asked = confirmations.open_ones(reading.faults)
        wrong = [each for each in faults or [] if each.level == ERROR]
        drawn = review.sections(typed, content)
        return render_template(
            "editor/check.html",
            answers=answers.dumps(typed),
            sections=[each for each in drawn if each.first or each.lines],
            more=[each for each in drawn if not each.first and not each.lines],
            doses=review.doses(typed, content),
            wrong=[(_key(each), drawing.sentence(each, content)) for each in wrong],
            asked=[
                (_key(each), drawing.sentence(each, content), confirmations.answer(each, typed))
                for each in asked
            ],
        )


def _zone(said: Mapping[str, str]) -> Answers:
    """The time zone of the device, where its script has told: it decides on which day it is."""
    try:
        return {"time_zone": values.time_zone(said.get("time_zone"))}
    except values.InvalidValue:
        return {}


def _step() -> Step | None:
    return journey.BY_KEY.get(request.form.get("step", ""))


def _returning() -> bool:
    """Whether a page was opened from the last one, and leads back there."""
    return bool(request.form.get("returning")) or not request.form.get("step", "new")


def _is_on(step: Step, fault: Fault) -> bool:
    return fault.path == "file" or journey.step_of(fault.path) is step


def _key(fault: Fault) -> str:
    step = journey.step_of(fault.path)
    return step.key if step else STEPS[0].key


def _before(step: Step, typed: Answers) -> Step | None:
    earlier = STEPS[: STEPS.index(step)]
    return next((each for each in reversed(earlier) if _is_asked(each, typed)), None)


def _after(step: Step, typed: Answers) -> Step | None:
    """The next page, or nothing when the last one is next."""
    later = STEPS[STEPS.index(step) + 1 :]
    if _returning():
        # What has just become a question, such as the schedule of a pump that now has one.
        opened = [each for each in later if each.when and each.when[0] in _paths(step)]
        return next((each for each in opened if _is_new(each, typed)), None)
    return next((each for each in later if _is_asked(each, typed)), None)


def _is_asked(step: Step, typed: Answers) -> bool:
    return step.first and review.applies(step, typed)


def _is_new(step: Step, typed: Answers) -> bool:
    return review.applies(step, typed) and not review.answered(step, typed)


def _paths(step: Step) -> list[str]:
    return [each.path for each in step.fields]
