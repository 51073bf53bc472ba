"""Every look comes from one file of values."""

import re
import tomllib
from pathlib import Path

import pytest
import tinycss2

from caregiver_card import style_sheets
from caregiver_card.style_sheets import (
    FOLDER,
    SITE,
    colour,
    millimetres,
    points,
    print_style,
    screen_style,
)
from tests.web.client import Site

_LOOK = tomllib.loads(
    (Path(style_sheets.__file__).parent / "data" / "look.toml").read_text("utf-8")
)
_COLOUR = re.compile(r"[\"': ](#(?:[0-9a-f]{3}|[0-9a-f]{6}))\b")
_SCREENS = [("emergency.css",), ("emergency.css", "asking.css"), SITE]
_PRINTS = sorted(
    {each.name for each in FOLDER.glob("*.css")} - {name for names in _SCREENS for name in names}
)


def test_no_colour_stands_anywhere_but_in_the_file_of_values() -> None:
    """Not in a sheet, not in a template and not in the code."""
    root = FOLDER.parent.parent
    for folder, ending in (("templates", "*"), ("static/js", "*.js"), ("caregiver_card", "*.py")):
        for path in (root / folder).rglob(ending):
            if path.is_file() and path.suffix != ".pyc":
                found = re.findall(
                    r"[\"': ](#(?:[0-9a-f]{3}|[0-9a-f]{6}))\b", path.read_text("utf-8")
                )
                assert not found, (path, found)


def test_every_value_is_used_and_every_name_has_one() -> None:
    """A value that no sheet names is taken away; a name without a value cannot start."""
    sheets = "".join(each.read_text("utf-8") for each in FOLDER.glob("*.css"))
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", sheets))
    assert used == {*_LOOK["themed"], *_LOOK["fixed"], *_LOOK["print"]}


def test_a_figure_that_sheets_and_python_share_stands_once() -> None:
    """Python measures with each figure of ``[print]`` that a sheet draws; none is for one alone."""
    printing = Path(style_sheets.__file__).parent / "printing"
    code = "".join(each.read_text("utf-8") for each in printing.rglob("*.py"))
    named = set(re.findall(r"(?:points|millimetres)\(\"([a-z0-9-]+)\"\)", code))
    assert named == set(_LOOK["print"])
    assert "same figures" not in code


def test_a_sum_of_figures_is_one_figure_in_a_print() -> None:
    """The engine adds nothing up; a row of two cards is drawn as large as its marks."""
    written = print_style("fold.css")
    assert "calc(" not in written
    [width, height] = re.findall(r"viewBox='0 0 ([\d.]+) ([\d.]+)'", written)[0]
    assert f"height: {height}mm" in written and f"width: {width}mm" in written
    assert points("card-width") == pytest.approx(85.6 / 25.4 * 72)


def test_a_figure_in_points_is_no_millimetre() -> None:
    """A unit slip stops the start, not a print."""
    assert millimetres("labels-gap") == 3
    with pytest.raises(KeyError, match="card-text"):
        millimetres("card-text")


@pytest.mark.parametrize("names", _SCREENS, ids=" ".join)
def test_a_screen_declares_each_colour_that_it_uses_once_a_theme(names: tuple[str, ...]) -> None:
    """In light and in dark, at the top; what has one value stands where it is used."""
    written = screen_style(*names)
    used = set(re.findall(r"var\(--([a-z-]+)\)", written))
    assert used and used <= set(_LOOK["themed"])
    light, dark = written.split("@media", 1)[0], written.split("@media", 2)[1]
    for name in used:
        for theme, value in zip((light, dark), _LOOK["themed"][name], strict=True):
            assert theme.count(f"--{name}:{value}") == 1
    _without_errors(written)
    assert "\n" not in written and "/*" not in written


@pytest.mark.parametrize("name", _PRINTS)
def test_a_print_has_values_and_no_names(name: str) -> None:
    """The engine looks nothing up, and takes the colours for white paper."""
    written = print_style(name)
    assert "var(" not in written
    _without_errors(written)


def test_a_sheet_is_written_for_people() -> None:
    """One declaration a line."""
    for path in FOLDER.glob("*.css"):
        for line in path.read_text("utf-8").splitlines():
            if "url(" not in line and "/*" not in line:
                assert line.count(";") <= 1 and not re.search(r"\{.*[a-z]", line), (path.name, line)


def test_the_app_and_its_style_take_the_same_colours(shared_site: Site) -> None:
    """The bar of a phone is as red as the band of danger."""
    client = shared_site.app.test_client()
    made = client.get("/manifest.webmanifest").get_json(force=True)
    assert (made["theme_color"], made["background_color"]) == (colour("danger"), "#ffffff")
    sent = client.get("/static/css/site.css", headers={"Accept-Encoding": "identity"})
    assert sent.get_data(as_text=True) == screen_style(*SITE)


def test_a_name_without_a_value_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It says which."""
    (tmp_path / "new.css").write_text("p { color: var(--purple); }")
    monkeypatch.setattr(style_sheets, "FOLDER", tmp_path)
    with pytest.raises(KeyError, match="purple"):
        print_style("new.css")


def _without_errors(written: str) -> None:
    rules = tinycss2.parse_stylesheet(written, skip_comments=True, skip_whitespace=True)
    assert [each.message for each in rules if each.type == "error"] == []
