"""A moment as the house knows it: wall time for people, time since boot for durations."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.ids import BootId


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
