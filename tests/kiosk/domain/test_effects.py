"""What each event does to a visit, field by field: the table says where it leads, this says what it takes along."""

from dataclasses import replace

import pytest

from kiosk.domain import events
from kiosk.domain.house import advance, replay
from kiosk.domain.ids import MEMBER, BadgeKey, EventId, VisitId, host
from kiosk.domain.presence import IllegalEvent, Presence, State
from tests.kiosk.domain.test_presence import ASTRID, BO, arrived, began, joined, left, took_part
from tests.support.house import COURSE, FIRE, START, at

VISIT = VisitId("visit-astrid")


def confirmed(seconds: float) -> events.ConfirmedByHost:
    return events.ConfirmedByHost(
        id=EventId("c"), at=at(seconds), visit=VISIT, member=ASTRID, zone=FIRE, by=host("eva")
    )


def left_zone(seconds: float) -> events.LeftZone:
    return events.LeftZone(id=EventId("z"), at=at(seconds), visit=VISIT, member=ASTRID, zone=FIRE, by=MEMBER)


def ended(seconds: float) -> events.CompanyEnded:
    return events.CompanyEnded(id=EventId("e"), at=at(seconds), visit=VISIT, member=ASTRID, zone=FIRE)


def lapsed(seconds: float) -> events.Lapsed:
    return events.Lapsed(id=EventId("p"), at=at(seconds), visit=VISIT, member=ASTRID, zone=FIRE)


def began_at_course(seconds: float) -> events.CompanyBegan:
    return replace(began(seconds=seconds), zone=COURSE)


def undone(seconds: float) -> events.LeavingUndone:
    return events.LeavingUndone(
        id=EventId("u"), at=at(seconds), visit=VISIT, member=ASTRID, undoes=left().id, by=MEMBER
    )


def astrid(*happened: events.Happened) -> Presence:
    return replay(happened).presences[ASTRID]


def test_joining_a_zone_begins_afresh_there() -> None:
    one = astrid(arrived(), joined(seconds=1), confirmed(2), began(seconds=3), joined(seconds=4, zone=COURSE))
    assert (one.zone, one.joined_at, one.confirmed_at, one.company_since) == (COURSE, at(4), None, None)


def test_leaving_a_zone_leaves_nothing_of_it_behind() -> None:
    one = astrid(arrived(), joined(seconds=1), confirmed(2), began(seconds=3), left_zone(4))
    assert (one.zone, one.joined_at, one.confirmed_at, one.company_since) == (None, None, None, None)
    assert one.state is State.ARRIVED


def test_waiting_stops_with_the_zone_and_is_kept() -> None:
    one = astrid(arrived(), arrived(BO, 0), joined(seconds=10), left_zone(30))
    assert (one.waiting_since, one.waited_s, one.waited(at(99))) == (None, 20, 20)


def test_waiting_adds_up_over_pauses_until_company_comes() -> None:
    one = astrid(arrived(), arrived(BO, 0), joined(seconds=10), left_zone(30), joined(seconds=40, zone=FIRE))
    assert one.waited(at(50)) == 30
    two = astrid(
        arrived(), arrived(BO, 0), joined(seconds=10), left_zone(30), joined(seconds=40, zone=FIRE), began(seconds=50)
    )
    assert (two.waited_s, two.waited(at(99))) == (0, 0)


def test_waiting_begins_again_when_company_ends() -> None:
    one = astrid(arrived(), arrived(BO, 0), joined(seconds=1), began(seconds=2), ended(10))
    assert (one.company_since, one.waiting_since, one.waited(at(15))) == (None, at(10), 5)


def test_whoever_left_is_nowhere_and_waits_for_nothing() -> None:
    one = astrid(arrived(), arrived(BO, 0), joined(seconds=1), left(seconds=9))
    assert (one.state, one.zone, one.joined_at, one.waiting_since, one.left_at) == (State.OUT, None, None, None, at(9))
    assert one.left_event == left().id


def test_time_outside_is_no_waiting_when_a_leaving_is_undone() -> None:
    house = replay([arrived(), arrived(BO, 0), joined(seconds=1), left(seconds=9), undone(15)])
    one = house.presences[ASTRID]
    assert (one.zone, one.joined_at, one.waiting_since) == (FIRE, at(1), at(15))
    assert one.waited(at(20)) == 8 + 5
    assert one.before is None


def test_company_must_be_found_again_after_a_leaving_is_undone() -> None:
    one = astrid(arrived(), joined(seconds=1), began(seconds=2), took_part(seconds=3), left(seconds=9), undone(10))
    assert (one.state, one.company_since, one.took_part) == (State.PRESENT, None, True)


def test_what_is_remembered_for_undoing_is_one_visit_deep() -> None:
    house = replay([arrived(), left(), undone(10)])
    again = advance(house, left(seconds=12)).presences[ASTRID]
    assert again.before is not None
    assert again.before.before is None


def test_an_undone_arrival_and_an_automatic_check_out_cannot_be_undone_as_a_leaving() -> None:
    arrival_undone = events.ArrivalUndone(
        id=EventId("u"), at=at(5), visit=VISIT, member=ASTRID, undoes=arrived().id, by=MEMBER
    )
    closed = events.ClosedAutomatically(id=EventId("k"), at=at(5), visit=VISIT, member=ASTRID, closed_at=START)
    assert astrid(arrived(), arrival_undone).before is None
    assert astrid(arrived(), closed).before is None
    assert astrid(arrived(), closed).closed_automatically
    assert not astrid(arrived(), left()).closed_automatically


def test_somebody_who_cannot_find_company_alone_stops_waiting_when_the_other_leaves() -> None:
    one = astrid(arrived(), arrived(BO, 0), joined(seconds=10), left(BO, 30))
    assert (one.waiting_since, one.waited(at(500))) == (None, 20)


@pytest.mark.parametrize(
    ("so_far", "event"),
    [
        ([arrived(), joined(seconds=1)], ended(5)),
        ([arrived(), joined(seconds=1)], took_part(seconds=5)),
        ([arrived(), joined(seconds=1), began(seconds=2)], began(seconds=5)),
        ([arrived(), joined(seconds=1), began(seconds=2)], lapsed(5)),
        ([arrived(), joined(seconds=1, zone=COURSE), began_at_course(2)], ended(5)),
        ([arrived(), joined(seconds=1, zone=COURSE), began_at_course(2)], took_part(seconds=5)),
        ([arrived(), joined(seconds=1, zone=COURSE)], lapsed(5)),
        ([arrived(), joined(seconds=1, zone=COURSE)], left_zone(5)),
        ([arrived(), joined(seconds=1, zone=COURSE)], confirmed(5)),
        ([arrived(), joined(seconds=1), began(seconds=2), took_part(seconds=3)], took_part(seconds=5)),
        ([arrived()], began(seconds=5)),
    ],
)
def test_an_event_that_does_not_fit_zone_or_company_is_illegal(
    so_far: list[events.Happened], event: events.Happened
) -> None:
    house = replay(so_far)
    with pytest.raises(IllegalEvent, match="does not fit"):
        advance(house, event)


def test_a_badge_leads_only_to_somebody_who_is_in() -> None:
    badge = BadgeKey("ab" * 32)
    inside = replay([replace(arrived(), badge=badge), arrived(BO, 1)])
    found = inside.of_badge([badge])
    assert found is not None
    assert found.member == ASTRID
    assert advance(inside, left()).of_badge([badge]) is None
    assert inside.of_badge([]) is None
