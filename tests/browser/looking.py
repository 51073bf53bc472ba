"""Looks at a page as it stands in a browser, on every screen and in every light: is it for all?"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (320, 390, 1400)
# A phone of 390 px has the rows and columns of the one or of the other.
_NARROW, _WIDE = WIDTHS[0], WIDTHS[-1]
# Every rule that axe-core has, those that are only good practice included.
_EVERY_RULE: dict[str, Any] = {
    "runOnly": {
        "type": "tag",
        "values": [
            "wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
        ],
    },
    "rules": {"color-contrast-enhanced": {"enabled": False}},
    "resultTypes": ["violations"],
}  # fmt: skip
# A link within a sentence, or the address of a source, is as high as its words.
_SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((each) => each.checkVisibility()
    && !each.closest("p:not(.links), [aria-labelledby=sources]")
    && !["hidden", "radio", "checkbox"].includes(each.type)
    && !each.matches(".unseen, .skip"))
  .filter((each) => each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML.slice(0, 200))"""
# After a key was pressed, focus that a script moves is shown as a key's.
_UNSEEN_FOCUS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((each) => each.checkVisibility() && each.type !== "hidden" && each.tabIndex >= 0)
  .filter((each) => {
    each.focus();
    const style = getComputedStyle(each);
    return document.activeElement === each &&
      (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2);
  })
  .map((each) => each.outerHTML.slice(0, 200))"""
_MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
    const style = getComputedStyle(each);
    return style.animationName !== "none" ||
      style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
  }).map((each) => each.outerHTML.slice(0, 200))"""


def look(page: Page, name: str) -> None:
    """axe finds nothing, narrow or wide, light or dark; nothing is wider than the screen; what is
    tapped is 44 px; focus is seen; nothing moves for those who asked for rest."""
    # A press may have led elsewhere. Modules run before "load"; to wait until the network is quiet
    # takes half a second a page.
    page.wait_for_load_state("load")
    before = page.viewport_size
    page.evaluate(AXE_SCRIPT)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (
            f"{name}: wider than {width}"
        )
        assert not (small := page.evaluate(_SMALL)), (name, width, small)
        if width == _NARROW:
            _axe(page, f"{name}, {width} px")
    assert not (moving := page.evaluate(_MOVING)), (name, moving)
    # In the dark only the colours are others, and those are the same at every width.
    page.emulate_media(color_scheme="dark", reduced_motion="no-preference")
    _axe(page, f"{name}, {_WIDE} px, dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before or {"width": 390, "height": 844})
    page.keyboard.press("Tab")
    assert not (unseen := page.evaluate(_UNSEEN_FOCUS)), (name, unseen)


def _axe(page: Page, name: str) -> None:
    found = page.evaluate("options => axe.run(options).then(each => each.violations)", _EVERY_RULE)
    told = [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found]
    assert not told, (name, told)
