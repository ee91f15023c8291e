"""A PC/SC reader in a process of its own, connected to one private daemon, telling what it reports.

A process of its own, because the PC/SC library keeps to the first daemon it found, and because its threads and files
can be counted.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.bench.virtual_reader.daemon import Pcscd
from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.scard import load_scard
from kiosk.reader.pcsc.stopwatch import ReadTime, timed_reader
from kiosk.tools.log import start_log

WITHIN_S = 5.0
END_S = 5.0
AT_ONCE_S = -1.0
"""No card is the second of two: how soon after each other cards come here is the machine's doing, and no hand's."""

_ROOT = Path(__file__).parents[2]


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
        self._log_file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process may write to it
        self.log = ""
        """Everything the reader has logged, at every level, once it has ended."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, match],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log_file,
            cwd=_ROOT,
            env=os.environ | daemon.environment,
        )
        self._queue: queue.Queue[Report] = queue.Queue()
        self.reports: list[Report] = []
        """Everything taken so far by `next` and `until`."""
        self._listener = threading.Thread(target=self._listen, name="pcscd-reader", daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        """Return the running reader."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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

    @property
    def memory_kb(self) -> int:
        """Return how much memory the process has in use."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

    def end(self) -> float:
        """Ask the reader to stop, as a service is, and return the seconds that took."""
        if self._process.stdin is None or self._process.stdin.closed:
            return 0.0
        begun = time.monotonic()
        self._process.stdin.close()
        try:
            self._process.wait(END_S)
        finally:
            self._process.kill()
        took_s = time.monotonic() - begun
        self._listener.join(END_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        with self._log_file as log:
            log.seek(0)
            self.log = log.read().decode()
        return took_s

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._queue.put(Report(**json.loads(line)))


class _Printed:
    """Reports, one JSON line each."""

    def tapped(self, uid: Uid, _proof: Proof | None = None, /) -> None:
        _print("tapped", uid.value.hex())

    def failed(self, reason: Reason) -> None:
        _print("failed", reason)

    def alive(self, within_s: float) -> None:
        pass  # nobody supervises us

    def changed(self, state: ReaderState) -> None:
        _print("changed", state)


def _timed(times: ReadTime) -> None:
    _print("timed", f"{times.read_s * 1000:.3f} {times.bare_s * 1000:.3f}")


def _print(kind: str, value: str) -> None:
    sys.stdout.write(json.dumps({"kind": kind, "value": value, "at_s": time.monotonic()}) + "\n")
    sys.stdout.flush()


def _main() -> None:
    start_log("samverk", verbose=True)
    stop = threading.Event()
    reader = timed_reader(_Printed(), load_scard(), _timed, match=sys.argv[1], gap_s=AT_ONCE_S)
    thread = threading.Thread(target=reader.run, args=(stop,))
    thread.start()
    sys.stdin.read()
    stop.set()
    thread.join()


if __name__ == "__main__":
    _main()
