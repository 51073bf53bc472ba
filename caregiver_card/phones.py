"""Telephone numbers and the countries whose way of writing them is known.

Parsers like those of ``values``; the only module that knows ``phonenumbers``.
"""

from typing import Any

import phonenumbers

from caregiver_card.values import LONGEST_TYPED, InvalidValue


def phone(raw: Any, region: str | None = None) -> str:
    """A telephone number as E.164 (``+13125550142``), read as people in ``region`` write it."""
    if not isinstance(raw, str):
        raise InvalidValue("not-text")
    try:
        parsed = phonenumbers.parse(raw.strip()[: LONGEST_TYPED + 1], region)
    except phonenumbers.NumberParseException:
        raise InvalidValue("not-phone") from None
    if parsed.extension:
        raise InvalidValue("phone-extension")
    # A number that can only be dialled in its own town is none in the next.
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE or len(raw.strip()) > LONGEST_TYPED:
        raise InvalidValue("not-phone")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


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
