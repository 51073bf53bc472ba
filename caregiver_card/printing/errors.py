"""The reasons why something cannot be printed, and their messages."""

from caregiver_card.briefing.content import Content
from caregiver_card.printing.codes import offline_contact, qr
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs

# The errors of one card's print, and those together with the errors of every print.
ONE_CARD_ERRORS = (glyphs.MissingLetter, verify.VerificationFailed, offline_contact.TooFine)
UNPRINTABLE = (*ONE_CARD_ERRORS, glyphs.MissingFont, qr.TooLong)


def reason(error: Exception, content: Content) -> str:
    """The message of an error: why something cannot be printed."""
    if isinstance(error, glyphs.MissingLetter):
        return content.say(
            "print.missing-letter", letter=error.letter, name=error.name, package=error.package
        )
    if isinstance(error, verify.VerificationFailed):
        return content.say(f"print.{error.key}", **error.details)
    if isinstance(error, offline_contact.TooFine):
        return content.say(
            "offline.too_fine", mm=f"{error.module_mm:.2f}", side=f"{error.side_mm:g}"
        )
    return str(error)
