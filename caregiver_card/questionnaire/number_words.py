"""A number in words, so that a slip of the finger is heard: 400 is "four hundred"."""

from decimal import Decimal

from num2words import num2words

from caregiver_card.briefing.content import Content
from caregiver_card.card.values import format_number

# Beyond any dose, volume or concentration: words that long are not compared any more.
_LARGEST = 999_999


def in_words(value: object, content: Content) -> str:
    """Return a number from 0 to 999 999 in words, and any other in figures.

    A language that num2words does not know gets figures as well.
    """
    figures = format_number(value)
    whole, _, _ = figures.partition(".")
    if not whole.isdecimal() or int(whole) > _LARGEST:
        return figures
    try:
        return str(num2words(Decimal(figures), lang=content.language))
    except NotImplementedError:
        return figures
