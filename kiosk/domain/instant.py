"""A moment as the house knows it: wall time for people, time since boot for durations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.domain.ids import BootId

CLOCK_STEP_S = 60.0
"""A clock that runs a little wrong is set right by less than this: what it told before stands."""


class ClockState(StrEnum):
    """How far the wall clock may be trusted: a device without a battery clock boots in the past."""

    UNSET = "unset"
    SET = "set"
    SYNCED = "synced"


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment: `wall` is aware UTC, `elapsed_s` seconds since the boot named by `boot`."""

    wall: datetime
    boot: BootId
    elapsed_s: float
    clock: ClockState = ClockState.SET

    def seconds_since(self, earlier: "Instant") -> float:
        """Return the seconds from `earlier` to here, never below zero.

        Within one boot the steps of the wall clock do not count; across boots there is only the wall clock.
        """
        if self.boot == earlier.boot:
            passed_s = self.elapsed_s - earlier.elapsed_s
            # Asked a hundred times for each message of a sensor: this takes half the time of max().
            return passed_s if passed_s > 0.0 else 0.0  # noqa: FURB136 - for speed
        return max(0.0, (self.wall - earlier.wall).total_seconds())

    def wall_by(self, now: "Instant") -> datetime:
        """Return what the clock, as it is set now, would have told at this moment.

        That is `wall`, unless the clock was set since by more than `CLOCK_STEP_S` in the same boot: a machine that
        comes up without a network is told the time in the middle of the day. Across boots nothing better is known.
        """
        passed_s = now.elapsed_s - self.elapsed_s
        if self.boot != now.boot or passed_s < 0.0:
            return self.wall
        is_told_alike = abs((now.wall - self.wall).total_seconds() - passed_s) <= CLOCK_STEP_S
        return self.wall if is_told_alike else now.wall - timedelta(seconds=passed_s)
