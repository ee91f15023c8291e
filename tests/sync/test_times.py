"""When something truly happened, however wrong the clock was: exact within a stated bound, or marked as uncertain."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import BootId
from kiosk.domain.instant import ClockState, Instant
from kiosk.store.outgoing import BootTime
from sync.times import DRIFT, is_over, true_time, window_start

FLOOR = datetime(2026, 11, 1, tzinfo=UTC)
TRUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = BootTime(BootId("b2"), 100.0, TRUE, 0.6, TRUE + timedelta(hours=1))
FIRST, THIRD = BootTime(BootId("b1")), BootTime(BootId("b3"), 50.0, TRUE + timedelta(days=1), 0.5, None)


def instant(boot: str, elapsed_s: float, wall: datetime, clock: ClockState = ClockState.SET) -> Instant:
    """Return a moment as a device had it."""
    return Instant(wall, BootId(boot), elapsed_s, clock)


@given(st.floats(-90, 90 * 86400), st.floats(-1e9, 1e8))
def test_in_a_boot_in_which_the_centre_spoke_every_time_follows_whatever_the_wall_clock_said(
    since_s: float, off_s: float
) -> None:
    true = TRUE + timedelta(seconds=since_s)
    said = true_time(instant("b2", 100.0 + since_s, true + timedelta(seconds=off_s)), [FIRST, SECOND], FLOOR)
    assert said.error_s is not None
    assert abs((said.wall - true).total_seconds()) <= said.error_s
    assert said.error_s == pytest.approx(0.6 + abs(since_s) * DRIFT)
    assert said.clock is ClockState.SET


def test_a_disciplined_clock_is_believed() -> None:
    wall = TRUE + timedelta(days=400)
    assert true_time(instant("b2", 100.0, wall, ClockState.SYNCED), [SECOND], FLOOR).wall == wall


def test_a_boot_in_which_the_centre_said_nothing_lies_between_its_neighbours() -> None:
    boots = [SECOND, BootTime(BootId("silent")), THIRD]
    earliest, latest = TRUE + timedelta(hours=1), TRUE + timedelta(days=1, seconds=-50)
    in_the_past = true_time(instant("silent", 5.0, EPOCH, ClockState.UNSET), boots, FLOOR)
    assert (in_the_past.wall, in_the_past.clock) == (earliest, ClockState.UNSET)
    too_late = true_time(instant("silent", 5.0, TRUE + timedelta(days=90)), boots, FLOOR)
    assert (too_late.wall, too_late.clock) == (latest, ClockState.UNSET)
    between = true_time(instant("silent", 5.0, TRUE + timedelta(hours=3)), boots, FLOOR)
    assert (between.wall, between.clock) == (TRUE + timedelta(hours=3), ClockState.SET)
    assert between.error_s == (latest - earliest).total_seconds()


def test_before_the_centre_ever_spoke_only_the_floor_is_known() -> None:
    said = true_time(instant("b1", 5.0, EPOCH, ClockState.UNSET), [FIRST], FLOOR)
    assert (said.wall, said.clock, said.error_s) == (FLOOR, ClockState.UNSET, None)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.integers(1, 1440))  # noqa: DTZ001 - made aware by `timezones`
def test_a_window_holds_the_moment_and_begins_at_a_whole_number_of_windows(moment: datetime, minutes: int) -> None:
    start = window_start(moment, minutes * 60)
    assert start <= moment < start + timedelta(minutes=minutes)
    assert (start.hour * 60 + start.minute) % minutes == start.second == start.microsecond == 0


def test_a_window_is_over_at_its_end_and_not_a_moment_before() -> None:
    at = true_time(instant("b2", 100.0, TRUE, ClockState.SYNCED), [SECOND], FLOOR)
    end = TRUE + timedelta(minutes=15)
    for now, over in ((end - timedelta(milliseconds=1), False), (end, True)):
        assert is_over(at, true_time(instant("b2", 1.0, now, ClockState.SYNCED), [SECOND], FLOOR), 900) is over
