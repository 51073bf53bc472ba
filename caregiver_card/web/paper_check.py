"""Is the paper still right? Asked with the mark that stands on it, by a reader or by the owner.

A form that is sent with GET: nothing is changed by asking, and nothing is recorded.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.paper_check import PaperStatus
from caregiver_card.storage.crypto import read_token
from caregiver_card.web.services import services

papers = Blueprint("papers", __name__)


@dataclass(frozen=True, slots=True)
class MarkQuestion:
    """What was typed, and what is to be said of it; no answer where it is no mark."""

    typed: str
    answer: PaperStatus | None


@papers.get("/c/<token>/paper")
def readers(token: str) -> tuple[str, int]:
    """For whoever holds a printed copy: what differs, and what the card says today."""
    keeper = services().keeper()
    briefing = keeper.briefing(token)
    asked = _asked(lambda typed: keeper.check_paper(token, typed))
    return _page(f"/c/{read_token(token)}", briefing, asked, "paper.to_page")


@papers.get("/o/<token>/paper")
def owners(token: str) -> tuple[str, int]:
    """For the owner: the words on the paper beside those of today."""
    keeper = services().keeper()
    briefing = brief(keeper.vault.owned(token).card, keeper.content)
    asked = _asked(lambda typed: keeper.check_own_paper(token, typed))
    return _page(f"/o/{read_token(token)}", briefing, asked, "owner.back")


def _asked(judge: Callable[[version_mark.VersionMark], PaperStatus]) -> MarkQuestion | None:
    if "mark" not in request.args:
        return None
    # Longer than anybody types; what no page can hold is left out when it is shown again.
    typed = "".join(each for each in request.args["mark"][:40] if each.isprintable())
    read = version_mark.parse_mark(typed)
    return MarkQuestion(typed, judge(read) if read else None)


def _page(home: str, b: Briefing, asked: MarkQuestion | None, back: str) -> tuple[str, int]:
    page = render_template(
        "paper.html", home=home, b=b, asked=asked, back=back, mark=version_mark.mark_of(b)
    )
    return page, 422 if asked and not asked.answer else 200
