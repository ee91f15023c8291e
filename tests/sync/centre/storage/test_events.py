"""Batches that wait for each other are written together, and each gets its own answer."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec
import pytest

from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.events import Told, Verdict, read_event
from sync.centre.storage.events import GROUP_MAX, Events
from sync.centre.storage.opening import open_rooms
from sync.centre.storage.postgres import COPY_ROWS_MIN
from sync.centre.storage.room import Room, UnavailableError, Work
from sync.centre.storage.tokens import Bearer, Role
from tests.support.centre import SITE, SOURCE
from tests.support.centre_events import arrived

BEARER = Bearer(Role.HOUSE, SITE, SOURCE)
WAIT_S = 10.0


class SlowRoom:
    """A room whose first transaction waits until it may go on, and that counts and can fail."""

    def __init__(self, room: Room) -> None:
        """Stand before that room."""
        self._room = room
        self.began = threading.Event()
        self.go_on = threading.Event()
        self.transactions = 0
        self.is_broken = False

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """Begin a transaction, the first one slowly."""
        self.transactions += 1
        self.began.set()
        assert self.go_on.wait(WAIT_S)
        if self.is_broken:
            message = "as ordered"
            raise UnavailableError(message)
        with self._room.transaction() as work:
            yield work

    def reading(self) -> AbstractContextManager[Work]:
        """Refuse: nothing here reads."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go."""


@pytest.fixture
def room(in_memory: Path) -> Iterator[SlowRoom]:
    """Return a slow room."""
    rooms = open_rooms(in_memory / "centre.db")
    yield SlowRoom(rooms[1])
    for one in rooms:
        one.close()


def told(*numbers: int) -> list[Told]:
    """Return the arrivals of those numbers."""
    read = [read_event(msgspec.Raw(msgspec.json.encode(arrived(one, number=one))), BEARER) for one in numbers]
    return [one for one in read if isinstance(one, Told)]


def at_once(room: SlowRoom, events: Events, parts: list[list[Told]]) -> list[list[Verdict] | Exception]:
    """Keep all parts while the first one is being written, and return what each was answered."""
    answers: list[list[Verdict] | Exception] = [[] for _ in parts]

    def keep(number: int) -> None:
        try:
            answers[number] = [one.verdict for one in events.keep(parts[number], SystemClock()())]
        except UnavailableError as error:
            answers[number] = error

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(len(parts))]
    threads[0].start()
    assert room.began.wait(WAIT_S)
    for one in threads[1:]:
        one.start()
    pause = threading.Event()
    for _ in range(int(WAIT_S * 100)):
        if len(events.waiting) == len(parts) - 1:
            break
        pause.wait(0.01)
    room.go_on.set()
    for one in threads:
        one.join()
    return answers


def test_batches_that_wait_are_written_in_one_transaction_and_answered_each(room: SlowRoom) -> None:
    events = Events(room, Ids())
    answers = at_once(room, events, [told(1), told(2, 3), told(3), told(4)])
    assert room.transactions == 2
    assert answers[0] == [Verdict.ACCEPTED]
    assert answers[3] == [Verdict.ACCEPTED]
    second, third = answers[1], answers[2]
    assert isinstance(second, list)
    assert isinstance(third, list)
    assert sorted(second + third) == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.DUPLICATE]


def test_no_transaction_is_larger_than_the_bound(room: SlowRoom) -> None:
    events = Events(room, Ids())
    half = GROUP_MAX // 2 + 1
    parts = [told(1), told(*range(10, 10 + half)), told(*range(10_000, 10_000 + half))]
    assert all(isinstance(one, list) and set(one) == {Verdict.ACCEPTED} for one in at_once(room, events, parts))
    assert room.transactions == 3


def test_whoever_waited_for_a_transaction_that_failed_hears_of_it(room: SlowRoom) -> None:
    events = Events(room, Ids())
    room.is_broken = True
    answers = at_once(room, events, [told(1), told(2), told(3)])
    assert all(isinstance(one, UnavailableError) for one in answers)
    room.is_broken = False
    assert [one.verdict for one in events.keep(told(2), SystemClock()())] == [Verdict.ACCEPTED]


@pytest.mark.parametrize("count", [COPY_ROWS_MIN - 1, COPY_ROWS_MIN, COPY_ROWS_MIN * 3])
def test_what_is_new_is_told_apart_whatever_way_the_rows_take(database: str, count: int) -> None:
    rooms = open_rooms(database)
    events = Events(rooms[1], Ids())
    now = SystemClock()()
    first, mixed = told(*range(1, count + 1)), told(*range(count // 2 + 1, count + count // 2 + 1))
    assert {one.verdict for one in events.keep(first, now)} == {Verdict.ACCEPTED}
    verdicts = [one.verdict for one in events.keep(mixed, now)]
    expected = [Verdict.DUPLICATE if one.sequence <= count else Verdict.ACCEPTED for one in mixed]
    assert verdicts == expected
    assert {one.verdict for one in events.keep(mixed, now)} == {Verdict.DUPLICATE}
    for one in rooms:
        one.close()


@pytest.mark.parametrize("count", [COPY_ROWS_MIN - 1, COPY_ROWS_MIN, COPY_ROWS_MIN * 3])
def test_a_single_one_that_comes_again_among_many_new_ones_is_told_apart(database: str, count: int) -> None:
    rooms = open_rooms(database)
    events = Events(rooms[1], Ids())
    now = SystemClock()()
    again = told(count // 3)
    assert [one.verdict for one in events.keep(again, now)] == [Verdict.ACCEPTED]
    verdicts = [one.verdict for one in events.keep(told(*range(1, count + 1)), now)]
    assert [number for number, one in enumerate(verdicts, start=1) if one is Verdict.DUPLICATE] == [count // 3]
    assert set(verdicts) == {Verdict.ACCEPTED, Verdict.DUPLICATE}
    for one in rooms:
        one.close()


@pytest.mark.parts
def test_the_same_events_told_to_two_processes_at_once_are_new_once(postgres: str) -> None:
    rooms = [open_rooms(postgres)[1] for _ in range(3)]
    same, now = told(*range(1, COPY_ROWS_MIN * 4 + 1)), SystemClock()()
    answers: list[list[Verdict]] = []

    def keep(room: Room) -> None:
        answers.append([one.verdict for one in Events(room, Ids()).keep(same, now)])

    threads = [threading.Thread(target=keep, args=(room,)) for room in rooms]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for number in range(len(same)):
        assert sorted(answer[number] for answer in answers) == [Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.DUPLICATE]
    for room in rooms:
        room.close()
