"""A PC/SC reader in a process of its own, connected to one private daemon, telling what it reports.

A process of its own, because the PC/SC library keeps the first daemon it found, and because its threads and file descriptors
can be counted.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.domain.badge import Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.scard import load_scard
from kiosk.reader.pcsc.stopwatch import ReadTime, timed_reader
from tests.support.pcscd import Pcscd

WITHIN_S = 5.0
END_S = 5.0


@dataclass(frozen=True, slots=True)
class Report:
    """One report: `kind` is tapped, failed, changed or timed. `at_s` is the machine's monotonic time."""

    kind: str
    value: str
    at_s: float


class PcscdReader:
    """A running reader and what it has reported."""

    def __init__(self, daemon: Pcscd, match: str = "") -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, match],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | daemon.environment,
        )
        self._queue: queue.Queue[Report] = queue.Queue()
        self.reports: list[Report] = []
        """Everything taken so far by `next` and `until`."""
        threading.Thread(target=self._listen, name="pcscd-reader", daemon=True).start()

    def __enter__(self) -> Self:
        """Return the running reader."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process."""
        self.end()

    def next(self, within_s: float = WITHIN_S) -> Report:
        """Return the next report; raise `queue.Empty` if there is none in time."""
        report = self._queue.get(timeout=within_s)
        self.reports.append(report)
        return report

    def until(self, kind: str, value: str, within_s: float = WITHIN_S) -> Report:
        """Return the next report of this kind and value, passing over others."""
        while (report := self.next(within_s)).kind != kind or report.value != value:
            pass
        return report

    def rest(self) -> list[Report]:
        """Return what was reported and not taken yet."""
        taken = []
        while not self._queue.empty():
            taken.append(self.next())
        return taken

    @property
    def threads(self) -> int:
        """Return how many threads the process has."""
        return len(list(Path(f"/proc/{self._process.pid}/task").iterdir()))

    @property
    def files(self) -> int:
        """Return how many file descriptors the process has open; each PC/SC context is one."""
        return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))

    def end(self) -> tuple[float, str]:
        """Ask the reader to stop; return the seconds that took and its log."""
        begun = time.monotonic()
        _out, log = self._process.communicate(timeout=END_S) if self._process.stdin else (b"", b"")
        return time.monotonic() - begun, log.decode()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._queue.put(Report(**json.loads(line)))
