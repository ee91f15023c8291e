"""The worker: a bounded queue, one thread, and whatever fails fails alone."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.desk.desk import Books, Desk
from kiosk.desk.worker import QUEUE_MAX, Asked, PeopleAsked, Worker, turned_away
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.board import Board, Person, ReaderState
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId, host
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Tap
from tests.support.books import UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import ToldClock, at

WAIT_S = 5.0
ENTRANCE = ReaderId("entrance")


class Listener:
    """Keeps what the worker tells."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self.answers: list[Answer] = []
        self.boards: list[Board] = []
        self.answered = threading.Semaphore(0)

    def on_answer(self, answer: Answer) -> None:
        """Keep an answer."""
        self.answers.append(answer)
        self.answered.release()

    def wait(self, count: int) -> None:
        """Wait until that many more answers have come."""
        for _ in range(count):
            assert self.answered.acquire(timeout=WAIT_S)


def tap(name: str, seconds: float = 0) -> Tap:
    uid = Uid(bytes.fromhex(UIDS[name]))
    number = RequestId(f"tap-{list(UIDS).index(name)}")
    return Tap(id=number, at=at(seconds), reader=ENTRANCE, direction=Direction.BOTH, uid=uid)


PENDING = 20
"""How many taps can wait while the desk is busy, and none is lost."""


def nobody(_answer: Answer) -> None:
    """Take an answer that nobody asked to have sent."""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Desk, Books]]:
    write_roster(tmp_path / "roster.db")
    desk, books = open_desk(make_site(tmp_path))
    yield desk, books
    close_books(books)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def worker(opened: tuple[Desk, Books], listener: Listener) -> Worker:
    return Worker(opened[0], ToldClock(), listener.on_answer, listener.boards.append)


def run_until_done(worker: Worker) -> None:
    """Let the worker serve what is in its queue, and stop."""
    stop = threading.Event()
    stop.set()
    worker.run(stop)


def test_requests_are_answered_in_their_order_also_after_stop_was_asked(worker: Worker, listener: Listener) -> None:
    for name in UIDS:
        assert worker.submit(Asked(tap(name), nobody))
    run_until_done(worker)
    assert [one.name for one in listener.answers] == list(UIDS)


def test_a_full_queue_turns_away_with_a_reason_and_loses_nothing_in_it(worker: Worker, listener: Listener) -> None:
    taken = [worker.submit(Asked(tap("Astrid"), nobody)) for _ in range(QUEUE_MAX + 3)]
    assert taken == [True] * QUEUE_MAX + [False] * 3
    away = turned_away(tap("Bo"), Reason.DESK_BUSY)
    assert (away.reason, away.reader) == (Reason.DESK_BUSY, ENTRANCE)
    run_until_done(worker)
    assert len(listener.answers) == QUEUE_MAX


def test_twenty_taps_while_the_desk_is_held_up_are_all_answered(worker: Worker, listener: Listener) -> None:
    stop, thread = threading.Event(), None
    for _ in range(20):
        assert worker.submit(Asked(tap("Astrid"), nobody))
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    listener.wait(20)
    stop.set()
    worker.wake()
    thread.join(WAIT_S)
    assert not thread.is_alive()


def test_one_request_that_fails_is_a_fault_for_one_and_the_next_is_served(
    worker: Worker, listener: Listener, opened: tuple[Desk, Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_keys: object) -> None:
        message = "out of order"
        raise RuntimeError(message)

    with monkeypatch.context() as fault:
        fault.setattr(opened[1].roster, "holder_of_badge", broken)
        worker.submit(Asked(tap("Astrid"), nobody))
        run_until_done(worker)
    worker.submit(Asked(tap("Bo"), nobody))
    run_until_done(worker)
    assert [one.reason for one in listener.answers] == [Reason.FAULT, None]
    assert [one.reader for one in listener.answers] == [ENTRANCE, ENTRANCE]


def test_a_picture_is_told_when_it_is_news_and_only_then(worker: Worker, listener: Listener) -> None:
    for _ in range(3):
        run_until_done(worker)
        worker.wake()
    assert len(listener.boards) == 1
    worker.reader_changed(ENTRANCE, ReaderState.READY)
    worker.submit(Asked(tap("Astrid"), nobody))
    run_until_done(worker)
    assert listener.boards[-1].in_house == 1
    assert listener.boards[-1].readers[0].state is ReaderState.READY


def test_a_list_of_people_that_cannot_be_made_is_not_an_empty_one(
    worker: Worker, opened: tuple[Desk, Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        message = "disk full"
        raise OSError(message)

    heard: list[tuple[Person, ...] | None] = []
    monkeypatch.setattr(opened[1].journal, "log_access", broken)
    worker.submit(PeopleAsked(host("eva"), "roll call", heard.append))
    run_until_done(worker)
    assert heard == [None]


def test_the_reply_comes_besides_what_the_listeners_hear(worker: Worker, listener: Listener) -> None:
    heard: list[Answer] = []
    worker.submit(Asked(tap("Astrid"), heard.append))
    run_until_done(worker)
    assert heard == listener.answers
    assert heard[0].outcome is Outcome.ARRIVED


def test_taps_during_a_slow_database_are_answered_in_their_order_and_none_is_lost(
    worker: Worker, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, entered, stop = threading.Event(), threading.Event(), threading.Event()
    handle = Desk.handle

    def slow(desk: Desk, request: Tap) -> Answer:
        entered.set()
        assert free.wait(WAIT_S)
        return handle(desk, request)

    monkeypatch.setattr(Desk, "handle", slow)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    taps = [replace(tap(("Astrid", "Bo")[at % 2], at * 60.0), id=RequestId(f"tap-{at}")) for at in range(PENDING + 1)]
    assert worker.submit(Asked(taps[0], nobody))
    assert entered.wait(WAIT_S)
    assert all(worker.submit(Asked(one, nobody)) for one in taps[1:])
    free.set()
    listener.wait(PENDING + 1)
    stop.set()
    worker.wake()
    thread.join(WAIT_S)
    assert [one.request for one in listener.answers] == [one.id for one in taps]
    assert Outcome.REFUSED not in {one.outcome for one in listener.answers}
