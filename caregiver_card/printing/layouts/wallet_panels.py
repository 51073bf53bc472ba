"""The signs on the back of the wallet card, side by side, and what nobody may do."""

from dataclasses import dataclass
from functools import cache
from itertools import product

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.sign_groups import SignGroup
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.layouts import wallet_texts as texts
from caregiver_card.printing.layouts.wallet_texts import FULL_PT, TEXT_PT, TITLE_PT, body, width
from caregiver_card.printing.text.page_geometry import POINT_MM

_PANEL_GAP_PT = 1.2 / POINT_MM
_PANEL_PT = (FULL_PT - 2 * _PANEL_GAP_PT) / 3
# A panel with much to say takes width from one with little, in steps.
_STEP_PT, _STEPS = 1.0 / POINT_MM, 6
# The shape before a panel's title, with the white around both.
_TITLE_PT = 3.9 / POINT_MM
# A line that ends with its panel reads on into the next.
_END_PT = 0.4 / POINT_MM
# White at both ends of a block.
_BLOCK_PT = 5.4
# White inside a frame.
FRAME_PT = 1.5 / POINT_MM
# The word NEVER, and the white beside it.
_WORD_PT, _BESIDE_WORD_PT = 17.5 / POINT_MM, 2.4 / POINT_MM


@dataclass(frozen=True, slots=True)
class Panel:
    """The signs of one kind: the cue, and what it lacks, in a column of ``width_pt``."""

    group: SignGroup
    text: Text
    left_pt: float
    width_pt: float


def panels(b: Briefing) -> tuple[Panel, ...]:
    """The three panels: none is narrower than its title, and the highest of them is low."""
    least = [width(each.title, TEXT_PT, bold=True) + _TITLE_PT for each in b.signs]
    total = len(least) * _PANEL_PT

    @cache
    def text(at: int, width_pt: float) -> Text:
        group = b.signs[at]
        return body(width_pt - _END_PT, (group.cue, True), (f"\n{group.rest}", False))

    def side_by_side(first: int, second: int) -> tuple[Panel, ...]:
        wide = [max(_PANEL_PT + first * _STEP_PT, least[0])]
        wide.append(max(_PANEL_PT + second * _STEP_PT, least[1]))
        wide.append(total - sum(wide))
        lefts = (0.0, wide[0] + _PANEL_GAP_PT, wide[0] + wide[1] + 2 * _PANEL_GAP_PT)
        return tuple(
            Panel(group, text(at, wide[at]), lefts[at], wide[at])
            for at, group in enumerate(b.signs)
        )

    steps = sorted(range(-_STEPS, _STEPS + 1), key=abs)
    tried = (side_by_side(first, second) for first, second in product(steps, steps))
    fitting = [each for each in tried if each[-1].width_pt >= least[-1]]
    # Of those that are equally low, the first: the nearest to three equal ones. Where no title
    # fits, the finished print is refused.
    return min(fitting or [side_by_side(0, 0)], key=height_pt)


def height_pt(panels: tuple[Panel, ...]) -> float:
    """The height of the highest."""
    return max(panel.text.height_pt for panel in panels)


def never(b: Briefing) -> tuple[float, Text]:
    """What nobody may do, beside the word NEVER of this width; behind it where that is lower."""
    word, said = b.content.say("wallet.never"), [each.text for each in texts.never(b)]
    word_pt = max(_WORD_PT, width(word, TITLE_PT, bold=True) + _BESIDE_WORD_PT)
    beside = body(FULL_PT - word_pt, ("\n".join(said), True))
    behind = body(FULL_PT - _BLOCK_PT, (f"{word}: {'; '.join(said)}.", True))
    return (word_pt, beside) if beside.height_pt <= behind.height_pt else (0.0, behind)
