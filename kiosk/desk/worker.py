"""The desk's one thread: takes requests from a bounded queue, lets time pass, and tells whoever listens."""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from kiosk.desk.desk import Desk
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.board import Board, Person, ReaderHealth, ReaderState
from kiosk.domain.ids import Actor, ReaderId
from kiosk.domain.instant import Instant
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import FailedTap, Request, Tap
from kiosk.tools.clock import Clock

QUEUE_MAX = 64
"""Requests that may wait. Nobody types or taps faster than the desk answers; a longer queue would only hide a fault."""
TICK_S = 1.0
"""How often time is let to do its work: a quarter of the shortest time anybody would notice."""

log = logging.getLogger("samverk.desk")

Reply = Callable[[Answer], None]
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and where its answer goes besides to the listeners."""

    request: Request
    reply: Reply


@dataclass(frozen=True, slots=True)
class PeopleAsked:
    """Somebody wants to see who is in the house; the reply is None if the list could not be made."""

    by: Actor
    purpose: str
    reply: Callable[[tuple[Person, ...] | None], None]


@dataclass(frozen=True, slots=True)
class Errand(Generic[Done]):
    """Anything else asked of the desk: done in the worker's thread, and so short that a tap can wait for it.

    The reply is None if it could not be done.
    """

    do: Callable[[Desk, Instant], Done]
    reply: Callable[[Done | None], None]


class Worker:
    """Owns the desk. Everything public here may be called from any thread.

    `on_answer` and `on_board` are called in the worker's thread, after the commit, and must not block.
    """

    def __init__(
        self, desk: Desk, clock: Clock, on_answer: Callable[[Answer], None], on_board: Callable[[Board], None]
    ) -> None:
        """Take the desk over; nothing runs until `run`."""
        self._desk = desk
        self._clock = clock
        self._on_answer = on_answer
        self._on_board = on_board
        self._queue: queue.Queue[Asked | PeopleAsked | Errand[Any] | None] = queue.Queue(QUEUE_MAX)
        self._readers: dict[ReaderId, ReaderHealth] = {}
        self._readers_lock = threading.Lock()
        self._board: Board | None = None

    def submit(self, asked: Asked | PeopleAsked | Errand[Any]) -> bool:
        """Put a request in the queue; return False, with nothing done, when it is full."""
        try:
            self._queue.put_nowait(asked)
        except queue.Full:
            log.warning("the queue is full: a request was turned away")
            return False
        return True

    def reader_changed(self, reader: ReaderId, state: ReaderState) -> None:
        """Take note of how a reader is."""
        with self._readers_lock:
            self._readers[reader] = ReaderHealth(reader, state, self._clock())
        log.info("reader %s is %s", reader, state)

    def board(self) -> Board | None:
        """Return the last picture of the house, or None before the first."""
        return self._board

    def wake(self) -> None:
        """Let the worker look at its stop event at once."""
        with contextlib.suppress(queue.Full):  # a full queue keeps it awake anyway
            self._queue.put_nowait(None)

    def run(self, stop: threading.Event, turned: Callable[[], None] = lambda: None) -> None:
        """Serve until stopped, then finish what is in the queue: whoever has asked gets an answer.

        `turned` is called at every turn, after what was asked has been done.
        """
        next_tick_s = 0.0
        while not (stop.is_set() and self._queue.empty()):
            turned()
            now = self._clock()
            if now.elapsed_s >= next_tick_s:
                next_tick_s = now.elapsed_s + TICK_S
                self._tick()
            try:
                asked = self._queue.get(timeout=max(0.0, next_tick_s - now.elapsed_s))
            except queue.Empty:
                continue
            if asked is not None:
                self._serve(asked)

    def _serve(self, asked: Asked | PeopleAsked | Errand[Any]) -> None:
        if isinstance(asked, PeopleAsked):
            self._serve_people(asked)
            return
        if isinstance(asked, Errand):
            self._run_errand(asked)
            return
        try:
            answer = self._desk.handle(asked.request)
        except Exception:
            log.exception("request %s failed; nothing of it was recorded", asked.request.id)
            answer = turned_away(asked.request, Reason.FAULT)
        asked.reply(answer)
        self._on_answer(answer)
        # After the answer: whoever waits for it need not wait for the log.
        log.info("%s: %s %s", type(asked.request).__name__, answer.outcome, answer.reason or "")
        self._picture()

    def _serve_people(self, asked: PeopleAsked) -> None:
        try:
            people = self._desk.people(asked.by, asked.purpose, self._clock())
        except Exception:
            log.exception("the list of people could not be made")
            asked.reply(None)
            return
        asked.reply(people)

    def _run_errand(self, errand: Errand[Done]) -> None:
        done: Done | None = None
        try:
            done = errand.do(self._desk, self._clock())
        except Exception:
            log.exception("an errand failed")
        errand.reply(done)
        self._picture()

    def _tick(self) -> None:
        try:
            self._desk.tick(self._clock())
        except Exception:
            log.exception("the tick failed; it is tried again in %s s", TICK_S)
        self._picture()

    def _picture(self) -> None:
        """Tell the listeners how the house is, if that is news."""
        with self._readers_lock:
            readers = tuple(self._readers.values())
        try:
            board = self._desk.board(self._clock(), readers)
        except Exception:
            log.exception("the picture of the house could not be made")
            return
        if self._board is None or _without_age(board) != _without_age(self._board):
            self._board = board
            self._on_board(board)


def turned_away(request: Request, reason: Reason) -> Answer:
    """Return the answer to a request that was never decided; whoever stands at its reader is told too."""
    reader = request.reader if isinstance(request, Tap | FailedTap) else None
    return Answer(request=request.id, at=request.at, outcome=Outcome.REFUSED, reader=reader, reason=reason)


def _without_age(board: Board) -> Board:
    """Return the board without what changes by the mere passing of time; the roster's age counts in whole hours."""
    age_s = None if board.roster_age_s is None else board.roster_age_s // 3600
    return replace(board, at=replace(board.at, elapsed_s=0.0, wall=board.at.wall.min), roster_age_s=age_s)
