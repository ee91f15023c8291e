"""Every ink can be read on every surface it may stand on."""

import pytest

from kiosk.look.themes import CONTRAST_MIN, THEMES, Surface, ThemeName, contrast


@pytest.mark.parametrize("theme", ThemeName)
def test_every_ink_of_every_surface_reaches_seven_to_one(theme: ThemeName) -> None:
    assert set(THEMES[theme]) == set(Surface)
    for surface, shades in THEMES[theme].items():
        for ink, colour in shades.inks.items():
            assert contrast(colour, shades.back) >= CONTRAST_MIN, (theme, surface, ink)


def test_contrast_is_computed_as_the_guidelines_define_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
