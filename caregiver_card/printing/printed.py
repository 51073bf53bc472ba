"""The words that a wallet card shows, block by block: what makes two prints differ."""

from caregiver_card.briefing import Briefing
from caregiver_card.printing import qr, wallet

# Everything on the card that can differ between two of them, in the order of the card.
BLOCKS = (
    "call", "number", "note", "name", "born", "dose", "concentration", "pump", "drugs", "alarm",
    "refill", "mode", "location", "withdrawal", "overdose", "allergy", "late", "never", "mri",
    "allergies", "contact", "caution", "maker", "normal", "confirmed", "left",
)  # fmt: skip


def words(b: Briefing, symbol: qr.Symbol) -> dict[str, str]:
    """The words that the card shows, by block; what it leaves to the page is not there."""
    kept, contact = wallet.fitted(b, symbol), wallet.first_contact(b)
    shown = {
        "call": b.hospital,
        "number": b.team.shown,
        "note": b.team_note,
        "name": b.person.name,
        "born": b.person.born_words,
        "dose": f"{b.dose.number} {b.dose.unit}",
        "concentration": f"{b.concentration.number} {b.concentration.unit}",
        "pump": b.device,
        "drugs": wallet.drugs(b),
        "alarm": b.alarm_date.value,
        "caution": wallet.caution(b) if b.cautions else "",
        "refill": b.refill.value,
        "mode": b.mode,
        "location": b.location,
        **{each.key: f"{each.cue}. {each.line}" for each in b.signs},
        "late": b.content.clinical("danger.late_line"),
        "never": b.content.clinical("danger.never_line"),
        "mri": b.mri_line,
        "allergies": wallet.allergies(b, wallet.FULL_PT)[2],
        "contact": ", ".join(filter(None, [contact.name, contact.relation, contact.number.shown])),
        "maker": b.maker.shown if b.maker else "",
        "normal": b.person.baseline if b.person.has_baseline else "",
        "confirmed": b.confirmed,
        "left": wallet.left_out(b, kept, False),
    }
    optional = {*wallet.OPTIONAL, "caution"}
    return {key: shown[key] for key in BLOCKS if key not in optional or key in kept}
