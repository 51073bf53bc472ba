"""Why something cannot be printed, in words."""

from caregiver_card.briefing.content import Content
from caregiver_card.printing import letters, offline, proof, qr

# What may stand against the print of one card, and what stands against all.
OF_A_CARD = (letters.MissingLetter, proof.Unproven, offline.TooFine)
UNPRINTABLE = (*OF_A_CARD, letters.MissingFont, qr.TooLong)


def reason(fault: Exception, content: Content) -> str:
    """Why something cannot be printed, in words."""
    if isinstance(fault, letters.MissingLetter):
        return content.say(
            "print.missing-letter", letter=fault.letter, name=fault.name, package=fault.package
        )
    if isinstance(fault, proof.Unproven):
        return content.say(f"print.{fault.key}", **fault.details)
    if isinstance(fault, offline.TooFine):
        return content.say(
            "offline.too_fine", mm=f"{fault.module_mm:.2f}", side=f"{fault.side_mm:g}"
        )
    return str(fault)
