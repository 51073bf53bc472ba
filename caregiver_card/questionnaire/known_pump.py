"""What the model of a pump tells by itself."""

from caregiver_card.card import pump_models
from caregiver_card.questionnaire.answers import Answers

_MAKER, _MODEL = "pump.maker", "pump.model"


def with_maker(typed: Answers) -> Answers:
    """Return the answers with the maker of a known model, where none was typed."""
    if typed.get(_MAKER, "").strip():
        return typed
    maker = pump_models.maker_of(typed.get(_MODEL, ""))
    return typed | {_MAKER: maker} if maker else typed
