"""The emergency page: its order, its words on each day, and what is never on it."""

import gzip
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.exports import vcard
from caregiver_card.pages import day_texts, emergency, guide
from caregiver_card.pages.precompressed import PrecompressedPage
from caregiver_card.printing.codes.qr import symbol
from caregiver_card.printing.layouts import wallet
from caregiver_card.printing.layouts.print_job import PrintJob
from tests.cast import (
    CAST,
    TODAY,
    WORDS,
    absent,
    alex,
    card_of,
    files,
    sam,
    tuyet,
)
from tests.pages.ten_years import MOST_BYTES, largest, uncommented
from tests.web.client import NOON, PUBLIC_URL, Site
from tests.web.reading import Page, audit, cited_statements, single_spaced, words

# What docs/design-rules.md, "The order of the emergency page", makes the second level of headings.
_ORDER = (
    "page.in_pump",
    "page.other_alerts",
    "page.allergies",
    "page.medicines",
    "page.signs",
    "page.do_nots",
    "page.details",
    "page.alarms_heading",
    "page.pump_site",
    "page.mri",
    "page.interactions",
    "page.contacts",
    "page.directives",
    "page.rescue",
    "page.about",
)
# Before the refill is due, on the day of an appointment, between it and the alarm date, and after.
_DAYS = (date(2026, 10, 5), date(2026, 11, 6), date(2026, 11, 12), TODAY, date(2027, 3, 1))
_SIGNS = json.loads((Path(__file__).parent.parent / "data" / "seed_signs.json").read_text("utf-8"))


@cache
def _cast_briefing(name: str) -> Briefing:
    return brief(card_of(CAST[name]()), WORDS, 1)


def _briefing(file: dict[str, Any]) -> Briefing:
    return brief(card_of(file), WORDS, 1)


def _page(file: dict[str, Any], day: date = TODAY) -> Page:
    """The page of a card file, looked at as every page is."""
    return _looked_at(_briefing(file), day)


@cache
def _cast_page(name: str, day: date = TODAY) -> Page:
    return _looked_at(_cast_briefing(name), day)


def _looked_at(briefing: Briefing, day: date) -> Page:
    page = Page(emergency.page(briefing, day))
    audit(page)
    return page


def _in_order(page: Page, *sought: str) -> None:
    """These words stand on the page one after the other."""
    at = 0
    for each in sought:
        found = page.text.find(single_spaced(each), at)
        assert found >= 0, (
            f"{each!r} does not follow; before it: …{page.text[max(0, at - 80) : at]}"
        )
        at = found + len(single_spaced(each))


cast = pytest.mark.parametrize("name", sorted(CAST))
cast_on_each_day = pytest.mark.parametrize(
    ("name", "day"), [(name, day) for name in sorted(CAST) for day in _DAYS], ids=str
)


# The order ------------------------------------------------------------------------------------


@cast_on_each_day
def test_the_sections_stand_in_the_order_of_the_design(name: str, day: date) -> None:
    """The headings are those of the design rules, in their order, on every day."""
    page = _cast_page(name, day)
    others = any(not each.is_urgent for each in _cast_briefing(name).on(day))
    person = f"{WORDS.say('page.patient')}: {_cast_briefing(name).person.name}"
    expected = [WORDS.say(key) for key in _ORDER if others or key != "page.other_alerts"]
    found = [heading for level, heading in page.outline if level == 2]
    assert found == [WORDS.say("page.call"), person, *expected]


@cast_on_each_day
def test_within_the_sections_the_facts_stand_in_the_order_of_the_design(
    name: str, day: date
) -> None:
    """Danger, number, urgent alerts, maker, words, who, pump, regimen, dates, lists, about."""
    briefing, page = _cast_briefing(name), _cast_page(name, day)
    urgent = [each for each in briefing.on(day) if each.is_urgent]
    recorded = {fact.label for fact in briefing.in_pump if fact.recorded}
    dates = ("page.last_change", "page.last_refill", "page.alarm_date", "page.replace_by")
    labels = [WORDS.say(key) for key in (*dates, "page.oral")]
    others = [each.title for each in briefing.on(day) if not each.is_urgent]
    _in_order(
        page,
        briefing.what.text,
        briefing.stop.text,
        WORDS.say("page.not_in_hospital"),
        briefing.emergency.name,
        briefing.team.shown,
        *(each.title for each in urgent[:1]),
        *(each.short.split("{")[0] for each in urgent[1:]),
        *([WORDS.say("page.maker_line")] if briefing.maker else []),
        WORDS.say("page.ask_and_say" if name == "complex" else "page.words_to_say"),
        *briefing.say,
        briefing.person.name,
        briefing.person.born_words,
        briefing.person.weight,
        *(briefing.allergies.items or [briefing.allergies.words]),
        briefing.person.baseline,
        briefing.person.communication,
        f"{briefing.dose.number} {briefing.dose.unit}",
        *briefing.dose.beside,
        f"{briefing.concentration.number} {briefing.concentration.unit}",
        *briefing.pump_drugs.items,
        *briefing.doubts,
        briefing.pump_name,
        briefing.location,
        *(each for each in labels if each in recorded),
        *(each for each in labels if each not in recorded),
        *others,
        WORDS.say("page.allergies"),
        *(briefing.allergies.items or [briefing.allergies.words]),
        WORDS.say("page.medicines"),
        *(briefing.medicines.items or [briefing.medicines.words]),
        WORDS.say("page.telling_caption"),
        WORDS.clinical("discriminators.not_tell_apart"),
        *(group.leads[0].text for group in briefing.signs),
        WORDS.say("page.calls_for"),
        WORDS.say("page.do_nots"),
        *(each.text for each in briefing.alarms),
        briefing.mri.text,
        *(each.name for each in briefing.contacts),
        WORDS.say("page.directives"),
        WORDS.say("page.rescue"),
        briefing.confirmed,
        briefing.version,
        WORDS.say("page.copy_made", day=day),
        briefing.review,
        WORDS.say("page.sources_all"),
    )


@cast
def test_nothing_stands_before_the_danger(name: str) -> None:
    """The first element of the page, and its first word, are the danger's."""
    page = _cast_page(name)
    first = next(iter(page.body))
    assert (first.tag, first.get("class")) == ("header", "danger")
    assert page.text.startswith(f"{WORDS.clinical('danger.what')} {WORDS.clinical('danger.stop')}")


@pytest.mark.parametrize(
    ("day", "severity", "says"),
    [
        (date(2026, 10, 5), None, ()),
        (date(2026, 11, 6), None, ()),
        (date(2026, 11, 7), "Urgent", ("Refill appointment passed: 6 Nov 2026",)),
        (date(2026, 11, 13), "Emergency", ("Refill appointment passed: 6 Nov 2026", "16 Nov 2026")),
        (date(2026, 11, 21), "Emergency", ("16 Nov 2026", "since 18 Aug 2026")),
    ],
    ids=str,
)
def test_urgent_alerts_stand_directly_under_the_number(
    day: date, severity: str | None, says: tuple[str, ...]
) -> None:
    """An overdue refill is the likeliest clue there is, so nothing parts it from the number."""
    page = _cast_page("typical", day)
    team = page.one("a", class_="team")
    beside = list(page.parents[team])
    under = beside[beside.index(team) + 1]
    if severity is None:
        assert under.get("class") == "maker"
        assert page.having("div", class_="alert") == []
        return
    assert under.get("class") == "alert"
    assert words(under).startswith(severity)
    for sentence in says:
        assert sentence in words(under)


def test_what_is_due_later_is_not_urgent() -> None:
    """A coming appointment stands among the other alerts, with its distance in words."""
    page = _cast_page("typical", date(2026, 11, 1))
    section = words(page.section(WORDS.say("page.other_alerts")))
    assert "6 Nov 2026" in section and "in 5 days" in section
    assert page.having("div", class_="alert") == []


# The first screens ----------------------------------------------------------------------------


def test_what_is_not_recorded_stands_before_nobody_s_name() -> None:
    """That the maker's line is missing is no line of its own: it is named with the team's gaps."""
    page = _cast_page("complex")
    line = WORDS.say("page.maker_line")
    assert page.text.count(line) == 1
    gaps = words(page.section(WORDS.say("page.contacts")))
    assert WORDS.say("page.missing") in gaps and line in gaps
    recorded = words(_cast_page("typical").section(WORDS.say("page.contacts")))
    assert line not in recorded.partition(WORDS.say("page.missing"))[2]


def test_a_long_note_waits_under_the_number() -> None:
    """The hospital stays in the button; the note leads the words to say, which say so."""
    briefing, page = _cast_briefing("complex"), _cast_page("complex")
    assert briefing.hospital in words(page.one("a", class_="team"))
    assert briefing.team_note not in words(page.one("a", class_="team"))
    said = words(page.one("details", class_="say"))
    assert said.startswith(f"{WORDS.say('page.ask_and_say')} {briefing.team_note}")
    short = words(_cast_page("typical").one("a", class_="team"))
    assert _cast_briefing("typical").team_note in short


def test_an_unusual_number_that_nobody_confirmed_has_a_line_of_its_own() -> None:
    """Not a small note in a tile; what was confirmed stays a note beside its number."""
    page = _cast_page("complex")
    (line,) = page.having("p", class_="doubt")
    assert words(line) == "Dose, concentration: unusual, check with the pump team"
    notes = [words(each) for each in page.having("dd", class_="note")]
    assert not any("unusual" in each for each in notes)
    assert ".doubt::before{content:" in page.source
    paths = ["regimen.concentration_mcg_per_ml", "regimen.daily_dose_mcg"]
    confirmed = _page(tuyet(confirmed=paths))
    assert confirmed.having("p", class_="doubt") == []
    notes = [words(each) for each in confirmed.having("dd", class_="note")]
    assert notes.count(WORDS.say("page.unusual_confirmed")) == 2


@cast
def test_no_two_headings_and_no_two_folds_are_called_alike(name: str) -> None:
    """Whoever hears the headings, or the stops of Tab, one after the other can tell them apart."""
    page = _cast_page(name)
    for spoken in ([words(each) for each in page.all("summary")], [h for _, h in page.outline]):
        assert len(spoken) == len(set(spoken)), spoken


@cast
def test_wishes_and_the_rescue_plan_are_no_part_of_the_contacts(name: str) -> None:
    """Each is a section of its own."""
    levels = {heading: level for level, heading in _cast_page(name).outline}
    for key in ("contacts", "directives", "rescue"):
        assert levels[WORDS.say(f"page.{key}")] == 2


# Numbers to call ------------------------------------------------------------------------------


@cast
def test_every_number_can_be_tapped_and_says_whose_it_is(name: str) -> None:
    """A tel: link's accessible name holds the number as it is read and whose it is."""
    file, page = CAST[name](), _cast_page(name)
    dialled = {href for href, _ in page.links() if href.startswith("tel:")}
    expected = [file["team"]["phone_24h"], file["team"].get("phone_clinic")]
    expected += [each.get("phone") for each in file["contacts"]]
    expected += [(file.get("maker_support") or {}).get("phone")]
    for typed in filter(None, expected):
        number = phonenumbers.parse(typed, file["region"])
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert f"tel:{e164}" in dialled
    for href, spoken in page.links():
        if href.startswith("tel:"):
            digits = "".join(filter(str.isdigit, spoken))
            assert href.removeprefix("tel:").lstrip("+") in digits, (href, spoken)
            assert any(map(str.isalpha, spoken)), f"{spoken!r} does not say whose number it is"


def _without_emergency_number() -> str:
    return next(
        each
        for each in sorted(phonenumbers.SUPPORTED_REGIONS)
        if WORDS.emergency_number(each) is None
    )


@pytest.mark.parametrize(
    ("region", "number"), [("US", "911"), ("GB", "999"), ("VN", "115"), ("DE", "112")]
)
def test_a_known_region_has_its_emergency_number(region: str, number: str) -> None:
    """Outside a hospital the number that brings an ambulance there can be tapped."""
    page = _page(alex(region=region))
    link = page.one("a", class_="emergency")
    assert link.get("href") == f"tel:{number}"
    assert number in words(link)


def test_an_unknown_region_has_words_and_no_link() -> None:
    """Where no source tells the number, none is invented."""
    page = _page(alex(region=_without_emergency_number()))
    assert page.having("a", class_="emergency") == []
    assert "your local emergency number" in words(page.one("strong", class_="emergency"))


# Words from the card --------------------------------------------------------------------------


def test_the_words_to_say_are_filled_in_from_the_card() -> None:
    """Whoever calls can read them out: who, what is in the pump, since when, what is needed."""
    said = words(_cast_page("typical").one("details", class_="say"))
    for words_of_the_card in (
        "Alex Rivera",
        "12 Apr 1991",
        "Medtronic SynchroMed II 8637-40",
        "right lower abdomen",
        "2000 mcg/mL",
        "400 mcg a day",
        "simple continuous",
        "18 Aug 2026",
        "16 Nov 2026",
    ):
        assert words_of_the_card in said
    assert "{" not in said and "None" not in said.replace("None taken", "").replace(
        "None taken", ""
    )


_LISTS: dict[str, tuple[str, dict[str, Any]]] = {
    "allergies": ("allergies", {"items": [{"substance": "Zzyzx allergen"}]}),
    "medicines": ("medicines", {"items": [{"name": "Zzyzx tablets"}]}),
    "pump drugs": ("regimen.other_pump_drugs", {"items": [{"name": "Zzyzx in the pump"}]}),
    "oral baclofen": ("regimen.oral_baclofen", {"dose_mg": 37.5, "times_per_day": 7}),
    "wishes": ("directives", {"text": "Zzyzx wish"}),
}


def _with_list(path: str, listing: dict[str, Any]) -> dict[str, Any]:
    """Alex's file with this very list in the place of another."""
    file = alex({path: absent})
    *way, last = path.split(".")
    place = file
    for step in way:
        place = place[step]
    place[last] = listing
    return file


@pytest.mark.parametrize("name", _LISTS)
def test_the_states_of_a_list_never_read_alike(name: str) -> None:
    """Listed, none known, unknown, not shared and not recorded are five different pages."""
    path, held = _LISTS[name]
    pages = {
        status: _page(_with_list(path, {"status": status, **(held if status == "listed" else {})}))
        for status in ("listed", "none_known", "unknown", "not_shared")
    }
    if path not in ("allergies", "medicines"):
        pages["not_recorded"] = _page(alex({path: absent}))
    texts = {status: page.text for status, page in pages.items()}
    assert len(set(texts.values())) == len(texts)
    assert ("Zzyzx" in texts["listed"]) or ("37.5 mg" in texts["listed"])


@pytest.mark.parametrize("name", _LISTS)
def test_what_is_not_shared_is_nowhere(name: str) -> None:
    """A list that may not be shown stays in the file: not on a page, a card or a contact."""
    path, held = _LISTS[name]
    briefing = _briefing(_with_list(path, {"status": "not_shared", **held}))
    stored = PrecompressedPage(emergency.precompressed_page(briefing, "mark"))
    everything = (
        emergency.page(briefing, TODAY)
        + json.dumps(stored.head)
        + stored.plain(lambda name: "").decode()
        + wallet.html(PrintJob(briefing=briefing, qr_code=symbol("HTTP://CARD.EXAMPLE/GUIDE")))
        + vcard.contact(briefing)
    )
    assert "Zzyzx" not in everything and "37.5" not in everything
    assert "not shared" in everything.lower()


@settings(max_examples=15)
@given(files())
def test_no_card_makes_a_hole_in_a_page(file: dict[str, Any]) -> None:
    """Whatever is left out of a card, no heading is empty and no word is missing."""
    briefing = _briefing(file)
    for day in (briefing.confirmed_on, date(2101, 1, 1)):
        page = _looked_at(briefing, day)
        for left in ("Undefined", "\ufdd0"):
            assert left not in page.text
        _in_order(page, briefing.person.name, briefing.dose.number, briefing.concentration.number)


_MARKUP = "<i title='x'>&amp;\"</i>"


def _with_markup(held: Any, kept: tuple[str, ...] = ()) -> Any:
    """A file whose every free text ends in markup."""
    if isinstance(held, dict):
        return {name: _with_markup(each, (*kept, name)) for name, each in held.items()}
    if isinstance(held, list):
        return [_with_markup(each, kept) for each in held]
    free = kept[-1] in {
        "full_name", "reason_for_pump", "baseline", "communication", "name", "relation",
        "language", "text", "written_by", "location", "catheter", "hospital", "clinic",
        "physician", "note", "by", "substance", "reaction", "dose", "frequency", "concentration",
        "serial", "for", "maker", "model", "record_number",
    }  # fmt: skip
    return f"{held[:12]}{_MARKUP}" if free and isinstance(held, str) and held else held


@cast
def test_markup_in_a_card_is_only_words(name: str) -> None:
    """What a family typed can never become a part of the page."""
    plain, marked = _cast_page(name), _page(_with_markup(CAST[name]()))
    assert marked.all("i") == [] and marked.all("script") == []
    assert {each.tag for each in marked.elements} <= {each.tag for each in plain.elements}
    assert marked.text.count(_MARKUP) >= 5


# Rescue plan, estimates -----------------------------------------------------------------------


def test_a_rescue_plan_is_shown_with_its_author_and_the_warning() -> None:
    """The team's own words, their author and date, and when not to follow them."""
    page = _cast_page("typical")
    quote = page.one("blockquote")
    assert words(quote) == "Start oral baclofen only if the pump team says so."
    beside = list(page.parents[quote])
    before, after = (words(beside[beside.index(quote) + step]) for step in (-1, 1))
    assert WORDS.clinical("danger.oral_overdose_note") in before
    assert after == "Dr N. Osei, 18 Aug 2026"


def test_without_a_rescue_plan_the_page_says_so() -> None:
    """No plan is not an empty plan."""
    page = _cast_page("minimal")
    assert page.having("blockquote") == []
    assert WORDS.say("page.rescue_none") in page.text


def _alarm_date(page: Page) -> str:
    return next(
        words(page.parents[each])
        for each in page.all("dt")
        if words(each) == WORDS.say("page.alarm_date")
    )


@pytest.mark.parametrize(
    ("changes", "shown", "hidden"),
    [
        ({}, "16 Nov 2026", "estimate"),
        ({"refill.alarm_date": absent}, "not recorded; by estimate 16 Nov 2026", "180 days"),
        (
            {
                "refill.alarm_date": absent,
                "regimen.daily_dose_mcg": 100,
                "regimen.last_change": absent,
            },
            "180 days since the refill",
            "estimate",
        ),
        ({"refill.alarm_date": absent, "refill.volume_ml": absent}, "no reminder can come", "20"),
    ],
    ids=["the clinic's", "estimated", "capped", "none"],
)
def test_a_computed_date_is_never_taken_for_the_clinics(
    changes: dict[str, Any], shown: str, hidden: str
) -> None:
    """An estimate is called one, the capped day is not called an alarm date, none is none."""
    line = _alarm_date(_page(alex(changes)))
    assert shown in line
    assert hidden not in line


# One file -------------------------------------------------------------------------------------


@cast_on_each_day
def test_a_page_in_a_file_needs_nothing_else(name: str, day: date) -> None:
    """It opens from a stick: nothing is fetched, and nothing leads back to a server."""
    page = _cast_page(name, day)
    for each in page.elements:
        for attribute in ("src", "href"):
            address = each.get(attribute)
            assert address is None or address.startswith(("data:", "tel:", "#")), address
    assert page.all("img") == []
    assert WORDS.say("page.newer_file") in page.text
    assert "/c/" not in page.source and "seen" not in page.source.replace("unseen", "")


# What is documented ---------------------------------------------------------------------------


@pytest.mark.parametrize("row", _SIGNS, ids=lambda row: row["id"])
def test_every_documented_sign_is_on_its_page(row: dict[str, Any]) -> None:
    """1A, 1B, 1C, 1E and 1F are on the emergency page of each card, 1D, 1G and 1H on the guide."""
    covering = [each.text for each in WORDS.statements if row["id"] in each.covers]
    assert covering, f"no statement covers {row['id']}: {row['sign']}"
    if row["id"][:2] in ("1D", "1G", "1H"):
        pages = [_guide()]
    else:
        assert row["id"][:2] in ("1A", "1B", "1C", "1E", "1F")
        pages = [*(_cast_page(name) for name in CAST), _guide()]
    for page in pages:
        assert any(single_spaced(text) in page.text for text in covering), row


@cache
def _guide() -> Page:
    return Page(guide.page(WORDS).plain().decode())


@cast
def test_every_statement_of_the_signs_can_show_its_source(name: str) -> None:
    """Under each group stands where each of its statements comes from, by number and line."""
    page = _cast_page(name)
    listed = len(page.all("details")[-1].findall("./ol/li"))
    assert listed > 5
    cited = 0
    for each in cited_statements(page):
        for source in each.rpartition("… ")[2].split(";"):
            number = source.partition(":")[0]
            assert 1 <= int(number) <= listed, each
            cited += 1
    assert cited >= len([row for row in _SIGNS if row["id"][:2] in ("1A", "1B", "1C")]) / 3


@cast
def test_a_page_is_served_compressed(shared_site: Site, name: str) -> None:
    """As small as it was pressed, on every day."""
    token = shared_site.reader(CAST[name]())
    for day in _DAYS:
        shared_site.clock.now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        answer = shared_site.client.get(f"/c/{token}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) <= MOST_BYTES
        assert len(gzip.decompress(answer.data)) > 2 * len(answer.data)
    shared_site.clock.now = NOON


@cast
def test_one_row_leads_to_what_lies_further_down(shared_site: Site, name: str) -> None:
    """Directly under the numbers: signs, beeping, check, never, allergies; in a file they lead to
    what the file says itself."""
    token = shared_site.reader(CAST[name]())
    served, file = shared_site.client.page(f"/c/{token}"), _cast_page(name)
    for page, beeping, see in (
        (served, f"/c/{token}/beeping", f"/c/{token}/see"),
        (file, "#alarms", "#apart"),
    ):
        row = page.all("nav")[0]
        main = list(page.parents[row])
        assert main.index(row) == main.index(page.one("section", class_="call")) + 1
        links = [(words(each), str(each.get("href"))) for each in row.iter("a")]
        assert links == [
            ("Signs", "#signs"),
            ("Beeping", beeping),
            ("Check signs", see),
            ("Never", "#nots"),
            ("Allergies", "#allergies"),
        ]
        assert {to[1:] for _, to in links if to.startswith("#")} <= {
            each.get("id") for each in page.elements
        }
    assert shared_site.client.page(f"/c/{token}/beeping")
    assert shared_site.client.page(f"/c/{token}/see")


@cast
def test_a_page_fits_the_first_packets_for_ten_years(name: str) -> None:
    """On its largest day as well."""
    most, day = largest(_cast_briefing(name))
    assert most <= MOST_BYTES, day


# The day --------------------------------------------------------------------------------------


def test_the_same_pressed_page_has_the_words_of_each_day() -> None:
    """What was pressed at the save tells of an alarm date that has passed since."""
    raw = emergency.precompressed_page(_cast_briefing("typical"), "mark")
    pages = {}
    for day in (date(2026, 10, 5), TODAY, date(2027, 4, 12)):
        pressed = PrecompressedPage(raw)
        fill = day_texts.words(pressed.head, day, "/c/0123")
        pages[day] = Page(pressed.plain(fill).decode())
        assert uncommented(gzip.decompress(pressed.gzip(fill))) == pressed.plain(fill)
    before, after, later = pages.values()
    assert before.having("div", class_="alert") == []
    assert "since 18 Aug 2026" in words(after.one("div", class_="alert"))
    assert "35 years" in before.text and "36 years" in later.text
    assert "21 Nov 2026" in after.text and "21 Nov 2026" not in before.text
    assert before.place("5 Oct 2026") > before.place(WORDS.say("page.about"))


def test_a_page_from_a_file_and_a_served_page_say_the_same() -> None:
    """They differ in the links and in one sentence about copies only."""
    briefing = _cast_briefing("complex")
    pressed = PrecompressedPage(emergency.precompressed_page(briefing, "mark"))
    served = Page(pressed.plain(day_texts.words(pressed.head, TODAY, "/c/0123")).decode())
    kept = _cast_page("complex")
    about = WORDS.say("page.about")
    served_text = served.text.replace(words(served.one("nav", class_="languages")) + " ", "")
    assert served_text[: served_text.index(about)] == kept.text[: kept.place(about)]


@pytest.mark.parametrize(
    ("zone", "hour", "reached"),
    [
        ("Pacific/Auckland", 10, False),
        ("Pacific/Auckland", 11, True),
        ("America/Los_Angeles", 7, False),
        ("America/Los_Angeles", 8, True),
        (absent, 0, True),
    ],
)
def test_the_day_is_the_patients(site: Site, zone: Any, hour: int, reached: bool) -> None:
    """The alarm date begins at midnight where the patient is; without a zone, at midnight UTC."""
    changes = {} if zone is absent else {"time_zone": zone}
    token = site.reader(alex(changes, **{"refill.alarm_date": "2026-11-16"}))
    day = 15 if zone == "Pacific/Auckland" else 16
    site.clock.now = datetime(2026, 11, day, hour, tzinfo=UTC)
    page = site.client.page(f"/c/{token}")
    expected = "16 Nov 2026" if reached else "15 Nov 2026"
    made = WORDS.say("page.copy_made", day="DAY").split("DAY")[0]
    assert page.text.split(made)[1].startswith(expected)
    assert ("alarm date reached" in page.text.lower()) == reached


def test_a_served_page_leads_to_what_is_beside_it(site: Site) -> None:
    """Beeping and signs at its top, papers, print, contact and guide below, the picture last."""
    token = site.reader(sam())
    page = site.client.page(f"/c/{token}")
    links = [href for href, _ in page.links() if href.startswith("/")]
    beside = ("beeping", "see", "paper", "card.pdf", "contact.vcf", "keep")
    assert links == [*(f"/c/{token}/{each}" for each in beside), "/guide"]
    picture = page.one("img")
    assert picture.get("src") == f"/c/{token}/seen" and picture.get("alt") == ""
    assert page.elements[-1] is picture, "something stands after the picture"
    assert PUBLIC_URL not in page.source


def test_the_words_of_every_example_are_whole() -> None:
    """The page of the card with every edge: its long name, its mixture, its schedule."""
    page = _page(tuyet())
    for part in (
        "Nguyễn Thị Ánh-Tuyết Featherstonehaugh-Wójcik",
        "Morphine",
        "06:00 to 18:00",
    ):
        assert part in page.text
    assert "son & guardian" in page.text and "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize(
    ("model", "said"), [("Prometra II", True), ("Prometra", True), ("SynchroMed II", False)]
)
def test_what_must_be_empty_before_a_scan_says_so_below_never(model: str, said: bool) -> None:
    """A scan can release a whole reservoir, so nobody has to find the MRI section first."""
    maker = "Medtronic" if model.startswith("Synchro") else "Flowonix"
    briefing = brief(card_of(tuyet({"pump.model": model, "pump.maker": maker})), WORDS, 1)
    page = Page(emergency.page(briefing, TODAY))
    assert (briefing.mri.text in words(page.one("section", class_="never"))) is said
    assert briefing.mri.text in words(page.section(WORDS.say("page.mri")))
    assert page.one("h2", id="mri") is not None


def test_the_row_of_jumps_has_a_name() -> None:
    """A list of landmarks tells it from the ways at the foot of the page."""
    (nav, *_) = Page(emergency.page(_cast_briefing("typical"), TODAY)).all("nav")
    assert nav.get("aria-label") == WORDS.say("owner.on_this_page")
