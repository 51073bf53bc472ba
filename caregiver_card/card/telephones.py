"""Telephone numbers and the countries whose way of writing them is known.

Parsers like those of ``values``; the only module that knows ``phonenumbers``.
"""

import re
import unicodedata
from typing import Any, NamedTuple

import phonenumbers

from caregiver_card.card.values import LONGEST_TYPED, DoubtfulValue, InvalidValue

# Figures, and what stands between them: dots, dashes of any length, whole brackets.
_DASHES = r"\u2010-\u2015\u2212-"
_CLEAN = re.compile(rf"\+?(?:\d|\(\d[\d ]*\)|[.{_DASHES}](?![.{_DASHES}]))+")
# Words part at spaces, but not within brackets: "(24 h)" is one.
_WORD = re.compile(r"(?:\([^()]*\)|[^\s()]|[()])+")
# What may stand in front of an area code in brackets.
_BEFORE_AREA_CODE = re.compile(r"\+\d{1,3}|00\d{1,3}|[018]")
_EXTENSION_MARKS = (
    "ext|extn|extension|int|interno|durchwahl|dw|app|apparat|poste|доб|内線|分機|w|x|#"
)
_EXTENSION = re.compile(
    rf"(.*\d\)?) ?(?:;ext=|[;,]? ?(?:{_EXTENSION_MARKS})[.:]?) ?\d{{1,7}}#?", re.IGNORECASE
)
# Behind a number: "8-16", "24-7", "8.00-16.00"; hours, not figures of it.
_HOURS = re.compile(
    rf"(.*\d\)?)[ .{_DASHES}]+((?:\d|1\d|2[0-4])(?:\.\d\d)?[ .{_DASHES}]*[.{_DASHES}][ ]*"
    rf"(?:\d|1\d|2[0-4])(?:\.\d\d)?|24[ .{_DASHES}]7)"
)
# 1-800-FLOWERS: letters for figures, as toll-free numbers of North America are advertised.
_VANITY = re.compile(r"(\+?1[ .-]?)?\(?(8(?:00|33|44|55|66|77|88))\)?[ .-]?([0-9]{0,4}[A-Z .-]+)")
_VANITY_LETTERS, _FEWEST_LETTERS = 7, 3
# Of two numbers one behind the other, the second begins as the first one ends.
_ALIKE = 3


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
    typed = _typed(raw, region)
    number, others = _number(typed.number, region), _whole_again(typed.number, region)
    if not number:
        if others:
            raise InvalidValue("phone-plus-lost", reading=phone_as_read(others[0]))
        raise InvalidValue("not-phone")
    shown = phone_as_read(number)
    if typed.left_over:
        # What is left of a number that nobody has is no offer.
        if not phone_in_use(number):
            raise InvalidValue("not-phone")
        raise DoubtfulValue(number, "phone-left-over", number=shown, left=typed.left_over)
    if other := next((each for each in others if each != number), ""):
        reading = phone_as_read(other)
        raise DoubtfulValue(number, "phone-two-readings", number=shown, reading=reading)
    return number


def _typed(raw: str, region: str | None) -> _Typed:
    if len(raw.strip()) > LONGEST_TYPED:
        raise InvalidValue("not-phone")
    words = " ".join("".join(map(_plain, raw)).split())
    # A spreadsheet program's mark of text, a link's own mark, a plus in brackets or with a space.
    words = re.sub(r"^['’]?(?:tel:)? ?(\+?) ?", r"\1", words, flags=re.IGNORECASE)
    words = re.sub(r"^\((\+\d{1,3})\) ?", r"\1 ", words)
    if vanity := _vanity(words, region):
        return _Typed(vanity, "")
    words = _without_strokes(words, region)
    extended = _EXTENSION.fullmatch(words)
    if extended and not _taken_apart(extended[1], region).left_over:
        raise InvalidValue("phone-extension")
    return _taken_apart(words, region)


def _plain(sign: str) -> str:
    """A sign of any width; a footnote's mark stays one, and what nobody sees goes."""
    kind = unicodedata.category(sign)
    if kind == "Cf" or sign in "\u30fc\u30fb":
        # Japanese keyboards have these two where others have a dash and a space.
        return {"\u30fc": "-", "\u30fb": " "}.get(sign, "")
    return sign if kind == "No" or sign == "\u2026" else unicodedata.normalize("NFKC", sign)


def _vanity(words: str, region: str | None) -> str:
    """The number behind letters, or an empty string; elsewhere a letter is none of its figures."""
    found = _VANITY.fullmatch(words)
    here = phonenumbers.country_code_for_region(region or "") == 1
    if not found or not (here or (found[1] or "").startswith("+")):
        return ""
    dialled = re.sub(r"[ .-]", "", found[3])
    letters = sum(each.isalpha() for each in dialled)
    if len(dialled) != _VANITY_LETTERS or letters < _FEWEST_LETTERS:
        return ""
    return f"+1{found[2]}{phonenumbers.convert_alpha_characters_in_number(dialled)}"


def _without_strokes(words: str, region: str | None) -> str:
    """030/45050: a stroke behind an area code parts nothing; behind a whole number it does."""
    while (at := words.find("/")) > 0 and re.match(r" ?[\d(]", words[at + 1 :]):
        before = words[:at].rstrip()
        figures = re.fullmatch(rf"\+?[\d() .{_DASHES}]+", before)
        if not figures or before.count("(") != before.count(")") or _in_use(before, region):
            break
        words = f"{before} {words[at + 1 :].lstrip()}"
    return words


def _taken_apart(words: str, region: str | None) -> _Typed:
    # "Tel:030", "45050;" and "8111(night)" are two words each.
    apart = re.sub(r"(?<=[^\W\d])[:.]?(?=[+(]?\d)|(?<=\d)(?=\(\D)", r"\g<0> ", words)
    tokens = _WORD.findall(re.sub(r"[,;]", r" \g<0> ", apart))
    start = next((at for at, each in enumerate(tokens) if _CLEAN.fullmatch(each)), None)
    if start is None or any(any(map(str.isdigit, each)) for each in tokens[:start]):
        raise InvalidValue("not-phone")
    end = start + 1
    while end < len(tokens) and _goes_on(tokens[end:], tokens[start:end], region):
        end += 1
    number, left = " ".join(tokens[start:end]), [*tokens[:start], *tokens[end:]]
    hours = _HOURS.fullmatch(number)
    if hours and _in_use(hours[1], region):
        number, left = hours[1], [*tokens[:start], hours[2], *tokens[end:]]
    beside = " ".join(left)
    return _Typed(number, beside if beside.strip(" ,;.") else "")


def _goes_on(rest: list[str], before: list[str], region: str | None) -> bool:
    """Whether the next word belongs to the number whose first words stand before it."""
    token, so_far = rest[0], " ".join(before)
    if re.fullmatch(rf"[.{_DASHES}]", token):
        # "45050 - 0" is the switchboard; "45050 - 45051" are two numbers.
        return len(rest) > 1 and rest[1] == "0" and len(rest) == 2
    if not _CLEAN.fullmatch(token) or token.startswith("+"):
        return False
    if "(" in token and not _BEFORE_AREA_CODE.fullmatch("".join(before)):
        return False
    if _begins_anew(rest, so_far, region):
        return False
    last, figures = _figures(before[-1]), _figures(token)
    alike = len(last) == len(figures) > _ALIKE and last[:_ALIKE] == figures[:_ALIKE]
    return not (alike and _in_use(so_far, region))


def _begins_anew(rest: list[str], so_far: str, region: str | None) -> bool:
    """Whether a word that begins with the zero of a national number cannot be the middle of one."""
    token = rest[0]
    prefix = phonenumbers.ndd_prefix_for_region(region, True) if region else ""
    if prefix != "0" or not token.lstrip("(").startswith("0") or len(_figures(token)) < 2:
        return False
    if _in_use("+" + " ".join([so_far, *rest]), None):
        return False
    if not re.match(r"[+(]?[+0]", so_far) and not _BEFORE_AREA_CODE.fullmatch(so_far):
        # "24 030 45050": what stands in front of the zero is no number at all.
        raise InvalidValue("not-phone")
    return len(_figures(token)) > 2 and _in_use(so_far, region)


def _figures(words: str) -> str:
    return "".join(filter(str.isdigit, words))


def _in_use(words: str, region: str | None) -> bool:
    number = _number(words, region)
    return bool(number) and phone_in_use(number)


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
    if not words[:1].isdigit() or words.startswith("0"):
        return []
    typed, found = _number(words, region), [_number(f"+{words}", None)]
    # In the country's own grouping it is no spreadsheet program's work.
    if typed and re.findall(r"\d+", words) == re.findall(r"\d+", _national(typed)) != [words]:
        return []
    if not typed or not phone_in_use(typed):
        found.append(_number(f"0{words}", region))
    return [each for each in found if each and phone_in_use(each)]


def _national(number_e164: str) -> str:
    parsed = phonenumbers.parse(number_e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


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
