"""Where an owner's changes are judged and kept, whichever page they come from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import answers, confirmations, keeper, merging
from caregiver_card.answers import Answers
from caregiver_card.card import Card
from caregiver_card.keeper import Keeper
from caregiver_card.opened import Owned
from caregiver_card.rules import Fault
from caregiver_card.store import EditedElsewhere
from caregiver_card.web import drawing, review


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers with what was ticked, what is to be said of them, and the card if that is nothing."""

    typed: Answers
    faults: list[Fault]
    card: Card | None


class Desk:
    """What the pages under an owner's token share."""

    def __init__(self, keeper: Callable[[], Keeper], clock: Callable[[], datetime]) -> None:
        self.keeper, self._clock = keeper, clock

    def owned(self, token: str) -> Owned:
        """The card behind an owner's token; raises ``vault.UnknownCard``."""
        return self.keeper().vault.owned(token)

    def today(self, owned: Owned) -> date:
        """The patient's day."""
        return keeper.day(owned.card.time_zone or "", self._clock())

    def base(self, token: str, owned: Owned) -> Card:
        """The version that a form was filled in from, which may be past by now."""
        stated = version()
        return owned.card if stated == owned.version else self.keeper().vault.version(token, stated)

    def keep(self, token: str, card: Card, base: Card, note: str) -> str | Response:
        """Save a new version, or show it beside the one that was quicker."""
        try:
            made = self.keeper().save(token, card, version(), note, self._clock())
        except EditedElsewhere:
            return self.choose_page(token, answers.of(card), base, note, {}, [])
        return redirect(f"/o/{token}/saved?from={made - 1}", 303)

    def choose_page(
        self,
        token: str,
        mine: Answers,
        base: Card,
        note: str,
        picks: dict[str, str],
        faults: list[Fault],
    ) -> str:
        """Two versions side by side, field by field."""
        owned, content = self.owned(token), self.keeper().content
        theirs = answers.of(owned.card)
        drawn = []
        for each in merging.differences(answers.of(base), mine, theirs):
            options = [
                (merging.MINE, review.whole(each.path, mine, content)),
                (merging.THEIRS, review.whole(each.path, theirs, content)),
            ]
            name = drawing.named(each.path, content)
            drawn.append((each.path, name, options, picks.get(each.path) or each.proposed))
        return render_template(
            "editor/choose.html",
            token=token,
            version=owned.version,
            base=version("base") if "base" in request.form else version(),
            mine=answers.dumps(mine),
            note=note,
            differences=drawn,
            unpicked=[each for each in drawn if each[0] in picks and not picks[each[0]]],
            faults=[drawing.sentence(each, content) for each in faults],
        )


def judged(typed: Answers, today: date, here: Callable[[Fault], bool]) -> Judged:
    """What comes of answers; ``here`` picks the questions that this page asks."""
    ticked = set(request.form.getlist("confirm"))
    typed = confirmations.given(typed, answers.read(typed, today).faults, ticked)
    reading = answers.read(typed, today)
    asked = [each for each in confirmations.open_ones(reading.faults) if here(each)]
    shown = [*reading.errors, *asked]
    return Judged(typed, shown, None if shown else reading.card)


def version(name: str = "version") -> int:
    """The number of a version in a form; anything else is no form of ours."""
    stated = request.form.get(name, "")
    if not (stated.isascii() and stated.isdecimal() and len(stated) < 8):
        abort(400)
    return int(stated)
