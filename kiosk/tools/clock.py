"""The clocks of this machine, as `Instant`s. The only place that asks what time it is."""

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from kiosk.domain.ids import BootId
from kiosk.domain.instant import ClockState, Instant

Clock = Callable[[], Instant]

CLOCK_FLOOR = datetime(2026, 11, 1, tzinfo=UTC)
"""A wall clock before this release's own date was never set."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR = 5
_TIMEX_BYTES = 512


class SystemClock:
    """Tells the moment by the machine's wall clock and its time since boot, sleep included."""

    def __init__(self, boot_id: Path = _BOOT_ID) -> None:
        """Read this boot's id, which no other boot of any machine has."""
        self._boot = BootId(boot_id.read_text().strip())

    def __call__(self) -> Instant:
        """Return the moment it is."""
        wall = datetime.now(UTC)  # noqa: TID251 - this is the place it is handed in from
        return Instant(wall, self._boot, time.clock_gettime(time.CLOCK_BOOTTIME), clock_state(wall, kernel_synced()))


def clock_state(wall: datetime, is_synced: bool) -> ClockState:  # noqa: FBT001 - two plain facts in, one verdict out
    """Return how far the wall clock may be trusted."""
    if wall < CLOCK_FLOOR:
        return ClockState.UNSET
    return ClockState.SYNCED if is_synced else ClockState.SET


def kernel_synced() -> bool:
    """Return whether the kernel disciplines its clock: adjtimex(2) with no mode set answers TIME_ERROR if not."""
    asked = (ctypes.c_char * _TIMEX_BYTES)()
    state = int(_libc().adjtimex(ctypes.byref(asked)))
    return 0 <= state < _TIME_ERROR


@cache
def _libc() -> ctypes.CDLL:
    # Opened once: opening it takes longer than all that the clock does.
    return ctypes.CDLL(None, use_errno=True)
