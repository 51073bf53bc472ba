"""The public guide: every clinical statement with its sources, without a patient."""

from functools import cache

from markupsafe import Markup

from caregiver_card.briefing.briefing import review
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.sign_groups import signs
from caregiver_card.document_templates import template
from caregiver_card.pages.emergency import extra
from caregiver_card.pages.precompressed import PrecompressedPage, precompress
from caregiver_card.style_sheets import screen_style

STYLES = ("emergency.css", "guide.css")
# The groups below the three groups of signs, in reading order.
_GROUPS = (
    "alarms",
    "pump_site",
    "do_nots",
    "interactions",
    "mri",
    "family",
    "label",
    "serious",
    "settling",
    "passing",
)


# It holds no personal data, so it is rendered and compressed once.
@cache
def page(content: Content) -> PrecompressedPage:
    """The guide as one HTML page."""
    return PrecompressedPage(precompress(_render(content, "guide.html", groups=_GROUPS), {}))


@cache
def unknown(content: Content) -> PrecompressedPage:
    """The page for an address that opens no card, whatever the reason: the guide's beginning."""
    return PrecompressedPage(precompress(_render(content, "unknown.html", groups=()), {}))


def _render(content: Content, name: str, groups: tuple[str, ...]) -> str:
    telling, cautions = content.tagged("tells"), content.tagged("caution")
    return template(name).render(
        t=content.say,
        c=content.clinical,
        language=content.language,
        css=Markup(screen_style(*STYLES)),
        signs=signs(content),
        extra=extra(content),
        telling=telling,
        cautions=cautions,
        differences=tuple(
            each
            for each in content.groups["discriminators"].values()
            if each not in (*telling, *cautions)
        ),
        any_signs=content.tagged("for", "any"),
        groups=[
            (key, content.say(f"guide.{key}"), tuple(content.groups[key].values()))
            for key in groups
        ],
        sources=list(content.sources.values()),
        cite=lambda each: "; ".join(
            [*(_named(content, source) for source in each.sources), *each.worded]
        ),
        review=review(content),
    )


def _named(content: Content, source: str) -> str:
    """A source by the name of its page, with the part of the page if it is known."""
    key, _, line = source.partition(":")
    found = content.sources[key]
    if not line:
        return found.short
    return content.say("guide.part", page=found.short, part=found.section(int(line)))
