"""The colours: which ink may stand on which surface, in three themes. Every pair reaches 7:1; a test computes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CONTRAST_MIN = 7.0

_LINEAR_BELOW = 0.04045
"""sRGB is linear up to here (IEC 61966-2-1)."""


class Surface(StrEnum):
    """What text stands on."""

    GROUND = "ground"
    BAND = "band"
    CARD = "card"
    KEY = "key"
    TILE = "tile"
    WELCOME = "welcome"
    KNOWN = "known"
    GOODBYE = "goodbye"
    RETRY = "retry"
    STOP = "stop"


class Ink(StrEnum):
    """What text means. A surface without an ink of its own for it shows it plain."""

    PLAIN = "plain"
    QUIET = "quiet"
    ACCENT = "accent"
    OCCUPIED = "occupied"
    VACANT = "vacant"
    UNKNOWN = "unknown"


class ThemeName(StrEnum):
    """The themes to choose from."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"
    DARK_256 = "dark-256"


@dataclass(frozen=True, slots=True)
class Shades:
    """One surface's colour and the inks on it, as #rrggbb."""

    back: str
    inks: Mapping[Ink, str]

    def ink(self, ink: Ink) -> str:
        """Return the colour of that ink here."""
        return self.inks.get(ink, self.inks[Ink.PLAIN])


Theme = Mapping[Surface, Shades]

_DARK_INKS = {
    Ink.PLAIN: "#f4f1ea",
    Ink.QUIET: "#bcc7d1",
    Ink.ACCENT: "#ffcf70",
    Ink.OCCUPIED: "#ffc35c",
    Ink.VACANT: "#9fd0e6",
    Ink.UNKNOWN: "#d9c3f2",
}
_LIGHT_INKS = {
    Ink.PLAIN: "#16202a",
    Ink.QUIET: "#3b4652",
    Ink.ACCENT: "#6b3a00",
    Ink.OCCUPIED: "#6f3800",
    Ink.VACANT: "#0b4763",
    Ink.UNKNOWN: "#512a7a",
}
_DARK_256_INKS = {
    Ink.PLAIN: "#ffffff",
    Ink.QUIET: "#afd7d7",
    Ink.ACCENT: "#ffd787",
    Ink.OCCUPIED: "#ffd787",
    Ink.VACANT: "#87d7ff",
    Ink.UNKNOWN: "#d7d7ff",
}
_CONTRAST_INKS = {
    Ink.PLAIN: "#ffffff",
    Ink.ACCENT: "#ffe500",
    Ink.OCCUPIED: "#ffe500",
    Ink.VACANT: "#ffffff",
    Ink.UNKNOWN: "#ffffff",
}
_WHITE = {Ink.PLAIN: "#ffffff"}
_BLACK = {Ink.PLAIN: "#000000"}

_DARK: Theme = {
    Surface.GROUND: Shades("#0f1820", _DARK_INKS),
    Surface.BAND: Shades("#182631", _DARK_INKS),
    Surface.CARD: Shades("#1f303d", _DARK_INKS),
    Surface.KEY: Shades("#ffcf70", {Ink.PLAIN: "#1d1403"}),
    Surface.TILE: Shades("#f4f1ea", {Ink.PLAIN: "#0f1820"}),
    Surface.WELCOME: Shades("#0c5a37", _WHITE),
    Surface.KNOWN: Shades("#12507c", _WHITE),
    Surface.GOODBYE: Shades("#453f8c", _WHITE),
    Surface.RETRY: Shades("#6b4600", _WHITE),
    Surface.STOP: Shades("#8a1f2b", _WHITE),
}
_DARK_256: Theme = {
    Surface.GROUND: Shades("#121212", _DARK_256_INKS),
    Surface.BAND: Shades("#262626", _DARK_256_INKS),
    Surface.CARD: Shades("#303030", _DARK_256_INKS),
    Surface.KEY: Shades("#ffd787", {Ink.PLAIN: "#121212"}),
    Surface.TILE: Shades("#ffffff", {Ink.PLAIN: "#121212"}),
    Surface.WELCOME: Shades("#005f00", _WHITE),
    Surface.KNOWN: Shades("#005f87", _WHITE),
    Surface.GOODBYE: Shades("#5f0087", _WHITE),
    Surface.RETRY: Shades("#ffd787", {Ink.PLAIN: "#121212"}),
    Surface.STOP: Shades("#870000", _WHITE),
}
"""The dark theme in colours that a terminal of 256 has: any others would be replaced by strangers."""
_LIGHT: Theme = {
    **_DARK,
    Surface.GROUND: Shades("#faf8f3", _LIGHT_INKS),
    Surface.BAND: Shades("#ece6da", _LIGHT_INKS),
    Surface.CARD: Shades("#efe9dd", _LIGHT_INKS),
    Surface.KEY: Shades("#16202a", {Ink.PLAIN: "#faf8f3"}),
    Surface.TILE: Shades("#faf8f3", {Ink.PLAIN: "#16202a"}),
}
_HIGH_CONTRAST: Theme = {
    Surface.GROUND: Shades("#000000", _CONTRAST_INKS),
    Surface.BAND: Shades("#000000", _CONTRAST_INKS),
    Surface.CARD: Shades("#1c1c1c", _CONTRAST_INKS),
    Surface.KEY: Shades("#ffe500", _BLACK),
    Surface.TILE: Shades("#000000", _WHITE),
    Surface.WELCOME: Shades("#ffffff", _BLACK),
    Surface.KNOWN: Shades("#ffffff", _BLACK),
    Surface.GOODBYE: Shades("#ffffff", _BLACK),
    Surface.RETRY: Shades("#ffe500", _BLACK),
    Surface.STOP: Shades("#ffe500", _BLACK),
}

THEMES: Mapping[ThemeName, Theme] = {
    ThemeName.DARK: _DARK,
    ThemeName.LIGHT: _LIGHT,
    ThemeName.CONTRAST: _HIGH_CONTRAST,
    ThemeName.DARK_256: _DARK_256,
}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
