"""The sections at the foot of the sheet: facts and people, then what is clinical."""

from collections.abc import Iterable

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.call_texts import ContactText
from caregiver_card.briefing.card_texts import Fact
from caregiver_card.briefing.content import Statement
from caregiver_card.printing.flow.leaf import SMALL_PT, TITLE_PT, Par, Section
from caregiver_card.printing.layouts import leaf_words
from caregiver_card.printing.layouts.print_job import PrintJob


def sections(order: PrintJob, call: frozenset[str], who: frozenset[str]) -> list[Section]:
    """Everything, with what gives way first ranked highest.

    ``call`` and ``who`` name what is too long for the head.
    """
    b = order.briefing
    head = [each for key, each in _moved(b).items() if key in call | who]
    found = [*head, *_pump(b), *_people(b), *_clinical(b), *_rest(b)]
    return [each for each in found if each.pars]


def _moved(b: Briefing) -> dict[str, Section]:
    person, say = b.person, b.content.say
    communicates = f"{say('page.communicates')}:"
    usual = (
        Par(((person.baseline, False),)),
        Par(((communicates, True), (person.communication, False))),
    )
    maker = f"{b.maker.shown} ({b.maker.note})" if b.maker else ""
    return {
        "note": _facts(b, "note", 1, b.team_note),
        "usual": Section("usual", say("leaf.head-usual"), usual, 1),
        "maker": _facts(b, "maker", 1, maker),
    }


def _facts(b: Briefing, key: str, rank: int, words: str) -> Section:
    pars = (Par(((words, False),)),) if words else ()
    return Section(key, b.content.say(f"leaf.head-{key}"), pars, rank)


def _small(b: Briefing, key: str, rank: int, words: str) -> Section:
    pars = (Par(((words, False),), SMALL_PT),) if words else ()
    return Section(key, b.content.say(f"leaf.head-{key}"), pars, rank, small=True)


def _told(statements: Iterable[Statement]) -> str:
    """Whole sentences, one after the other."""
    return " ".join(f"{each.text.removesuffix('.')}." for each in statements)


def _answers(facts: Iterable[Fact]) -> str:
    answers = [f"{each.label}: {each.value}" for each in facts]
    return "; ".join(answers) + "." if answers else ""


def _pump(b: Briefing) -> list[Section]:
    say = b.content.say
    unknown = say("leaf.pump_unknown") if b.pump_name != b.device else ""
    pump = Par(((f"{b.device},", True), (f"{b.location}. {unknown}".strip(), False)))
    following, replace = b.dates[2:]
    appointment = f"{following.value}. {say('leaf.replace_by', day=replace.value)}"
    return [
        Section("pump", say("leaf.head-pump"), (pump,)),
        _facts(b, "giving", 2, _answers(b.giving[1:])),
        _listed(b, "oral", leaf_words.words(b.oral)),
        _listed(b, "medicines", leaf_words.words(b.medicines)),
        _facts(b, "appointment", 5, appointment),
    ]


def _listed(b: Briefing, key: str, words: str) -> Section:
    return _facts(b, key, 1, words)


def _people(b: Briefing) -> list[Section]:
    say = b.content.say
    first, others = leaf_words.contacts(b)
    wishes = "; ".join(b.directives.items) or b.directives.words
    note = say("page.directives_note") if b.directives.items else ""
    more = [par for each in others for par in _contact(each)]
    alarms = [each for each in b.alarms if each.extra.get("rank") == "lead"]
    found = [
        # The name is the heading.
        Section("contacts", *_named(first)),
        *([Section("others", say("leaf.head-others"), tuple(more), 3)] if more else ()),
        _facts(b, "wishes", 3, f"{wishes} {note}".strip()),
        _facts(b, "alarms", 2, _told(alarms)),
    ]
    if b.rescue:
        plan = Par(((b.rescue.warning, True), (f"{b.rescue.by}: {b.rescue.text}", False)))
        found.append(Section("rescue", say("leaf.head-rescue"), (plan,), 3))
    return found


def _named(each: ContactText) -> tuple[str, tuple[Par, ...]]:
    """A contact's name, and the paragraphs that it begins."""
    _, *number = _contact(each)
    name = f"{each.name}," if each.about else each.name
    return name, (Par(((each.about, False),)), *number)


def _contact(each: ContactText) -> tuple[Par, ...]:
    """A contact, with the telephone number, if any, on a line of its own."""
    about = f"{each.name}, {each.about}" if each.about else each.name
    number = (Par(((each.number.shown, True),), TITLE_PT),) if each.number else ()
    return (Par(((about, False),)), *number)


def _clinical(b: Briefing) -> list[Section]:
    content, say, (withdrawal, overdose, _) = b.content, b.content.say, b.signs
    mixed = f"{b.mixture} {content.clinical('actions.mixture')}" if b.mixture else ""
    treated = (
        Par(
            (
                (_told(leaf_words.calling(withdrawal, "clinician")), False),
                (content.clinical("danger.oral_caution"), True),
            ),
            SMALL_PT,
        ),
        Par(
            (
                (say("leaf.head-overdose_calls"), True),
                (mixed, True),
                (_told(leaf_words.calling(overdose, "clinician")), False),
            ),
            SMALL_PT,
        ),
    )
    line = Par(leaf_words.both(b.mri_line), SMALL_PT)
    mri = (Par(leaf_words.both(b.mri), SMALL_PT),)
    risks = _answers((*b.person.about, *b.risks))
    return [
        Section("mri", say("leaf.head-mri"), mri, 2, small=True, shorter=(line,)),
        Section("treatment", say("leaf.head-treatment"), treated, 4, small=True),
        _small(b, "risks", 5, risks),
        _small(b, "any_sign", 6, _told(content.tagged("for", "any"))),
        _small(b, "say", 6, " ".join(b.say)),
        _small(b, "site", 7, _told(content.ranked("pump_site", "lead"))),
    ]


def _rest(b: Briefing) -> list[Section]:
    content, say = b.content, b.content.say
    shown = (*content.tagged("tells"), *content.tagged("caution"))
    every = content.groups["discriminators"].values()
    nots = [each for each in content.groups["do_nots"].values() if "never" not in each.parts]
    leads = [each for each in b.alarms if each.extra.get("rank") == "lead"]
    clinic = [Fact(b.clinic.name, b.clinic.shown)] if b.clinic else []
    courses = _groups(b, "course")
    rarer = _groups(b, "more")
    return [
        _small(b, "more_nots", 6, _told(each for each in nots if not each.extra.get("on_wallet"))),
        _small(b, "look_alikes", 8, _told(each for each in every if each not in shown)),
        _small(b, "team", 8, _answers((*b.team_facts, *clinic))),
        _small(b, "sounds", 9, _told(each for each in b.alarms if each not in leads)),
        Section("courses", say("leaf.head-courses"), courses, 9, small=True),
        Section("rarer", say("leaf.head-rarer"), rarer, 9, small=True),
        _small(b, "details", 10, _answers(b.details)),
        _small(b, "interactions", 11, _told(content.groups["interactions"].values())),
    ]


def _groups(b: Briefing, kind: str) -> tuple[Par, ...]:
    """The course of each kind of signs, or its further signs."""
    found = []
    for group in b.signs:
        words = _told(group.course)
        if kind == "more":
            words = "; ".join(each.text for each in group.more) + "."
        if words:
            found.append(Par(((f"{group.title}:", True), (words, False)), SMALL_PT))
    return tuple(found)
