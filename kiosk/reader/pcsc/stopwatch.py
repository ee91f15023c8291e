"""Measuring a reader from the outside: how long from PC/SC's event to the UID, and how much of it was PC/SC itself."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.codes import SUCCESS
from kiosk.reader.pcsc.field import GAP_S
from kiosk.reader.pcsc.reader import PcscReader
from kiosk.reader.pcsc.scard import Card, Context, Scard
from kiosk.reader.reports import Reports

Counter = Callable[[], float]
"""Seconds on any steady scale, like `time.perf_counter`."""


@dataclass(frozen=True, slots=True)
class ReadTime:
    """One tap, on the counter's scale. `seen` is when the blocking wait ended, `handed` when the listener was called.

    `bare_s` is what the PC/SC calls between the two took: the cost without this driver.
    """

    seen: float
    handed: float
    bare_s: float

    @property
    def read_s(self) -> float:
        """Return the seconds from PC/SC's event to the UID in the listener's hand."""
        return self.handed - self.seen


def timed_reader(  # noqa: PLR0913 - a reader's own, and the stopwatch's
    reports: Reports,
    scard: Scard,
    heard: Callable[[ReadTime], None],
    *,
    match: str = "",
    gap_s: float = GAP_S,
    counter: Counter = time.perf_counter,
) -> PcscReader:
    """Return a reader that works as any other, and calls `heard` in its thread just before each `reports.tapped`."""
    stopwatch = _Stopwatch(scard, counter)
    return PcscReader(_TimedReports(reports, stopwatch, heard), stopwatch, match=match, gap_s=gap_s)


class _Stopwatch:
    """PC/SC, with a note of when the last wait returned and of the time spent in calls since then."""

    def __init__(self, scard: Scard, counter: Counter) -> None:
        self._scard = scard
        self._counter = counter
        self._seen = counter()
        self._bare_s = 0.0

    def read_time(self) -> ReadTime:
        return ReadTime(self._seen, self._counter(), self._bare_s)

    def establish(self) -> tuple[int, Context]:
        return self._scard.establish()

    def release(self, context: Context) -> int:
        return self._scard.release(context)

    def cancel(self, context: Context) -> int:
        return self._scard.cancel(context)

    def readers(self, context: Context) -> tuple[int, list[str]]:
        return self._scard.readers(context)

    def wait(self, context: Context, timeout_ms: int, words: Mapping[str, int]) -> tuple[int, dict[str, int]]:
        code, states = self._scard.wait(context, timeout_ms, words)
        if code == SUCCESS:
            self._seen = self._counter()
            self._bare_s = 0.0
        return code, states

    def connect(self, context: Context, reader: str) -> tuple[int, Card, int]:
        begun = self._counter()
        outcome = self._scard.connect(context, reader)
        self._bare_s += self._counter() - begun
        return outcome

    def connect_direct(self, context: Context, reader: str) -> tuple[int, Card]:
        return self._scard.connect_direct(context, reader)

    def control(self, card: Card, command: bytes) -> tuple[int, bytes]:
        return self._scard.control(card, command)

    def atr(self, card: Card) -> tuple[int, bytes]:
        return self._scard.atr(card)

    def transmit(self, card: Card, protocol: int, command: bytes) -> tuple[int, bytes]:
        begun = self._counter()
        outcome = self._scard.transmit(card, protocol, command)
        self._bare_s += self._counter() - begun
        return outcome

    def disconnect(self, card: Card) -> int:
        begun = self._counter()
        code = self._scard.disconnect(card)
        self._bare_s += self._counter() - begun
        return code


class _TimedReports:
    """Reports, with the time of each tap told first."""

    def __init__(self, reports: Reports, stopwatch: _Stopwatch, heard: Callable[[ReadTime], None]) -> None:
        self._reports = reports
        self._stopwatch = stopwatch
        self._heard = heard

    def tapped(self, uid: Uid, proof: Proof | None = None, /) -> None:
        self._heard(self._stopwatch.read_time())
        self._reports.tapped(uid, proof)

    def failed(self, reason: Reason) -> None:
        self._reports.failed(reason)

    def alive(self, within_s: float) -> None:
        self._reports.alive(within_s)

    def changed(self, state: ReaderState) -> None:
        self._reports.changed(state)
