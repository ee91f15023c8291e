"""Between the door, the readers and the worker: turns what is said into requests, and answers into what is said."""

import logging
from collections.abc import Callable, Mapping

import msgspec

from kiosk.desk.worker import Asked, PeopleAsked, Worker, turned_away
from kiosk.domain.answers import Answer
from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import Board, Person, ReaderState
from kiosk.domain.direction import Direction
from kiosk.domain.ids import Actor, ReaderId, RequestId
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import FailedTap, Request, Tap
from kiosk.door import messages as said
from kiosk.door.badges import ShowBadges, ShowUnknownBadges
from kiosk.door.connection import Connection
from kiosk.door.roll_call import EndRollCall, OpenRollCall, ShowRollCall, TellRollCall
from kiosk.service.asked import as_request
from kiosk.service.badges import show_badges
from kiosk.service.keeping import NO_PURPOSE, is_purpose, keep
from kiosk.service.roll_calls import roll_call
from kiosk.tools.clock import Clock

log = logging.getLogger("samverk.hall")

ScriptedTaps = Mapping[ReaderId, Callable[[Uid], bool]]
"""For each scripted reader, what shows it a badge; it returns False when its queue is full."""


class Hall:
    """Where requests come in. Its watchers hear every answer given at their reader, and every new picture."""

    def __init__(self, clock: Clock, new_id: Callable[[], str], scripted: ScriptedTaps) -> None:
        """Take what a request needs: the moment it is made, and an id of its own."""
        self._clock = clock
        self._new_id = new_id
        self._scripted = scripted
        self._watchers: set[Connection] = set()

    def open(self, worker: Worker) -> None:
        """Take the worker that requests go to."""
        self._worker = worker

    def on_answer(self, answer: Answer) -> None:
        """Tell the watchers of that reader; an answer that was given at no reader only goes to whoever asked."""
        if answer.reader is None:
            return
        message = said.SayAnswer(answer)
        for one in tuple(self._watchers):
            if not one.readers or answer.reader in one.readers:
                one.send(message)

    def on_board(self, board: Board) -> None:
        """Tell all watchers."""
        message = said.SayBoard(board)
        for one in tuple(self._watchers):
            one.send(message)

    def on_closed(self, connection: Connection) -> None:
        """Forget a client that has gone."""
        self._watchers.discard(connection)

    def on_line(self, connection: Connection, line: bytes) -> None:
        """Do what one line from a client says, or tell it why not."""
        try:
            asked = said.decode_asked(line)
        except msgspec.MsgspecError as error:
            log.warning("a line at the door was not understood and nothing was done")
            connection.send(said.SayError(None, f"not understood: {error}"))
            return
        match asked:
            case said.Watch():
                self._watch(connection, asked)
            case said.ShowBoard():
                self._send_board(connection, asked.id)
            case said.ShowPeople():
                self._send_people(connection, asked)
            case said.ScriptedTap():
                self._scripted_tap(connection, asked)
            case said.RemoveOld() | said.ErasePerson() | said.NoteAccess():
                keep(asked, self._worker, connection)
            case OpenRollCall() | TellRollCall() | ShowRollCall() | EndRollCall():
                roll_call(asked, self._worker, connection)
            case ShowUnknownBadges() | ShowBadges():
                show_badges(asked, self._worker, connection)
            case _:
                request = as_request(asked, self._clock())
                self._ask(request, lambda answer: connection.send(said.SayAnswer(answer)))

    def tapped(self, reader: ReaderId, direction: Direction, uid: Uid, proof: Proof | None = None) -> None:
        """Take a badge shown at a reader, and what it proved. Called from the reader's thread."""
        request = Tap(id=self._request_id(), at=self._clock(), reader=reader, direction=direction, uid=uid, proof=proof)
        self._ask(request, lambda _answer: None)

    def failed(self, reader: ReaderId, reason: Reason) -> None:
        """Take a card that could not be read. Called from the reader's thread."""
        request = FailedTap(id=self._request_id(), at=self._clock(), reader=reader, reason=reason)
        self._ask(request, lambda _answer: None)

    def reader_changed(self, reader: ReaderId, state: ReaderState) -> None:
        """Take how a reader is. Called from the reader's thread."""
        self._worker.reader_changed(reader, state)

    def _ask(self, request: Request, reply: Callable[[Answer], None]) -> None:
        if self._worker.submit(Asked(request, reply)):
            return
        busy = turned_away(request, Reason.DESK_BUSY)
        reply(busy)
        self.on_answer(busy)

    def _watch(self, connection: Connection, asked: said.Watch) -> None:
        connection.readers = frozenset(ReaderId(one) for one in asked.readers)
        self._watchers.add(connection)
        board = self._worker.board()
        if board is not None:  # else the first picture comes to every watcher as soon as there is one
            connection.send(said.SayBoard(board))

    def _send_board(self, connection: Connection, request: str) -> None:
        board = self._worker.board()
        if board is None:
            connection.send(said.SayError(request, "the house has not been looked at yet: ask again"))
        else:
            connection.send(said.SayBoard(board))

    def _send_people(self, connection: Connection, asked: said.ShowPeople) -> None:
        def reply(people: tuple[Person, ...] | None) -> None:
            if people is None:
                connection.send(said.SayError(asked.id, "the list could not be made; see the desk's log"))
            else:
                connection.send(said.SayPeople(asked.id, people))

        if not is_purpose(asked.purpose):
            connection.send(said.SayError(asked.id, NO_PURPOSE))
        elif not self._worker.submit(PeopleAsked(Actor(asked.by), asked.purpose, reply)):
            connection.send(said.SayError(asked.id, "the desk is busy: ask again"))

    def _scripted_tap(self, connection: Connection, asked: said.ScriptedTap) -> None:
        tap = self._scripted.get(ReaderId(asked.reader))
        if tap is None:
            known = ", ".join(self._scripted) or "none"
            connection.send(said.SayError(asked.id, f"no scripted reader {asked.reader!r}; there is: {known}"))
            return
        try:
            uid = Uid(bytes.fromhex(asked.uid))
        except ValueError:
            connection.send(said.SayError(asked.id, "not a UID: write 4, 7, 8 or 10 bytes in hex"))
            return
        if tap(uid):
            connection.send(said.SayAccepted(asked.id))
        else:
            connection.send(said.SayError(asked.id, "the scripted reader is busy: try again"))

    def _request_id(self) -> RequestId:
        return RequestId(self._new_id())
