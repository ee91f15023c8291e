"""Every sign that a screen draws is in the font that is shipped with it: no empty boxes."""

import subprocess
from pathlib import Path

import pytest

from kiosk.domain.members import Language
from kiosk.domain.reasons import EXPLANATIONS
from kiosk.look.glyphs import DECORATION, SYMBOLS
from kiosk.screen.draw.page import draw
from tests.kiosk.look.catalogue import catalogue
from tests.kiosk.screen.examples import DEMONSTRATION, frame, pages

pytestmark = pytest.mark.parts
FOLDER = Path("/usr/share/fonts/truetype/dejavu")
FONTS = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf")


def _covered(font: str) -> set[int]:
    """Return the code points that the font has, as fontconfig reads them."""
    command = ["fc-query", "--format", "%{charset}", str(FOLDER / font)]
    ranges = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    found: set[int] = set()
    for one in ranges:
        first, _, last = one.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


@pytest.mark.parametrize("font", FONTS)
def test_every_sign_of_every_text_symbol_and_page_is_in_the_font(font: str) -> None:
    covered = _covered(font)
    drawn = set(SYMBOLS | DECORATION)
    drawn |= {sign for one in catalogue() for sign in one.sv + one.en}
    drawn |= {sign for one in EXPLANATIONS.values() for sign in one.sentence.sv + one.next_step.sv}
    for language in Language:
        for page in pages(language).values():
            drawn |= set(draw(frame(page, DEMONSTRATION), 80, 24).text())
    assert {sign for sign in drawn - {"\n"} if ord(sign) not in covered} == set()


def test_the_check_would_find_a_sign_that_is_missing() -> None:
    assert ord("⭘") not in _covered(FONTS[0])
