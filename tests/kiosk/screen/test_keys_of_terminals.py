"""None of the keys that Textual, the terminal or its host give a meaning of their own changes the member's screen."""

import string
from dataclasses import replace
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from kiosk.domain.members import Language
from kiosk.look.themes import CONTRAST_MIN, contrast
from kiosk.screen.keys import action_for
from kiosk.screen.pages import Louder, Page, Quit, Repeat, Speak, Waiting
from tests.kiosk.screen.examples import PLACE, pages
from tests.kiosk.screen.running import screen
from tests.support.fake_desk import FakeDesk

pytestmark = pytest.mark.slow

CONTROL = tuple(f"ctrl+{one}" for one in string.ascii_lowercase if f"ctrl+{one}" not in {"ctrl+m", "ctrl+i"})
FUNCTION = tuple(f"{before}f{number}" for before in ("", "shift+", "ctrl+") for number in range(1, 25))
OF_FOOT = (
    *("ctrl+shift+c", "ctrl+shift+v", "ctrl+shift+n", "ctrl+shift+r", "ctrl+shift+o", "ctrl+shift+u", "ctrl+plus"),
    *("ctrl+minus", "ctrl+0", "shift+pageup", "shift+pagedown", "shift+insert", "ctrl+shift+up", "ctrl+backslash"),
    *("super+n", "ctrl+shift+z", "ctrl+shift+x"),
)
MOVING = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab", "insert", "delete")
MEANINGLESS = (*CONTROL, *FUNCTION, *OF_FOOT, *MOVING)


@pytest.mark.parametrize("name", pages(Language.SV))
def test_no_key_of_textual_the_terminal_or_its_host_means_anything_on_any_page(name: str) -> None:
    page: Page = pages(Language.SV)[name]
    assert [key for key in MEANINGLESS if action_for(key, page, PLACE) is not None] == []
    assert not any(isinstance(action_for(key, page, PLACE), Quit) for key in ("q", "ctrl+c", "ctrl+q"))


@pytest.mark.parametrize("name", pages(Language.SV))
def test_speech_its_repetition_and_volume_are_one_key_on_every_page_of_a_number_pad_too(name: str) -> None:
    page: Page = pages(Language.SV)[name]
    place = replace(PLACE, can_speak=True)
    for keys, kind in ((("t", "asterisk"), Speak), (("r", "full_stop", "comma"), Repeat), (("v", "plus"), Louder)):
        assert all(isinstance(action_for(key, page, place), kind) for key in keys)


@pytest.mark.anyio
async def test_pressed_in_the_real_program_they_change_nothing(desk: FakeDesk, tmp_path: Path) -> None:
    assert desk.board is not None
    async with screen(tmp_path / "door.sock") as shown:
        await shown.shows(Waiting)
        before = shown.text()
        await shown.pilot.press(*CONTROL, *FUNCTION[:12], *OF_FOOT, *MOVING)
        assert shown.text() == before
        assert shown.app.is_running
        assert len(shown.app.screen_stack) == 1


def test_the_themes_that_come_with_textual_would_not_do() -> None:
    failing = {name for name, theme in BUILTIN_THEMES.items() if "ansi" not in name and _worst(theme) < CONTRAST_MIN}
    assert {"textual-dark", "textual-light"} <= failing
    assert len(failing) > 0.9 * sum("ansi" not in name for name in BUILTIN_THEMES)


def _worst(theme: object) -> float:
    colours = theme.to_color_system().generate()  # type: ignore[attr-defined]
    pairs = (("primary", "background"), ("footer-key-foreground", "footer-background"), ("foreground", "panel"))
    found = [[Color.parse(colours[one]).hex[:7] for one in pair] for pair in pairs]
    return min(contrast(ink, back) for ink, back in found)
