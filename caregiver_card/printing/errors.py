"""Why something cannot be printed, in words."""

from caregiver_card.briefing.content import Content
from caregiver_card.printing.codes import offline_contact, qr
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs

# What may stand against the print of one card, and what stands against all.
OF_A_CARD = (glyphs.MissingLetter, verify.VerificationFailed, offline_contact.TooFine)
UNPRINTABLE = (*OF_A_CARD, glyphs.MissingFont, qr.TooLong)


def reason(fault: Exception, content: Content) -> str:
    """Why something cannot be printed, in words."""
    if isinstance(fault, glyphs.MissingLetter):
        return content.say(
            "print.missing-letter", letter=fault.letter, name=fault.name, package=fault.package
        )
    if isinstance(fault, verify.VerificationFailed):
        return content.say(f"print.{fault.key}", **fault.details)
    if isinstance(fault, offline_contact.TooFine):
        return content.say(
            "offline.too_fine", mm=f"{fault.module_mm:.2f}", side=f"{fault.side_mm:g}"
        )
    return str(fault)
