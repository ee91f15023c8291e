"""The members' screen on a real pseudo-terminal, and when a text stood in what it wrote."""

import os
import pty
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ROWS, COLUMNS = 30, 100
READ_BYTES = 65536
STOP_S = 5.0


class ScreenTerminal:
    """`samverk screen` in a terminal of its own, or with `command` another program that draws."""

    def __init__(self, site_file: Path, command: Sequence[str] | None = None) -> None:
        """Start it."""
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (ROWS, COLUMNS))
        self._process = subprocess.Popen(
            command or [sys.executable, "-m", "deploy", "screen", "--site", str(site_file), "--silent"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(theirs)
        self._news = threading.Condition()
        self._wanted = b""
        self._seen_s: float | None = None
        self._tail = b""
        threading.Thread(target=self._read, name="terminal", daemon=True).start()

    def __enter__(self) -> Self:
        """Return the running screen."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)

    @property
    def pid(self) -> int:
        """Return the program's process id."""
        return self._process.pid

    def expect(self, text: str) -> None:
        """Begin to look for this text, in what is written from now on."""
        with self._news:
            self._wanted, self._seen_s, self._tail = text.encode(), None, b""

    def seen_s(self, within_s: float) -> float | None:
        """Return when, by `time.perf_counter`, the text stood there whole, waiting for it; None if it never did."""
        with self._news:
            self._news.wait_for(lambda: self._seen_s is not None, within_s)
            return self._seen_s

    def _read(self) -> None:
        while True:
            try:
                some = os.read(self._ours, READ_BYTES)
            except OSError:  # nobody holds the other end any more
                return
            now_s = time.perf_counter()
            with self._news:
                text = self._tail + some
                if self._seen_s is None and self._wanted and self._wanted in text:
                    self._seen_s = now_s
                    self._news.notify_all()
                self._tail = text[-len(self._wanted or b" ") :]
