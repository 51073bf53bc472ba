"""The wallet card, read back from the finished file by other libraries than wrote it."""

import io
import subprocess
from functools import cache
from typing import Any

import numpy
import pikepdf
import pytest

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.printing import printer
from caregiver_card.printing.codes import qr
from caregiver_card.printing.layouts import wallet_texts
from caregiver_card.printing.text import glyphs
from tests.cast import CAST, WORDS, absent, alex, card_of, sam, tuyet
from tests.prints import POINTS_A_MM, Print, Side, codes, modules, squeezed
from tests.scripts import FITTED, longest

TOKEN = "0123456789ABCDEFGHJKMNPQRS"
ADDRESS = f"HTTPS://CARD.EXAMPLE/C/{TOKEN}"
SAFE_MM = 1.5
NUMBERS_PT, ESSENTIAL_PT, SMALLEST_PT = 10.0, 7.5, 6.0


_CARDS = [*CAST, *FITTED]


@cache
def _briefing(name: str) -> Briefing:
    return brief(card_of(CAST[name]() if name in CAST else longest(name)), WORDS, 1)


@cache
def _print(name: str) -> Print:
    return Print(printer.make_pdf("wallet", _briefing(name), ADDRESS))


def _card(file: dict[str, Any]) -> Print:
    return Print(printer.make_pdf("wallet", brief(card_of(file), WORDS, 1), ADDRESS))


every_card = pytest.mark.parametrize("name", _CARDS)


# What is on it --------------------------------------------------------------------------------


@every_card
def test_the_essentials_are_on_the_front_whole(name: str) -> None:
    """Danger, hospital, number, name, dose, concentration and pump, without an ellipsis."""
    briefing, front = _briefing(name), squeezed(_print(name).sides[0].text)
    for words in (
        "Implanted intrathecal baclofen pump",
        WORDS.clinical("danger.stop"),
        briefing.team.shown,
        briefing.hospital,
        briefing.person.name,
        briefing.person.born_words,
        "Baclofen",
        f"{briefing.dose.number} mcg",
        f"{briefing.concentration.number} mcg/mL",
        briefing.device,
    ):
        assert squeezed(words) in front, words
    assert "…" not in _print(name).text and "..." not in _print(name).text


@every_card
def test_the_back_has_the_signs_allergies_and_a_contact(name: str) -> None:
    """The three groups of signs, the allergies with their status, and somebody to call."""
    briefing, back = _briefing(name), squeezed(_print(name).sides[1].text)
    for group in briefing.signs:
        for words in (group.title, f"{group.cue}{group.rest}"):
            assert squeezed(words) in back
    contact = briefing.contacts[0]
    assert contact.number
    status = WORDS.text.get(f"wallet.allergies-{briefing.allergies.status}", "")
    listed = briefing.allergies.items or [f"ALLERGIES {status}"]
    for words in (*listed, contact.name, contact.number.shown, briefing.confirmed):
        assert squeezed(words) in back, words
    assert squeezed("Not reviewed by a clinician") in back
    # What never to do is on every card.
    for key in ("never_stop", "never_inject"):
        assert squeezed(WORDS.clinical(f"danger.{key}")) in back.partition("NEVER")[2]


def _optional(briefing: Briefing) -> dict[str, str]:
    """What may give way to the page: its name there and its words on the card."""
    maker = briefing.maker
    return {
        "note": briefing.team_note,
        "other drugs in the pump": wallet_texts.neither(briefing) or wallet_texts.drugs(briefing),
        "baclofen by mouth": wallet_texts.neither(briefing) or wallet_texts.oral(briefing),
        "last refill": f"{briefing.refill.label} {briefing.refill.value}",
        "mode": briefing.mode,
        "pump site": briefing.location,
        "late signs": WORDS.clinical("danger.late_line"),
        "MRI rule": briefing.mri_line.text,
        "helpline": maker.shown if maker else "",
        "baseline": briefing.person.baseline if briefing.person.has_baseline else "",
        "unusual values": wallet_texts.caution(briefing) if briefing.cautions else "",
        "medicines": "; ".join(briefing.medicines.items),
        "wishes": "; ".join(briefing.directives.items),
        "rescue plan": briefing.rescue.text if briefing.rescue else "",
    }


@every_card
def test_what_is_left_to_the_page_is_named_and_nothing_else(name: str) -> None:
    """Each thing is either on the card in full or in the card's list of what is not."""
    printed = _print(name)
    said = printed.squeezed.partition("Onlyonthepage:")[2].partition(".")[0]
    for label, words in _optional(_briefing(name)).items():
        if not words:
            assert squeezed(label) not in said, f"{label} is named although there is none"
        else:
            there = squeezed(words).casefold() in printed.squeezed.casefold()
            named = squeezed(label) in said
            assert there != named, f"{label}: on the card {there}, named {named}"


def test_most_of_an_ordinary_card_is_on_it() -> None:
    """What gives way does so only where there is no room: an ordinary card keeps nearly all."""
    kept = [
        label
        for label, words in _optional(_briefing("typical")).items()
        if words and squeezed(words).casefold() in _print("typical").squeezed.casefold()
    ]
    assert {
        *("note", "other drugs in the pump", "baclofen by mouth", "last refill", "mode"),
        *("pump site", "late signs", "helpline"),
    } <= set(kept)


@every_card
def test_the_emergency_number_is_on_the_card(name: str) -> None:
    """On the front of every card but those whose name and hospital leave no room for it."""
    briefing, (front, back) = _briefing(name), _print(name).sides
    words = squeezed(f"Not in hospital? {briefing.emergency.name}")
    assert words in squeezed(front.text) or (name not in CAST and words in squeezed(back.text))


@every_card
def test_baclofen_by_mouth_is_on_the_card_or_named(name: str) -> None:
    """A nurse asks for it, also where nobody takes any: silence would be no answer."""
    words = wallet_texts.neither(_briefing(name)) or wallet_texts.oral(_briefing(name))
    printed = _print(name).squeezed
    named = printed.partition("Onlyonthepage:")[2]
    there = squeezed(words).casefold() in printed.casefold()
    assert there or squeezed("baclofen by mouth") in named or "allelse" in named


def test_the_day_on_which_it_runs_low_says_where_it_comes_from() -> None:
    """A clinic's date, an estimate and the cap of 180 days never look alike; none is said."""
    days: dict[str, dict[str, Any]] = {
        "Runs low (alarm)": {},
        "Runs low (estimate)": {"refill.alarm_date": absent},
        "180 days since refill": {
            "refill.alarm_date": absent,
            "regimen.daily_dose_mcg": 20,
            "regimen.last_change": absent,
        },
    }
    for label, changes in days.items():
        briefing = brief(card_of(alex(changes)), WORDS, 1)
        assert briefing.low_day
        day = WORDS.day(briefing.low_day.on)
        assert squeezed(f"{label} {day}") in _card(alex(changes)).squeezed
        for other in {*days} - {label}:
            assert squeezed(other) not in _card(alex(changes)).squeezed
    unknown = alex({"refill.alarm_date": absent, "refill.volume_ml": absent})
    assert squeezed("Runs low (alarm) Not recorded") in _card(unknown).squeezed


def test_medicines_that_are_not_shared_are_nowhere() -> None:
    """What stays in the file stays off the card."""
    file = alex({"medicines.status": "not_shared", "allergies.status": "not_shared"})
    printed = _card(file).text
    for hidden in ("Gabapentin", "Oxybutynin", "Latex", "Penicillin"):
        assert hidden not in printed
    assert squeezed("ALLERGIES Not shared on this card") in squeezed(printed)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("none_known", "None known"),
        ("unknown", "Unknown"),
        ("not_shared", "Not shared"),
    ],
)
def test_the_states_of_the_allergies_never_read_alike(status: str, words: str) -> None:
    """None, unknown and not shared are three different cards."""
    printed = _card(alex({"allergies": absent}) | {"allergies": {"status": status}})
    assert squeezed(f"ALLERGIES {words}") in printed.squeezed


def test_more_allergies_than_fit_are_said_to_go_on() -> None:
    """The list ends where there is room, and says so."""
    items = [{"substance": f"Substance number {each}", "reaction": "rash"} for each in range(40)]
    printed = _card(alex({"allergies.items": items}))
    assert "Substance number 0" in printed.text
    assert "Substance number 39" not in printed.text
    assert squeezed(WORDS.say("wallet.more_page")) in printed.squeezed


# The greatest lengths ---------------------------------------------------------------------------


_WIDEST = {
    "Latin": "W",
    "Latin words": "WWWWWWWWW ",
    "Greek": "Ω",
    "Cyrillic": "Щ",
    "Vietnamese": "Ữ",
    "Chinese": "王",
    "Korean": "김",
    "full width": "\uff37",
}


def _long(words: str, length: int) -> str:
    return (words * length)[: length - 1] + words[0]


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["wallet", "fold"])
@pytest.mark.parametrize("letters", _WIDEST.values(), ids=_WIDEST)
def test_the_widest_letters_at_the_greatest_length_fit(layout: str, letters: str) -> None:
    """Name and hospital of 80 such letters, a model of 40, in sizes that can be read."""
    changes = {
        "patient.full_name": _long(letters, 80),
        "team.hospital": _long(letters, 80),
        "pump.model": _long(letters, 40),
    }
    briefing = brief(card_of(alex(changes)), WORDS, 1)
    printed = Print(printer.make_pdf(layout, briefing, ADDRESS))
    for words in (briefing.person.name, briefing.hospital, briefing.device):
        assert squeezed(words) in printed.squeezed
    assert min(printed.sides[0].sizes(briefing.person.name)) >= ESSENTIAL_PT
    for whole in ("400 mcg", "2000 mcg/mL", "+1 312-555-0142"):
        assert whole in printed.sides[0].text


def test_a_hospital_without_room_on_the_front_is_on_the_back() -> None:
    """The name, the number, the dose and the pump go before it."""
    briefing = brief(card_of(longest("chinese")), WORDS, 1)
    front, back = Print(printer.make_pdf("wallet", briefing, ADDRESS)).sides
    assert briefing.hospital[-20:] not in squeezed(front.text)
    assert squeezed(f"Pump team: {briefing.hospital}") in squeezed(back.text)


def test_what_is_too_long_for_the_back_is_named_and_nothing_is_refused() -> None:
    """One allergy, a contact and a person who confirmed, all of them as long as a card allows."""
    file = longest("chinese") | {"allergies": {"status": "listed"}}
    name, hospital = file["patient"]["full_name"], file["team"]["hospital"]
    file["allergies"]["items"] = [{"substance": name, "reaction": hospital}]
    file["contacts"][0] |= {"name": hospital, "relation": name[:40]}
    file["verified"]["by"] = name
    printed = _card(file)
    named = printed.squeezed.partition("Onlyonthepage:")[2].partition(".")[0]
    assert "ALLERGIESseethepage" in printed.squeezed
    assert "Contact+1312-555-0177" in printed.squeezed
    assert f"Confirmed20Aug2026;{squeezed(WORDS.say('wallet.newer'))}" in printed.squeezed
    # With the signs, NEVER and the emergency number there is room for the first names only.
    for words in ("allergies", "allelse"):
        assert words in named
    for words in (WORDS.clinical("danger.never_inject"), "Not in hospital? Call 911"):
        assert squeezed(words) in printed.squeezed


def test_a_card_without_a_page_names_no_page() -> None:
    """Where the code opens the public guide, what has no room is asked of the family."""
    items = [{"substance": f"Substance number {each}", "reaction": "rash"} for each in range(40)]
    for given in (items, [{"substance": "W" * 80, "reaction": "W" * 80}]):
        briefing = brief(card_of(alex({"allergies.items": given})), WORDS, 1)
        guide = printer.make_pdf("wallet", briefing, "HTTPS://CARD.EXAMPLE/GUIDE", to_guide=True)
        printed = Print(guide)
        assert "askfamilyorteam" in printed.squeezed.partition("ALLERGIES")[2]
        assert "thepage" not in printed.squeezed


# The paper ------------------------------------------------------------------------------------


@every_card
def test_it_is_two_cards_of_the_standard_size(name: str) -> None:
    """ISO/IEC 7810 ID-1: 85.60 by 53.98 mm."""
    sizes = _print(name).sizes_mm()
    assert len(sizes) == 2
    for width, height in sizes:
        assert width == pytest.approx(85.60, abs=0.01)
        assert height == pytest.approx(53.98, abs=0.01)


@every_card
def test_no_letter_is_where_a_cutter_may_go(name: str) -> None:
    """Every letter and the code lie at least 1.5 mm inside."""
    safe = SAFE_MM * POINTS_A_MM
    for side in _print(name).sides:
        for each in side.letters:
            assert each.box.left >= safe and each.box.bottom >= safe, each
            assert side.width - each.box.right >= safe, each
            assert side.height - each.box.top >= safe, each


@every_card
def test_no_line_of_text_lies_over_another(name: str) -> None:
    """Not on either side."""
    assert not [side.meeting() for side in _print(name).sides if side.meeting()]


@every_card
def test_the_quiet_zone_of_the_code_is_quiet(name: str) -> None:
    """Four modules of white all round: no letter, and nothing drawn."""
    front = _print(name).sides[0]
    picture, (count, _) = front.picture, _modules(front)
    module = (picture.right - picture.left) / count
    quiet = picture.grown(4 * module)
    for each in front.letters:
        assert not each.box.over(quiet), f"{each.letter!r} stands in the quiet zone"
    scale = 600 / 72
    raster = front.raster(600)
    around = raster[
        int((front.height - quiet.top) * scale) + 2 : int((front.height - quiet.bottom) * scale)
        - 2,
        int(quiet.left * scale) + 2 : int(quiet.right * scale) - 2,
    ].copy()
    # A picture is drawn on whole pixels.
    side = round(4 * module * scale) - 6
    around[side:-side, side:-side] = 255
    assert around.min() == 255, "something is drawn in the quiet zone"
    assert quiet.right <= front.width and quiet.bottom >= 0, "the card ends in the quiet zone"


def _modules(front: Side) -> tuple[int, float]:
    """How many modules the code has and how many pixels of 600 to the inch each takes."""
    scale, picture = 600 / 72, front.picture
    raster = front.raster(600)[
        round((front.height - picture.top) * scale) : round(
            (front.height - picture.bottom) * scale
        ),
        round(picture.left * scale) : round(picture.right * scale),
    ]
    return modules(raster)


@pytest.mark.parametrize("name", sorted(CAST))
def test_in_black_alone_the_signs_have_three_shapes(name: str) -> None:
    """Withdrawal has a solid bar with a square, overdose two rules with a ring, allergy one rule
    with a triangle."""
    back = Print(printer.make_pdf("wallet", _briefing(name), ADDRESS, black=True)).sides[1]
    scale, bars, holes, widths = 600 / 25.4, [], [], []
    raster = back.raster(600) < 128
    for column in range(3):
        left, top = 3 + column * (25.73 + 1.2), 2.25
        whole = raster[
            round(top * scale) - 1 : round((top + 3.75) * scale),
            round(left * scale) + 2 : round((left + 25.73) * scale),
        ]
        # Beside the shape and before the words; then the shape, as ink.
        edge = whole[:, : round(0.6 * scale)].all(axis=1)
        bars.append(int(numpy.abs(numpy.diff(numpy.r_[0, edge.astype(int), 0])).sum()) // 2)
        shape = whole[
            round(0.6 * scale) : round(3.1 * scale), round(0.7 * scale) : round(3.1 * scale)
        ]
        shape = shape if column else ~shape
        rows = shape.any(axis=1).nonzero()[0]
        middle = shape[(rows[0] + rows[-1]) // 2]
        columns = middle.nonzero()[0]
        holes.append(not middle[columns[0] : columns[-1]].all())
        wide = [int(numpy.ptp(shape[row].nonzero()[0])) for row in (rows[3], rows[-3])]
        widths.append(wide[1] > 2 * wide[0])
    assert bars == [1, 2, 1]
    assert holes == [False, True, False], "only the ring is open"
    assert widths == [False, False, True], "only the triangle widens"


@every_card
def test_a_card_has_four_sizes_of_letters(name: str) -> None:
    """Three a side: 14, 11 and 7.5 points on the front; 11, 7.5 and 6 on the back."""
    front, back = ({round(each.size, 1) for each in side.letters} for side in _print(name).sides)
    assert front <= {14.0, 11.0, 7.5}
    assert back <= {11.0, 7.5, 6.0}


def _words(line: list[Any]) -> str:
    return "".join(each.letter for each in line)


# Sizes ----------------------------------------------------------------------------------------


@every_card
def test_nothing_is_too_small_to_read(name: str) -> None:
    """Nothing under 6 pt, essential words 7.5 pt and up, numbers 10 pt and up."""
    briefing, (front, back) = _briefing(name), _print(name).sides
    sizes = {each.size for side in (front, back) for each in side.letters}
    assert min(sizes) >= SMALLEST_PT - 0.01
    contact = briefing.contacts[0]
    assert contact.number
    for side, words, least in (
        (front, briefing.team.shown, NUMBERS_PT),
        (front, briefing.dose.number, NUMBERS_PT),
        (front, briefing.concentration.number, NUMBERS_PT),
        (front, "mcg/mL", ESSENTIAL_PT),
        (front, briefing.what.text, NUMBERS_PT),
        (front, briefing.stop.text, ESSENTIAL_PT),
        (front, briefing.hospital, ESSENTIAL_PT),
        (front, briefing.person.name, ESSENTIAL_PT),
        (front, briefing.person.born_words, ESSENTIAL_PT),
        (front, briefing.device, ESSENTIAL_PT),
        (back, contact.number.shown, NUMBERS_PT),
        (back, f"{contact.name}, {contact.relation}", ESSENTIAL_PT),
        *((back, group.rest, ESSENTIAL_PT) for group in briefing.signs),
    ):
        assert min(side.sizes(words)) >= least, f"{words!r} is {side.sizes(words)}"


def test_a_number_and_its_unit_stand_on_one_line() -> None:
    """Neither a dose nor a telephone number is ever broken."""
    for name in _CARDS:
        briefing = _briefing(name)
        lines = [line for side in _print(name).sides for line in side.text.split("\n")]
        for whole in (
            f"{briefing.dose.number} mcg",
            f"{briefing.concentration.number} mcg/mL",
            briefing.team.shown,
            briefing.contacts[0].number.shown if briefing.contacts[0].number else "",
        ):
            assert any(whole in line for line in lines), (name, whole)


# The code -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("dpi", [150, 300])
@every_card
def test_two_readers_read_the_code_from_paper(name: str, dpi: int) -> None:
    """zxing-cpp and OpenCV find the address at an old and at an ordinary printer's resolution."""
    assert codes(_print(name).sides[0].raster(dpi)) == {"zxing": {ADDRESS}, "opencv": {ADDRESS}}


@pytest.mark.parametrize(
    ("host", "count"),
    [("C.EXAMPLE", 29), ("CARD.EXAMP", 29), ("CARD.EXAMPLE", 33), ("MY.CARD.EXAMPLE.ORG", 33)],
)
def test_the_symbol_is_as_coarse_as_its_address_allows(host: str, count: int) -> None:
    """29 modules a side up to a host of ten letters, and none is smaller than 0.6 mm."""
    address = f"https://{host.lower()}/c/{TOKEN.lower()}"
    front = Print(printer.make_pdf("wallet", _briefing("minimal"), address)).sides[0]
    found, pixels = _modules(front)
    assert found == count
    assert (front.picture.right - front.picture.left) / found / POINTS_A_MM >= 0.6 - 1e-6
    assert pixels / 600 * 25.4 >= 0.58
    assert codes(front.raster(300))["zxing"] == {address.upper()}


def test_a_card_that_is_not_kept_leads_to_the_guide_and_says_so() -> None:
    """Without an address of its own a print opens the public guide."""
    guide = "HTTPS://CARD.EXAMPLE/GUIDE"
    printed = Print(printer.make_pdf("wallet", _briefing("typical"), guide, to_guide=True))
    assert codes(printed.sides[0].raster(300))["zxing"] == {guide}
    assert (
        squeezed("Scan: signs, no patient") in printed.squeezed
        and "Scan: full page" not in printed.text
    )


def test_an_address_that_makes_the_code_too_fine_is_refused() -> None:
    """A code that no phone would read from a card is not printed."""
    with pytest.raises(qr.TooLong):
        printer.make_pdf("wallet", _briefing("typical"), f"https://{'long.' * 30}example/c/{TOKEN}")


# For a reader that speaks ---------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(CAST))
def test_the_file_is_a_tagged_pdf_with_a_language_and_a_title(name: str) -> None:
    """PDF/UA-1 says so of itself, and has what it must have."""
    with pikepdf.open(io.BytesIO(_print(name).raw)) as document, document.open_metadata() as data:
        assert data["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        title = f"Implanted baclofen pump: {_briefing(name).person.name}"
        assert data["{http://purl.org/dc/elements/1.1/}title"] == title
        assert str(document.docinfo.Title) == title
        assert bool(document.Root.MarkInfo.Marked) is True
        assert str(document.Root.Lang) == "en"
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle) is True
        assert "/Encrypt" not in document.trailer
        for font in _fonts(document):
            assert "/ToUnicode" in font, font.BaseFont


def _fonts(document: pikepdf.Pdf) -> list[Any]:
    return [
        each
        for each in document.objects
        if isinstance(each, pikepdf.Dictionary)
        and each.get("/Type") == "/Font"
        and each.get("/Subtype") == "/Type0"
    ]


@pytest.mark.parametrize("name", sorted(CAST))
def test_it_is_read_out_in_the_order_of_the_design(name: str) -> None:
    """The tags go danger, number, name, birth, dose, concentration, pump; then the signs."""
    briefing, tags = _briefing(name), _print(name).structure()
    spoken = [squeezed(words) for _, words in tags]
    expected = (
        briefing.what.text,
        briefing.stop.text,
        briefing.team.shown,
        briefing.hospital,
        briefing.person.name,
        briefing.person.born_words,
        f"{briefing.dose.number} mcg",
        f"{briefing.concentration.number} mcg/mL",
        briefing.device,
        *(group.rest for group in briefing.signs),
        briefing.contacts[0].name,
        briefing.confirmed,
    )
    at = 0
    for words in expected:
        while at < len(spoken) and squeezed(words) not in spoken[at]:
            at += 1
        # Name and birth stand in one heading: the same piece may hold what follows.
        assert at < len(spoken), f"{words!r} is read too early or not at all"
    assert tags[[kind for kind, _ in tags].index("H1")][1] == briefing.what.text
    assert [kind for kind, _ in tags].count("H1") == 1


@pytest.mark.parametrize("name", sorted(CAST))
def test_the_code_is_described(name: str) -> None:
    """The one figure says in words what it opens."""
    figures = [words for kind, words in _print(name).structure() if kind == "Figure"]
    assert figures == [f"QR code that opens {ADDRESS}"]


# What stops a print ---------------------------------------------------------------------------


def _letter_without_a_font() -> str:
    """A letter of a rare script that no font of this machine has."""
    for letter in "𗀀𘬀漢𒾐𐵀𛅰𞓐":
        found = subprocess.run(
            ["fc-list", f":charset={ord(letter):x}", "family"], capture_output=True, check=True
        )
        if not found.stdout.strip():
            return letter
    pytest.fail("every letter that this test knows is in a font of this machine")


@pytest.mark.parametrize(
    "place", ["patient.full_name", "team.hospital", "pump.model", "contacts[0].name"]
)
def test_a_letter_without_a_font_stops_the_print_and_is_named(place: str) -> None:
    """No empty box is ever printed in the place of a letter."""
    letter = _letter_without_a_font()
    with pytest.raises(glyphs.MissingLetter) as refused:
        _card(alex({place: f"A {letter} B"}))
    assert refused.value.letter == letter
    assert refused.value.name and refused.value.package.startswith("fonts-")


@pytest.mark.parametrize(
    "name", ["𓀀 Hieroglyph", "עברית", "العربية", "नमस्ते", "ไทย", "Ⅷ ½ ﬁ", "e\u0301 ÅÅ", "a\u200bb"]
)
def test_a_letter_that_a_font_has_is_printed(name: str) -> None:
    """Any script that is installed may stand in a name; nothing is left out in silence."""
    printed = _card(sam({"patient.full_name": name}))
    assert len(printed.sides) == 2


def test_the_same_card_gives_the_same_file() -> None:
    """No time and no chance is in a print: made twice, it is the same to the byte."""
    first = printer.make_pdf("wallet", _briefing("complex"), ADDRESS)
    assert first == _print("complex").raw
    assert numpy.array_equal(
        Print(first).sides[0].raster(72), _print("complex").sides[0].raster(72)
    )


def test_names_in_other_cards_do_not_change_a_card() -> None:
    """The order in which cards are printed plays no part."""
    before = _print("minimal").raw
    _card(tuyet())
    assert printer.make_pdf("wallet", _briefing("minimal"), ADDRESS) == before
