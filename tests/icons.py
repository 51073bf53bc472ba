"""The icons of the app and of a pass, drawn by ``make pictures``: a pump, on the danger's red."""

from pathlib import Path

from PIL import Image, ImageDraw

from caregiver_card.style_sheets import colour

_ROOT = Path(__file__).parent.parent
FOLDER = _ROOT / "static" / "icons"
_PASS_FOLDER = _ROOT / "caregiver_card" / "data" / "wallet_pass"
_RED, _WHITE = colour("danger"), colour("white")
# Drawn four times as large, so that edges come out smooth; few colours make a small file.
_FINER, _COLOURS = 8, 48
# Name, size in px, and how much of it the drawing fills: a maskable one may lose its corners.
_ICONS = (
    ("icon-192.png", 192, 0.80),
    ("icon-512.png", 512, 0.80),
    ("maskable-512.png", 512, 0.60),
    ("apple-180.png", 180, 0.74),
)
# PassKit's icon is of 29 points.
_PASS_ICONS = (("icon.png", 29, 0.80), ("icon@2x.png", 58, 0.80), ("icon@3x.png", 87, 0.80))


def main() -> None:
    """Write every icon."""
    for folder, icons in ((FOLDER, _ICONS), (_PASS_FOLDER, _PASS_ICONS)):
        folder.mkdir(exist_ok=True)
        for name, size, share in icons:
            drawn = _drawn(size * _FINER, share).resize((size, size), Image.Resampling.LANCZOS)
            drawn.quantize(_COLOURS).save(folder / name, optimize=True)


def _drawn(size: int, share: float) -> Image.Image:
    picture = Image.new("RGB", (size, size), _RED)
    pen, side = ImageDraw.Draw(picture), size * share
    left, top = (size - side) / 2, (size - side) / 2

    def box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
        """A circle, in hundredths of the drawing."""
        middle = left + x * side / 100, top + y * side / 100
        reach = radius * side / 100
        return middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach

    thick = round(side * 0.075)
    # The catheter leaves the pump in a bend and ends in a tip.
    pen.arc(box(86, 46, 18), 180, 270, _WHITE, thick)
    pen.arc(box(86, 17.5, 18), 0, 90, _WHITE, thick)
    # Its ends are round.
    for x, y in ((70, 46), (86 + 18 - 3.75, 17.5)):
        pen.ellipse(box(x, y, 3.75), _WHITE)
    pen.ellipse(box(36, 62, 36), _WHITE)
    pen.ellipse(box(36, 62, 12), _RED)
    return picture


if __name__ == "__main__":
    main()
