"""The real program, headless: desk, keys, touches and time in, pages out."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from textual.color import Color

from kiosk.domain.answers import Outcome
from kiosk.domain.board import Board
from kiosk.domain.ids import RequestId
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.door.messages import (
    AskJoinZone,
    AskLeave,
    AskUndo,
    SayAnswer,
    SayBoard,
    ScriptedTap,
)
from kiosk.look.glyphs import DECORATION
from kiosk.look.themes import CONTRAST_MIN, ThemeName, contrast
from kiosk.screen import app as program
from kiosk.screen.app import MemberScreen
from kiosk.screen.draw.page import draw
from kiosk.screen.draw.view import Frame
from kiosk.screen.pages import Answered, DeskDown, Fault, Refused, Starting, Waiting
from kiosk.screen.paper import Paper
from tests.kiosk.screen.examples import DEMONSTRATION, PLACE, answer, board, refusal
from tests.kiosk.screen.running import screen
from tests.support.fake_desk import FakeDesk

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
STEPS_MAX = 400
STEP_S = 0.01
KEYS_WITHOUT_MEANING = (
    *("q", "ctrl+q", "ctrl+c", "ctrl+z", "ctrl+p", "ctrl+d", "ctrl+backslash", "tab", "shift+tab", "f1", "f5"),
    *("f10", "f12", "escape", "delete", "pageup", "ctrl+l", "ctrl+s", "colon", "question_mark", "1", "0"),
)


async def test_the_screen_waits_for_badges_once_the_desk_has_told_how_the_house_is(door: Path) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        text = shown.text()
        assert "Visa ditt kort" in text
        assert "Show your badge" in text
        assert "folk här · 3 med" in text
        assert "Inne 6 · närvarande 3" in text
        assert "14:32" in text


async def test_an_answer_is_shown_as_soon_as_the_desk_gives_it(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        assert "Välkommen, Astrid!" in shown.text()
        assert "Ångra (10)" in shown.text()


async def test_the_next_badge_is_answered_at_once(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        desk.say(SayAnswer(refusal(Reason.BADGE_UNKNOWN)))
        await shown.shows(Refused)
        assert "K7-3F" in shown.text()
        assert "Astrid" not in shown.text()


async def test_the_countdown_goes_down_and_the_answer_ends(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.wait(3)
        assert "Ångra (7)" in shown.text()
        await shown.wait(PLACE.times.answer_s)
        assert "Visa ditt kort" in shown.text()


async def test_a_digit_asks_the_desk_to_join_the_zone_and_its_answer_is_shown(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.press("1")
        ask = desk.next_asked()
        assert isinstance(ask, AskJoinZone)
        assert (ask.visit, ask.zone) == ("visit-1", "lagerelden")
        desk.say(SayAnswer(replace(answer(Outcome.JOINED), reader=None, request=RequestId(ask.id))))
        await shown.answers(Outcome.JOINED)
        assert "Du är med vid Lägerelden." in shown.text()


@pytest.mark.parametrize("size", [(80, 24), (35, 11), (23, 7)])
async def test_a_touch_on_a_zone_chooses_its_zone(size: tuple[int, int], door: Path, desk: FakeDesk) -> None:
    async with screen(door, size=size) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        row, line = next((y, line) for y, line in enumerate(shown.text().split("\n")) if "Hinderbanan" in line)
        await shown.pilot.click(offset=(line.index("Hinderbanan") + 2, row))
        ask = desk.next_asked()
        assert isinstance(ask, AskJoinZone)
        assert ask.zone == "hinderbanan"


async def test_keys_undo_and_leave(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.press("u")
        assert isinstance(desk.next_asked(), AskUndo)
        desk.say(SayAnswer(answer(Outcome.ALREADY_IN)))
        await shown.answers(Outcome.ALREADY_IN)
        assert "Visa kortet igen för att gå (10)." in shown.text()
        await shown.pilot.press("0")
        assert isinstance(desk.next_asked(), AskLeave)


async def test_in_a_demonstration_a_digit_shows_an_example_badge(door: Path, desk: FakeDesk) -> None:
    async with screen(door, DEMONSTRATION) as shown:
        await shown.shows(Waiting)
        assert "snabbspolat 60" in shown.text()
        await shown.pilot.press("2")
        ask = desk.next_asked()
        assert isinstance(ask, ScriptedTap)
        assert (ask.reader, ask.uid) == ("entrance", "04000002")


async def test_in_a_demonstration_q_ends_the_program(door: Path) -> None:
    async with screen(door, DEMONSTRATION) as shown:
        await shown.shows(Waiting)
        await shown.pilot.press("q")
        await shown.pilot.pause()
        assert shown.app.return_value == 0


async def test_no_key_changes_the_waiting_screen(door: Path) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        before = shown.text()
        for key in KEYS_WITHOUT_MEANING:
            await shown.pilot.press(key)
            await shown.pilot.pause()
            assert shown.text() == before, key
            assert shown.app.is_running
            assert len(shown.app.screen_stack) == 1


async def test_a_house_that_changes_is_redrawn_at_most_twice_a_second(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        await shown.wait(1)
        changed: Board = replace(board(), in_house=7)
        desk.say(SayBoard(changed))
        await shown.until(lambda page: isinstance(page, Waiting) and page.board.in_house == 7)
        desk.say(SayBoard(replace(board(), in_house=8)))
        await shown.until(lambda page: isinstance(page, Waiting) and page.board.in_house == 8)
        assert "Inne 8" not in shown.text()
        await shown.wait(0.5)
        assert "Inne 8" in shown.text()


async def test_the_desk_going_away_is_told_and_its_coming_back_too(desk: FakeDesk, tmp_path: Path) -> None:
    path = tmp_path / "door.sock"
    async with screen(path) as shown:
        await shown.shows(Waiting)
        desk.close()
        await shown.shows(DeskDown)
        text = shown.text()
        assert "Terminalen är tillfälligt ur funktion." in text
        assert "Gå till värden." in text
        assert "Lägerelden" not in text
        with FakeDesk(path, board()):
            await shown.shows(Waiting)
        assert "Visa ditt kort" in shown.text()


async def test_a_screen_that_starts_before_the_desk_says_so(tmp_path: Path) -> None:
    async with screen(tmp_path / "none.sock") as shown:
        await shown.shows(Starting)
        assert "Terminalen startar." in shown.text()


async def test_a_fault_in_drawing_ends_in_the_calm_page_and_the_screen_goes_on(
    door: Path, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails_for_arrivals(frame: Frame, width: int, height: int) -> Paper:
        if isinstance(frame.page, Answered) and frame.page.answer.outcome is Outcome.ARRIVED:
            message = f"no page for {frame.page.answer.name}"
            raise RuntimeError(message)
        return draw(frame, width, height)

    monkeypatch.setattr(program, "draw", fails_for_arrivals)
    with caplog.at_level(logging.INFO):
        async with screen(door) as shown:
            await shown.shows(Waiting)
            desk.say(SayAnswer(answer(Outcome.ARRIVED)))
            await shown.shows(Fault)
            assert "Något gick fel hos oss." in shown.text()
            assert "Traceback" not in shown.text()
            desk.say(SayAnswer(answer(Outcome.LEFT)))
            await shown.shows(Answered)
            assert "Hej då, Astrid!" in shown.text()
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert told
    assert told[0].startswith("the screen failed: RuntimeError at test_app.py")
    assert "Astrid" not in caplog.text


async def test_s_shows_the_same_in_the_other_language(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.LEFT)))
        await shown.shows(Answered)
        await shown.pilot.press("s")
        await shown.pilot.pause()
        assert "Goodbye, Astrid!" in shown.text()


async def test_a_member_is_answered_in_their_own_language(door: Path, desk: FakeDesk) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED, Language.EN)))
        await shown.shows(Answered)
        assert "Welcome, Astrid!" in shown.text()
        assert "Two at the rest stop" in shown.text()


async def test_the_page_follows_the_size_of_the_window(door: Path) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        await shown.pilot.resize_terminal(35, 11)
        await shown.pilot.pause()
        lines = shown.text().split("\n")
        assert len(lines) == 11
        assert "Visa ditt kort" in "\n".join(lines)
        assert max(map(len, lines)) <= 35


@pytest.mark.parametrize("theme", ThemeName)
async def test_every_pair_of_colours_on_the_screen_reaches_seven_to_one(
    theme: ThemeName, door: Path, desk: FakeDesk
) -> None:
    async with screen(door, theme=theme) as shown:
        await shown.shows(Waiting)
        _check_contrast(shown.app)
        for outcome in (Outcome.ARRIVED, Outcome.ALREADY_IN, Outcome.LEFT):
            desk.say(SayAnswer(answer(outcome)))
            await shown.answers(outcome)
            _check_contrast(shown.app)


def _check_contrast(app: MemberScreen) -> None:
    pairs = {
        (Color.from_rich_color(segment.style.color).hex, Color.from_rich_color(segment.style.bgcolor).hex)
        for strip in app.screen._compositor.render_strips()  # noqa: SLF001 - the only way to what is drawn
        for segment in strip
        if segment.style is not None and not set(segment.text) <= DECORATION
    }
    assert pairs
    assert all(contrast(ink, back) >= CONTRAST_MIN for ink, back in pairs)
