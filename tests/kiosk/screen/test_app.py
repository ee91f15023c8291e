"""The real program, headless: desk, keys, touches and time in, pages out."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.color import Color
from textual.pilot import Pilot

from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.board import Board
from kiosk.domain.ids import RequestId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import MetSomebody
from kiosk.door.messages import (
    Ask,
    AskAnswerExit,
    AskChooseLanguage,
    AskChooseNaming,
    AskChooseOffers,
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
from kiosk.screen.pages import About, Answered, DeskDown, Fault, Page, Refused, Starting, Waiting
from kiosk.screen.paper import Paper
from kiosk.screen.place import Place
from kiosk.tools.speech.earcons import Earcon
from kiosk.tools.speech.sounds import Utterance
from tests.kiosk.screen.examples import DEMONSTRATION, NOW, PLACE, answer, board, later, refusal
from tests.support.fake_desk import FakeDesk
from tests.support.sounds import RememberedSounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio
STEPS_MAX = 400
STEP_S = 0.01
SPEAKING = replace(PLACE, can_speak=True)
KEYS_WITHOUT_MEANING = (
    *("q", "ctrl+q", "ctrl+c", "ctrl+z", "ctrl+p", "ctrl+d", "ctrl+backslash", "tab", "shift+tab", "f1", "f5"),
    *("f10", "f12", "escape", "delete", "pageup", "ctrl+l", "ctrl+s", "colon", "question_mark", "1", "0"),
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    with FakeDesk(tmp_path / "door.sock", board()) as fake:
        yield fake


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Instant:
        return self.now


class _Screen:
    """One running screen: what a person can do to it, and what they see."""

    def __init__(self, app: MemberScreen, pilot: Pilot[int], clock: _Clock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock

    async def until(self, is_so: Callable[[Page], bool]) -> Page:
        for _step in range(STEPS_MAX):
            if is_so(self.app.page):
                await self.pilot.pause()
                return self.app.page
            await self.pilot.pause(STEP_S)
        pytest.fail(f"the screen still shows {self.app.page}")

    async def shows(self, kind: type[Page]) -> Page:
        return await self.until(lambda page: isinstance(page, kind))

    async def answers(self, outcome: Outcome) -> None:
        await self.until(lambda page: isinstance(page, Answered) and page.answer.outcome is outcome)

    async def wait(self, seconds: float) -> None:
        self.clock.now = later(seconds, self.clock.now)
        self.app.tick()
        await self.pilot.pause()

    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())  # noqa: SLF001 - the only way to what is drawn


@asynccontextmanager
async def screen(
    desk_path: Path,
    place: Place = PLACE,
    size: tuple[int, int] = (80, 24),
    theme: ThemeName = ThemeName.DARK,
    sounds: RememberedSounds | None = None,
) -> "AsyncIterator[_Screen]":
    clock = _Clock()
    ids = iter(range(10_000))
    app = MemberScreen(place, clock, desk_path, lambda: f"id-{next(ids)}", theme, sounds=sounds)
    async with app.run_test(size=size) as pilot:
        yield _Screen(app, pilot, clock)
    assert gc.isenabled()


@pytest.fixture
def door(desk: FakeDesk, tmp_path: Path) -> Path:
    assert desk is not None
    return tmp_path / "door.sock"


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


@pytest.mark.parametrize(
    ("key", "kind", "reply", "told"),
    [
        ("n", AskChooseNaming, replace(answer(Outcome.CHOSEN), named=True), "Ditt namn får visas i dag."),
        ("l", AskChooseOffers, replace(answer(Outcome.CHOSEN), offers=Offers.ENDED), "Vi låter dig vara."),
        ("s", AskChooseLanguage, answer(Outcome.CHOSEN, Language.EN), "We answer you in English."),
    ],
)
async def test_each_choice_of_ones_own_is_one_key_and_told_on_the_answer_itself(  # noqa: PLR0913, PLR0917 - a row
    key: str, kind: type[Ask], reply: Answer, told: str, door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.press(key)
        ask = desk.next_asked()
        assert isinstance(ask, kind)
        desk.say(SayAnswer(replace(reply, reader=None, request=RequestId(ask.id))))
        await shown.until(lambda page: isinstance(page, Answered) and page.note is not None)
        assert told in shown.text()
        assert "Hinderbanan" in shown.text() or "course" in shown.text()


async def test_whoever_has_been_let_be_can_have_suggestions_again_and_hide_their_name(
    door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(replace(answer(Outcome.ALREADY_IN), named=True, offers=Offers.ENDED)))
        await shown.shows(Answered)
        assert "Dölj mitt namn" in shown.text()
        await shown.pilot.press("f")
        assert desk.next_asked() == AskChooseOffers(id="id-1", visit="visit-1", wanted=True)
        await shown.pilot.press("n")
        assert desk.next_asked() == AskChooseNaming(id="id-2", visit="visit-1", shown=False)


@pytest.mark.parametrize(("key", "met"), [("j", "yes"), ("y", "yes"), ("n", "no"), ("enter", "skipped")])
async def test_the_question_at_the_exit_is_answered_by_one_key_and_nothing_in_it_tells_who(
    key: str, met: str, door: Path, desk: FakeDesk
) -> None:
    async with screen(door) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.LEFT)))
        await shown.shows(Answered)
        assert "Träffade du någon ny?" in shown.text()
        await shown.pilot.press(key)
        ask = desk.next_asked()
        assert ask == AskAnswerExit(id="id-1", met=MetSomebody(met))
        if met == "skipped":
            await shown.shows(Waiting)
            return
        thanked = Answer(request=RequestId(ask.id), at=NOW, outcome=Outcome.THANKED)
        desk.say(SayAnswer(thanked))
        await shown.until(lambda page: isinstance(page, Answered) and page.note is not None)
        assert "Ingen kan se vem som svarade." in shown.text()
        assert "Träffade du någon ny?" not in shown.text()


async def test_what_is_kept_about_people_is_one_key_or_touch_away(door: Path) -> None:
    async with screen(door, size=(35, 11)) as shown:
        await shown.shows(Waiting)
        row, line = next((y, line) for y, line in enumerate(shown.text().split("\n")) if "Dina uppgifter" in line)
        await shown.pilot.click(offset=(line.index("Dina"), row - 2))
        await shown.shows(About)
        assert "Vi sparar när du kommer och går." in shown.text()
        await shown.pilot.press("m")
        await shown.pilot.pause()
        assert "Fråga värden." in shown.text()
        await shown.pilot.press("s")
        await shown.pilot.pause()
        assert "Ask the host." in shown.text()
        await shown.pilot.press("enter")
        await shown.shows(Waiting)


async def test_a_page_that_is_about_to_go_away_says_so_and_one_key_keeps_it(door: Path, desk: FakeDesk) -> None:
    sounds = RememberedSounds()
    async with screen(door, sounds=sounds) as shown:
        await shown.shows(Waiting)
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.press("a")
        for _time in range(10):
            await shown.wait(PLACE.times.reading_s - 19.5)
            assert "Sidan stängs om 20 sekunder. Tryck för mer tid." in shown.text()
            await shown.pilot.press("a")
            await shown.pilot.pause()
            assert "Sidan stängs" not in shown.text()
        await shown.wait(PLACE.times.reading_s)
        assert "Visa ditt kort" in shown.text()
    assert [parts for parts, _volume in sounds.played].count((Earcon.WARNING,)) == 10


async def test_one_key_starts_speech_from_any_page_and_every_action_silences_what_is_said(
    door: Path, desk: FakeDesk
) -> None:
    sounds = RememberedSounds()
    async with screen(door, SPEAKING, sounds=sounds) as shown:
        await shown.shows(Waiting)
        await shown.pilot.press("asterisk")
        await shown.pilot.pause()
        parts, volume = sounds.played[-1]
        assert [one.text[:12] for one in parts if isinstance(one, Utterance)] == ["Talet är på.", "Visa ditt ko"]
        assert volume == SPEAKING.volume
        hushed = sounds.hushed
        desk.say(SayAnswer(answer(Outcome.ARRIVED)))
        await shown.shows(Answered)
        await shown.pilot.pause()
        earcon, speech = sounds.played[-1][0]
        assert earcon is Earcon.IN
        assert isinstance(speech, Utterance)
        assert "Astrid" not in speech.text
        await shown.pilot.press("plus")
        assert sounds.hushed == hushed + 1
        assert sounds.played[-1][1] == SPEAKING.volume + 1
        await shown.pilot.click(offset=(1, 1))
        assert sounds.hushed == hushed + 2
    assert sounds.is_closed


async def test_a_house_without_a_voice_has_no_key_for_speech(door: Path) -> None:
    sounds = RememberedSounds()
    async with screen(door, sounds=sounds) as shown:
        await shown.shows(Waiting)
        assert "Tal" not in shown.text().split()
        await shown.pilot.press("t")
        await shown.pilot.pause()
    assert sounds.played == []


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
