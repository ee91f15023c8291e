"""`samverk bench start`: from the start of the desk's process to ready for taps, beside the start of a bare Python.

Ready is what systemd is told: the journal is open and checked, the roster found, and readers and door are listening.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from deploy.bench.figures import Figure, Measured, figure
from deploy.bench.house import SCRIPTED_READER, SITE_HEAD, write_members
from deploy.up.services import samverk
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential

STARTS = 10
READY_S = 30.0
SECRET = bytes(32)
BARE, FIRST, AGAIN = "a Python that does nothing", "the desk, for the first time", "the desk, again"


def measure(taps: int, members: int) -> Measured:  # noqa: ARG001 - what every measure is given
    """Return how long starts take, the very first of a house and later ones, with that many members on the roster."""
    with tempfile.TemporaryDirectory(prefix="sv-") as name:
        folder = Path(name)
        (folder / "site.toml").write_text((SITE_HEAD + SCRIPTED_READER).format(state_dir=folder))
        write_credential("badge-key-v1", SECRET.hex().encode(), folder)
        write_members(folder / "roster.db", members, SECRET, SystemClock()())
        figures = (
            figure(BARE, [_bare_s() for _ in range(STARTS)]),
            figure(FIRST, [ready_s(folder)], BARE),
            figure(AGAIN, [ready_s(folder) for _ in range(STARTS)], BARE),
        )
    return Measured(figures, _notes(figures, members))


def ready_s(folder: Path) -> float:
    """Start the desk of the house in that folder, stop it once it is ready, and return how many seconds that took."""
    with _told(folder / "ready") as told:
        began_s = time.perf_counter()
        with _running([*samverk("desk"), "--site", str(folder / "site.toml")], {"NOTIFY_SOCKET": told.getsockname()}):
            while told.recv(64) != b"READY=1":
                pass
            return time.perf_counter() - began_s


def _notes(figures: Sequence[Figure], members: int) -> tuple[str, ...]:
    worst_ms = max(one.p99_ms for one in figures)
    return (f"{members} members on the roster; the slowest start took {worst_ms / 1000:.2f} s",)


@contextmanager
def _told(path: Path) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as line:
        line.settimeout(READY_S)
        line.bind(str(path))
        try:
            yield line
        finally:
            path.unlink()


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _bare_s() -> float:
    began_s = time.perf_counter()
    subprocess.run([sys.executable, "-Ic", "pass"], check=True)
    return time.perf_counter() - began_s
