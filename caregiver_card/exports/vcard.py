"""Write a contact for the pump team, with what a caller must say in its note.

It does not contain the address of the page: contacts are copied to clouds that nobody here knows.
"""

import vobject

from caregiver_card.briefing.briefing import Briefing

_NO_FOLDING = 10_000


def contact(briefing: Briefing) -> str:
    """Return a vCard 3.0, which every phone reads."""
    say = briefing.content.say
    card = vobject.vCard()
    card.add("fn").value = say("vcard.name", hospital=briefing.hospital)
    card.add("n").value = vobject.vcard.Name(family=card.fn.value)
    card.add("org").value = [briefing.hospital]
    _add_telephone(card, briefing.team.dial, "WORK")
    if briefing.clinic:
        _add_telephone(card, briefing.clinic.dial, "WORK")
    card.add("note").value = " ".join(
        [
            f"{briefing.what.text}.",
            briefing.stop.text,
            briefing.person.name + ".",
            *briefing.say[1:2],
            # Doses age, and nobody knows how long a contact is kept.
            say("offline.confirmed", day=briefing.confirmed_on),
        ]
    )
    return str(card.serialize())


def short_contact(name: str, number: str, note: str, organisation: str = "") -> str:
    """Return a vCard 3.0 with the fewest properties, since each letter makes a printed code denser.

    The lines are not folded, which RFC 2426 permits: some cameras cannot unfold them.
    """
    card = vobject.vCard()
    card.add("fn").value = name
    card.add("n").value = vobject.vcard.Name(family=name)
    card.add("tel").value = number
    card.add("note").value = note
    if organisation:
        card.add("org").value = [organisation]
    return str(card.serialize(lineLength=_NO_FOLDING))


def _add_telephone(card: vobject.base.Component, number: str, kind: str) -> None:
    line = card.add("tel")
    line.value = number
    line.type_param = kind
