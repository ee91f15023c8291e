"""What the screen has heard and therefore shows, as a frozen value. Each step takes the moment it happens at."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.board import Board, ReaderHealth, ReaderState
from kiosk.domain.events import Rights
from kiosk.domain.ids import RequestId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.look.words import other, time_of_day
from kiosk.screen.pages import Answered, DeskDown, Fault, Page, ReaderDown, Refused, Starting, Waiting, zone_actions
from kiosk.screen.place import Place

ANSWER_S = 10.0
CHOICE_S = 15.0
LANGUAGE_S = 30.0
FAULT_S = 20.0
START_S = 3.0
"""How long the desk may take to answer before its silence is news."""


class Desk(StrEnum):
    """Whether the desk is there."""

    STARTING = "starting"
    OPEN = "open"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on the screen: since when or since it was last touched, and in which language."""

    answer: Answer
    touched: Instant
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that the screen knows. `asked` are the requests made from the page now shown."""

    place: Place
    desk: Desk = Desk.STARTING
    desk_since: Instant
    board: Board | None = None
    shown: Shown | None = None
    asked: tuple[RequestId, ...] = ()
    switched: Instant | None = None
    fault: Instant | None = None

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
        """Return the state showing the answer; one to a request from a page that is no longer shown changes nothing."""
        if answer.reader is None and answer.request not in self.asked:
            return self
        language = answer.language if answer.name else self._language_of_asker(answer)
        return replace(self, shown=Shown(answer, now, language), asked=(), switched=None, fault=None)

    def asked_for(self, request: RequestId, now: Instant) -> Self:
        """Return the state after a request was sent from the page shown, which stays until the answer."""
        shown = replace(self.shown, touched=now) if self.shown else None
        return replace(self, asked=(*self.asked[-3:], request), shown=shown)

    def touched(self, now: Instant) -> Self:
        """Return the state with more time for the answer shown: somebody is still reading."""
        return replace(self, shown=replace(self.shown, touched=now)) if self.shown else self

    def put_away(self) -> Self:
        """Return the state without an answer."""
        return replace(self, shown=None, asked=())

    def language_switched(self, now: Instant) -> Self:
        """Return the state in the other language, for a while."""
        if self.shown:
            return replace(self, shown=replace(self.shown, touched=now, language=other(self.shown.language)))
        return replace(self, switched=None if self.switched else now)

    def failed(self, now: Instant) -> Self:
        """Return the state after a fault in this program."""
        return replace(self, fault=now, shown=None, asked=())

    def at(self, now: Instant) -> Self:
        """Return the state with everything ended that has had its time."""
        state = self
        if state.shown and now.seconds_since(state.shown.touched) >= _time_s(state.shown, state.page(now)):
            state = state.put_away()
        if state.switched and now.seconds_since(state.switched) >= LANGUAGE_S:
            state = replace(state, switched=None)
        if state.fault and now.seconds_since(state.fault) >= FAULT_S:
            state = replace(state, fault=None)
        return state

    def page(self, now: Instant) -> Page:
        """Return what to show: a fault first, then an answer given, then what is out of order."""
        language = other(self.place.language) if self.switched else self.place.language
        if self.fault:
            return Fault(language)
        if self.shown:
            return _answer_page(self.shown, self, now)
        if self.desk is Desk.GONE:
            return DeskDown(time_of_day(self.desk_since.wall, now.wall, self.place.zone), language)
        if self.board is None:
            return Starting(language)
        return self._reader_down(self.board, language, now) or Waiting(self.board, language)

    def _reader_down(self, board: Board, language: Language, now: Instant) -> ReaderDown | None:
        if self.place.reader is None:
            return None
        health = next((one for one in board.readers if one.reader == self.place.reader), None)
        if health is None:
            return ReaderDown(ReaderState.STARTING, "", language)
        return None if health.state is ReaderState.READY else self._down(health, language, now)

    def _down(self, health: ReaderHealth, language: Language, now: Instant) -> ReaderDown:
        return ReaderDown(health.state, time_of_day(health.since.wall, now.wall, self.place.zone), language)

    def _language_of_asker(self, answer: Answer) -> Language:
        return self.shown.language if self.shown and answer.request in self.asked else self.place.language


def _answer_page(shown: Shown, state: State, now: Instant) -> Answered | Refused:
    answer = shown.answer
    if answer.outcome is Outcome.REFUSED:
        return Refused(answer, shown.language)
    passed_s = now.seconds_since(answer.at)
    return Answered(
        answer=answer,
        language=shown.language,
        undo_s=max(0, math.ceil(answer.undo_s - passed_s)),
        again_s=max(0, math.ceil(answer.leave_again_s - passed_s)),
        can_ask=state.desk is Desk.OPEN,
        roster_age_s=state.board.roster_age_s if state.board and answer.rights is Rights.OLD else None,
    )


def _time_s(shown: Shown, page: Page) -> float:
    return CHOICE_S if shown.answer.undo_s or zone_actions(page) else ANSWER_S
