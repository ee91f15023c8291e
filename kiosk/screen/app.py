"""The member screen's program in Textual: hears desk, keys and clock, and shows one page. It decides nothing."""

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from textual.app import ComposeResult
from textual.events import Key
from textual.screen import Screen

from kiosk.domain.board import Board
from kiosk.domain.ids import RequestId, VisitId, host
from kiosk.domain.instant import Instant
from kiosk.domain.requests import MetSomebody
from kiosk.domain.roll_call import Tick
from kiosk.door.messages import Ask, Said, SayAnswer, SayBoard, SayError
from kiosk.door.roll_call import EndRollCall, OpenRollCall, SayRollCall, ShowRollCall, tells
from kiosk.look.themes import ThemeName
from kiosk.screen.asks import ask_of
from kiosk.screen.canvas import Canvas
from kiosk.screen.conversation import RETRY_MAX_S, Conversation
from kiosk.screen.draw.page import draw
from kiosk.screen.draw.view import Frame
from kiosk.screen.driver import OutputDriver
from kiosk.screen.keys import action_for
from kiosk.screen.log import where
from kiosk.screen.pace import Pace, Strikes
from kiosk.screen.pages import (
    Action,
    AnswerExit,
    Choice,
    ChooseLanguage,
    Done,
    Louder,
    More,
    Page,
    Quit,
    Repeat,
    ShowAbout,
    Speak,
    SwitchLanguage,
    Wish,
)
from kiosk.screen.paper import Paper
from kiosk.screen.place import Place
from kiosk.screen.quiet import QuietApp
from kiosk.screen.roll_pages import AskEnd, CallRoll, EndRoll, MarkPerson, OpenRoll, RollAction, RollList
from kiosk.screen.sounding import Sounding
from kiosk.screen.state import State
from kiosk.tools.clock import Clock
from kiosk.tools.speech.sounds import Sounds
from kiosk.tools.systemd import NOBODY, Supervisor

SCREEN = "screen"
"""The loop that does the work."""
TICK_S = 0.5
COLLECT_S = 60.0
"""Garbage is collected this often while nobody stands at the screen: a collection is the longest pause there is."""
COLLECT_MAX_S = 600.0

_log = logging.getLogger("samverk.screen")


class _Bare(Screen[None], inherit_bindings=False):
    """A screen without keys of its own."""

    ALLOW_SELECT = False


class MemberScreen(QuietApp, inherit_bindings=False):
    """One page at a time, for whoever stands at the reader."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False

    def __init__(  # noqa: PLR0913 - everything the screen rests on, each from outside
        self,
        place: Place,
        clock: Clock,
        door: Path,
        new_id: Callable[[], str],
        theme: ThemeName = ThemeName.DARK,
        *,
        supervisor: Supervisor = NOBODY,
        sounds: Sounds | None = None,
    ) -> None:
        """Take the house, the clock, the desk's socket, ids, the colours, who supervises us and what sounds."""
        super().__init__(driver_class=OutputDriver)
        self.animation_level = "none"
        self._place = place
        self._clock = clock
        self._new_id = new_id
        self._canvas = Canvas(theme)
        self._supervisor = supervisor
        self._conversation = Conversation(door, place.readers, new_id)
        self._state = State(place=place, desk_since=clock())
        self._pace = Pace()
        self._strikes = Strikes()
        self._sounding = Sounding(place, sounds)
        self._opening = ""
        self._is_redraw_due = False
        self._is_ready = False
        self._frame: Frame | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._collected_s = clock().elapsed_s

    @property
    def canvas(self) -> Canvas:
        """Return the paper on show."""
        return self._canvas

    @property
    def page(self) -> Page:
        """Return the page on show."""
        return self._state.page(self._clock())

    def get_default_screen(self) -> Screen[None]:
        """Return a screen without keys."""
        return _Bare(id="_default")

    def compose(self) -> ComposeResult:
        """Return the one widget."""
        yield self._canvas

    def on_mount(self) -> None:
        """Start listening, and freeze what will live as long as the program."""
        self._do(self._converse())
        self.set_interval(TICK_S, self.tick)
        gc.collect()
        gc.freeze()
        gc.disable()

    async def on_unmount(self) -> None:
        """Stop listening, and be silent."""
        gc.enable()
        self._sounding.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def desk_open(self) -> None:
        """Hear that the desk answers."""
        self._guarded(lambda now: self._become(self._state.desk_open(now)))
        # What was ticked while the desk was away.
        self._guarded(lambda _now: self._tell_roll(None))

    def desk_gone(self) -> None:
        """Hear that the desk cannot be reached."""
        self._guarded(lambda now: self._become(self._state.desk_gone(now)))

    def heard(self, said: Said) -> None:
        """Hear one message from the desk: an answer is drawn at once, the house when there is time."""
        match said:
            case SayAnswer(answer=answer):
                self._guarded(lambda now: self._become(self._state.heard_answer(answer, now)))
            case SayBoard(board=board):
                self._guarded(lambda _now: self._heard_board(board))
            case SayError(re=re) if re == self._opening:
                self._guarded(lambda _now: self._become(self._state.roll_refused()))
            case SayRollCall(call=call, host=host):
                self._guarded(lambda _now: self._become(self._state.roll_heard(call, host)))
            case _:
                _log.debug("the desk said %s", type(said).__name__)

    def tick(self) -> None:
        """Let time pass."""
        self._supervisor.turned(SCREEN)
        self._guarded(lambda now: self._become(self._state.at(now), at_once=False))
        self._collect()

    def on_key(self, event: Key) -> None:
        """Do what the key does on this page; keep every other key from everyone else."""
        event.stop()
        event.prevent_default()
        self._sounding.hush()
        self._guarded(lambda now: self._act(action_for(event.key, self._state.page(now), self._place), event.key))

    def on_canvas_pressed(self, event: Canvas.Pressed) -> None:
        """Do what was touched; a touch beside everything gives more time."""
        event.stop()
        self._sounding.hush()
        self._guarded(lambda _now: self._touch(self._canvas.paper.action_at(event.x, event.y)))

    def on_canvas_sized(self, event: Canvas.Sized) -> None:
        """Draw the page anew on the cells there are."""
        event.stop()
        self._frame = None
        self._guarded(lambda _now: self._draw())

    def _heard_board(self, board: Board) -> None:
        before = self._state.board
        is_news = before is not None and board.roll_call != before.roll_call
        self._become(self._state.heard_board(board), at_once=False)
        call = self._state.roll.call if self._state.roll else None
        if not is_news or call is None:
            return
        # Somebody ticked elsewhere, or ended it, or began another.
        self._tell_roll(())
        if board.roll_call is not None and board.roll_call.id != call.id:
            self._do(self._send(ShowRollCall(id=self._new_id(), call=board.roll_call.id)))

    def _touch(self, action: Action | None) -> None:
        # What undoes a choice stands where the choice stood, so that there its kind counts, not its value.
        if isinstance(action, MarkPerson):
            self._act(action, action.person)
        else:
            self._act(action, type(action) if isinstance(action, Choice | SwitchLanguage) else action)

    def _act(self, action: Action | None, pressed: object) -> None:
        now, state = self._clock(), self._state
        if self._strikes.is_again(pressed, now.elapsed_s) and action is not None:
            return
        match action:
            case None:
                self._become(state.touched(now))
            case Done():
                self._become(state.put_away(now))
            case SwitchLanguage():
                self._become(state.language_switched(now))
            case ShowAbout():
                self._become(state.about(now))
            case More():
                self._become(state.turned(now))
            case Speak() | Repeat() | Louder():
                self._sound(action, now)
            case CallRoll() | OpenRoll() | MarkPerson() | AskEnd() | EndRoll():
                self._roll(action, now)
            case Quit():
                self.exit(0)
            case _:
                self._ask(action, now)

    def _roll(self, action: RollAction, now: Instant) -> None:
        state = self._state
        roll, running = state.roll, state.board.roll_call if state.board else None
        match action:
            case CallRoll(visit=visit):
                self._become(state.roll_called(visit, now))
                if running is not None:
                    self._open_roll(visit, is_drill=running.is_drill)
            case OpenRoll(visit=visit, is_drill=is_drill):
                self._become(state.touched(now))
                self._open_roll(visit, is_drill=is_drill)
            case MarkPerson(person=person, is_found=is_found) if roll:
                marked, ticks = roll.touched_at(now).marked(person, self._new_id(), now, is_found=is_found)
                self._become(replace(state, roll=marked))
                self._tell_roll(ticks)
            case AskEnd(is_asked=is_asked) if roll:
                self._become(replace(state, roll=replace(roll.touched_at(now), asks_end=is_asked, turn=0)))
            case EndRoll() if roll and roll.call:
                self._become(state.touched(now))
                self._do(self._send(EndRollCall(id=self._new_id(), call=roll.call.id, by=host(roll.host))))

    def _open_roll(self, visit: VisitId, *, is_drill: bool) -> None:
        self._opening = self._new_id()
        self._do(self._send(OpenRollCall(id=self._opening, call=self._new_id(), is_drill=is_drill, visit=visit)))

    def _tell_roll(self, ticks: Sequence[Tick] | None) -> None:
        """Tell the desk of these ticks, None for all there are, and ask how the roll call on show stands."""
        call = self._state.roll.call if self._state.roll else None
        if call is not None:
            for ask in tells(call, call.ticks if ticks is None else ticks, self._new_id):
                self._do(self._send(ask))

    def _sound(self, action: Speak | Repeat | Louder, now: Instant) -> None:
        match action:
            case Speak():
                self._become(self._state.speech_switched(now))
            case Repeat():
                self._become(self._state.touched(now))
            case Louder():
                self._become(self._state.made_louder(now))
            case _:
                assert_never(action)
        self._sounding.obey(action, self._state.page(now), self._state, now)

    def _ask(self, wish: Wish, now: Instant) -> None:
        request = self._new_id()
        state = self._state.asked_for(RequestId(request), wish, now)
        if wish == AnswerExit(MetSomebody.SKIPPED):
            state = state.put_away(now)
        elif isinstance(wish, ChooseLanguage):
            state = state.language_switched(now)
        self._become(state)
        self._do(self._send(ask_of(wish, request, str(self._place.key_reader or ""))))

    async def _send(self, ask: Ask) -> None:
        if not await self._conversation.say(ask):
            self.desk_gone()

    def _become(self, state: State, *, at_once: bool = True) -> None:
        self._state = state
        if at_once:
            self._draw()
            return
        wait_s = self._pace.wait_s(self._clock().elapsed_s)
        if wait_s == 0:
            self._draw()
        elif not self._is_redraw_due:
            self._is_redraw_due = True
            self.set_timer(wait_s, self._redraw)

    def _redraw(self) -> None:
        self._is_redraw_due = False
        self._guarded(lambda _now: self._become(self._state, at_once=False))

    def _draw(self) -> None:
        """Show the page of the state as it is now; a page that says the same is left alone."""
        now = self._clock()
        frame = Frame(self._place, self._state.page(now), now.wall.replace(second=0, microsecond=0))
        width, height = self._canvas.size
        if frame == self._frame or not width or not height:
            return
        paper = draw(frame, width, height)
        frame = self._fitted(frame, paper)
        self._frame = frame
        self._canvas.show(paper)
        self._pace.drawn(now.elapsed_s)
        self.call_after_refresh(self._sound_of, frame.page, self._state)
        if not self._is_ready:
            self._is_ready = True
            self._supervisor.ready()

    def _fitted(self, frame: Frame, paper: Paper) -> Frame:
        """Return the frame of which the keys are those of the people of a roll call who had room on the paper."""
        roll = self._state.roll
        if roll is None or not isinstance(frame.page, RollList):
            return frame
        room = sum(isinstance(one.action, MarkPerson) for one in paper.targets)
        self._state = replace(self._state, roll=replace(roll, room=room))
        return replace(frame, page=replace(frame.page, room=room))

    def _sound_of(self, page: Page, state: State) -> None:
        """Let the page be heard once it is drawn; a fault in that is told, and changes nothing of what is seen."""
        try:
            self._sounding.follow(page, state, self._clock())
        except Exception as error:  # noqa: BLE001 - nothing may reach the terminal but a page
            _log.error("no sound: %s", where(error))

    def _guarded(self, step: Callable[[Instant], None]) -> None:
        """Take a step; whatever goes wrong in it ends in the calm page, and the screen goes on."""
        try:
            step(self._clock())
        except Exception as error:  # noqa: BLE001 - nothing may reach the terminal but a page
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        _log.error("the screen failed: %s", where(error))
        self._state = self._state.failed(self._clock())
        self._draw()

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(self) -> None:
        """Talk with the desk for ever, whatever happens on the way."""
        while True:
            try:
                await self._conversation.run(self)
            except Exception as error:  # noqa: BLE001 - a screen that no longer listens would look well and be deaf
                self._fail(error)
            await asyncio.sleep(RETRY_MAX_S)

    def _collect(self) -> None:
        now = self._clock().elapsed_s
        is_resting = self._state.shown is None
        if now - self._collected_s >= (COLLECT_S if is_resting else COLLECT_MAX_S):
            self._collected_s = now
            gc.collect()
