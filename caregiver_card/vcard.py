"""A briefing -> a contact for the pump team, with what a caller must say in its note.

It holds no address of the page: contacts are copied to clouds that nobody here knows.
"""

import vobject

from caregiver_card.briefing import Briefing


def contact(briefing: Briefing) -> str:
    """A vCard 3.0, which every phone reads."""
    say = briefing.content.say
    card = vobject.vCard()
    card.add("fn").value = say("vcard.name", hospital=briefing.hospital)
    card.add("n").value = vobject.vcard.Name(family=card.fn.value)
    card.add("org").value = [briefing.hospital]
    _telephone(card, briefing.team.dial, "WORK")
    if briefing.clinic:
        _telephone(card, briefing.clinic.dial, "WORK")
    card.add("note").value = " ".join(
        [f"{briefing.what}.", briefing.stop, briefing.person.name + ".", *briefing.say[1:2]]
    )
    return str(card.serialize())


def _telephone(card: vobject.base.Component, number: str, kind: str) -> None:
    line = card.add("tel")
    line.value = number
    line.type_param = kind
