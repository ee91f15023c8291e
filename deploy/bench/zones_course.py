"""What is put to one program that answers for zones: bursts of news, bursts of changes, and floods."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from random import Random

from deploy.bench.zones_load import Listener, presence, reachable
from deploy.bench.zones_rig import SENSORS, UP_S, ZONES, RigError, Running
from deploy.bench.zones_wire import Wire

BURST = 10
"""How many messages come at once."""

EVERY_S = 0.1
"""Ten bursts a second."""

TIMED = 3
"""A zone's small news is said once a second: of forty, three at each burst have had theirs."""

ANSWER_S = 3.0
"""An answer that takes longer is lost."""

SLICE_S = 0.005
"""A flood is sent in slices this long."""

LAG_S = 1.5
"""A rate is sustained if every zone's last word is said so soon after it: small news may wait a second."""

SENT_MIN = 0.97
"""What part of a rate must really have been sent."""

UNKNOWN, OCCUPIED = "unknown", "occupied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What became of a flood. `lag_s`: until every zone's last change was said, None if one was not."""

    rate: int
    sent: int
    sent_s: float
    lag_s: float | None
    right: int
    said: int
    cpu_s: float
    rss_mb: float

    @property
    def is_sustained(self) -> bool:
        """Return whether the rate was really sent, and every last change said in time."""
        return self.lag_s is not None and self.lag_s <= LAG_S and self.sent / self.sent_s >= SENT_MIN * self.rate


class Course:
    """One program, which answers for the zones at its broker."""

    def __init__(self, program: Running, mouth: Wire, listener: Listener) -> None:
        """Take the program and the two ends."""
        self._program = program
        self._mouth = mouth
        self._listener = listener
        self._numbers = count(1)
        self._on = [[True] * SENSORS for _ in range(ZONES)]
        self._random = Random(1)  # noqa: S311 - a load, no secret

    def settle(self) -> None:
        """Let every sensor be reached and see people, again and again until every zone says so, or raise `RigError`."""
        until_s = time.monotonic() + UP_S
        self._on = [[True] * SENSORS for _ in range(ZONES)]
        while time.monotonic() < until_s:
            wanted: dict[int, int | str] = {}
            packets = b""
            for zone in range(ZONES):
                for sensor in range(SENSORS):
                    # An edge is news whatever was before it.
                    packets += reachable(zone, sensor, is_on=True)
                    packets += presence(zone, sensor, next(self._numbers), is_on=False)
                    wanted[zone] = number = next(self._numbers)
                    packets += presence(zone, sensor, number, is_on=True)
            self._mouth.send(packets)
            if self._wait(wanted, ANSWER_S) is not None:
                self._rest(1.5)
                return
        message = "the zones were not all said"
        raise RigError(message)

    def news(self, rounds: int) -> tuple[list[float], int]:
        """Return the seconds from a burst to each answer of it, and how many were never answered.

        Three messages of ten are news of their zones, which stay occupied; seven repeat what their sensors said before.
        """
        zones, took, lost = count(), [], 0
        for number in self._beats(rounds):
            wanted: dict[int, int | str] = {}
            packets = b""
            for zone in (next(zones) % ZONES for _ in range(TIMED)):
                wanted[zone] = next(self._numbers)
                packets += self._turned(zone, number % SENSORS, int(wanted[zone]))
            for place in range(BURST - TIMED):
                packets += self._repeated((TIMED * (number + 1) + place) % ZONES)
            answers = self._answers(packets, wanted)
            took += answers
            lost += len(wanted) - len(answers)
        return took, lost

    def changes(self, rounds: int) -> tuple[list[float], int]:
        """Return the same where each message of a burst changes its zone's state: its last sensor is lost or back."""
        silent = b"".join(reachable(zone, sensor, is_on=False) for zone in range(ZONES) for sensor in range(1, SENSORS))
        self._mouth.send(silent)
        self._rest(1.5)
        took, lost = [], 0
        for number in self._beats(rounds - rounds % (2 * ZONES // BURST)):
            turn, part = divmod(number, ZONES // BURST)
            is_back = turn % 2 == 1
            zones = range(part * BURST, (part + 1) * BURST)
            wanted: dict[int, int | str] = dict.fromkeys(zones, OCCUPIED if is_back else UNKNOWN)
            answers = self._answers(b"".join(reachable(zone, 0, is_on=is_back) for zone in zones), wanted)
            took += answers
            lost += len(wanted) - len(answers)
        return took, lost

    def flood(self, rate: int, seconds: float) -> Flood:
        """Send news at that rate, then each zone's last change: half of them lose all their sensors."""
        cpu_s, said_before = self._program.cpu_s, self._listener.said
        with self._followed():
            sent, sent_s = self._pour(rate, seconds)
            wanted: dict[int, int | str] = {}
            packets = b""
            for zone in range(ZONES):
                for sensor in range(SENSORS):
                    wanted[zone] = number = next(self._numbers)
                    packets += self._turned(zone, sensor, number) if zone % 2 else reachable(zone, sensor, is_on=False)
                if zone % 2 == 0:
                    wanted[zone] = UNKNOWN
            self._mouth.send(packets)
            lag_s = self._watched(wanted)
        flood = Flood(
            rate=rate,
            sent=sent,
            sent_s=sent_s,
            lag_s=lag_s,
            right=self._listener.are_right(wanted),
            said=self._listener.said - said_before,
            cpu_s=self._program.cpu_s - cpu_s,
            rss_mb=self._program.rss_mb,
        )
        self.settle()
        return flood

    def _pour(self, rate: int, seconds: float) -> tuple[int, float]:
        began_s, sent, pause = time.monotonic(), 0, threading.Event()
        while (now_s := time.monotonic() - began_s) < seconds:
            packets = b""
            while sent < now_s * rate:
                zone, sensor = self._random.randrange(ZONES), self._random.randrange(SENSORS)
                packets += self._turned(zone, sensor, next(self._numbers))
                sent += 1
            self._mouth.send(packets)
            pause.wait(max(0.0, SLICE_S - (time.monotonic() - began_s - now_s)))
        return sent, time.monotonic() - began_s

    def _turned(self, zone: int, sensor: int, number: int) -> bytes:
        self._on[zone][sensor] = not self._on[zone][sensor]
        return presence(zone, sensor, number, is_on=self._on[zone][sensor])

    def _repeated(self, zone: int) -> bytes:
        sensor = self._random.randrange(SENSORS)
        return presence(zone, sensor, next(self._numbers), is_on=self._on[zone][sensor])

    def _beats(self, rounds: int) -> Iterator[int]:
        """Yield a number every tenth of a second, reading what comes meanwhile."""
        began_s = time.monotonic()
        for number in range(rounds):
            self._rest(began_s + number * EVERY_S - time.monotonic())
            yield number

    def _rest(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self._listener.read(left_s)

    def _answers(self, packets: bytes, wanted: dict[int, int | str]) -> list[float]:
        """Send, and return the seconds to each answer."""
        took: list[float] = []
        missing = dict(wanted)
        sent_s = time.monotonic()
        self._mouth.send(packets)
        while missing and time.monotonic() - sent_s < ANSWER_S:
            zones = self._listener.read(ANSWER_S)
            now_s = time.monotonic()
            for zone in set(zones) & missing.keys():
                if self._listener.are_right({zone: missing[zone]}):
                    took.append(now_s - sent_s)
                    del missing[zone]
        return took

    def _wait(self, wanted: dict[int, int | str], timeout_s: float) -> float | None:
        began_s = time.monotonic()
        while self._listener.are_right(wanted) < len(wanted):
            left_s = timeout_s - (time.monotonic() - began_s)
            if left_s <= 0:
                return None
            self._listener.read(left_s)
        return time.monotonic() - began_s

    def _watched(self, wanted: dict[int, int | str]) -> float | None:
        """Return the seconds until all is as wanted, while another thread reads."""
        began_s, pause = time.monotonic(), threading.Event()
        while self._listener.are_right(wanted) < len(wanted):
            if time.monotonic() - began_s > 2 * ANSWER_S:
                return None
            pause.wait(0.002)
        return time.monotonic() - began_s

    @contextmanager
    def _followed(self) -> Iterator[None]:
        """Read in a thread of its own meanwhile."""
        stop = threading.Event()

        def follow() -> None:
            while not stop.is_set():
                self._listener.read(0.05)

        thread = threading.Thread(target=follow, name="bench-ear")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
