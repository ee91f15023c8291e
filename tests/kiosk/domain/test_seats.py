"""An agency's room in the house: people are counted, not taps, and nobody is ever kept in."""

from dataclasses import replace

import pytest

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.direction import Direction
from kiosk.domain.ids import AgencyId, MemberId
from kiosk.domain.members import Agency, Holder, Member, SeatPolicy
from kiosk.domain.reasons import Reason
from tests.support.day import Day, outcome
from tests.support.house import holder

NAMES = ("Astrid", "Bo", "Carl")


def full(policy: SeatPolicy, at_once: int | None = 2) -> Day:
    """Return a house where two of an agency with room for so many at once are in."""
    day = Day()
    agency = Agency(AgencyId("exempel"), "Exempelmyndigheten", 10, enrolled=12, at_once=at_once, policy=policy)
    day.enrol(*(replace(holder(name), agency=agency) for name in NAMES))
    day.tap("Astrid", 0)
    day.tap("Bo", 10)
    return day


def test_a_warning_lets_in_and_notes_who_is_over_and_by_how_many() -> None:
    day = full(SeatPolicy.WARN)
    decision = day.tap("Carl", 20)
    assert outcome(decision) is Outcome.ARRIVED
    assert decision.answer.seats_exceeded
    noted = day.last(events.SeatsExceeded)
    assert (noted.agency, noted.limit, noted.inside) == (AgencyId("exempel"), 2, 3)
    assert noted.visit == day.of("Carl").visit


def test_within_its_room_nothing_is_noted() -> None:
    day = full(SeatPolicy.DENY)
    assert not any(isinstance(one, events.SeatsExceeded) for one in day.happened)


def test_where_a_host_decides_the_badge_is_sent_to_the_host_and_the_host_may_let_in() -> None:
    day = full(SeatPolicy.HOST)
    assert day.tap("Carl", 20).answer.reason is Reason.SEATS_TO_HOST
    assert outcome(day.check_in("Carl", 30)) is Outcome.ARRIVED
    assert day.last(events.SeatsExceeded).inside == 3


def test_where_it_is_denied_a_host_cannot_let_in_either() -> None:
    day = full(SeatPolicy.DENY)
    assert day.tap("Carl", 20).answer.reason is Reason.SEATS_FULL
    assert day.check_in("Carl", 30).answer.reason is Reason.SEATS_FULL


@pytest.mark.parametrize("policy", SeatPolicy)
def test_leaving_is_never_refused_and_makes_room(policy: SeatPolicy) -> None:
    day = full(policy)
    assert outcome(day.tap("Astrid", 20, Direction.OUT)) is Outcome.LEFT
    assert outcome(day.tap("Carl", 30)) is Outcome.ARRIVED
    assert not any(isinstance(one, events.SeatsExceeded) for one in day.happened)


@pytest.mark.parametrize("policy", SeatPolicy)
def test_people_are_counted_and_not_taps(policy: SeatPolicy) -> None:
    day = full(policy, at_once=3)
    day.tap("Astrid", 100)
    day.tap("Bo", 200)
    assert outcome(day.tap("Carl", 300)) is Outcome.ARRIVED
    assert not any(isinstance(one, events.SeatsExceeded) for one in day.happened)


def test_an_agency_without_such_a_limit_is_never_over_it_however_many_it_enrolled() -> None:
    day = full(SeatPolicy.DENY, at_once=None)
    assert outcome(day.tap("Carl", 20)) is Outcome.ARRIVED


def test_the_members_of_other_agencies_take_nobodys_place() -> None:
    day = full(SeatPolicy.DENY)
    other = Agency(AgencyId("annan"), "En annan myndighet", 1, at_once=1, policy=SeatPolicy.DENY)
    day.enrol(Holder(Member(MemberId("disa"), "Disa", other.id), other))
    assert outcome(day.tap("Disa", 20)) is Outcome.ARRIVED


def test_a_member_of_another_region_is_welcome_as_long_as_the_roster_knows_them() -> None:
    region = Agency(AgencyId("region-norr"), "Region Norr", 5)
    day = Day()
    day.enrol(Holder(Member(MemberId("elin"), "Elin", region.id), region))
    assert outcome(day.tap("Elin", 0)) is Outcome.ARRIVED
