"""Telephone numbers and the countries whose way of writing them is known.

Parsers like those of ``values``; the only module that knows ``phonenumbers``.
"""

import re
import unicodedata
from typing import Any, NamedTuple

import phonenumbers

from caregiver_card.values import LONGEST_TYPED, DoubtfulValue, InvalidValue

# Figures, and what stands between them: dots, dashes of any length, brackets.
_CLEAN = re.compile(r"\+?[\d(][\d(). \u2010-\u2015\u2212-]*")
# Words part at spaces, but not within brackets: "(24 h)" is one.
_WORD = re.compile(r"(?:\([^()]*\)|[^\s()]|[()])+")
# What may stand in front of an area code in brackets.
_COUNTRY_CODE = re.compile(r"\+\d{1,3}|00\d{1,3}|1")
# 030/45050: the area code as much of Europe sets it apart. Any other stroke parts two numbers.
_AREA_CODE = re.compile(r"((?:\+\d{1,3}[ -]?\(?|\(?0)\d{1,5}\)?) ?/ ?(?=\d)")
_EXTENSION = re.compile(
    r"(.*\d\)?) ?(?:;ext=|[;,]? ?(?:ext(?:n|ension)?|int|x|#)[.:]?) ?\d{1,7}#?", re.IGNORECASE
)
# 1-800-FLOWERS: letters for figures, as toll-free numbers of North America are advertised.
_VANITY = re.compile(r"(?:\+?1[ .-]?)?\(?(8(?:00|33|44|55|66|77|88))\)?[ .-]?([0-9]{0,4}[A-Z .-]+)")
_VANITY_LETTERS, _FEWEST_LETTERS = 7, 3


class _Typed(NamedTuple):
    """The first number in what was typed, and all that stands beside it."""

    number: str
    left_over: str


def phone(raw: Any, region: str | None = None) -> str:
    """A telephone number as E.164 (``+13125550142``), read as people in ``region`` write it.

    Raises ``DoubtfulValue`` where something stands beside the number, and where a spreadsheet
    program may have taken a plus or a zero from its front.
    """
    if not isinstance(raw, str):
        raise InvalidValue("not-text")
    typed = _typed(raw)
    number, others = _number(typed.number, region), _whole_again(typed.number, region)
    if not number:
        if others:
            raise InvalidValue("phone-plus-lost", other=phone_as_read(others[0]))
        raise InvalidValue("not-phone")
    shown = phone_as_read(number)
    if typed.left_over:
        raise DoubtfulValue(number, "phone-left-over", number=shown, left=typed.left_over)
    if other := next((each for each in others if each != number), ""):
        other = phone_as_read(other)
        raise DoubtfulValue(number, "phone-two-readings", number=shown, other=other)
    return number


def _typed(raw: str) -> _Typed:
    if len(raw.strip()) > LONGEST_TYPED:
        raise InvalidValue("not-phone")
    words = " ".join("".join(map(_plain, raw)).split())
    # A spreadsheet program's mark of text, a link's own mark, a space behind the plus.
    words = re.sub(r"^['’]?(?:tel:)? ?(\+?) ?", r"\1", words, flags=re.IGNORECASE)
    if vanity := _vanity(words):
        return _Typed(vanity, "")
    words = _AREA_CODE.sub(r"\1 ", words, count=1) if _AREA_CODE.match(words) else words
    extended = _EXTENSION.fullmatch(words)
    if extended and not _taken_apart(extended[1]).left_over:
        raise InvalidValue("phone-extension")
    return _taken_apart(words)


def _plain(sign: str) -> str:
    """A sign of any width; a footnote's mark stays one, and what nobody sees goes."""
    kind = unicodedata.category(sign)
    return "" if kind == "Cf" else sign if kind == "No" else unicodedata.normalize("NFKC", sign)


def _vanity(words: str) -> str:
    """The number behind letters, or an empty string; elsewhere a letter is none of its figures."""
    found = _VANITY.fullmatch(words)
    dialled = re.sub(r"[ .-]", "", found[2]) if found else ""
    letters = sum(each.isalpha() for each in dialled)
    if not found or len(dialled) != _VANITY_LETTERS or letters < _FEWEST_LETTERS:
        return ""
    return f"+1{found[1]}{phonenumbers.convert_alpha_characters_in_number(dialled)}"


def _taken_apart(words: str) -> _Typed:
    # "Tel:030" and "45050;" are two words each.
    apart = re.sub(r"(?<=[^\W\d])[:.]?(?=[+(]?\d)", r"\g<0> ", words)
    tokens = _WORD.findall(re.sub(r"[,;]", r" \g<0> ", apart))
    start = next((at for at, each in enumerate(tokens) if _CLEAN.fullmatch(each)), None)
    if start is None:
        raise InvalidValue("not-phone")
    end = start + 1
    while end < len(tokens) and _goes_on(tokens[end], tokens[start:end]):
        end += 1
    left = " ".join([*tokens[:start], *tokens[end:]])
    return _Typed(" ".join(tokens[start:end]), left if left.strip(" ,;.") else "")


def _goes_on(token: str, before: list[str]) -> bool:
    """Whether a word belongs to the number whose first words stand before it."""
    if not _CLEAN.fullmatch(token) and not re.fullmatch(r"[.\u2010-\u2015\u2212-]", token):
        return False
    in_brackets = "(" in token and not _COUNTRY_CODE.fullmatch("".join(before))
    return not token.startswith("+") and not in_brackets


def _number(words: str, region: str | None) -> str:
    """The number as E.164; an empty string for what nobody could dial from another town."""
    try:
        parsed = phonenumbers.parse(words, region)
    except phonenumbers.NumberParseException:
        return ""
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if parsed.extension or reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _whole_again(words: str, region: str | None) -> list[str]:
    """Numbers in use that this becomes with a plus or a zero in front, which Excel drops."""
    first, rest = re.match(r"(\d*)(.*)", words).groups()  # type: ignore[union-attr]
    if not first or first.startswith("0"):
        return []
    found = [_number(f"+{words}", None), _number(f"0{words}", region)]
    # Set apart, the first figures are an area code unless they are the whole country code.
    if rest and found[0] and first != str(phonenumbers.parse(found[0]).country_code):
        found[0] = ""
    return [each for each in found if each and phone_in_use(each)]


def phone_in_use(number_e164: str) -> bool:
    """Whether the number's plan has such a number; a false one may still ring."""
    return phonenumbers.is_valid_number(phonenumbers.parse(number_e164))


def phone_as_read(number_e164: str) -> str:
    """An E.164 number with the spaces its country uses: ``+1 312-555-0142``."""
    parsed = phonenumbers.parse(number_e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def region(raw: Any, region: str | None = None) -> str:
    """A two-letter ISO 3166 country code that telephone numbers can be read for."""
    if not isinstance(raw, str):
        raise InvalidValue("not-text")
    code = raw.strip().upper()
    if code == "UK":
        raise InvalidValue("region-uk")
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidValue("not-region")
    return code


def regions() -> frozenset[str]:
    """Every country code that ``region`` takes."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)
