"""`samverk bench zones-speed`: from a sensor's message to its zone's, beside a bare paho loop in the same run.

Forty zones of five motion sensors. Holds, the whole fusion and the commit before each word are on, as in a house. News
of a zone that stays occupied is told from its echo; changes of state are timed beside it.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from deploy.bench.figures import Amount, Figure, Measured, figure
from deploy.bench.zones_course import Course, Flood
from deploy.bench.zones_load import Listener
from deploy.bench.zones_rig import UP_S, ZONES, Rig, RigError, Running

ROUNDS = 150
"""How many bursts of each sort: fifteen seconds."""

TURNS = 2
"""How often ours and the bare loop are measured in turn: a machine's mood is shared that way."""

RATES = (4000, 8000, 12_000, 16_000, 20_000, 24_000)
PRICED = 12_000
"""The rate whose cost is told."""

FLOOD_S = 5.0
STARTS = 5

BARE, OURS = "bare paho loop", "samverk sensors"


def measure(taps: int = 0, members: int = 0) -> Measured:  # noqa: ARG001 - every measure is asked in the same words
    """Return the figures, and notes on what they mean here. Raise `RigError` if a part is missing."""
    figures, lost = _latencies()
    amounts = [*_floods(), *starts(), Amount(name="answers lost", value=lost, unit="messages")]
    return Measured(figures, _notes(figures, amounts), amounts)


def _latencies() -> tuple[list[Figure], int]:
    took: dict[str, list[float]] = {}
    lost = 0
    for is_stock in (False, True):
        broker = "stock broker" if is_stock else "broker with no delay"
        for _ in range(TURNS):
            for who in (BARE, OURS):
                with _course(who, is_stock=is_stock) as (course, _program):
                    for what, run in (("news", course.news), ("change", course.changes)):
                        seconds, missing = run(ROUNDS // TURNS)
                        took.setdefault(f"{what}, {broker}: {who}", []).extend(seconds)
                        lost += missing
    return [figure(name, seconds, _bare_of(name)) for name, seconds in took.items()], lost


def _floods() -> Iterator[Amount]:
    """Yield the highest rate that each sustains, and what that costs."""
    for who in (BARE, OURS):
        with _course(who, is_stock=False) as (course, program):
            best, at_4000 = _highest(course)
            yield _amount("sustained", who, best.sent / best.sent_s if best else 0.0, "messages/s")
            yield _amount("CPU in flood", who, 1000 * at_4000.cpu_s / at_4000.sent, "s/1000")
            if best is None:
                continue
            yield _amount("zones right at the end", who, best.right, f"of {ZONES}")
            yield _amount("last change said after", who, best.lag_s or 0.0, "s")
            yield _amount("memory after the floods", who, program.rss_mb, "MB")


def _highest(course: Course) -> tuple[Flood | None, Flood]:
    """Return the highest rate that is sustained, None if not even the lowest, and the flood of 12,000 or the last."""
    best = priced = None
    for rate in RATES:
        flood = course.flood(rate, FLOOD_S)
        priced = flood if priced is None or rate <= PRICED else priced
        if not flood.is_sustained:
            break
        best = flood
    return best, priced or flood


def starts() -> Iterator[Amount]:
    """Yield how long after a kill all zones are said again as they were kept."""
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder:
        rig = Rig(Path(folder))
        with rig.broker():
            with put_to(rig, rig.service()) as (_, _, listener):
                before = _states(listener)
            took = [_start(rig, before) for _ in range(STARTS)]
    yield Amount(name="start to all zones as kept, middle of five", value=sorted(took)[len(took) // 2], unit="s")


def _start(rig: Rig, before: Mapping[int, tuple[str, str]]) -> float:
    """Return the seconds from a start to every zone's being said again as before."""
    listener = Listener(rig.wire("ear"))
    began_s = time.monotonic()
    with rig.service():
        while _states(listener) != before:
            if time.monotonic() - began_s > UP_S:
                message = "the zones were not said again as they were kept"
                raise RigError(message)
            listener.read(UP_S)
        took_s = time.monotonic() - began_s
    listener.close()
    return took_s


def _states(listener: Listener) -> dict[int, tuple[str, str]]:
    zones = {zone: json.loads(payload) for zone, payload in listener.newest.items()}
    return {zone: (one["state"], one["since"]) for zone, one in zones.items()}


@contextmanager
def _course(who: str, *, is_stock: bool) -> Iterator[tuple[Course, Running]]:
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder:
        rig = Rig(Path(folder), is_stock=is_stock)
        with rig.broker(), put_to(rig, rig.bare() if who == BARE else rig.service()) as (course, program, _):
            yield course, program


@contextmanager
def put_to(rig: Rig, one: AbstractContextManager[Running]) -> Iterator[tuple[Course, Running, Listener]]:
    """Start the program at the rig's broker and yield its course, settled, with the two behind it."""
    with one as program:
        listener, mouth = Listener(rig.wire("ear")), rig.wire("mouth")
        try:
            course = Course(program, mouth, listener)
            course.settle()
            yield course, program, listener
        finally:
            listener.close()
            mouth.close()


def _amount(what: str, who: str, value: float, unit: str) -> Amount:
    return Amount(name=f"{what}: {who}", value=value, unit=unit, bare=_bare_of(f"{what}: {who}"))


def _bare_of(name: str) -> str | None:
    return name.replace(OURS, BARE) if OURS in name else None


def _notes(figures: Sequence[Figure], amounts: Sequence[Amount]) -> list[str]:
    lost = next(one.value for one in amounts if one.name == "answers lost")
    count = sum(one.count for one in figures)
    return [
        f"{ZONES} zones of five sensors, bursts of ten, ten a second; {count - lost:.0f} of {count:.0f} answered",
        "a millisecond here is this machine's, now: compare the ratios",
    ]
