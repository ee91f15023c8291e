"""Minding the readers' threads: dead ones start anew, stuck ones are told of, and a hopeless one ends the process."""

import logging
import threading
from collections.abc import Callable

import pytest

from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId
from kiosk.domain.reasons import Reason
from kiosk.reader.reports import Reader, ReaderUnavailableError, Reports
from kiosk.service.readers import SLACK_S, STARTS_MAX, STARTS_WITHIN_S, STUCK_MAX_S, MindedReader, Readers
from kiosk.tools.site import ReaderTable

WAIT_S = 5.0
TABLE = ReaderTable(id="entrance", driver="scripted", direction=Direction.OUT)
UID = Uid(bytes.fromhex("04A1B2C3D4E5F6"))


class Desk:
    """What was said of which reader."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.states: list[ReaderState] = []
        self.cards: list[tuple[ReaderId, Direction | None, Uid | Reason]] = []

    def tapped(self, reader: ReaderId, direction: Direction, uid: Uid, _proof: Proof | None = None, /) -> None:
        """See `Listener`."""
        self.cards.append((reader, direction, uid))

    def failed(self, reader: ReaderId, reason: Reason) -> None:
        """See `Listener`."""
        self.cards.append((reader, None, reason))

    def reader_changed(self, reader: ReaderId, state: ReaderState) -> None:
        """See `Listener`."""
        assert reader == "entrance"
        self.states.append(state)


class Life(Reader):
    """A reader that says it is ready and then does as it is told."""

    def __init__(self, reports: Reports, do: Callable[[Reports, threading.Event], None]) -> None:
        """Take what it does."""
        self._reports, self._do = reports, do

    def run(self, stop: threading.Event) -> None:
        """See `Reader`."""
        self._reports.changed(ReaderState.READY)
        self._do(self._reports, stop)


class World:
    """One minded reader over a clock in our hands."""

    def __init__(self, do: Callable[[Reports, threading.Event], None]) -> None:
        """Take what each life of the reader does."""
        self.desk, self.now_s, self.made = Desk(), 0.0, 0
        self.stop = threading.Event()

        def make(_table: ReaderTable, reports: Reports) -> Reader:
            self.made += 1
            return Life(reports, do)

        self.minded = MindedReader(TABLE, self.desk, make, lambda: self.now_s)
        self.readers = Readers(iter([self.minded]))

    def start(self) -> None:
        """Start it."""
        self.readers.start(self.stop)

    def look_after_death(self) -> list[str]:
        """Wait for the thread to be dead, and mind it."""
        assert self.readers.join(WAIT_S) == []
        return self.readers.look(self.stop)


def dies(_reports: Reports, _stop: threading.Event) -> None:
    raise RuntimeError(UID.value.hex())


def leaves(_reports: Reports, _stop: threading.Event) -> None:
    """End as no reader should."""


def waits(_reports: Reports, stop: threading.Event) -> None:
    assert stop.wait(WAIT_S)


def test_what_a_reader_says_goes_on_with_its_name_and_its_direction() -> None:
    def taps(reports: Reports, _stop: threading.Event) -> None:
        reports.tapped(UID)
        reports.failed(Reason.CARD_CLASH)

    world = World(taps)
    world.start()
    assert world.readers.join(WAIT_S) == []
    entrance = ReaderId("entrance")
    assert world.desk.cards == [(entrance, Direction.OUT, UID), (entrance, None, Reason.CARD_CLASH)]


@pytest.mark.parametrize("do", [dies, leaves])
def test_a_dead_thread_is_told_of_and_started_anew_with_a_new_reader(
    do: Callable[[Reports, threading.Event], None],
) -> None:
    world = World(do)
    world.start()
    assert world.look_after_death() == []
    assert world.readers.join(WAIT_S) == []
    assert world.made == 2
    assert world.desk.states == [ReaderState.READY, ReaderState.FAULT, ReaderState.READY]


def test_the_log_tells_of_a_death_and_nothing_of_the_card(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = World(dies)
    world.start()
    world.look_after_death()
    assert "ended by a fault: RuntimeError" in caplog.text
    assert UID.value.hex() not in caplog.text


def test_a_thread_that_dies_too_often_ends_the_process() -> None:
    world = World(dies)
    world.start()
    for _ in range(STARTS_MAX - 1):
        world.now_s += 1
        assert world.look_after_death() == []
    assert world.look_after_death() == ["reader entrance"]
    assert world.made == STARTS_MAX


def test_deaths_that_lie_far_apart_end_nothing() -> None:
    world = World(dies)
    world.start()
    for _ in range(STARTS_MAX * 2):
        world.now_s += STARTS_WITHIN_S / (STARTS_MAX - 1)
        assert world.look_after_death() == []


def test_a_stuck_thread_is_told_of_and_is_as_it_was_once_it_goes_on() -> None:
    go_on, went_on = threading.Event(), threading.Event()

    def sticks(reports: Reports, stop: threading.Event) -> None:
        reports.alive(2.0)
        assert go_on.wait(WAIT_S)
        reports.alive(2.0)
        went_on.set()
        waits(reports, stop)

    world = World(sticks)
    world.start()
    while world.desk.states != [ReaderState.READY]:
        pass
    world.now_s = 2.0 + SLACK_S
    assert world.readers.look(world.stop) == []
    assert world.desk.states == [ReaderState.READY]
    world.now_s += 0.1
    assert [world.readers.look(world.stop), world.readers.look(world.stop)] == [[], []]
    assert world.desk.states == [ReaderState.READY, ReaderState.FAULT]
    go_on.set()
    assert went_on.wait(WAIT_S)
    assert world.readers.look(world.stop) == []
    assert world.desk.states == [ReaderState.READY, ReaderState.FAULT, ReaderState.READY]
    world.stop.set()
    assert world.readers.join(WAIT_S) == []


def test_a_thread_that_stays_stuck_ends_the_process() -> None:
    world = World(waits)
    world.start()
    world.minded.alive(2.0)
    world.now_s = 3.5
    assert world.readers.look(world.stop) == []
    world.now_s += STUCK_MAX_S
    assert world.readers.look(world.stop) == []
    world.now_s += 0.1
    assert world.readers.look(world.stop) == ["reader entrance"]
    world.stop.set()


def test_a_stop_is_no_death() -> None:
    world = World(waits)
    world.start()
    world.stop.set()
    assert world.look_after_death() == []
    assert world.made == 1


def test_a_driver_that_cannot_be_used_here_is_told_of_and_harms_nobody() -> None:
    def unavailable(_table: ReaderTable, _reports: Reports) -> Reader:
        message = "install it"
        raise ReaderUnavailableError(message)

    desk = Desk()
    readers = Readers(iter([MindedReader(TABLE, desk, unavailable)]))
    stop = threading.Event()
    readers.start(stop)
    assert (readers.look(stop), readers.join(WAIT_S), desk.states) == ([], [], [ReaderState.FAULT])
