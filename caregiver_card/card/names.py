"""A full name, and the family name that somebody said is in it. A name is never split by guess."""

import re

# Names in Han, kana and Hangul are written without a space between family and given name.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+")


def without_family(full: str, family: str) -> list[tuple[str, ...]]:
    """Return the other words of a full name, for each place where the family name stands in it.

    It stands there as whole words; capitals do not matter, accents do. No place is no such name;
    places that leave different words do not tell which of them is the given name.
    """
    # A comma separates words as a space does: "Rivera, Alex".
    words, wanted = full.replace(",", " ").split(), family.split()
    if len(words) == len(wanted) == 1 and _UNSPACED.fullmatch(words[0]):
        begins = words[0].startswith(wanted[0])
        return [tuple(filter(None, [words[0].removeprefix(wanted[0])]))] if begins else []
    folded, sought = [each.casefold() for each in words], [each.casefold() for each in wanted]
    places = range(len(words) - len(wanted) + 1) if wanted else ()
    found = [
        (*words[:at], *words[at + len(wanted) :])
        for at in places
        if folded[at : at + len(wanted)] == sought
    ]
    return list(dict.fromkeys(found))


def given_names(full: str, family: str) -> tuple[str, ...]:
    """Return the words beside the family name, in order; none where it is not certain which."""
    found = without_family(full, family)
    return found[0] if len(found) == 1 else ()
