"""The dates and doses of a card as a page of their own: one file without script, for the zip."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from markupsafe import Markup

from caregiver_card.briefing import alert_texts
from caregiver_card.briefing.content import Content
from caregiver_card.charts.dose_steps import SavedCard, dose_steps
from caregiver_card.charts.time_bar import time_bar
from caregiver_card.document_templates import template
from caregiver_card.style_sheets import OWNER, screen_style


def page(saved: Sequence[SavedCard], content: Content, today: date) -> str:
    """Return the page of ``today``, given the versions, oldest first."""
    card = saved[-1].card
    return template("history.html").render(
        name=card.patient.full_name,
        t=content.say,
        say=content,
        language=content.language,
        css=Markup(screen_style("base.css", *OWNER)),
        number=content.number,
        near=partial(alert_texts.relative_day, today=today, language=content.language),
        today=today,
        bar=time_bar(card, today),
        chart=dose_steps(saved, today),
    )
