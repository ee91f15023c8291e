"""What hosts run: company while it runs, worth an offer before, and nothing once it is over or cancelled."""

from datetime import timedelta

import pytest

from kiosk.domain import events
from kiosk.domain.activities import AHEAD_MAX, LENGTH_MAX, PLANNED_MAX
from kiosk.domain.answers import Outcome
from kiosk.domain.company import company
from kiosk.domain.decision import Decision
from kiosk.domain.house import forget
from kiosk.domain.ids import ActivityId, ZoneId
from kiosk.domain.instant import ClockState
from kiosk.domain.presence import State
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import TITLE_MAX, CancelActivity, PlanActivity
from kiosk.domain.zones import Words, ZoneState
from tests.support.day import EVA, Day, activity_of, new_id, outcome
from tests.support.house import COURSE, FIRE, START, at, occupancy, surroundings

TITLE = Words("Digital myndighetspost", "Digital post from agencies")


def plan(
    day: Day, starts_s: float = 600, ends_s: float = 4200, zone: ZoneId = COURSE, title: Words = TITLE
) -> Decision:
    return day.ask(
        PlanActivity(
            id=new_id(),
            at=at(0),
            zone=zone,
            title=title,
            starts_at=START + timedelta(seconds=starts_s),
            ends_at=START + timedelta(seconds=ends_s),
            by=EVA,
        )
    )


def alone_at(zone: ZoneId) -> Day:
    day = Day("Astrid")
    plan(day)
    day.tap("Astrid", 10)
    day.join("Astrid", zone, 20)
    return day


def test_an_activity_is_company_to_whoever_joined_its_zone_and_for_as_long_as_it_runs() -> None:
    day = alone_at(COURSE)
    day.pass_to(590)
    assert day.of("Astrid").company_since is None
    day.pass_to(900)
    assert day.of("Astrid").state is State.PRESENT
    assert day.last(events.TookPart).evidence.activity
    day.pass_to(4200)
    assert day.of("Astrid").company_since is None


def test_an_activity_in_another_zone_is_no_company() -> None:
    day = alone_at(FIRE)
    day.pass_to(900)
    assert day.of("Astrid").state is State.ARRIVED


def test_an_activity_in_a_zone_proven_vacant_is_no_company_to_an_old_join() -> None:
    day = alone_at(COURSE)
    late = at(2000)
    empty = surroundings(occupancy(COURSE, ZoneState.VACANT, late))
    assert company(day.of("Astrid"), day.house, surroundings(), late) is not None
    assert company(day.of("Astrid"), day.house, empty, late) is None


def test_a_clock_that_was_never_set_runs_no_activity() -> None:
    day = alone_at(COURSE)
    assert company(day.of("Astrid"), day.house, surroundings(), at(900, clock=ClockState.UNSET)) is None


def test_a_cancelled_activity_is_company_no_more() -> None:
    day = alone_at(COURSE)
    day.pass_to(700)
    activity = next(iter(day.house.activities))
    assert outcome(day.ask(CancelActivity(id=new_id(), at=at(710), activity=activity, by=EVA))) == "activity_cancelled"
    day.pass_to(720)
    assert day.of("Astrid").company_since is None
    again = day.ask(CancelActivity(id=new_id(), at=at(730), activity=activity, by=EVA))
    assert again.answer.reason is Reason.ACTIVITY_UNKNOWN


def test_an_activity_is_forgotten_once_it_is_long_over() -> None:
    day = Day()
    plan(day)
    assert forget(day.house, 100, at(4300)).activities
    assert not forget(day.house, 100, at(4301)).activities


@pytest.mark.parametrize(
    ("starts_s", "ends_s"),
    [
        (600, 600),
        (600, 500),
        (-7200, -10),
        (-7200, 0),
        (0, LENGTH_MAX.total_seconds() + 1),
        (AHEAD_MAX.total_seconds() + 1, AHEAD_MAX.total_seconds() + 3600),
    ],
)
def test_an_activity_has_a_beginning_an_end_and_a_place_in_the_calendar(starts_s: float, ends_s: float) -> None:
    assert plan(Day(), starts_s, ends_s).answer.reason is Reason.TIME_UNFIT


def test_the_longest_and_the_farthest_activity_are_taken() -> None:
    day = Day()
    ahead_s = AHEAD_MAX.total_seconds()
    decision = plan(day, ahead_s, ahead_s + LENGTH_MAX.total_seconds())
    assert outcome(decision) is Outcome.ACTIVITY_PLANNED
    assert activity_of(decision) in day.house.activities


@pytest.mark.parametrize("title", [Words("", "x"), Words("x", " "), Words("x" * (TITLE_MAX + 1), "x")])
def test_a_title_is_there_in_both_languages_and_fits_its_line(title: Words) -> None:
    assert plan(Day(), title=title).answer.reason is Reason.NAME_UNFIT


def test_a_zone_of_another_house_has_no_activity_here() -> None:
    assert plan(Day(), zone=ZoneId("elsewhere")).answer.reason is Reason.ZONE_UNKNOWN


def test_the_calendar_has_an_end() -> None:
    day = Day()
    for number in range(PLANNED_MAX):
        assert outcome(plan(day, number, number + 60)) is Outcome.ACTIVITY_PLANNED
    assert plan(day).answer.reason is Reason.ACTIVITIES_MAX
    cancelled = ActivityId(next(iter(day.house.activities)))
    day.ask(CancelActivity(id=new_id(), at=at(1), activity=cancelled, by=EVA))
    assert outcome(plan(day)) is Outcome.ACTIVITY_PLANNED
