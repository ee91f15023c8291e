"""How long each kind of data is kept: every event is of some kind, and nights and months are the calendar's."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.events import TYPE_NAMES, Happened
from kiosk.domain.ids import BootId
from kiosk.domain.instant import ClockState
from kiosk.domain.retention import (
    DECISION_MAX,
    DETAIL_S,
    KIND_OF,
    TO_BE_READ,
    Kind,
    Retention,
    Way,
    is_credible,
    is_due,
    kind_of,
    months_before,
    night_after,
    night_before,
)
from sync import agent, plan
from tests.support.house import at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY_S = 86_400.0
KEEP = Retention(decision="dnr 2026-7")


def test_every_event_is_of_a_kind() -> None:
    assert set(KIND_OF) == set(TYPE_NAMES.values())


def test_an_event_that_nobody_has_classed_is_kept_no_longer_than_a_visit() -> None:
    assert kind_of(Happened) is Kind.CLOSED_VISITS


def test_what_the_wing_must_have_read_is_what_it_tells_the_centre_of_and_the_orders_that_go_in_time() -> None:
    orders = {TYPE_NAMES[one] for one in (agent.BRAKE_LIFTED, agent.QUARANTINE_RETRIED, agent.PERSON_ERASED)}
    assert set(plan.ALLOWED) | {one for one in orders if kind_of(one) is not Kind.HOUSE} == TO_BE_READ


def test_the_defaults_are_the_houses_own() -> None:
    assert {one.name: getattr(Retention(), one.name) for one in fields(Retention)} == {
        "decision": "",
        "closed_visit_days": 14,
        "unsent_days": 30,
        "access_log_months": 12,
        "preferences_months": 13,
        "counts_months": 13,
    }


def test_numbers_out_of_bounds_are_all_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"closed_visit_days must be 1 to 90; counts_months must be 1 to 36; decision"):
        Retention(closed_visit_days=0, counts_months=37, decision="x" * (DECISION_MAX + 1))


@pytest.mark.parametrize(
    ("kind", "age_s", "way", "is_over"),
    [
        (Kind.VISIT_DETAIL, DETAIL_S - 1, Way.AT_CENTRE, False),
        (Kind.VISIT_DETAIL, DETAIL_S, Way.AT_CENTRE, True),
        (Kind.VISIT_DETAIL, DETAIL_S, Way.WAITING, True),
        (Kind.VISIT_DETAIL, 99 * DAY_S, Way.UNREAD, False),
        (Kind.CLOSED_VISITS, 14 * DAY_S - 1, Way.AT_CENTRE, False),
        (Kind.CLOSED_VISITS, 14 * DAY_S, Way.AT_CENTRE, True),
        (Kind.CLOSED_VISITS, 30 * DAY_S - 1, Way.WAITING, False),
        (Kind.CLOSED_VISITS, 30 * DAY_S, Way.WAITING, True),
        (Kind.CLOSED_VISITS, 99 * DAY_S, Way.UNREAD, False),
        (Kind.REFUSALS, 14 * DAY_S, Way.AT_CENTRE, True),
        (Kind.HOUSE, 9999 * DAY_S, Way.AT_CENTRE, False),
    ],
)
def test_an_event_is_due_when_its_time_is_over_and_it_has_been_read(
    kind: Kind, age_s: float, way: Way, *, is_over: bool
) -> None:
    assert is_due(kind, age_s, way, KEEP) is is_over


@pytest.mark.parametrize("kind", list(Kind))
def test_what_goes_on_or_cannot_be_dated_is_never_due(kind: Kind) -> None:
    assert not is_due(kind, None, Way.AT_CENTRE, KEEP)


def test_a_time_can_be_told_by_the_same_boot_or_by_a_clock_that_was_right() -> None:
    now = at(DAY_S)
    before = at(0, BootId("boot-0"))
    assert is_credible(before, now)
    assert not is_credible(replace(before, clock=ClockState.UNSET), now)
    assert is_credible(at(0, clock=ClockState.UNSET), now)
    assert not is_credible(at(2 * DAY_S, BootId("boot-0")), now)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - the strategy adds it
def test_nights_end_at_four_local_time_once_a_day(wall: datetime) -> None:
    before, after = night_before(wall, STOCKHOLM), night_after(wall, STOCKHOLM)
    assert before <= wall < after
    assert {one.astimezone(STOCKHOLM).strftime("%H:%M") for one in (before, after)} == {"04:00"}
    assert after - before in {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)}


def test_months_are_those_of_the_calendar() -> None:
    assert months_before(datetime(2027, 3, 31, 5, tzinfo=UTC), 1) == datetime(2027, 2, 28, 5, tzinfo=UTC)
    assert months_before(datetime(2026, 11, 23, tzinfo=UTC), 13) == datetime(2025, 10, 23, tzinfo=UTC)
