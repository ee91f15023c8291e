"""The theme suits the terminal."""

import pytest
from rich.color import Color, ColorSystem

from kiosk.look.themes import THEMES, ThemeName
from kiosk.screen.run import suited


def test_a_terminal_of_few_colours_gets_the_dark_theme_in_colours_it_has() -> None:
    assert suited(ThemeName.DARK, "256") is ThemeName.DARK_256
    assert suited(ThemeName.DARK, None) is ThemeName.DARK_256
    assert suited(ThemeName.DARK, "truecolor") is ThemeName.DARK


@pytest.mark.parametrize("theme", [ThemeName.LIGHT, ThemeName.CONTRAST])
def test_a_theme_that_was_asked_for_is_kept(theme: ThemeName) -> None:
    assert suited(theme, "256") is theme


def test_every_colour_of_that_theme_is_one_of_the_256() -> None:
    for shades in THEMES[ThemeName.DARK_256].values():
        for colour in (shades.back, *shades.inks.values()):
            nearest = Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT)
            assert nearest.get_truecolor().hex == colour
