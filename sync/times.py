"""When something truly happened, on a device whose clock may come up in the past and be set later. Pure.

Order is never decided here: that is the sequence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.domain.instant import ClockState, Instant
from kiosk.store.outgoing import BootTime

DRIFT = 100e-6
"""How far the time since boot may run off, as a share: twice what the crystals of small boards are sold with."""


@dataclass(frozen=True, slots=True)
class Timed:
    """The best that is known: the moment, how far it may be trusted, and how many seconds it may be off, if known."""

    wall: datetime
    clock: ClockState
    error_s: float | None


def true_time(at: Instant, boots: Sequence[BootTime], floor: datetime) -> Timed:
    """Return when that was. `boots` are in the order they happened, and `floor` has passed before any of them.

    A disciplined clock is believed. Else the time since the same boot is counted from what the centre's clock said in
    it. Of a boot in which the centre said nothing only the bounds are known: not before the centre last spoke in an
    earlier boot, not after a later boot began. A moment outside of them is moved to the nearest, and is uncertain.
    """
    if at.clock is ClockState.SYNCED:
        return Timed(at.wall, at.clock, 0.0)
    here = next((number for number, one in enumerate(boots) if one.boot == at.boot), len(boots))
    if here < len(boots):
        own = boots[here]
        if own.server is not None and own.elapsed_s is not None and own.error_s is not None:
            since_s = at.elapsed_s - own.elapsed_s
            wall = own.server + timedelta(seconds=since_s)
            return Timed(wall, ClockState.SET, own.error_s + abs(since_s) * DRIFT)
    return _between(at, _earliest(boots[:here], floor), _latest(boots[here + 1 :]))


def is_over(at: Timed, now: Timed, window_s: int) -> bool:
    """Return whether the window of that many seconds of the UTC day that `at` lies in has passed."""
    return now.wall >= window_start(at.wall, window_s) + timedelta(seconds=window_s)


def window_start(moment: datetime, window_s: int) -> datetime:
    """Return the moment rounded down to a whole window of the UTC day."""
    into_day = moment.hour * 3600 + moment.minute * 60 + moment.second
    return moment.replace(microsecond=0) - timedelta(seconds=into_day % window_s)


def _between(at: Instant, earliest: datetime, latest: datetime | None) -> Timed:
    if at.wall < earliest:
        return Timed(earliest, ClockState.UNSET, None)
    if latest is not None and at.wall > latest:
        return Timed(latest, ClockState.UNSET, None)
    error_s = None if latest is None else (latest - earliest).total_seconds()
    return Timed(at.wall, at.clock, error_s)


def _earliest(earlier: Sequence[BootTime], floor: datetime) -> datetime:
    return max([floor, *(one.last_server for one in earlier if one.last_server is not None)])


def _latest(later: Sequence[BootTime]) -> datetime | None:
    began = (
        one.server - timedelta(seconds=one.elapsed_s)
        for one in later
        if one.server is not None and one.elapsed_s is not None
    )
    return min(began, default=None)
