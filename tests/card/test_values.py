"""The parsers of single values: what they take, what they refuse, and with what word."""

import math
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caregiver_card.card import model, quantities, telephones, times, values
from caregiver_card.card.quantities import UnitSlip
from caregiver_card.card.values import DoubtfulValue, InvalidValue

DOSE = quantities.number(10, 3000, "mcg", slips=(UnitSlip("mg", 1000),))
STRENGTH = quantities.number(
    50, 6000, "mcg/mL", slips=(UnitSlip("mg/mL", 1000), UnitSlip("%", 10_000))
)
VOLUME = quantities.number(0, 60, "mL", above_low=True)
RESERVE = quantities.number(0, 60, "mL")
FLOW = quantities.number(0, 10, "mL", above_low=True)
TIMES = quantities.whole_number(1, 12)
NAME = values.text(10)
LINES = values.text(10, lines=True)
RISK = values.choice("yes", "no", "unknown")
MODE = values.choice("simple_continuous", "minimum_rate")

TAKEN = [
    pytest.param(NAME, "Sam", "Sam", id="text"),
    pytest.param(NAME, "  Sam \t Lee ", "Sam Lee", id="text with space to spare"),
    pytest.param(NAME, "0123456789", "0123456789", id="text of exactly the most letters"),
    pytest.param(NAME, "e\u0301" * 10, "é" * 10, id="accents count with their letters"),
    pytest.param(NAME, "<b>&amp;</b>"[:10], "<b>&amp;</", id="text with markup stays as it is"),
    pytest.param(NAME, "'; DROP--", "'; DROP--", id="text with SQL stays as it is"),
    pytest.param(NAME, "سام", "سام", id="text from right to left"),
    pytest.param(NAME, "👩‍⚕️", "👩‍⚕️", id="a joined emoji"),
    pytest.param(LINES, "one\r\ntwo", "one\ntwo", id="lines broken the Windows way"),
    pytest.param(LINES, "\n one \n", "one", id="lines without an edge"),
    pytest.param(DOSE, 400, Decimal(400), id="a whole number"),
    pytest.param(DOSE, 1260.5, Decimal("1260.5"), id="a number with a decimal"),
    pytest.param(DOSE, "400", Decimal(400), id="a number as text"),
    pytest.param(DOSE, " 1260,5 ", Decimal("1260.5"), id="a comma for the point"),
    pytest.param(DOSE, "400 mcg", Decimal(400), id="with its unit"),
    pytest.param(DOSE, "1 260", Decimal(1260), id="a thousand parted by a space"),
    pytest.param(DOSE, "1,260.5", Decimal("1260.5"), id="a thousand and a point"),
    pytest.param(DOSE, "1.260,5", Decimal("1260.5"), id="a thousand and a comma"),
    pytest.param(DOSE, "400 µg/Tag", Decimal(400), id="a day in German"),
    pytest.param(STRENGTH, "500 mcg/cc", Decimal(500), id="cc for mL"),
    pytest.param(STRENGTH, "500 mcg per mL", Decimal(500), id="per for the stroke"),
    pytest.param(DOSE, "400µg", Decimal(400), id="with a micro sign"),
    pytest.param(DOSE, "400 μg", Decimal(400), id="with a Greek mu"),
    pytest.param(DOSE, "400 ug/day", Decimal(400), id="with u for micro, a day"),
    pytest.param(DOSE, "400 mcg per day", Decimal(400), id="with its unit per day"),
    pytest.param(DOSE, "400 mcg / 24 h", Decimal(400), id="with its unit per 24 h"),
    pytest.param(DOSE, "400 Micrograms/d", Decimal(400), id="with its unit in full"),
    pytest.param(DOSE, "４００", Decimal(400), id="full-width digits"),
    pytest.param(DOSE, "٤٠٠", Decimal(400), id="Arabic digits"),
    pytest.param(DOSE, 10, Decimal(10), id="the lowest"),
    pytest.param(DOSE, 3000, Decimal(3000), id="the highest"),
    pytest.param(DOSE, 96.1234, Decimal("96.1234"), id="four decimals"),
    pytest.param(DOSE, 96.5000000, Decimal("96.5"), id="zeros at the end"),
    pytest.param(DOSE, Decimal("4E+2"), Decimal(400), id="an exponent"),
    pytest.param(STRENGTH, "2000 mcg/ml", Decimal(2000), id="a strength with its unit"),
    pytest.param(STRENGTH, 50, Decimal(50), id="the lowest strength"),
    pytest.param(STRENGTH, 6000, Decimal(6000), id="the highest strength"),
    pytest.param(VOLUME, 0.1, Decimal("0.1"), id="a little more than nothing"),
    pytest.param(RESERVE, 0, Decimal(0), id="nothing, where nothing may be"),
    pytest.param(RESERVE, -0.0, Decimal(0), id="minus nothing"),
    pytest.param(FLOW, "0.2 mL/day", Decimal("0.2"), id="a flow with its unit"),
    pytest.param(TIMES, 3, 3, id="whole"),
    pytest.param(TIMES, "3", 3, id="whole as text"),
    pytest.param(TIMES, 3.0, 3, id="whole with a point"),
    pytest.param(values.day, "2026-11-16", date(2026, 11, 16), id="a day"),
    pytest.param(values.day, " 2024-02-29 ", date(2024, 2, 29), id="a leap day"),
    pytest.param(values.day, "1900-01-01", date(1900, 1, 1), id="the first day"),
    pytest.param(values.day, "2200-12-31", date(2200, 12, 31), id="the last day"),
    pytest.param(times.clock, "00:00", "00:00", id="midnight"),
    pytest.param(times.clock, " 23:59 ", "23:59", id="a minute to midnight"),
    pytest.param(times.clock, "24:00", "24:00", id="the end of the day"),
    pytest.param(times.clock, "6:00", "06:00", id="an hour without its zero"),
    pytest.param(times.clock, "7", "07:00", id="only an hour"),
    pytest.param(times.clock, "0700", "07:00", id="a time in four figures"),
    pytest.param(times.clock, "7:00 AM", "07:00", id="the morning"),
    pytest.param(times.clock, "7 p.m.", "19:00", id="the evening"),
    pytest.param(times.clock, "12:00 AM", "00:00", id="midnight in America"),
    pytest.param(times.clock, "12 pm", "12:00", id="noon in America"),
    pytest.param(times.clock, "24:00:00", "24:00", id="the end of the day in Excel"),
    pytest.param(times.clock, "07.30", "07:30", id="a time with a dot"),
    pytest.param(times.clock, "19h30", "19:30", id="a time in France"),
    pytest.param(times.clock, "19 Uhr", "19:00", id="a time in Germany"),
    pytest.param(times.clock, "0.30", "00:30", id="half past midnight in Germany"),
    pytest.param(times.clock, "0.5", "12:00", id="half a day in Excel"),
    pytest.param(times.clock, 0.25, "06:00", id="a quarter of a day as a number"),
    pytest.param(times.clock, 7, "07:00", id="an hour as a number"),
    pytest.param(times.clock, "0600 hrs", "06:00", id="a time in hospitals"),
    pytest.param(times.clock, "7:30p", "19:30", id="a time on printouts"),
    pytest.param(times.clock, "noon", "12:00", id="noon in words"),
    pytest.param(times.clock, "6時30分", "06:30", id="a time in Japan"),
    pytest.param(times.clock, "1899-12-30 06:00:00", "06:00", id="a time with Excel's first day"),
    pytest.param(times.clock, "１９:00", "19:00", id="full-width figures"),
    pytest.param(NAME, "Ma\u00adria\u200b", "Maria", id="without a web page's hyphens"),
    pytest.param(RISK, "Yes", "yes", id="a choice in capitals"),
    pytest.param(MODE, "Simple continuous", "simple_continuous", id="a choice with a space"),
    pytest.param(MODE, "minimum-rate", "minimum_rate", id="a choice with a hyphen"),
    pytest.param(telephones.region, "gb", "GB", id="a region in small letters"),
    pytest.param(values.time_zone, "Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh", id="a time zone"),
    pytest.param(values.flag, True, True, id="true"),
    pytest.param(values.flag, "No", False, id="no"),
]

REFUSED = [
    pytest.param(NAME, 5, "not-text", id="a number for text"),
    pytest.param(NAME, True, "not-text", id="true for text"),
    pytest.param(NAME, ["Sam"], "not-text", id="a list for text"),
    pytest.param(NAME, None, "not-text", id="null for text"),
    pytest.param(NAME, "", "empty", id="empty text"),
    pytest.param(NAME, " \t ", "empty", id="only space"),
    pytest.param(NAME, "\u200b\u2060", "empty", id="only letters that nobody sees"),
    pytest.param(NAME, "01234567890", "text-long", id="one letter too many"),
    pytest.param(NAME, "a\nb", "text-control", id="a line break where none may be"),
    pytest.param(NAME, "a\x00b", "text-control", id="a null"),
    pytest.param(NAME, "a\x1bb", "text-control", id="an escape"),
    pytest.param(NAME, "a\rb", "text-control", id="a lone carriage return"),
    pytest.param(NAME, "a\x85b", "text-control", id="a C1 control"),
    pytest.param(NAME, "a\u2028b", "text-control", id="a line separator"),
    pytest.param(NAME, "\ud83d", "text-control", id="half an emoji"),
    pytest.param(NAME, "40\u202e0", "text-control", id="letters that turn digits around"),
    pytest.param(NAME, "40\u20660", "text-control", id="an isolate"),
    pytest.param(NAME, "a\ufdd0", "text-control", id="the page's own mark"),
    pytest.param(NAME, "a\U0001ffff", "text-control", id="a noncharacter of a high plane"),
    pytest.param(LINES, "a\x0bb", "text-control", id="a vertical tab among lines"),
    pytest.param(DOSE, None, "not-number", id="null for a number"),
    pytest.param(DOSE, True, "not-number", id="true for a number"),
    pytest.param(DOSE, "four hundred", "not-number", id="a number in words"),
    pytest.param(DOSE, "", "not-number", id="empty for a number"),
    pytest.param(DOSE, "4e2", "number-unit", id="an exponent as text"),
    pytest.param(DOSE, math.nan, "not-number", id="not a number"),
    pytest.param(DOSE, math.inf, "not-number", id="endless"),
    pytest.param(DOSE, Decimal("sNaN"), "not-number", id="a signalling NaN"),
    pytest.param(DOSE, 10**5000, "not-number", id="a number of five thousand digits"),
    pytest.param(DOSE, Decimal("1E+9999999"), "not-number", id="a giant exponent"),
    pytest.param(RESERVE, Decimal("1E-9999999"), "not-number", id="a dwarf exponent"),
    pytest.param(DOSE, "400" + " " * 60 + "mg", "not-number", id="a unit far behind its number"),
    pytest.param(DOSE, "400 \ud800", "not-number", id="half a letter for a unit"),
    pytest.param(DOSE, "400 a\nb", "not-number", id="a unit of two lines"),
    pytest.param(DOSE, "1,260", "number-comma", id="a comma that may be either"),
    pytest.param(DOSE, 96.12345, "number-precise", id="five decimals"),
    pytest.param(DOSE, Decimal("400." + "0" * 30 + "1"), "number-precise", id="31 decimals"),
    pytest.param(DOSE, 9.9, "number-range", id="just too low"),
    pytest.param(DOSE, 3000.1, "number-range", id="just too high"),
    pytest.param(DOSE, -400, "number-range", id="less than nothing"),
    pytest.param(DOSE, "400 mL", "number-unit", id="another unit"),
    pytest.param(DOSE, "400 mg", "number-unit", id="a bigger unit that cannot be meant"),
    pytest.param(STRENGTH, 49.9, "number-range", id="a strength just too low"),
    pytest.param(STRENGTH, 6000.1, "number-range", id="a strength just too high"),
    pytest.param(VOLUME, 0, "number-positive", id="nothing, where something must be"),
    pytest.param(VOLUME, 60.1, "number-positive", id="a volume just too large"),
    pytest.param(RESERVE, -0.1, "number-range", id="a volume below nothing"),
    pytest.param(TIMES, 2.5, "number-whole", id="half a time"),
    pytest.param(TIMES, 0, "number-range", id="no time"),
    pytest.param(TIMES, 13, "number-range", id="too many times"),
    pytest.param(values.day, 20261116, "not-date", id="a number for a day"),
    pytest.param(values.day, "16.11.2026", "not-date", id="a day the German way"),
    pytest.param(values.day, "2026-11-16T10:00", "not-date", id="a day with a time"),
    pytest.param(values.day, "2026-1-6", "not-date", id="a day without zeros"),
    pytest.param(values.day, "2026-02-29", "date-impossible", id="a leap day in no leap year"),
    pytest.param(values.day, "2026-13-01", "date-impossible", id="a thirteenth month"),
    pytest.param(values.day, "1899-12-31", "date-year", id="before anybody kept a card"),
    pytest.param(values.day, "2201-01-01", "date-year", id="after anybody reads it"),
    pytest.param(times.clock, "24:01", "not-clock", id="past the end of the day"),
    pytest.param(times.clock, "6:5", "not-clock", id="half a minute's figures"),
    pytest.param(times.clock, "13 PM", "not-clock", id="one o'clock said twice"),
    pytest.param(times.clock, "07:00:30", "not-clock", id="seconds that no pump has"),
    pytest.param(times.clock, "0.25", "clock-or-number", id="6:00 in Excel, 00:25 in Germany"),
    pytest.param(times.clock, "6:00²", "number-sign", id="a footnote behind a time"),
    pytest.param(DOSE, "96¹", "number-sign", id="a footnote behind a number"),
    pytest.param(DOSE, "2½", "number-sign", id="a fraction in one sign"),
    pytest.param(times.clock, 900, "not-clock", id="a number that is no hour"),
    pytest.param(times.clock, True, "not-clock", id="true for a time"),
    pytest.param(RISK, "maybe", "not-choice", id="no such choice"),
    pytest.param(RISK, True, "not-text", id="true for a choice"),
    pytest.param(telephones.region, "UK", "region-uk", id="UK, which is GB"),
    pytest.param(telephones.region, "XX", "not-region", id="no such country"),
    pytest.param(telephones.region, "USA", "not-region", id="three letters"),
    pytest.param(telephones.region, 1, "not-text", id="a number for a region"),
    pytest.param(values.time_zone, "London", "not-time-zone", id="a town for a time zone"),
    pytest.param(values.time_zone, "../../etc/passwd", "not-time-zone", id="a way out"),
    pytest.param(values.time_zone, "Europe", "not-time-zone", id="a folder of time zones"),
    pytest.param(values.time_zone, "\ud800", "not-time-zone", id="half a letter"),
    pytest.param(values.time_zone, 0, "not-text", id="a number for a time zone"),
    pytest.param(values.flag, 1, "not-flag", id="one for true"),
    pytest.param(values.flag, "perhaps", "not-flag", id="perhaps"),
]

PHONES = [
    pytest.param("+1 312 555 0142", None, "+13125550142", id="international"),
    pytest.param("(312) 555-0142", "US", "+13125550142", id="as Americans write it"),
    pytest.param("020 7946 0655", "GB", "+442079460655", id="as the British write it"),
    pytest.param("024 3826 0001", "VN", "+842438260001", id="as the Vietnamese write it"),
    pytest.param("06 12345678", "IT", "+390612345678", id="a zero that belongs to it"),
    pytest.param("+44 20 7946 0321", "US", "+442079460321", id="of another country"),
    pytest.param("361-555-1234", "US", "+13615551234", id="an area code set apart"),
    pytest.param("(361) 555-1234", "US", "+13615551234", id="an area code in brackets"),
    pytest.param("030/45050", "DE", "+493045050", id="an area code before a stroke"),
    *(
        pytest.param(typed, region, number, id=f"as it is written in {region}: {typed}")
        for region, typed, number in (
            ("AT", "+43/1/40400", "+43140400"),
            ("BE", "+32 (0)2/555 31 11", "+3225553111"),
            ("BR", "0 (11) 2661-0000", "+551126610000"),
            ("CH", "022/123.45.67", "+41221234567"),
            ("DE", "0 62 21 / 56 40 02", "+496221564002"),
            ("DE", "030 45050 - 0", "+4930450500"),
            ("ES", "(+34) 612 34 56 78", "+34612345678"),
            ("FR", "01.42.34.56.78", "+33142345678"),
            ("HU", "06/30/123-4567", "+36301234567"),
            ("IT", "392 515 9719", "+393925159719"),
            ("IT", "335/1234567", "+393351234567"),
            ("JP", "03ー3353ー8111", "+81333538111"),
            ("RU", "8 (495) 123-45-67", "+74951234567"),
            ("TR", "0532 123 04 06", "+905321230406"),
            ("US", "507-284-2511", "+15072842511"),
            ("US", "312/555-0142", "+13125550142"),
        )
    ),
    pytest.param("+49 (0)30 45050-0", "DE", "+4930450500", id="a zero in brackets"),
    pytest.param("0049 30 45050", "DE", "+493045050", id="00 for the plus"),
    pytest.param("+ 49 30\u00ad45050.", "DE", "+493045050", id="a stop behind it"),
    pytest.param("tel:+493045050", "DE", "+493045050", id="a link"),
    pytest.param("1-800-FLOWERS", "US", "+18003569377", id="letters of North America"),
    pytest.param("34917277000", "ES", "+34917277000", id="one reading with and without the plus"),
]

LEFT_OVER = [
    pytest.param("030 45050 24/7", "DE", "+493045050", "24/7", id="the hours"),
    pytest.param("030 45050 (24 h)", "DE", "+493045050", "(24 h)", id="hours in brackets"),
    pytest.param("030 45050 (24)", "DE", "+493045050", "(24)", id="figures in brackets behind"),
    pytest.param("030 45050 Pforte", "DE", "+493045050", "Pforte", id="who answers"),
    pytest.param("Pforte 030 45050", "DE", "+493045050", "Pforte", id="who answers, in front"),
    pytest.param("030 4505 0 / 4505 1", "DE", "+493045050", "/ 4505 1", id="two numbers"),
    pytest.param("030/45050 24/7", "DE", "+493045050", "24/7", id="a stroke too many"),
    pytest.param("030 45050, 030 45051", "DE", "+493045050", ", 030 45051", id="a comma"),
    pytest.param("030 45050 +49 30 45051", "DE", "+493045050", "+49 30 45051", id="another plus"),
    pytest.param("312-555-0142 or 0143", "US", "+13125550142", "or 0143", id="two endings"),
    pytest.param("030 45050 nachts", "DE", "+493045050", "nachts", id="letters are no figures"),
    pytest.param("030 45050 24-7", "DE", "+493045050", "24-7", id="the hours with a dash"),
    pytest.param("030-45050-8-16", "DE", "+493045050", "8-16", id="the hours, all with dashes"),
    pytest.param("030 45050 8.00-16.00", "DE", "+493045050", "8.00-16.00", id="minutes too"),
    pytest.param("030 45050 - 45051", "DE", "+493045050", "- 45051", id="from one to another"),
    pytest.param("030 4505-0 4505-1", "DE", "+493045050", "4505-1", id="two that begin alike"),
    pytest.param(
        "030 45050 030 45051", "DE", "+493045050", "030 45051", id="two, with their zeros"
    ),
    pytest.param(
        "312 555 0142 (24/7)", "US", "+13125550142", "(24/7)", id="hours in brackets, too"
    ),
    pytest.param("03-3353-8111（代表）", "JP", "+81333538111", "(代表)", id="a word in brackets"),
    pytest.param("030 45050,,12", "DE", "+493045050", ", , 12", id="what is dialled after it"),
]

TWO_READINGS = [
    pytest.param("33142345678", "DE", "+4933142345678", "+33 1 42 34 56 78", id="Potsdam or Paris"),
    pytest.param("331 42345678", "DE", "+4933142345678", "+33 1 42 34 56 78", id="glued"),
    pytest.param("4930 45050", "AT", "+43493045050", "+49 30 45050", id="glued, in Austria"),
    pytest.param("33 1 42 34 56 78", "DE", "+4933142345678", "+33 1 42 34 56 78", id="spaced"),
    pytest.param("3615551234", "US", "+13615551234", "+36 1 555 1234", id="Texas or Budapest"),
    pytest.param("13122345678", "CN", "+8613122345678", "+1 312-234-5678", id="China or Chicago"),
    pytest.param("612345678", "IT", "+39612345678", "+39 06 1234 5678", id="a zero that counts"),
]

NO_PHONES = [
    pytest.param("020 7946 0655", None, "not-phone", id="national, of no country"),
    pytest.param("555 0142", "US", "not-phone", id="only within its own town"),
    pytest.param("911", "US", "not-phone", id="an emergency number"),
    pytest.param("call Dana", "GB", "not-phone", id="words"),
    pytest.param("+1 312 555 0142 ext. 5", None, "phone-extension", id="with an extension"),
    pytest.param("+1 312 555 0142 x5", None, "phone-extension", id="with an x"),
    pytest.param("33142345678", "US", "phone-plus-lost", id="only with a plus a number"),
    pytest.param("030 45050²", "DE", "not-phone", id="a footnote"),
    pytest.param("1. 030 45050", "DE", "not-phone", id="a figure in front"),
    pytest.param("24 030 45050", "DE", "not-phone", id="hours in front"),
    pytest.param("030 45050…51", "DE", "not-phone", id="from one to another, in one sign"),
    pytest.param("020 7946 0123/4", "GB", "not-phone", id="what would be left is nobody's"),
    pytest.param("=030 45050", "DE", "not-phone", id="figures are never dropped in front"),
    pytest.param("1800 RESPECT", "AU", "not-phone", id="letters of another country"),
    pytest.param("030 45050 Durchwahl 12", "DE", "phone-extension", id="an extension in German"),
    pytest.param("800 4505 24H", "US", "not-phone", id="hours that are no letters of a number"),
    pytest.param(
        "+1 312 555 0142" + " " * 50 + "ext. 5", None, "not-phone", id="an extension far behind"
    ),
    pytest.param("+999 12345678", None, "not-phone", id="of a country that is none"),
    pytest.param("+1 312 555 01421234", None, "not-phone", id="too long"),
    pytest.param(13125550142, "US", "not-text", id="a number, not text"),
]

UNIT_SLIPS = [
    pytest.param(DOSE, 0.4, ["400"], id="0.4 for 400 mcg"),
    pytest.param(DOSE, "0.4", ["400"], id="0.4 as text"),
    pytest.param(DOSE, "0.4 mg", ["400"], id="0.4 mg, said openly"),
    pytest.param(DOSE, "0,4 mg/day", ["400"], id="0,4 mg a day"),
    pytest.param(DOSE, 0.01, ["10"], id="the lowest dose in mg"),
    pytest.param(DOSE, 3, ["3000"], id="the highest dose in mg"),
    pytest.param(STRENGTH, 2, ["2000"], id="2 for 2000 mcg/mL: 2 % is never sold"),
    pytest.param(STRENGTH, "2 mg/mL", ["2000"], id="2 mg/mL, said openly"),
    pytest.param(STRENGTH, 0.05, ["50", "500"], id="0.05 may be mg/mL or per cent"),
    pytest.param(STRENGTH, "0.2", ["200", "2000"], id="0.2 may be mg/mL or per cent"),
    pytest.param(STRENGTH, "0.05 %", ["500"], id="0.05 %, said openly"),
    pytest.param(STRENGTH, "10 mg/20 mL", ["500"], id="as an ampoule says"),
    pytest.param(STRENGTH, "10 mg/5 mL", ["2000"], id="as a smaller ampoule says"),
    pytest.param(STRENGTH, "0,2%", ["2000"], id="0,2% with a comma"),
    pytest.param(STRENGTH, "0.05 mg/mL", ["50"], id="0.05 mg/mL, said openly"),
    pytest.param(STRENGTH, 6, ["6000"], id="the highest strength in mg/mL"),
    pytest.param(STRENGTH, 0.02, ["200"], id="too little for mg/mL"),
]

NO_UNIT_SLIPS = [
    pytest.param(DOSE, 3.1, "number-range", id="a dose above the guard"),
    pytest.param(DOSE, 0.009, "number-range", id="a dose below the guard"),
    pytest.param(DOSE, "3 mcg", "number-range", id="mcg said openly are no mg"),
    pytest.param(DOSE, "0.4 %", "number-unit", id="no dose is in per cent"),
    pytest.param(STRENGTH, 6.1, "number-range", id="a strength above the guard"),
    pytest.param(STRENGTH, 0.0049, "number-range", id="a strength below the guard"),
    pytest.param(STRENGTH, "2 %", "number-unit", id="per cent that nobody sells"),
    pytest.param(DOSE, -0.4, "number-range", id="a dose below nothing"),
]


@pytest.mark.parametrize("parse, raw, value", TAKEN)
def test_a_good_spelling_becomes_its_value(parse: Any, raw: Any, value: Any) -> None:
    """What people write is taken as what they mean, in one type for each kind of field."""
    taken = parse(raw, None)
    assert taken == value and type(taken) is type(value)


@pytest.mark.parametrize("parse, raw, code", REFUSED)
def test_a_bad_spelling_is_refused_by_name(parse: Any, raw: Any, code: str) -> None:
    """What cannot be taken is refused with the code that says why."""
    with pytest.raises(InvalidValue) as refusal:
        parse(raw, None)
    assert refusal.value.code == code


@pytest.mark.parametrize("raw, region, e164", PHONES)
def test_a_telephone_number_becomes_e164(raw: str, region: str | None, e164: str) -> None:
    """A number is read as people of its region write it and comes out the one way."""
    assert telephones.phone(raw, region) == e164


@pytest.mark.parametrize("raw, region, e164, left", LEFT_OVER)
def test_what_stands_beside_a_number_is_no_part_of_it(
    raw: str, region: str, e164: str, left: str
) -> None:
    """The number is what was typed as one; the rest is shown and asked about."""
    with pytest.raises(DoubtfulValue) as doubt:
        telephones.phone(raw, region)
    assert (doubt.value.code, doubt.value.value) == ("phone-left-over", e164)
    assert doubt.value.details["left"] == left


@pytest.mark.parametrize("raw, region, e164, other", TWO_READINGS)
def test_a_number_with_two_readings_is_asked_about(
    raw: str, region: str, e164: str, other: str
) -> None:
    """Excel drops a plus and a zero; where both are numbers in use, nobody guesses."""
    with pytest.raises(DoubtfulValue) as doubt:
        telephones.phone(raw, region)
    assert (doubt.value.code, doubt.value.value) == ("phone-two-readings", e164)
    assert doubt.value.details["reading"] == other


@pytest.mark.parametrize("raw, region, code", NO_PHONES)
def test_what_nobody_can_dial_is_refused(raw: Any, region: str | None, code: str) -> None:
    """A number that would not ring from the next town is not one."""
    with pytest.raises(InvalidValue) as refusal:
        telephones.phone(raw, region)
    assert refusal.value.code == code


@pytest.mark.parametrize("parse, raw, meant", UNIT_SLIPS)
def test_a_unit_slip_is_asked_about(parse: Any, raw: Any, meant: list[str]) -> None:
    """A value in another unit is refused with every value that it may have meant."""
    with pytest.raises(InvalidValue) as refusal:
        parse(raw, None)
    assert refusal.value.code == "did-you-mean"
    assert [number for number, _ in refusal.value.details["meant"]] == meant


@pytest.mark.parametrize("parse, raw, code", NO_UNIT_SLIPS)
def test_outside_the_guard_nothing_is_suggested(parse: Any, raw: Any, code: str) -> None:
    """A value that is no unit slip is out of range, and no other value is put into a mouth."""
    with pytest.raises(InvalidValue) as refusal:
        parse(raw, None)
    assert refusal.value.code == code
    assert "meant" not in refusal.value.details


@pytest.mark.parametrize("typed", ["known", "not_listed", "un_listed"])
def test_the_opposite_is_never_suggested(typed: str) -> None:
    """What differs by a "not" in front is no slip of the pen."""
    with pytest.raises(InvalidValue) as refusal:
        values.choice("listed", "unknown")(typed, None)
    assert refusal.value.details["near"] == ""


def test_a_near_miss_of_a_choice_is_named() -> None:
    """A misspelt choice comes back with the choice that it resembles, a stranger with none."""
    with pytest.raises(InvalidValue) as misspelt:
        MODE("simple_continous", None)
    with pytest.raises(InvalidValue) as strange:
        MODE("zzz", None)
    assert misspelt.value.details["near"] == "simple_continuous"
    assert strange.value.details["near"] == ""


@pytest.mark.parametrize(
    "value, written",
    [
        pytest.param(Decimal("1260.50"), "1260.5", id="a decimal"),
        pytest.param(Decimal("4E+2"), "400", id="an exponent"),
        pytest.param(400, "400", id="zeros that count"),
        pytest.param(0.4, "0.4", id="a float"),
        pytest.param(Decimal("0.00"), "0", id="nothing"),
    ],
)
def test_a_number_is_written_plainly(value: Any, written: str) -> None:
    """A number has neither an exponent nor zeros that say nothing."""
    assert values.format_number(value) == written


def test_a_number_in_use_is_told_from_one_that_is_not() -> None:
    """+1 312 555 0142 has the shape of an American number, +1 012 555 0142 has not."""
    assert telephones.phone_in_use("+13125550142")
    assert not telephones.phone_in_use("+10125550142")


def test_a_telephone_number_is_read_with_its_country_s_spaces() -> None:
    """An E.164 number is shown in groups, beginning with the country code."""
    assert telephones.format_phone("+442079460321") == "+44 20 7946 0321"


# Any input whatever ---------------------------------------------------------------------------


def _parsers(kind: Any, place: str) -> dict[str, Any]:
    """Every parser that the card's declarations name, by its path."""
    found: dict[str, Any] = {}
    for each in fields(kind):
        here = f"{place}{each.name}"
        if "parse" in each.metadata:
            found[here] = each.metadata["parse"]
            continue
        inner = each.metadata.get("part") or each.metadata["parts"]
        found |= _parsers(inner, f"{here}.") if isinstance(inner, type) else {here: inner}
    return found


PARSERS = {"flag": values.flag, **_parsers(model.Card, "")}

_TYPED = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=90),
    st.from_regex(
        r"\s?[+-]?[0-9٠-٩]{1,40}([.,][0-9]{1,40})? ?(mcg|mg|mL|µg/day|%)?", fullmatch=True
    ),
    st.from_regex(r"[+]?[0-9 ()/x;.-]{1,80}", fullmatch=True),
    st.dates().map(str),
    st.times().map(lambda time: time.strftime("%H:%M")),
    st.sampled_from(
        ["yes", "NO", "baclofen", "listed", "Europe/London", "uk", "US", "flex", "\u200b"]
    ),
)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(4000, 6000).map(lambda digits: 10**digits),
        st.integers(0, 40000).map(lambda tenths: tenths / 10),
        st.floats(allow_nan=True),
        st.decimals(),
        st.integers(-99_999_999, 99_999_999).map(lambda power: Decimal((0, (1,), power))),
        _TYPED,
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(raw=JSON, region=st.sampled_from([None, "US", "GB", "VN", "IT"]))
@example(raw="<script>alert(1)</script>", region="GB")
@example(raw="'; DROP TABLE cards; --", region="GB")
@example(raw="\u202e400\u202c", region=None)
@example(raw="🧑🏽‍🦽", region=None)
def test_parsers_take_or_refuse_and_never_break(raw: Any, region: str | None) -> None:
    """Whatever is typed, every parser gives a value that it takes again as it is, or refuses."""
    for place, parse in PARSERS.items():
        try:
            value = parse(raw, region)
        except InvalidValue:
            continue
        again = parse(value, None)
        assert again == value and type(again) is type(value), place


@given(st.integers(100_000, 30_000_000))
def test_every_dose_in_range_is_taken_exactly(ten_thousandths: int) -> None:
    """A dose with up to four decimals is kept to its last digit, as a number and as text."""
    dose = Decimal(ten_thousandths).scaleb(-4)
    assert DOSE(float(dose), None) == DOSE(values.format_number(dose), None) == dose
