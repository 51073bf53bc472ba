"""After a save: two versions to choose from, or what has changed and whether to print again."""

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import answers, changes, confirmations, journey, merging, reminder
from caregiver_card.briefing import Briefing, brief
from caregiver_card.changes import Change
from caregiver_card.crypto import read_token
from caregiver_card.opened import Owned
from caregiver_card.printing import letters
from caregiver_card.web import desk, drawing


class Chooser(desk.Desk):
    """The pages that follow a save."""

    def choose(self, token: str) -> str | Response:
        """Save what was picked of two versions."""
        if request.method == "GET":
            # The address of a page that was sent is reopened without what it held.
            return redirect(f"/o/{token}")
        owned, base = self.owned(token), self.keeper().vault.version(token, desk.version("base"))
        mine, theirs = answers.loads(request.form.get("mine", "")), answers.of(owned.card)
        found = merging.differences(answers.of(base), mine, theirs)
        picks = {each.path: request.form.get(f"pick:{each.path}", "") for each in found}
        note = request.form.get("note", "")[:200]
        if not all(picks.values()) or owned.version != desk.version():
            return self.choose_page(token, mine, base, note, picks, [])
        merged = merging.merged(mine, theirs, found, picks)
        reading = answers.read(merged, self.today(owned))
        if reading.card is None:
            return self.choose_page(token, mine, base, note, picks, list(reading.errors))
        return self.keep(token, reading.card, base, note)

    def saved(self, token: str) -> str:
        """What has just changed, and whether the printed card still says the same."""
        owned, content = self.owned(token), self.keeper().content
        stated = request.args.get("from", "")
        if not (stated.isascii() and stated.isdecimal() and len(stated) < 8):
            abort(400)
        before = self.keeper().vault.version(token, int(stated))
        now = brief(owned.card, content)
        answered = content.say("label.confirmed.item")
        return render_template(
            "editor/saved.html",
            token=token,
            owned=owned,
            restored="restored" in request.args,
            changed=[
                each
                for each in changes.changes(before, owned.card, content)
                if each.label != answered
            ],
            questions=self._open(owned),
            printed=_printed(brief(before, content), now),
            record=reminder.record(now, read_token(token)),
        )

    def _open(self, owned: Owned) -> list[tuple[str, str, str]]:
        """What a save leaves open elsewhere, such as the day of a dose change."""
        content = self.keeper().content
        asked = confirmations.open_ones(
            answers.read(answers.of(owned.card), self.today(owned)).faults
        )
        found = [(journey.step_of(each.path), drawing.sentence(each, content)) for each in asked]
        return [
            (step.key, content.say(f"step.{step.key}.name"), words) for step, words in found if step
        ]


def _printed(old: Briefing, new: Briefing) -> tuple[Change, ...] | None:
    """Which words of the printed card differ; ``None`` where no font can lay it out."""
    try:
        return changes.printed(old, new)
    except (letters.MissingLetter, letters.MissingFont):
        return None
