"""How the board writes and looks: texts, times, ages and contrast."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import kiosk.board
from kiosk.board.texts import PERSON_STATES, READER_STATES, TEXTS, ZONE_STATES
from kiosk.board.view import Against, Range
from kiosk.board.words import age_text, range_text, time_text
from kiosk.domain.board import ReaderState
from kiosk.domain.members import Language
from kiosk.domain.presence import State
from kiosk.domain.zones import ZoneState
from tests.support.house import at

ROOM = Path(kiosk.board.__file__).parent
STYLE = (ROOM / "static" / "board.css").read_text()
LOOKS = ("light", "dark", "contrast")
PAIRS = [
    *((text, ground) for text in ("ink", "quiet", "occupied", "vacant", "unknown") for ground in ("ground", "card")),
    ("on-invite", "invite"),
    ("on-alarm", "alarm"),
    ("on-act", "act"),
]


def palette(name: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (ROOM / "static" / f"{name}.css").read_text()))


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = (int(colour[one : one + 2], 16) / 255 for one in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_stands_out_seven_to_one(look: str, text: str, ground: str) -> None:
    colours = palette(look)
    assert contrast(colours[text], colours[ground]) >= (10 if look == "contrast" else 7)


def test_every_look_has_every_colour_and_colours_stand_nowhere_else() -> None:
    assert (
        {*palette("light")}
        == {*palette("dark")}
        == {*palette("contrast")}
        == {*re.findall(r"var\(--([\w-]+)\)", STYLE)} - {"state"}
    )
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", STYLE)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_text_has_both_languages_with_the_same_holes() -> None:
    for name, words in TEXTS.items():
        assert words.sv.strip(), name
        assert words.en.strip(), name
        assert re.findall(r"\{\w+\}", words.sv) == re.findall(r"\{\w+\}", words.en), name


def test_every_text_a_page_names_exists() -> None:
    pages = "".join(one.read_text() for one in (ROOM / "templates").glob("*.html"))
    assert set(re.findall(r'\bt\("(\w+)"[,)]', pages)) <= set(TEXTS)


def test_every_state_has_words() -> None:
    assert set(ZONE_STATES) == set(ZoneState)
    assert set(READER_STATES) == set(ReaderState)
    assert set(PERSON_STATES) == set(State)
    assert {str(one) for one in Against} <= set(TEXTS)


def test_nothing_outside_the_house_is_named() -> None:
    sources = [one.read_text() for one in (*ROOM.glob("templates/*"), *ROOM.glob("static/*"))]
    addresses = {one for source in sources for one in re.findall(r"https?://[^\"'\s)]+", source)}
    assert addresses <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize(
    ("counted", "written"), [(Range(3, 3), "3"), (Range(1, 2), "1\N{EN DASH}2"), (Range(2, None), "minst 2")]
)
def test_a_count_is_written_as_far_as_it_is_known(counted: Range, written: str) -> None:
    assert range_text(counted, Language.SV) == written


def test_a_time_of_another_day_carries_its_date() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    assert time_text(at(0), stockholm, at(3600)) == "08:00"
    assert time_text(at(0), stockholm, at(86_400)) == "23/11 08:00"


@pytest.mark.parametrize(
    ("age_s", "written"), [(59, "under en minut"), (240, "4 min"), (7200, "2 tim"), (3 * 86_400, "3 dygn")]
)
def test_an_age_is_written_in_the_unit_that_fits(age_s: float, written: str) -> None:
    assert age_text(age_s, Language.SV) == written
