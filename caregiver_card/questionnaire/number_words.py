"""A number in words, so that a slip of the finger is heard: 400 is "four hundred".

The words stand in the text under ``number``; a language that counts otherwise than English puts
its own frames there, or leaves the words out and gets the figures.
"""

from caregiver_card.briefing.content import Content
from caregiver_card.card.values import format_number

_LARGEST = 999_999


def number(value: object, content: Content) -> str:
    """A number from 0 to 999 999 in words; any other in figures."""
    figures = format_number(value)
    whole, _, rest = figures.partition(".")
    if "number.point" not in content.text or not whole.isdecimal() or int(whole) > _LARGEST:
        return figures
    said = _whole(int(whole), content)
    if not rest:
        return said
    digits = " ".join(content.say(f"number.n{digit}") for digit in rest)
    return content.say("number.point", whole=said, digits=digits)


def _whole(count: int, content: Content) -> str:
    if count < 20:
        return content.say(f"number.n{count}")
    if count < 100:
        ten, one = divmod(count, 10)
        tens = content.say(f"number.n{ten * 10}")
        return content.say("number.tens", ten=tens, one=_whole(one, content)) if one else tens
    name, size = ("hundred", 100) if count < 1000 else ("thousand", 1000)
    many, rest = divmod(count, size)
    said = content.say(f"number.{name}", count=_whole(many, content))
    if not rest:
        return said
    frame = "number.and" if rest < 100 else "number.more"
    return content.say(frame, whole=said, rest=_whole(rest, content))
