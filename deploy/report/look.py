"""The report's colours, light and dark. Text reaches 7:1 on what it stands on, bars 3:1; a test computes it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour scheme as #rrggbb: text and quiet text on ground and card, bars, and the table's shades with inks."""

    ground: str
    card: str
    ink: str
    quiet: str
    line: str
    accent: str
    bars: tuple[str, str, str]
    shades: tuple[tuple[str, str], ...]


LIGHT = Palette(
    ground="#faf8f3",
    card="#ffffff",
    ink="#16202a",
    quiet="#3b4652",
    line="#c9c2b3",
    accent="#6b3a00",
    bars=("#9a5200", "#12507c", "#453f8c"),
    shades=(
        ("#fdf3e0", "#16202a"),
        ("#f8dfb4", "#16202a"),
        ("#f0c27c", "#16202a"),
        ("#7a4300", "#ffffff"),
        ("#4d2900", "#ffffff"),
    ),
)
DARK = Palette(
    ground="#0f1820",
    card="#182631",
    ink="#f4f1ea",
    quiet="#bcc7d1",
    line="#3f5261",
    accent="#ffcf70",
    bars=("#ffc35c", "#6bb6e0", "#b9a6f0"),
    shades=(
        ("#22323e", "#f4f1ea"),
        ("#3a3420", "#f4f1ea"),
        ("#5a4415", "#ffffff"),
        ("#ffcf70", "#1d1403"),
        ("#ffe3a8", "#1d1403"),
    ),
)


def variables(palette: Palette) -> Mapping[str, str]:
    """Return the palette as the page's variables."""
    found = {
        "ground": palette.ground,
        "card": palette.card,
        "ink": palette.ink,
        "quiet": palette.quiet,
        "line": palette.line,
        "accent": palette.accent,
    }
    found |= dict(zip(("one", "two", "three"), palette.bars, strict=True))
    for level, (back, ink) in enumerate(palette.shades, start=1):
        found |= {f"shade-{level}": back, f"shade-ink-{level}": ink}
    return found
