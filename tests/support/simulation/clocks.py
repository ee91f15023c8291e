"""True time, which only the world moves, and what a device that boots in the past makes of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kiosk.domain.ids import BootId
from kiosk.domain.instant import ClockState, Instant
from kiosk.tools.clock import CLOCK_FLOOR

BEGINNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass
class TrueTime:
    """Seconds since the beginning."""

    passed_s: float = 0.0

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.passed_s += seconds

    def wall(self) -> datetime:
        """Return the true moment."""
        return BEGINNING + timedelta(seconds=self.passed_s)


@dataclass
class DeviceClock:
    """The clocks of one device: the wall clock may be off by `off_s`, the time since boot never is."""

    true: TrueTime
    name: str
    off_s: float = 0.0
    is_synced: bool = True
    boots: int = 1
    _booted_s: float = field(default=-100.0)

    def __call__(self) -> Instant:
        """Return the moment as the device knows it."""
        wall = self.true.wall() + timedelta(seconds=self.off_s)
        state = ClockState.SYNCED if self.is_synced else ClockState.SET
        if wall < CLOCK_FLOOR:
            state = ClockState.UNSET
        boot = BootId(f"{self.name}-boot-{self.boots}")
        return Instant(wall, boot, self.true.passed_s - self._booted_s, state)

    def reboot(self, off_s: float) -> None:
        """Begin a new boot with a wall clock that is off by so much."""
        self.boots += 1
        self._booted_s = self.true.passed_s - 10.0
        self.step(off_s)

    def step(self, off_s: float) -> None:
        """Set the wall clock off by so much; zero is what a time server does."""
        self.off_s = off_s
        self.is_synced = off_s == 0.0
