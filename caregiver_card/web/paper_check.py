"""Whether a printed card is still right, for a reader or the owner who types its version mark.

The form is sent with GET: the question changes nothing, and nothing records it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.paper_check import PaperStatus
from caregiver_card.storage.crypto import read_token
from caregiver_card.web.services import get_services

bp = Blueprint("paper_check", __name__)


@dataclass(frozen=True, slots=True)
class MarkQuestion:
    """What was typed, and the answer; ``None`` if the text is no version mark."""

    typed: str
    answer: PaperStatus | None


@bp.get("/c/<token>/paper")
def reader_page(token: str) -> tuple[str, int]:
    """For a reader: what differs, and what the card says today."""
    cards = get_services().cards()
    briefing = cards.briefing(token)
    question = _question(lambda mark: cards.check_paper(token, mark))
    return _page(f"/c/{read_token(token)}", briefing, question, "paper.to_page")


@bp.get("/o/<token>/paper")
def owner_page(token: str) -> tuple[str, int]:
    """For the owner: the texts on the paper beside today's."""
    services = get_services()
    cards = services.cards()
    card = cards.vault.owned(token).card
    briefing = brief(card, services.content)
    question = _question(lambda mark: cards.check_own_paper(token, mark))
    return _page(f"/o/{read_token(token)}", briefing, question, "owner.back")


def _question(check: Callable[[version_mark.VersionMark], PaperStatus]) -> MarkQuestion | None:
    if "mark" not in request.args:
        return None
    # Nobody types more. The page shows the text again, without unprintable characters.
    typed = "".join(char for char in request.args["mark"][:40] if char.isprintable())
    mark = version_mark.parse_mark(typed)
    return MarkQuestion(typed, check(mark) if mark else None)


def _page(
    home: str, briefing: Briefing, question: MarkQuestion | None, back: str
) -> tuple[str, int]:
    page = render_template(
        "paper.html",
        home=home,
        b=briefing,
        asked=question,
        back=back,
        mark=version_mark.mark_of(briefing),
    )
    return page, 422 if question and not question.answer else 200
