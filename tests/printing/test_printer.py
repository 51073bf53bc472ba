"""Every layout, read back from the finished file: its size, its words, its codes, its edges."""

from functools import cache
from typing import Any

import numpy
import pytest
import weasyprint

from caregiver_card import style_sheets
from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.printing import printer
from caregiver_card.printing.codes import offline_contact
from caregiver_card.printing.layouts import leaf_parts, print_job, stickers
from caregiver_card.printing.pdf import verify
from tests.cast import CAST, WORDS, absent, alex, card_of
from tests.prints import POINTS_A_MM, Print, own_size, scanned, squeezed
from tests.scripts import longest

# Whole pages, printed and read back from the raster.
pytestmark = pytest.mark.slow

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
SIZES_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
# Home printers leave up to 6.4 mm blank.
UNPRINTABLE_MM = 6.4
SHEETS = ("sheet", "school")
# Each card on one of the papers: the smaller one for those with the most words.
CARDS = {"typical": "a4", "complex": "letter", "capitals": "letter"}

every_layout = pytest.mark.parametrize("layout", printer.LAYOUTS)
every_page = pytest.mark.parametrize(
    "layout", [each for each in printer.LAYOUTS if each != "wallet"]
)
every_sheet = pytest.mark.parametrize("layout", SHEETS)
every_card = pytest.mark.parametrize("name", list(CARDS))


@cache
def _briefing(name: str) -> Briefing:
    return brief(card_of(CAST[name]() if name in CAST else longest(name)), WORDS, 1)


@cache
def _print(layout: str, name: str, black: bool = False) -> Print:
    return Print(printer.make_pdf(layout, _briefing(name), ADDRESS, paper=CARDS[name], black=black))


def _of(layout: str, file: dict[str, Any], **how: Any) -> Print:
    return Print(printer.make_pdf(layout, brief(card_of(file), WORDS, 1), ADDRESS, **how))


# The paper --------------------------------------------------------------------------------------


@every_card
@every_page
def test_it_is_one_page_of_the_paper_with_nothing_at_its_edge(layout: str, name: str) -> None:
    """A4 or US Letter, and no letter where a printer at home leaves the paper blank."""
    printed = _print(layout, name)
    [size] = printed.sizes_mm()
    assert size == pytest.approx(SIZES_MM[CARDS[name]], abs=0.05)
    [side] = printed.sides
    edge = UNPRINTABLE_MM * POINTS_A_MM
    for each in side.letters:
        assert min(each.box.left, each.box.bottom) >= edge, each
        assert side.width - each.box.right >= edge and side.height - each.box.top >= edge, each


@every_card
@every_layout
def test_a_stranger_finds_what_matters(layout: str, name: str) -> None:
    """Number, drug, dose, concentration, pump and name, whole; labels name nobody."""
    printed, briefing = _print(layout, name), _briefing(name)
    if layout == "labels":
        assert squeezed(briefing.person.name) not in printed.squeezed
        assert printed.text.count("Emergency?") == printed.text.count("Baclofen pump") == 18
        assert printed.text.count(briefing.team.shown) == 18
        return
    for words in print_job.essentials(briefing):
        assert squeezed(words).casefold() in printed.squeezed.casefold(), words


@every_card
@every_layout
def test_numbers_are_large_and_nothing_is_small(layout: str, name: str) -> None:
    """Nothing under 6 pt, the number to call 10 pt and more, on a sheet the largest of all."""
    printed, briefing = _print(layout, name), _briefing(name)
    assert min(each.size for side in printed.sides for each in side.letters) >= 5.99
    front = printed.sides[0]
    assert min(front.sizes(briefing.team.shown)) >= 9.99
    if layout == "sheet":
        largest = max(each.size for each in front.letters)
        assert front.sizes(briefing.team.shown) == {round(largest, 1)}
    if layout == "school":
        # There the emergency number comes first.
        assert front.sizes(briefing.emergency.name) == {30.0}
        assert front.sizes(briefing.team.shown) == {20.0}


@every_card
@every_layout
def test_no_number_is_broken(layout: str, name: str) -> None:
    """A telephone number, a dose and its unit stand on one line each."""
    briefing = _briefing(name)
    lines = [
        line.replace("\u00a0", " ")
        for side in _print(layout, name).sides
        for line in side.text.split("\n")
    ]
    wholes = [briefing.team.shown]
    if layout != "labels":
        wholes += [f"{each.number} {each.unit}" for each in (briefing.dose, briefing.concentration)]
    for whole in wholes:
        assert any(whole in line for line in lines), whole


@pytest.mark.parametrize("paper", printer.PAPERS)
@every_layout
def test_what_is_cut_is_printed_in_its_own_size(layout: str, paper: str) -> None:
    """A viewer that fits pages to the paper would make a card that fits no wallet."""
    made = printer.make_pdf(layout, _briefing("typical"), ADDRESS, paper=paper)
    assert own_size(made) == (layout in ("wallet", "fold", "labels"))


# The codes --------------------------------------------------------------------------------------


@every_card
@every_layout
def test_the_codes_are_read_from_paper(layout: str, name: str) -> None:
    """From a coarse print: the page's, and on the large prints the offline one."""
    found = set()
    for side in _print(layout, name).sides:
        found |= scanned(side.raster(200))
    wanted = {ADDRESS}
    if layout in ("fold", *SHEETS):
        [text] = found - wanted
        assert text.startswith("BEGIN:VCARD") and _briefing(name).team.dial in text
        wanted |= {text}
    assert found == wanted


def test_every_label_has_squares_that_a_phone_reads() -> None:
    """At least 0.33 mm a module with the longest address that is printed at all."""
    address = f"https://{'x' * 55}.example/c/0123456789ABCDEFGHJKMNPQRS"
    asked = printer.print_job("labels", _briefing("minimal"), address)
    assert asked.qr_code.modules == 41
    [side] = Print(printer.make_pdf("labels", _briefing("minimal"), address)).sides
    assert scanned(side.raster(200)) == {address.upper()}
    assert min(kind.side_mm(41) for kind in stickers.KINDS) / 41 >= offline_contact.FINEST_MM


@every_sheet
def test_a_card_that_is_not_kept_leads_to_the_guide_and_says_so(layout: str) -> None:
    """Nothing is said to be "on the page" that has no page."""
    printed = Print(
        printer.make_pdf(layout, _briefing("complex"), "HTTPS://CARD.EXAMPLE/GUIDE", to_guide=True)
    )
    assert "Scan: signs, no patient" in printed.text
    assert "Only on the page" not in printed.text and "page is newer" not in printed.text
    assert "scan the code" not in printed.text, "the guide has no medicines of this person"
    items = [{"substance": f"Substance {each}", "reaction": "rash"} for each in range(40)]
    file = alex({"allergies.items": items})
    printed = _of(layout, file, to_guide=True)
    assert squeezed(WORDS.say("wallet.more_guide")) in printed.squeezed
    assert squeezed(WORDS.say("wallet.more_page")) not in printed.squeezed


# What fits ---------------------------------------------------------------------------------------


_LEFT = {
    key.removeprefix("leaf.left-"): words
    for key, words in WORDS.text.items()
    if key.startswith("leaf.left-")
}


def _facts(briefing: Briefing) -> dict[str, str]:
    """Of what may give way, the person's own words."""
    return {
        "appointment": WORDS.say("leaf.replace_by", day=briefing.dates[3].value),
        "medicines": "; ".join(briefing.medicines.items) or briefing.medicines.words,
        "rescue": briefing.rescue.text if briefing.rescue else "",
        "wishes": "; ".join(briefing.directives.items),
        "more_nots": WORDS.clinical("do_nots.home_handling"),
        "look_alikes": WORDS.clinical("discriminators.look_alikes_withdrawal"),
        "interactions": WORDS.clinical("interactions.opioids"),
    }


@every_card
def test_what_the_sheet_leaves_to_the_page_is_named_and_nothing_else(name: str) -> None:
    """Each thing is on the sheet in full, or in its list of what is not."""
    printed = _print("sheet", name)
    said = printed.squeezed.partition("Onlyonthepage:")[2].partition(".")[0]
    for key, words in _facts(_briefing(name)).items():
        if words:
            there, named = squeezed(words) in printed.squeezed, squeezed(_LEFT[key]) in said
            assert there != named, f"{key}: on the sheet {there}, named {named}"


@pytest.mark.parametrize("paper", printer.PAPERS)
def test_an_ordinary_card_keeps_what_matters_on_the_sheet(paper: str) -> None:
    """Baseline, dates, allergies, medicines, all signs, late withdrawal, the alarms, a contact."""
    briefing = _briefing("typical")
    printed = Print(printer.make_pdf("sheet", briefing, ADDRESS, paper=paper))
    for words in (
        briefing.person.baseline,
        briefing.refill.value,
        briefing.alarm_date.value,
        *briefing.allergies.items,
        *briefing.medicines.items,
        *(lead.text for lead in briefing.signs[2].leads),
        *(WORDS.clinical(f"danger.{key}_cue") for key in ("withdrawal", "overdose", "allergy")),
        *(each.parts.get("called", each).text for each in WORDS.groups["which"].values()),
        *(each.parts["never"].text for each in WORDS.statements if "never" in each.parts),
        WORDS.statement("discriminators.late_withdrawal").parts["line"].text,
        WORDS.clinical("alarms.with_signs"),
        briefing.contacts[0].name,
    ):
        assert squeezed(words.format(call="Call 911")) in printed.squeezed, words


@every_card
def test_what_is_fixed_on_the_sheet_is_there_at_the_longest_names(name: str) -> None:
    """Baseline, refill, alarm date, the table, what never to do, and a contact never give way."""
    printed, briefing = _print("sheet", name), _briefing(name)
    number = briefing.contacts[0].number
    assert briefing.low_day and number
    for words in (
        briefing.person.baseline,
        briefing.refill.value,
        WORDS.day(briefing.low_day.on),
        WORDS.clinical("which.withdrawal_muscles"),
        WORDS.statement("danger.oral_caution").parts["never"].text,
        number.shown,
    ):
        assert squeezed(words).replace("•", "") in printed.squeezed.replace("•", ""), words


@every_card
def test_the_mri_rule_is_on_the_sheet_or_its_line_or_its_name(name: str) -> None:
    """It first becomes one line, and is named only where that has no room either."""
    printed, briefing = _print("sheet", name), _briefing(name)
    said = printed.squeezed.partition("Onlyonthepage:")[2]
    shown = [
        squeezed(briefing.mri.text) in printed.squeezed,
        squeezed(briefing.mri_line.text) in printed.squeezed,
        squeezed(_LEFT["mri"]) in said,
    ]
    assert shown.count(True) == 1


@every_sheet
@every_card
def test_a_page_has_five_sizes_of_letters(layout: str, name: str) -> None:
    """30, 20, 12, 9 and 7.5 points."""
    [side] = _print(layout, name).sides
    assert {round(each.size, 1) for each in side.letters} <= {30.0, 20.0, 12.0, 9.0, 7.5}


@every_card
def test_the_page_for_schools_has_what_a_school_needs(name: str) -> None:
    """Whom to call, baseline, allergies, every sign in plain words and what never to do."""
    printed, briefing = _print("school", name), _briefing(name)
    contact = briefing.contacts[0]
    assert contact.number
    for words in (
        briefing.emergency.name,
        contact.name,
        contact.number.shown,
        *(briefing.allergies.items or ["ALLERGIES None known"]),
        *(each.text for each in WORDS.groups["lay"].values() if each.extra.get("says") != "watch"),
        WORDS.clinical("alarms.with_signs"),
        WORDS.clinical("alarms.without_signs"),
    ):
        assert squeezed(words) in printed.squeezed, words
    # It speaks to a teaching assistant.
    for words in ("spasticity", "hypotonia", "rebound", "profound"):
        assert words not in printed.text.casefold()
    # What a clinician does is not for people who are none, nor are the person's medicines.
    for words in (WORDS.clinical("actions.withdrawal_bridge"), *briefing.medicines.items):
        assert squeezed(words) not in printed.squeezed, words


@every_sheet
def test_the_sheets_read_in_the_order_of_the_emergency_page(layout: str) -> None:
    """Danger, number, name, allergies, signs, alarms: as a reader hears them."""
    heard = " ".join(words for _, words in _print(layout, "typical").structure())
    briefing = _briefing("typical")
    signs = [group.cue for group in briefing.signs]
    if layout == "school":
        # Look, call, say: then whom the crew treats.
        signs = ["Too little medicine", "Too much medicine", "Allergic reaction"]
    inside = [
        briefing.what.text,
        *(
            (briefing.team.shown, briefing.person.name, briefing.allergies.items[0], *signs)
            if layout == "sheet"
            else (briefing.person.name, *signs, briefing.team.shown, briefing.allergies.items[0])
        ),
        "Any pump alarm with any sign",
        briefing.confirmed,
    ]
    places = [squeezed(heard).index(squeezed(words)) for words in inside]
    assert places == sorted(places)


@every_layout
def test_what_is_not_shared_is_on_no_print(layout: str) -> None:
    """What stays in the file stays off the paper, and the sheet says that it is not shared."""
    file = alex({"medicines.status": "not_shared", "allergies.status": "not_shared"})
    printed = _of(layout, file)
    for hidden in ("Gabapentin", "Oxybutynin", "Latex", "Penicillin"):
        assert hidden not in printed.text
    if layout == "sheet":
        assert squeezed("ALLERGIES Not shared") in printed.squeezed
        assert squeezed("medicines not shared") in printed.squeezed


@every_sheet
def test_a_card_full_of_words_still_fits(layout: str) -> None:
    """Thirty medicines, forty allergies, the longest notes: what does not fit is named."""
    words = "Very long words of a family that says everything there is to say about it. " * 4
    file = alex(
        {
            "patient.baseline": words[:299],
            "patient.communication": words[:299],
            "team.note": words[:299],
            "medicines.items": [{"name": f"Medicine {each}", "dose": "5 mg"} for each in range(30)],
            "allergies.items": [{"substance": f"Substance {each}"} for each in range(40)],
            "maker_support": absent,
        }
    )
    printed = _of(layout, file, paper="letter")
    assert len(printed.sides) == 1
    assert "Substance 0" in printed.text and "Substance 39" not in printed.text
    assert squeezed(WORDS.say("wallet.more_page")) in printed.squeezed


def test_words_that_took_more_room_than_was_measured_leave_more_to_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sheet of two pages is made anew with less on it, and handed over only if it is one."""
    monkeypatch.setattr(leaf_parts, "_SLACK_PT", -32.0)
    order = printer.print_job("sheet", _briefing("typical"), ADDRESS)
    assert len(Print(printer.unverified("sheet", order)).sides) == 2
    assert len(Print(printer.make_pdf("sheet", _briefing("typical"), ADDRESS)).sides) == 1
    monkeypatch.setattr(leaf_parts, "_SLACK_PT", -400.0)
    with pytest.raises(verify.WrongPages):
        printer.make_pdf("sheet", _briefing("typical"), ADDRESS)


# Ink --------------------------------------------------------------------------------------------


@every_layout
def test_black_alone_has_no_colour_and_the_same_words(layout: str) -> None:
    """No tint and no red: shapes and words carry everything."""
    black, coloured = _print(layout, "typical", black=True), _print(layout, "typical")
    for side in black.sides:
        assert not side.colours(100)
    assert any(side.colours(100) for side in coloured.sides)
    assert black.text == coloured.text


@pytest.mark.parametrize("black", [False, True])
@every_layout
def test_letters_stand_out_on_a_black_and_white_printer(layout: str, black: bool) -> None:
    """In grey, every line has a contrast of at least seven to one to what it stands on."""
    for side in _print(layout, "typical", black=black).sides:
        raster = side.raster(150)
        scale = 150 / 72
        for line in side.lines:
            left, right = min(e.box.left for e in line), max(e.box.right for e in line)
            bottom, top = min(e.box.bottom for e in line), max(e.box.top for e in line)
            part = raster[
                int((side.height - top) * scale) : int((side.height - bottom) * scale) + 1,
                int(left * scale) : int(right * scale) + 1,
            ]
            words = "".join(each.letter for each in line)
            assert _contrast(part) >= 7, f"{words}: {_contrast(part):.1f}"


def _contrast(part: Any) -> float:
    """WCAG's contrast between the ink and the ground of a piece of a page in grey levels."""
    dark, light = (
        (level / 255 / 12.92 if level <= 10 else ((level / 255 + 0.055) / 1.055) ** 2.4)
        for level in (float(numpy.min(part)), float(numpy.max(part)))
    )
    return (light + 0.05) / (dark + 0.05)


def test_the_three_groups_of_signs_have_shapes_of_their_own() -> None:
    """A solid bar, a bar of two rules, one rule: told apart without any colour."""
    [side] = _print("sheet", "typical", black=True).sides
    scale, kinds = 300 / 72, []
    raster = side.raster(300) < 128
    titles = [each for each in side.letters if round(each.size) == 12]
    words = "".join(each.letter for each in titles)
    for group in _briefing("typical").signs:
        title = squeezed(group.title)
        last = titles[words.index(title) + len(title) - 1]
        # Down through the bar, at the right of the words.
        base, x = side.height - last.base, round((last.box.right + 4) * scale)
        column = raster[round((base - 17) * scale) : round((base + 8) * scale), x].astype(int)
        edges = numpy.flatnonzero(numpy.diff(numpy.r_[0, column, 0])).reshape(-1, 2)
        kinds.append([round(float(end - start) / scale) for start, end in edges])
    assert kinds == [[19], [1, 1], [1]]


def test_every_rule_of_the_style_sheets_is_understood(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The PDF engine warns of what it does not know, and leaves it out."""
    printed = {
        sheet
        for each in printer.LAYOUTS
        for sheet in printer.page_of(
            each, printer.print_job(each, _briefing("minimal"), ADDRESS, black=True)
        )[1]
    }
    for sheet in (*printed, "elements.css", "measuring.css", "key_sheet.css", "lockscreen.css"):
        weasyprint.CSS(string=style_sheets.print_style(sheet))
    assert [each.getMessage() for each in caplog.records if each.levelname == "WARNING"] == []
