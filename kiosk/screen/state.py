"""What the screen has heard and therefore shows, as a frozen value. Each step takes the moment it happens at."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.board import Board, ReaderHealth, ReaderState
from kiosk.domain.events import Rights
from kiosk.domain.ids import RequestId, VisitId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.roll_call import RollCall
from kiosk.look.texts import Note
from kiosk.look.words import other, time_of_day
from kiosk.screen.choices import chosen
from kiosk.screen.pages import (
    About,
    Answered,
    AnswerExit,
    Choice,
    DeskDown,
    Fault,
    Page,
    ReaderDown,
    Refused,
    Starting,
    Waiting,
    Wish,
)
from kiosk.screen.place import Place
from kiosk.screen.rolling import RETURNS_S, ROLL_CALL_S, Rolling

WARNING_S = 20
"""A page that stood longer than this tells so long before it goes away (WCAG 2.2, success criterion 2.2.1)."""
LANGUAGE_S = 30.0
FAULT_S = 20.0
START_S = 3.0
"""How long the desk may take to answer before its silence is news."""
ASKED_MAX = 4


class Desk(StrEnum):
    """Whether the desk is there."""

    STARTING = "starting"
    OPEN = "open"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on the screen, or with None what is kept about people: since when, and how far it has been read.

    `touched` is when it came or was last touched; `is_read` that somebody has touched it or listens to it.
    """

    answer: Answer | None
    touched: Instant
    language: Language
    is_read: bool = False
    turn: int = 0
    note: Note | None = None
    has_answered: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request made from the page now shown, and what it was for."""

    request: RequestId
    wish: Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that the screen knows. `asked` are the requests made from the page now shown.

    `roll` is a host's roll call; an answer is shown above it, and then it is there again.
    `speaks` is the speech mode, `louder` how many steps louder than usual it sounds; both end soon after `attended`,
    when somebody was last there.
    """

    place: Place
    desk: Desk = Desk.STARTING
    desk_since: Instant
    board: Board | None = None
    shown: Shown | None = None
    roll: Rolling | None = None
    asked: tuple[Asked, ...] = ()
    switched: Instant | None = None
    fault: Instant | None = None
    speaks: bool = False
    louder: int = 0
    attended: Instant | None = None

    def desk_open(self, now: Instant) -> Self:
        """Return the state once the desk answers. Its first board is yet to come."""
        return replace(self, desk=Desk.OPEN, desk_since=now)

    def desk_gone(self, now: Instant) -> Self:
        """Return the state once the desk is known to be away; while it stays away, nothing changes."""
        if self.desk is Desk.GONE:
            return self
        waited = now.seconds_since(self.desk_since)
        if self.desk is Desk.STARTING and waited < START_S:
            return self
        return replace(self, desk=Desk.GONE, desk_since=now, board=None)

    def heard_board(self, board: Board) -> Self:
        """Return the state with the house as it is now."""
        return replace(self, board=board)

    def heard_answer(self, answer: Answer, now: Instant) -> Self:
        """Return the state showing the answer; one to a request from a page that is no longer shown changes nothing.

        What became of a choice is told on the answer it was made on: whoever chose can go on from where they were.
        """
        mine = next((one.wish for one in self.asked if one.request == answer.request), None)
        if answer.reader is None and mine is None:
            return self
        if self.shown and self.shown.answer and isinstance(mine, Choice) and answer.outcome is not Outcome.REFUSED:
            return self._with_choice(self.shown, mine, answer, now)
        language = answer.language if answer.name else self._language_of_asker(answer)
        shown = Shown(answer, now, language, is_read=self.speaks)
        return replace(self, shown=shown, asked=(), switched=None, fault=None, attended=now)

    def asked_for(self, request: RequestId, wish: Wish, now: Instant) -> Self:
        """Return the state after a request was sent from the page shown, which stays until the answer."""
        asked = (*self.asked[1 - ASKED_MAX :], Asked(request, wish))
        return replace(self.touched(now), asked=asked)

    def touched(self, now: Instant) -> Self:
        """Return the state with more time for the page shown: somebody is reading it."""
        shown = replace(self.shown, touched=now, is_read=True) if self.shown else None
        roll = self.roll.touched_at(now) if self.roll and not self.shown else self.roll
        return replace(self, shown=shown, roll=roll, attended=now)

    def put_away(self, now: Instant) -> Self:
        """Return the state without the page on show, and without what followed from it.

        Below an answer there may be a roll call: it has its time anew.
        """
        if self.shown is None:
            return replace(self, roll=None, asked=())
        is_held = self.roll is not None and now.seconds_since(self.roll.held) < RETURNS_S
        roll = replace(self.roll, touched=now) if self.roll and is_held else None
        return replace(self, shown=None, asked=(), roll=roll)

    def about(self, now: Instant) -> Self:
        """Return the state showing what is kept about people here."""
        language = other(self.place.language) if self.switched else self.place.language
        return replace(self, shown=Shown(None, now, language, is_read=True), asked=())

    def turned(self, now: Instant) -> Self:
        """Return the state with the next part of the page shown."""
        touched = self.touched(now)
        if touched.roll and not touched.shown:
            return replace(touched, roll=touched.roll.turned())
        shown = replace(touched.shown, turn=touched.shown.turn + 1) if touched.shown else None
        return replace(touched, shown=shown)

    def speech_switched(self, now: Instant) -> Self:
        """Return the state in which pages are spoken, or no longer are."""
        return replace(self.touched(now), speaks=not self.speaks)

    def made_louder(self, now: Instant) -> Self:
        """Return the state that sounds a step louder, or after the loudest as soft as can be."""
        return replace(self.touched(now), louder=self.louder + 1)

    def language_switched(self, now: Instant) -> Self:
        """Return the state in the other language, for a while."""
        if self.shown:
            switched = replace(self.shown, touched=now, is_read=True, language=other(self.shown.language))
            return replace(self, shown=switched)
        if self.roll:
            roll = replace(self.roll.touched_at(now), language=other(self.roll.language))
            return replace(self, roll=roll)
        return replace(self, switched=None if self.switched else now)

    def roll_called(self, visit: VisitId, now: Instant) -> Self:
        """Return the state asking its host which kind of roll call it is, in place of their answer."""
        language = self.shown.language if self.shown else self.place.language
        roll = Rolling(visit=visit, language=language, touched=now, held=now)
        return replace(self, shown=None, asked=(), roll=roll, attended=now)

    def roll_heard(self, call: RollCall, host: str) -> Self:
        """Return the state with what the desk knows of a roll call; once the page has been left it changes nothing."""
        return replace(self, roll=self.roll.heard(call, host)) if self.roll else self

    def roll_refused(self) -> Self:
        """Return the state after the desk could not begin a roll call."""
        return replace(self, roll=replace(self.roll, is_refused=True)) if self.roll else self

    def failed(self, now: Instant) -> Self:
        """Return the state after a fault in this program."""
        return replace(self, fault=now, shown=None, roll=None, asked=())

    def at(self, now: Instant) -> Self:
        """Return the state with everything ended that has had its time."""
        state = self
        touched = state.shown.touched if state.shown else state.roll.touched if state.roll else None
        if touched and now.seconds_since(touched) >= state.time_s:
            state = replace(state.put_away(now), speaks=False, louder=0)
        if (
            not state.shown
            and not state.roll
            and state.attended
            and now.seconds_since(state.attended) >= self.place.times.reading_s
        ):
            state = replace(state, speaks=False, louder=0, attended=None)
        if state.switched and now.seconds_since(state.switched) >= LANGUAGE_S:
            state = replace(state, switched=None)
        if state.fault and now.seconds_since(state.fault) >= FAULT_S:
            state = replace(state, fault=None)
        return state

    @property
    def time_s(self) -> float:
        """Return how long the page shown stands from when it was last touched."""
        if self.roll and not self.shown:
            return ROLL_CALL_S
        return self.place.times.reading_s if self.shown and self.shown.is_read else self.place.times.answer_s

    def page(self, now: Instant) -> Page:
        """Return what to show: a fault first, then an answer given, then what is out of order."""
        language = other(self.place.language) if self.switched else self.place.language
        if self.fault:
            return Fault(language)
        if self.shown:
            return self._shown_page(self.shown, now)
        if self.roll:
            closes_s = self._closes_s(self.roll, now)
            return self.roll.page(can_ask=self.desk is Desk.OPEN, closes_s=closes_s)
        if self.desk is Desk.GONE:
            return DeskDown(time_of_day(self.desk_since.wall, now.wall, self.place.zone), language)
        if self.board is None:
            return Starting(language)
        return self._reader_down(self.board, language, now) or Waiting(self.board, language)

    def _with_choice(self, shown: Shown, choice: Choice, answer: Answer, now: Instant) -> Self:
        answers_exit = isinstance(choice, AnswerExit)
        kept, note = chosen(choice, shown.answer or answer, answer)
        after = replace(shown, answer=kept, note=note, touched=now, has_answered=shown.has_answered or answers_exit)
        return replace(self, shown=after)

    def _shown_page(self, shown: Shown, now: Instant) -> Answered | Refused | About:
        answer, closes_s = shown.answer, self._closes_s(shown, now)
        health = self._unwell_reader()
        reader = health.state if health else None
        if answer is None:
            return About(shown.language, shown.turn, closes_s, reader)
        if answer.outcome is Outcome.REFUSED:
            return Refused(answer, shown.language, shown.turn, closes_s, reader)
        passed_s = now.seconds_since(answer.at)
        return Answered(
            answer=answer,
            language=shown.language,
            undo_s=max(0, math.ceil(answer.undo_s - passed_s)),
            again_s=max(0, math.ceil(answer.leave_again_s - passed_s)),
            can_ask=self.desk is Desk.OPEN,
            roster_age_s=self.board.roster_age_s if self.board and answer.rights is Rights.OLD else None,
            note=shown.note,
            asks_exit=self.place.asks_exit and answer.outcome is Outcome.LEFT and not shown.has_answered,
            turn=shown.turn,
            closes_s=closes_s,
            reader=reader,
        )

    def _closes_s(self, shown: Shown | Rolling, now: Instant) -> int | None:
        """Return the seconds left of a page that is about to go away, None before that or if it never stood long."""
        left_s = math.ceil(self.time_s - now.seconds_since(shown.touched))
        return max(0, left_s) if self.time_s > WARNING_S >= left_s else None

    def _reader_down(self, board: Board, language: Language, now: Instant) -> ReaderDown | None:
        if self.place.reader is None:
            return None
        if all(one.reader != self.place.reader for one in board.readers):
            return ReaderDown(ReaderState.STARTING, "", language)
        health = self._unwell_reader()
        since = time_of_day(health.since.wall, now.wall, self.place.zone) if health else ""
        return ReaderDown(health.state, since, language) if health else None

    def _unwell_reader(self) -> ReaderHealth | None:
        """Return how the reader beside this screen is, if that is known and it cannot read."""
        known = self.board.readers if self.board else ()
        return next(
            (one for one in known if one.reader == self.place.reader and one.state is not ReaderState.READY), None
        )

    def _language_of_asker(self, answer: Answer) -> Language:
        asked = any(one.request == answer.request for one in self.asked)
        return self.shown.language if self.shown and asked else self.place.language
