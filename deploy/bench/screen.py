"""`samverk bench screen`: from the committed answer at the door to the whole page on a real terminal, beside one label.

The two programs are asked in turn, so that what else the machine does meets both alike. Each answer changes every line
of the page: its language is the other one. Seen is the last row of words, which is written last.
"""

import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.bench.figures import Amount, Figure, Measured, figure
from deploy.bench.house import bench_site_file
from deploy.bench.terminal import ScreenTerminal
from deploy.example_house import ANSWERS, BOARD
from kiosk.domain.ids import RequestId
from kiosk.domain.members import Language
from kiosk.door.messages import SayAnswer, SayBoard, encode

ANSWERS_PER_TAP = 5
START_S = 20.0
BETWEEN_S = 0.05
"""Nobody shows two badges faster than this."""
ANSWER_GONE_S = 20.0
"""After this long the last answer is put away and the screen rests."""
ALIVE_S = 5.0
"""A desk that is silent for longer is asked whether it is there."""
IDLE_S = 20.0
BUSY_S = 10.0
CHANGES_PER_S = 10
WAITING = "Visa ditt kort"
LAST_ROW = {Language.SV: "Klar", Language.EN: "Done"}
_LABEL = """
import asyncio, sys
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("ready")
    async def on_mount(self):
        self.hearing = asyncio.create_task(self.listen())
    async def listen(self):
        reader, _ = await asyncio.open_unix_connection(sys.argv[1])
        while line := await reader.readline():
            self.query_one(Label).update(line.decode().strip())
Bare().run()
"""
"""The least that can be drawn with the same library. A program of its own, as the screen is."""

DRAWN, LABEL = "answer to whole page", "answer to one label"


class BenchError(Exception):
    """What was to be measured did not come about."""


class _Side:
    """One end of a Unix socket, where one program listens to what is said."""

    def __init__(self, path: Path) -> None:
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(path))
        self._server.listen(1)
        self._server.settimeout(START_S)
        self._client: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._client, self._server):
            if one is not None:
                one.close()

    def say(self, line: bytes) -> None:
        if self._client is None:
            self._client, _address = self._server.accept()
        self._client.sendall(line)


def measure(taps: int, members: int) -> tuple[Sequence[Figure], Sequence[str], Sequence[Amount]]:
    """Return the figures. The roster has no part in this."""
    del members
    return measured(taps * ANSWERS_PER_TAP, IDLE_S, BUSY_S)


def measured(answers: int, idle_s: float, busy_s: float) -> Measured:
    """Return the times of so many answers, and the shares of a core over so many seconds at rest and busy."""
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder, ExitStack() as parts:
        home = Path(folder)
        desk, bare = (parts.enter_context(_Side(home / name)) for name in ("door.sock", "bare.sock"))
        site = bench_site_file(home)
        screen = parts.enter_context(ScreenTerminal(site))
        label = parts.enter_context(ScreenTerminal(site, [sys.executable, "-c", _LABEL, str(home / "bare.sock")]))
        _seen(desk, encode(SayBoard(BOARD)), screen, WAITING)
        _seen(bare, b"begin\n", label, "begin")
        pages, labels = _answers((desk, screen), (bare, label), answers)
        amounts = _shares(desk, screen, label, idle_s, busy_s)
    return Measured([figure(LABEL, labels), figure(DRAWN, pages, LABEL)], [], amounts)


def _answers(
    ours: tuple[_Side, ScreenTerminal], bare: tuple[_Side, ScreenTerminal], count: int
) -> tuple[list[float], list[float]]:
    pages, labels = [], []
    for number in range(count):
        language = Language.EN if number % 2 else Language.SV
        answer = replace(ANSWERS["arrived"], request=RequestId(f"r{number}"), language=language)
        pages.append(_seen(ours[0], encode(SayAnswer(answer)), ours[1], LAST_ROW[language]))
        threading.Event().wait(BETWEEN_S)
        labels.append(_seen(bare[0], f"number-{number}-\n".encode(), bare[1], f"number-{number}-"))
        threading.Event().wait(BETWEEN_S)
    return pages, labels


def _seen(side: _Side, line: bytes, terminal: ScreenTerminal, text: str) -> float:
    """Say the line, and return the seconds until the text stood on the terminal."""
    terminal.expect(text)
    began_s = time.perf_counter()
    side.say(line)
    seen_s = terminal.seen_s(START_S)
    if seen_s is None:
        message = f"{text!r} was not drawn"
        raise BenchError(message)
    return seen_s - began_s


def _shares(desk: _Side, screen: ScreenTerminal, label: ScreenTerminal, idle_s: float, busy_s: float) -> list[Amount]:
    """Return the shares of a core while nobody comes, and while sensors change the house ten times a second."""
    _tell(desk, min(ANSWER_GONE_S, idle_s), 1 / ALIVE_S)
    resting = _tell(desk, idle_s, 1 / ALIVE_S, screen.pid, label.pid)
    busy = _tell(desk, busy_s, CHANGES_PER_S, screen.pid)
    return [
        Amount(name="one label, idle", value=resting[1] * 100, unit="% of a core"),
        Amount(name="screen, idle", value=resting[0] * 100, unit="% of a core", bare="one label, idle"),
        Amount(name=f"screen, {CHANGES_PER_S} changes/s", value=busy[0] * 100, unit="% of a core"),
    ]


def _tell(desk: _Side, seconds: float, per_s: float, *pids: int) -> list[float]:
    """Tell of the house so often, each time changed if more than once a second, and return the processes' shares."""
    before = [_cpu_s(one) for one in pids]
    for number in range(round(seconds * per_s)):
        in_house = number if per_s > 1 else BOARD.in_house
        desk.say(encode(SayBoard(replace(BOARD, in_house=in_house))))
        threading.Event().wait(1 / per_s)
    return [(_cpu_s(one) - used) / seconds for one, used in zip(pids, before, strict=True)]


def _cpu_s(pid: int) -> float:
    """Return the seconds of processor time that the process has used (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
