"""A real pseudo-terminal for programs that draw: type into it, and read what has been drawn so far."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

_CONTROL = re.compile(
    r"\x1b\[[0-9;?<>=$]*[a-zA-Z]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b[()][AB0]|\x1b[=>]"
)
READ_BYTES = 65536
PATIENCE_S = 40.0
"""Well beyond the seconds that a page stands by itself: nothing may depend on which of the two ends first."""
STOP_S = 5.0


class Terminal:
    """One program in a terminal of its own."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], rows: int = 24, columns: int = 80
    ) -> None:
        """Start the program in a terminal of that size."""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        full = {**environment, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(rows)}
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=full, start_new_session=True
        )
        os.close(theirs)
        self.drawn = ""

    def __enter__(self) -> Self:
        """Return the running program."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program if it has not ended."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self._ours)

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._ours, keys.encode())

    def wait_for(self, text: str, patience_s: float = PATIENCE_S) -> None:
        """Return once this text has been drawn since the last call of `forget`, or fail showing what was."""
        ends_s = time.monotonic() + patience_s
        while text not in plain(self.drawn):
            left_s = ends_s - time.monotonic()
            assert left_s > 0, f"never drawn: {text!r}; drawn: {plain(self.drawn)[-2000:]!r}"
            self._read(left_s)

    def wait_for_end(self, patience_s: float = PATIENCE_S) -> int:
        """Return the program's exit status, reading what it still draws."""
        ends_s = time.monotonic() + patience_s
        while self.process.poll() is None:
            assert time.monotonic() < ends_s, f"did not end; drawn: {plain(self.drawn)[-2000:]!r}"
            self._read(0.1)
        self._read(0.1)
        return int(self.process.returncode)

    def forget(self) -> None:
        """Forget what has been drawn so far."""
        self.drawn = ""

    def _read(self, patience_s: float) -> None:
        ready, _, _ = select.select([self._ours], [], [], min(patience_s, 0.5))
        if ready:
            try:
                self.drawn += os.read(self._ours, READ_BYTES).decode(errors="replace")
            except OSError:  # Linux says EIO once the program has closed its side
                return


def plain(drawn: str) -> str:
    """Return what was drawn without its control sequences."""
    return _CONTROL.sub("", drawn)
