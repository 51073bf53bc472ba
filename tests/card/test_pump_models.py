"""Which pump a typed maker and model name, and what is known of it."""

from decimal import Decimal

import pytest

from caregiver_card.card import pump_models
from tests.cast import WORDS

SPELLINGS = [
    pytest.param("Medtronic", "SynchroMed II", "synchromed_ii", id="SynchroMed II"),
    pytest.param("Medtronic", "SynchroMed II 8637-40", "synchromed_ii", id="with its number"),
    pytest.param("medtronic", "synchromed2", "synchromed_ii", id="small, in one word"),
    pytest.param("MEDTRONIC", "SYNCHROMED-II", "synchromed_ii", id="large, with a hyphen"),
    pytest.param("Medtronic Inc.", "Synchro Med 2 (20 mL)", "synchromed_ii", id="with more words"),
    pytest.param("Medtronic", "8637", "synchromed_ii", id="only its number"),
    pytest.param("Medtronic", "SynchroMed III", "synchromed_iii", id="SynchroMed III"),
    pytest.param("Medtronic", "Synchromed 3", "synchromed_iii", id="SynchroMed 3"),
    pytest.param("Medtronic", "SynchroMed EL 8626-18", "synchromed_el", id="SynchroMed EL"),
    pytest.param("Medtronic", "IsoMed 8472-35", "isomed", id="IsoMed"),
    pytest.param("Flowonix", "Prometra", "prometra", id="the first Prometra"),
    pytest.param(
        "Flowonix Medical", "Prometra II 40 mL", "prometra_ii", id="the longest name wins"
    ),
    pytest.param("Flowonix", "Prometra® II", "prometra_ii", id="with a sign"),
    pytest.param("Flowonix", "16827", "prometra_ii", id="the Prometra II by its number"),
    pytest.param("Codman", "Codman 3000", "codman_3000", id="Codman"),
    pytest.param("Intera", "Intera 3000", "codman_3000", id="Codman, sold again"),
    pytest.param("tricumed", "Siromedes", "siromedes", id="Siromedes"),
    pytest.param("whoever", "AccuRx", "accurx", id="a pump whose maker no source names"),
]

SPELLINGS += [
    pytest.param("Flowonix", "Prometra Ⅱ 20 mL", "prometra_ii", id="a Roman two in one sign"),
    pytest.param("Medtronic", "ＳｙｎｃｈｒｏＭｅｄ Ⅱ", "synchromed_ii", id="full-width letters"),
    pytest.param("Medtronic", "863740", "synchromed_ii", id="a number without its hyphen"),
    pytest.param("Medtronic", "8637C40", "synchromed_ii", id="a number with a letter"),
    pytest.param("Medtronic", "8627L-18", "synchromed_el", id="an EL with a letter"),
    pytest.param("Medtronic", "IsoMed 8472-35-10", "isomed", id="a number of three parts"),
    pytest.param("Medtronic", "Medtronic SynchroMed™ II pump", "synchromed_ii", id="its maker too"),
    pytest.param("Medtronic GmbH", "SynchroMed II, 40ml", "synchromed_ii", id="a volume behind it"),
]

STRANGERS = [
    pytest.param("Flowonix", "Prometra ll", id="two small L for a Roman two"),
    pytest.param("Flowonix", "Prometra 11", id="eleven for a Roman two"),
    pytest.param("Flowonix", "Prometra ІІ", id="Cyrillic letters for a Roman two"),
    pytest.param("Flowonix", "Prometra III", id="a later model"),
    pytest.param("Flowonix", "Prometra?", id="a guess"),
    pytest.param("Medtronic", "SynchroMed II or III", id="two models"),
    pytest.param("Medtronic", "not SynchroMed II", id="a no"),
    pytest.param("Medtronic", "SynchroMed II Prometra", id="two pumps"),
    pytest.param("Medtronic", "SynchroMed II 8627L-18", id="a number of another model"),
    pytest.param("Medtronics", "SynchroMed II", id="a maker with a slip"),
    pytest.param("ex Medtronic", "SynchroMed II", id="a maker and something else"),
    pytest.param("Flowonix", "8637-40", id="another maker's number"),
    pytest.param("Acme", "SynchroMed II", id="another maker's name"),
    pytest.param("Medtronic", "Prometra II", id="a pump of the other maker"),
    pytest.param("Medtronic", "SynchroMed", id="half a name"),
    pytest.param("Medtronic", "86371", id="a number that begins alike"),
    pytest.param("Medtronic", "XSynchroMed II", id="a name that ends alike"),
    pytest.param("", "8637", id="no maker"),
    pytest.param("Nonmedtronic", "SynchroMed II", id="a maker whose name ends alike"),
    pytest.param("🦽", "¿?", id="signs"),
]


@pytest.mark.parametrize("maker, model, key", SPELLINGS)
def test_a_pump_is_known_by_what_people_write(maker: str, model: str, key: str) -> None:
    """Case, hyphens and further words do not matter; the longest matching name is the pump."""
    family = pump_models.find_family(maker, model)
    assert family is not None and family.key == key


@pytest.mark.parametrize("maker, model", STRANGERS)
def test_a_stranger_borrows_no_rule(maker: str, model: str) -> None:
    """What does not match maker and model as whole words is unknown."""
    assert pump_models.find_family(maker, model) is None


@pytest.mark.parametrize(
    "maker, near",
    [
        pytest.param("Medtronics", "Medtronic", id="a letter too many"),
        pytest.param("metronic", "Medtronic", id="a letter too few"),
        pytest.param("Flowonics", "Flowonix", id="as it is heard"),
        pytest.param("Medtronic GmbH", "", id="no slip"),
        pytest.param("Acme", "", id="nobody's"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_maker_with_a_slip_is_named(maker: str, near: str) -> None:
    """It is never taken for the maker: somebody is asked."""
    assert pump_models.closest_maker(maker) == near


def test_every_family_is_recognised() -> None:
    """The table above names each family of the data."""
    assert {row.values[2] for row in SPELLINGS} == {each.key for each in pump_models.families()}


@pytest.mark.parametrize("family", pump_models.families(), ids=lambda family: family.key)
def test_every_family_has_its_mri_words(family: pump_models.PumpFamily) -> None:
    """Each family's MRI rule and the card's MRI line are there, and its sources are known."""
    assert WORDS.statement(f"mri.{family.mri}").text
    assert WORDS.clinical(f"danger.{family.mri_card}").startswith("MRI")
    assert set(family.sources) <= set(WORDS.sources)
    assert family.alarm in {"single_and_two_tone", "none", "unknown"}


@pytest.mark.parametrize(
    "maker, model, volume, may",
    [
        pytest.param("Medtronic", "SynchroMed II 8637-40", 40, True, id="the large one holds 40"),
        pytest.param("Medtronic", "SynchroMed II 8637-40", 20, False, id="and not 20"),
        pytest.param("Medtronic", "SynchroMed II", 20, True, id="one of two"),
        pytest.param("Medtronic", "SynchroMed II", 40, True, id="the other of two"),
        pytest.param("Medtronic", "SynchroMed II", 30, False, id="neither"),
        pytest.param("Medtronic", "SynchroMed III", 33, True, id="nothing known, nothing asked"),
    ],
)
def test_a_reservoir_is_held_against_its_model(
    maker: str, model: str, volume: int, may: bool
) -> None:
    """Where a source gives the volumes of a model, no other volume is believed unasked."""
    family = pump_models.find_family(maker, model)
    assert family and family.may_have_capacity(model, Decimal(volume)) is may


@pytest.mark.parametrize(
    "maker, model, months",
    [
        pytest.param("Medtronic", "SynchroMed II", (60, 72, 83, 84), id="its own figures"),
        pytest.param("Medtronic", "SynchroMed III", (60, 72, 83, None), id="a battery: in general"),
        pytest.param("Medtronic", "SynchroMed EL", (60, None, None, None), id="part of its own"),
        pytest.param("Flowonix", "Prometra II", (120, None, None, None), id="more than ten years"),
        pytest.param("Acme", "Nobody", (60, 72, 83, None), id="unknown: in general"),
    ],
)
def test_a_pump_s_age_is_judged_by_its_own_figures(
    maker: str, model: str, months: tuple[int | None, ...]
) -> None:
    """The months of a model's own source, otherwise five to seven years for a battery."""
    found = pump_models.service_life(maker, model)
    assert found is not None
    assert (found.info_months, found.due_months, found.urgent_months, found.end_months) == months


@pytest.mark.parametrize("model", ["IsoMed", "8472-20"])
def test_a_pump_without_a_known_battery_has_no_age(model: str) -> None:
    """Where no source speaks of a battery, age says nothing."""
    assert pump_models.service_life("Medtronic", model) is None
