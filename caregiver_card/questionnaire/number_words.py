"""Write a number in words, so that a typing slip is noticed: 400 is "four hundred".

The words are texts under ``number``. A language that builds numbers in another way than English
changes the patterns there, or leaves the words out and gets digits.
"""

from caregiver_card.briefing.content import Content
from caregiver_card.card.values import format_number

_LARGEST = 999_999


def in_words(value: object, content: Content) -> str:
    """Return a number from 0 to 999 999 in words, and any other in digits."""
    figures = format_number(value)
    whole, _, decimals = figures.partition(".")
    if "number.point" not in content.text or not whole.isdecimal() or int(whole) > _LARGEST:
        return figures
    words = _whole(int(whole), content)
    if not decimals:
        return words
    digits = " ".join(content.say(f"number.n{digit}") for digit in decimals)
    return content.say("number.point", whole=words, digits=digits)


def _whole(count: int, content: Content) -> str:
    if count < 20:
        return content.say(f"number.n{count}")
    if count < 100:
        ten, one = divmod(count, 10)
        tens = content.say(f"number.n{ten * 10}")
        return content.say("number.tens", ten=tens, one=_whole(one, content)) if one else tens
    name, size = ("hundred", 100) if count < 1000 else ("thousand", 1000)
    many, rest = divmod(count, size)
    words = content.say(f"number.{name}", count=_whole(many, content))
    if not rest:
        return words
    frame = "number.and" if rest < 100 else "number.more"
    return content.say(frame, whole=words, rest=_whole(rest, content))
