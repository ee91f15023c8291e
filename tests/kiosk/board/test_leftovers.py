"""What viewers who go away leave behind in the board's process: nothing."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.board import serve as serve_module
from kiosk.board.live import PING_S, VIEWERS_MAX, Live
from kiosk.board.serve import CONNECTIONS_MAX
from kiosk.board.stream import EventStream
from tests.kiosk.board.conftest import wait_until
from tests.kiosk.board.served_house import ServedHouse, served_house
from tests.kiosk.board.small_desk import small_board

pytestmark = pytest.mark.parts

CLOSED = 200
SEED = 7
PICTURES_MAX = 3000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ServedHouse]:
    with served_house(tmp_path) as one:
        yield one


def connect(house: ServedHouse) -> socket.socket:
    return socket.create_connection(("127.0.0.1", house.desk.site.tables.board.port), 10)


def ask_for_events(one: socket.socket) -> None:
    one.sendall(b"GET /events HTTP/1.1\r\nhost: board\r\n\r\n")


def sockets() -> int:
    """Return how many sockets this process has open; the board runs in it."""
    found = 0
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += str(one.readlink()).startswith("socket:")
    return found


def test_two_hundred_connections_closed_at_random_leave_nothing_behind(house: ServedHouse) -> None:
    chance = random.Random(SEED)  # noqa: S311 - which of them go when, the same every time
    with connect(house) as first:
        ask_for_events(first)
        assert first.recv(4096).startswith(b"HTTP/1.1 200")
    before, threads = settled(), threading.active_count()
    open_ones: list[socket.socket] = []
    answered = 0
    for _ in range(CLOSED):
        one = connect(house)
        kind = chance.randrange(4)
        if kind > 0:
            ask_for_events(one)
        if kind > 1:
            answered += one.recv(64).startswith(b"HTTP/1.1 ")
        if kind == 3:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        open_ones.append(one)
        while len(open_ones) > VIEWERS_MAX // 2 or (open_ones and chance.random() < 0.4):
            open_ones.pop(chance.randrange(len(open_ones))).close()
    for one in open_ones:
        one.close()
    assert answered > CLOSED // 4, "most of those who asked were answered"
    wait_until(lambda: sockets() <= before)
    assert threading.active_count() <= threads + 1
    seats = [connect(house) for _ in range(VIEWERS_MAX)]
    for one in seats:
        ask_for_events(one)
    assert {one.recv(12) for one in seats} == {b"HTTP/1.1 200"}, "every seat is free again"
    for one in seats:
        one.close()


def settled() -> int:
    """Return the number of sockets once the last who left is gone."""
    threading.Event().wait(0.3)
    return sockets()


def test_a_viewer_who_reads_nothing_is_given_up_and_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EventStream.__init__, "__kwdefaults__", {"send_s": 0.3})
    monkeypatch.setattr(serve_module, "UNREAD_MS_MAX", 500)
    often = {"viewers_max": VIEWERS_MAX, "gap_s": 0.005, "ping_s": PING_S}
    monkeypatch.setattr(Live.__init__, "__kwdefaults__", often)
    with served_house(tmp_path) as house, connect(house) as quick, socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", house.desk.site.tables.board.port))
        for one in (slow, quick):
            ask_for_events(one)
        assert quick.recv(12) == b"HTTP/1.1 200"
        before, heard = sockets(), 0
        for number in range(PICTURES_MAX):
            house.desk.show(small_board(in_house=100 + number))
            heard += quick.recv(65_536).count(b"event: picture")
            if sockets() < before:
                break
        assert sockets() < before, "the viewer who reads nothing is still there"
        assert heard > 1, "the other sees the house all the while"


def test_one_connection_too_many_is_turned_away_and_the_board_goes_on(house: ServedHouse) -> None:
    many = [connect(house) for _ in range(CONNECTIONS_MAX)]
    for one in many:
        one.sendall(b"GET / HTTP/1.1\r\nhost: board\r\n")
    with connect(house) as late:
        late.sendall(b"GET /picture.json HTTP/1.1\r\nhost: board\r\n\r\n")
        assert late.recv(12) == b"HTTP/1.1 503"
    for one in many:
        one.close()

    def answers() -> bool:
        with connect(house) as again:
            again.sendall(b"GET /picture.json HTTP/1.1\r\nhost: board\r\n\r\n")
            return again.recv(12) == b"HTTP/1.1 200"

    wait_until(answers)
