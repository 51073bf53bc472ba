"""After a save: two versions to choose from, or what has changed and whether to print again."""

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import answers, changes, letters, merging, reminder
from caregiver_card.briefing import Briefing, brief
from caregiver_card.changes import Change
from caregiver_card.crypto import read_token
from caregiver_card.web import desk


class Chooser(desk.Desk):
    """The pages that follow a save."""

    def choose(self, token: str) -> str | Response:
        """Save what was picked of two versions."""
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
        return render_template(
            "editor/saved.html",
            token=token,
            owned=owned,
            changed=changes.changes(before, owned.card, content),
            printed=_printed(brief(before, content), now),
            record=reminder.record(now, read_token(token)),
        )


def _printed(old: Briefing, new: Briefing) -> tuple[Change, ...] | None:
    """Which words of the printed card differ; ``None`` where no font can lay it out."""
    try:
        return changes.printed(old, new)
    except (letters.MissingLetter, letters.MissingFont):
        return None
