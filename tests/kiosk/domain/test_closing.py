"""Forgotten check-outs, over both nights when Stockholm's clocks change and over any outage."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.closing import Hours, closing_after, closings
from kiosk.domain.events import ArrivalCorrected, Why
from kiosk.domain.house import replay
from kiosk.domain.ids import MEMBER, EventId
from kiosk.domain.instant import ClockState
from tests.kiosk.domain.test_presence import arrived, left
from tests.support.house import CountedIds, at

HOURS = Hours(time(18), ZoneInfo("Europe/Stockholm"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("arrival", "closing"),
    [
        ("2026-11-23T07:00", "2026-11-23T17:00"),
        ("2026-11-23T17:00", "2026-11-24T17:00"),
        ("2026-11-23T19:30", "2026-11-24T17:00"),
        ("2026-06-01T07:00", "2026-06-01T16:00"),
        ("2026-03-28T20:00", "2026-03-29T16:00"),
        ("2026-10-24T20:00", "2026-10-25T17:00"),
        ("2027-03-27T20:00", "2027-03-28T16:00"),
        ("2027-10-30T20:00", "2027-10-31T17:00"),
    ],
)
def test_a_visit_ends_at_the_first_local_closing_time_after_it_began(arrival: str, closing: str) -> None:
    assert closing_after(utc(arrival), HOURS) == utc(closing)


@pytest.mark.parametrize(
    ("arrival", "closing"), [("2026-10-24T23:00", "2026-10-25T00:30"), ("2026-03-28T23:00", "2026-03-29T01:30")]
)
def test_a_closing_time_in_the_changed_hour_is_one_moment(arrival: str, closing: str) -> None:
    night = Hours(time(2, 30), ZoneInfo("Europe/Stockholm"))
    assert closing_after(utc(arrival), night) == utc(closing)


def test_after_days_of_outage_the_visit_is_closed_as_of_its_own_day() -> None:
    house = replay([arrived()])
    (closed,) = closings(house, HOURS, at(9 * 86_400), CountedIds().event)
    assert closed.closed_at == utc("2026-11-23T17:00")
    assert replay([closed], house).presences[closed.member].closed_automatically


def test_whoever_left_is_not_closed_again() -> None:
    assert closings(replay([arrived(), left()]), HOURS, at(9 * 86_400), CountedIds().event) == ()


def test_a_clock_that_was_never_set_closes_nobody() -> None:
    assert closings(replay([arrived()]), HOURS, at(9 * 86_400, clock=ClockState.UNSET), CountedIds().event) == ()


@pytest.mark.parametrize("behind", [timedelta(hours=20), timedelta(days=30), -timedelta(days=90)])
@pytest.mark.parametrize("state", [ClockState.UNSET, ClockState.SET])
def test_whoever_came_before_a_wrong_clock_was_set_right_is_closed_at_the_right_closing_time(
    behind: timedelta, state: ClockState
) -> None:
    house = replay([replace(arrived(), at=replace(at(0, clock=state), wall=at(0).wall - behind))])
    assert closings(house, HOURS, at(3600), CountedIds().event) == ()
    assert closings(house, HOURS, at(10 * 3600 - 1), CountedIds().event) == ()
    (closed,) = closings(house, HOURS, at(10 * 3600), CountedIds().event)
    assert closed.closed_at == utc("2026-11-23T17:00")


def test_a_clock_that_is_set_a_little_moves_nobody_over_a_closing_time() -> None:
    late = at(10 * 3600 + 0.2)
    house = replay([replace(arrived(), at=late)])
    back = replace(at(10 * 3600 + 60), wall=at(10 * 3600 + 59).wall)
    assert closings(house, HOURS, back, CountedIds().event) == ()


def test_an_arrival_that_was_corrected_after_the_clock_was_set_is_closed_by_the_corrected_time() -> None:
    wrong = replace(at(0), wall=at(0).wall - timedelta(days=30))
    came = replace(arrived(), at=wrong)
    corrected = ArrivalCorrected(
        id=EventId("c"), at=at(600), visit=came.visit, member=came.member, corrects=came.id, arrived_at=at(0).wall,
        why=Why.WRONG_TIME, by=MEMBER,
    )  # fmt: skip
    house = replay([came, corrected])
    assert closings(house, HOURS, at(3600), CountedIds().event) == ()
    assert len(closings(house, HOURS, at(10 * 3600), CountedIds().event)) == 1
