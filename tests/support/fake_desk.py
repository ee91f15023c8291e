"""A desk that says what a test tells it to, through a real Unix socket, and keeps what it was asked."""

import contextlib
import queue
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.domain.board import Board
from kiosk.door.messages import Ask, Say, SayBoard, ShowBoard, Watch, decode_asked, encode

WAIT_S = 5.0


class FakeDesk:
    """Serves the door at a path. Whoever watches or asks gets `board`, and everyone whatever `say` sends.

    `replies_left` is how many more boards are given, None for no limit; `first_line` is given in place of a board.
    """

    def __init__(self, path: Path, board: Board) -> None:
        """Listen at the path, and say this board to whoever asks."""
        self.board = board
        self.asked: queue.Queue[Ask] = queue.Queue()
        self.watching: list[Watch] = []
        self.replies_left: int | None = None
        self.asked_for_board = 0
        self.first_line: bytes | None = None
        self._path = path
        self._path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(path))
        self._server.listen()
        self._clients: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def say(self, said: Say) -> None:
        """Send one message to everyone connected."""
        self.say_raw(encode(said))

    def say_raw(self, line: bytes) -> None:
        """Send bytes as they are to everyone connected; whoever has gone hears nothing."""
        for client in list(self._clients):
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                client.sendall(line)

    def next_asked(self) -> Ask:
        """Return the next thing asked, other than watching and boards, or raise `queue.Empty` when none comes."""
        return self.asked.get(timeout=WAIT_S)

    def close(self) -> None:
        """Go away: every connection ends and the socket is gone. Closing twice is safe."""
        self._path.unlink(missing_ok=True)
        for one in (self._server, *self._clients):
            with contextlib.suppress(OSError):  # never connected, or gone already
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(WAIT_S)

    def __enter__(self) -> Self:
        """Return the desk, which already listens."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go away."""
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._server.accept()
            except OSError:
                return
            self._clients.append(client)
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client.makefile("rb") as lines:
            try:
                for line in lines:
                    self._hear(decode_asked(line), client)
            except OSError:
                return

    def _hear(self, ask: Ask, client: socket.socket) -> None:
        if not isinstance(ask, (Watch, ShowBoard)):
            self.asked.put(ask)
            return
        if isinstance(ask, Watch):
            self.watching.append(ask)
        else:
            self.asked_for_board += 1
        if self.replies_left is None or self.replies_left > 0:
            self.replies_left = None if self.replies_left is None else self.replies_left - 1
            client.sendall(self.first_line or encode(SayBoard(self.board)))
