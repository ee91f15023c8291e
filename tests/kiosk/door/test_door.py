"""The door: whole lines in, whole lines out, and nobody outside can make the desk wait or grow."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.door import connection, server
from kiosk.door.aio import AsyncDoor
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.connection import Connection
from kiosk.door.messages import LINE_BYTES_MAX, SayAccepted, SayError, ScriptedTap, ShowBoard
from kiosk.door.server import DoorServer

WAIT_S = 5.0


class Echo:
    """Answers each line with its length, and remembers what it saw."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.connections: list[Connection] = []
        self.closed = threading.Semaphore(0)
        self.heard = threading.Semaphore(0)

    def on_line(self, one: Connection, line: bytes) -> None:
        """Answer one line, but for one that is a fault."""
        if line == b"boom":
            message = "a fault"
            raise RuntimeError(message)
        self.connections.append(one)
        one.send(SayAccepted(str(len(line))))
        self.heard.release()

    def on_closed(self, _one: Connection) -> None:
        """Count a client that went."""
        self.closed.release()


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def path(tmp_path: Path, echo: Echo) -> Iterator[Path]:
    where = tmp_path / "door.sock"
    door, stop = DoorServer(where, echo.on_line, echo.on_closed), threading.Event()
    thread = threading.Thread(target=door.run, args=(stop,))
    thread.start()
    yield where
    stop.set()
    door.wake()
    thread.join(WAIT_S)
    assert not thread.is_alive()
    assert not where.exists()


def raw(path: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(WAIT_S)
    client.connect(str(path))
    return client


def test_each_line_is_answered_however_it_is_cut_up(path: Path) -> None:
    with raw(path) as client:
        for piece in (b"ab", b"c\nde\n", b"f", b"\n"):
            client.sendall(piece)
        heard = b""
        while heard.count(b"\n") < 3:
            heard += client.recv(4096)
    lengths = [part.split(b'"')[-2] for part in heard.strip().split(b"\n")]
    assert lengths == [b"3", b"2", b"1"]


def test_the_socket_is_its_owners_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_without_end_closes_its_connection_and_no_other(path: Path) -> None:
    with raw(path) as good, raw(path) as endless:
        endless.sendall(b"x" * LINE_BYTES_MAX)
        endless.sendall(b"x")
        assert endless.recv(1) == b""
        good.sendall(b"still here\n")
        assert b"10" in good.recv(4096)


def test_a_client_that_never_reads_is_given_up_and_the_others_are_served(
    path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "OUT_BYTES_MAX", 64 * 1024)
    with raw(path) as deaf, raw(path) as good:
        deaf.sendall(b"hello\n")
        assert echo.heard.acquire(timeout=WAIT_S)
        for _ in range(4000):
            echo.connections[0].send(SayError(None, "x" * 500))
        assert echo.closed.acquire(timeout=WAIT_S)
        good.sendall(b"hi\n")
        assert b"2" in good.recv(4096)


def test_one_connection_too_many_is_turned_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "CONNECTIONS_MAX", 2)
    with raw(path) as first, raw(path) as second:
        for one in (first, second):
            one.sendall(b"x\n")
            assert one.recv(4096)
        with raw(path) as third:
            assert third.recv(1) == b""


def test_a_line_that_leads_to_a_fault_closes_its_connection_and_no_other(path: Path, echo: Echo) -> None:
    with raw(path) as good, raw(path) as bad:
        bad.sendall(b"boom\n")
        assert bad.recv(1) == b""
        assert echo.closed.acquire(timeout=WAIT_S)
        good.sendall(b"hi\n")
        assert b"2" in good.recv(4096)


def test_a_client_that_goes_is_forgotten(path: Path, echo: Echo) -> None:
    raw(path).close()
    assert echo.closed.acquire(timeout=WAIT_S)


def test_a_command_hears_the_reply_to_what_it_asked(path: Path) -> None:
    asked = ScriptedTap(id="17", reader="r", uid="04")
    with DoorClient(path) as client:
        client.say(asked)
        assert isinstance(client.hear(), SayAccepted)


def test_without_a_desk_the_client_says_so(tmp_path: Path) -> None:
    with pytest.raises(DoorClosedError, match="is `samverk desk` running"):
        DoorClient(tmp_path / "door.sock")


def test_a_file_left_by_a_dead_desk_is_replaced(tmp_path: Path, echo: Echo) -> None:
    where = tmp_path / "door.sock"
    left_behind = socket.socket(socket.AF_UNIX)
    left_behind.bind(str(where))
    left_behind.close()
    door, stop = DoorServer(where, echo.on_line, echo.on_closed), threading.Event()
    stop.set()
    door.run(stop)
    assert not where.exists()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_an_event_loop_can_hold_the_conversation_too(path: Path) -> None:
    door = await AsyncDoor.open(path)
    await door.say(ShowBoard(id="1"))
    assert isinstance(await door.hear(), SayAccepted)
    await door.close()


@pytest.mark.anyio
async def test_an_event_loop_is_told_when_there_is_no_desk(tmp_path: Path) -> None:
    with pytest.raises(DoorClosedError):
        await AsyncDoor.open(tmp_path / "door.sock")
