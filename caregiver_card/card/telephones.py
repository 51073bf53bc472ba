"""Parse telephone numbers, and the countries whose way of writing them is known.

The parsers have the form that ``values`` describes. Only this module uses ``phonenumbers``.
"""

import re
import unicodedata
from typing import Any, NamedTuple

import phonenumbers

from caregiver_card.card.values import MAX_TYPED_LENGTH, DoubtfulValue, InvalidValue

# Digits and the separators between them: dots, dashes of any length, closed brackets.
_DASHES = r"\u2010-\u2015\u2212-"
_NUMBER_TOKEN = re.compile(rf"\+?(?:\d|\(\d[\d ]*\)|[.{_DASHES}](?![.{_DASHES}]))+")
# Words end at spaces, except within brackets: "(24 h)" is one word.
_WORD = re.compile(r"(?:\([^()]*\)|[^\s()]|[()])+")
# May precede an area code in brackets.
_BEFORE_AREA_CODE = re.compile(r"\+\d{1,3}|00\d{1,3}|[018]")
_EXTENSION_MARKS = (
    "ext|extn|extension|int|interno|durchwahl|dw|app|apparat|poste|доб|内線|分機|w|x|#"
)
_EXTENSION = re.compile(
    rf"(.*\d\)?) ?(?:;ext=|[;,]? ?(?:{_EXTENSION_MARKS})[.:]?) ?\d{{1,7}}#?", re.IGNORECASE
)
# Opening hours after a number, not digits of it: "8-16", "24-7", "8.00-16.00".
_HOURS = re.compile(
    rf"(.*\d\)?)[ .{_DASHES}]+((?:\d|1\d|2[0-4])(?:\.\d\d)?[ .{_DASHES}]*[.{_DASHES}][ ]*"
    rf"(?:\d|1\d|2[0-4])(?:\.\d\d)?|24[ .{_DASHES}]7)"
)
# 1-800-FLOWERS: letters for digits, as North America advertises toll-free numbers.
_VANITY = re.compile(r"(\+?1[ .-]?)?\(?(8(?:00|33|44|55|66|77|88))\)?[ .-]?([0-9]{0,4}[A-Z .-]+)")
_VANITY_LENGTH, _MIN_LETTERS = 7, 3
# 45050 45051: a word as long as the one before, with the same first digits, is a second number.
_SHARED_DIGITS = 3


class _Typed(NamedTuple):
    """The first number in what was typed, and everything else that was typed with it."""

    number: str
    left_over: str


def phone(raw: Any, region: str | None = None) -> str:
    """Parse a telephone number into E.164 (``+13125550142``), as people in ``region`` write it.

    Raises ``DoubtfulValue`` where anything else is typed with the number, and where a spreadsheet
    program may have dropped a leading plus or zero.
    """
    if not isinstance(raw, str):
        raise InvalidValue("not-text")
    typed = _split_typed(raw, region)
    number, others = _number(typed.number, region), _with_lost_prefix(typed.number, region)
    if not number:
        if others:
            raise InvalidValue("phone-plus-lost", reading=format_phone(others[0]))
        raise InvalidValue("not-phone")
    formatted = format_phone(number)
    if typed.left_over:
        # Do not offer a number that is not in use.
        if not phone_in_use(number):
            raise InvalidValue("not-phone")
        raise DoubtfulValue(number, "phone-left-over", number=formatted, left=typed.left_over)
    if other := next((candidate for candidate in others if candidate != number), ""):
        reading = format_phone(other)
        raise DoubtfulValue(number, "phone-two-readings", number=formatted, reading=reading)
    return number


def _split_typed(raw: str, region: str | None) -> _Typed:
    """Separate the number from the rest; raise ``InvalidValue`` where there is none."""
    if len(raw.strip()) > MAX_TYPED_LENGTH:
        raise InvalidValue("not-phone")
    words = " ".join("".join(map(_normalise, raw)).split())
    # A spreadsheet's apostrophe, the "tel:" of a link, a plus in brackets or before a space.
    words = re.sub(r"^['’]?(?:tel:)? ?(\+?) ?", r"\1", words, flags=re.IGNORECASE)
    words = re.sub(r"^\((\+\d{1,3})\) ?", r"\1 ", words)
    if vanity := _vanity(words, region):
        return _Typed(vanity, "")
    words = _without_slashes(words, region)
    extended = _EXTENSION.fullmatch(words)
    if extended and not _take_number(extended[1], region).left_over:
        raise InvalidValue("phone-extension")
    return _take_number(words, region)


def _normalise(sign: str) -> str:
    """Return a character in its usual width; drop an invisible one, keep a superscript."""
    kind = unicodedata.category(sign)
    if kind == "Cf" or sign in "\u30fc\u30fb":
        # Japanese keyboards have these two instead of a dash and a space.
        return {"\u30fc": "-", "\u30fb": " "}.get(sign, "")
    return sign if kind == "No" or sign == "\u2026" else unicodedata.normalize("NFKC", sign)


def _vanity(words: str, region: str | None) -> str:
    """Return the number that letters stand for, or an empty string outside North America."""
    match = _VANITY.fullmatch(words)
    in_north_america = phonenumbers.country_code_for_region(region or "") == 1
    if not match or not (in_north_america or (match[1] or "").startswith("+")):
        return ""
    dialled = re.sub(r"[ .-]", "", match[3])
    letters = sum(letter.isalpha() for letter in dialled)
    if len(dialled) != _VANITY_LENGTH or letters < _MIN_LETTERS:
        return ""
    return f"+1{match[2]}{phonenumbers.convert_alpha_characters_in_number(dialled)}"


def _without_slashes(words: str, region: str | None) -> str:
    """Remove a slash after an area code (030/45050); one after a whole number separates two."""
    while (at := words.find("/")) > 0 and re.match(r" ?[\d(]", words[at + 1 :]):
        before = words[:at].rstrip()
        figures = re.fullmatch(rf"\+?[\d() .{_DASHES}]+", before)
        if not figures or before.count("(") != before.count(")") or _in_use(before, region):
            break
        words = f"{before} {words[at + 1 :].lstrip()}"
    return words


def _take_number(words: str, region: str | None) -> _Typed:
    # "Tel:030", "45050;" and "8111(night)" are two words each.
    """Find the words of the first number; return it and the remaining words."""
    spaced = re.sub(r"(?<=[^\W\d])[:.]?(?=[+(]?\d)|(?<=\d)(?=\(\D)", r"\g<0> ", words)
    tokens = _WORD.findall(re.sub(r"[,;]", r" \g<0> ", spaced))
    start = next((at for at, token in enumerate(tokens) if _NUMBER_TOKEN.fullmatch(token)), None)
    if start is None or any(any(map(str.isdigit, token)) for token in tokens[:start]):
        raise InvalidValue("not-phone")
    end = start + 1
    while end < len(tokens) and _continues_number(tokens[end:], tokens[start:end], region):
        end += 1
    number, others = " ".join(tokens[start:end]), [*tokens[:start], *tokens[end:]]
    hours = _HOURS.fullmatch(number)
    if hours and _in_use(hours[1], region):
        number, others = hours[1], [*tokens[:start], hours[2], *tokens[end:]]
    left_over = " ".join(others)
    return _Typed(number, left_over if left_over.strip(" ,;.") else "")


def _continues_number(rest: list[str], before: list[str], region: str | None) -> bool:
    """Return whether the first word of ``rest`` belongs to the number begun by ``before``."""
    token, so_far = rest[0], " ".join(before)
    if re.fullmatch(rf"[.{_DASHES}]", token):
        # "45050 - 0" is the switchboard; "45050 - 45051" are two numbers.
        return len(rest) > 1 and rest[1] == "0" and len(rest) == 2
    if not _NUMBER_TOKEN.fullmatch(token) or token.startswith("+"):
        return False
    if "(" in token and not _BEFORE_AREA_CODE.fullmatch("".join(before)):
        return False
    if _starts_second_number(rest, so_far, region):
        return False
    last, digits = _digits(before[-1]), _digits(token)
    second_number = (
        len(last) == len(digits) > _SHARED_DIGITS
        and last[:_SHARED_DIGITS] == digits[:_SHARED_DIGITS]
    )
    return not (second_number and _in_use(so_far, region))


def _starts_second_number(rest: list[str], so_far: str, region: str | None) -> bool:
    """Return whether a word with a leading national zero starts a second number."""
    token = rest[0]
    prefix = phonenumbers.ndd_prefix_for_region(region, True) if region else ""
    if prefix != "0" or not token.lstrip("(").startswith("0") or len(_digits(token)) < 2:
        return False
    if _in_use("+" + " ".join([so_far, *rest]), None):
        return False
    if not re.match(r"[+(]?[+0]", so_far) and not _BEFORE_AREA_CODE.fullmatch(so_far):
        # "24 030 45050": what precedes the zero is no number at all.
        raise InvalidValue("not-phone")
    return len(_digits(token)) > 2 and _in_use(so_far, region)


def _digits(words: str) -> str:
    return "".join(filter(str.isdigit, words))


def _in_use(words: str, region: str | None) -> bool:
    number = _number(words, region)
    return bool(number) and phone_in_use(number)


def _number(words: str, region: str | None) -> str:
    """Return the number as E.164, or an empty string if nobody could dial it from another town."""
    try:
        parsed = phonenumbers.parse(words, region)
    except phonenumbers.NumberParseException:
        return ""
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if parsed.extension or reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _with_lost_prefix(words: str, region: str | None) -> list[str]:
    """Return numbers in use that result from restoring a plus or zero that Excel drops."""
    if not words[:1].isdigit() or words.startswith("0"):
        return []
    typed, candidates = _number(words, region), [_number(f"+{words}", None)]
    # A number grouped as its country groups it was typed by a person.
    if typed and re.findall(r"\d+", words) == re.findall(r"\d+", _national(typed)) != [words]:
        return []
    if not typed or not phone_in_use(typed):
        candidates.append(_number(f"0{words}", region))
    return [number for number in candidates if number and phone_in_use(number)]


def _national(number_e164: str) -> str:
    parsed = phonenumbers.parse(number_e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def phone_in_use(number_e164: str) -> bool:
    """Return whether the numbering plan has such a number; one that it lacks may still ring."""
    return phonenumbers.is_valid_number(phonenumbers.parse(number_e164))


def format_phone(number_e164: str) -> str:
    """Format an E.164 number with the spaces its country uses: ``+1 312-555-0142``."""
    parsed = phonenumbers.parse(number_e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def region(raw: Any, region: str | None = None) -> str:
    """Parse a two-letter ISO 3166 country code for which telephone numbers can be read."""
    if not isinstance(raw, str):
        raise InvalidValue("not-text")
    code = raw.strip().upper()
    if code == "UK":
        raise InvalidValue("region-uk")
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidValue("not-region")
    return code


def regions() -> frozenset[str]:
    """Return every country code that ``region`` accepts."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)
