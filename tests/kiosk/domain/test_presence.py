"""The table, read as the specification of the rule."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import events
from kiosk.domain.house import House, advance, forget, replay
from kiosk.domain.ids import MEMBER, EventId, MemberId, ReaderId, VisitId
from kiosk.domain.presence import INSIDE, TABLE, IllegalEvent, State
from kiosk.domain.zones import ZoneState
from tests.support.house import AGENCY, COURSE, FIRE, ZONES, at

ASTRID = MemberId("astrid")
BO = MemberId("bo")
EVIDENCE = events.Evidence(others=1, sensed=None, zone_state=ZoneState.UNKNOWN)


def arrived(member: MemberId = ASTRID, seconds: float = 0, visit: str = "") -> events.Arrived:
    return events.Arrived(
        id=EventId(f"arrived-{member}-{seconds}"),
        at=at(seconds),
        visit=VisitId(visit or f"visit-{member}"),
        member=member,
        agency=AGENCY.id,
        badge=None,
        reader=ReaderId("entrance"),
        by=MEMBER,
        rights=events.Rights.FRESH,
    )


def joined(member: MemberId = ASTRID, seconds: float = 1, zone: str = FIRE) -> events.JoinedZone:
    zone_id = next(one for one in ZONES if one == zone)
    return events.JoinedZone(
        id=EventId(f"j-{member}-{seconds}"),
        at=at(seconds),
        visit=VisitId(f"visit-{member}"),
        member=member,
        zone=zone_id,
        by=MEMBER,
    )


def began(member: MemberId = ASTRID, seconds: float = 2) -> events.CompanyBegan:
    return events.CompanyBegan(
        id=EventId(f"b-{member}-{seconds}"),
        at=at(seconds),
        visit=VisitId(f"visit-{member}"),
        member=member,
        zone=FIRE,
        evidence=EVIDENCE,
    )


def took_part(member: MemberId = ASTRID, seconds: float = 3) -> events.TookPart:
    return events.TookPart(
        id=EventId(f"t-{member}-{seconds}"),
        at=at(seconds),
        visit=VisitId(f"visit-{member}"),
        member=member,
        zone=FIRE,
        evidence=EVIDENCE,
    )


def left(member: MemberId = ASTRID, seconds: float = 9) -> events.Left:
    return events.Left(
        id=EventId(f"l-{member}-{seconds}"),
        at=at(seconds),
        visit=VisitId(f"visit-{member}"),
        member=member,
        reader=None,
        by=MEMBER,
    )


def test_taking_part_makes_an_arrived_member_present() -> None:
    house = replay([arrived(), joined(), began(), took_part()])
    assert house.presences[ASTRID].state is State.PRESENT
    assert house.presences[ASTRID].took_part


def test_joining_one_zone_leaves_the_other() -> None:
    house = replay([arrived(), joined(), began(), joined(seconds=4, zone=COURSE)])
    assert house.presences[ASTRID].zone == COURSE
    assert house.presences[ASTRID].company_since is None


def test_undoing_a_leaving_restores_the_state_before() -> None:
    before = replay([arrived(), joined(), began(), took_part()])
    gone = advance(before, left())
    undone = events.LeavingUndone(
        id=EventId("u"), at=at(10), visit=VisitId("visit-astrid"), member=ASTRID, undoes=left().id, by=MEMBER
    )
    back = advance(gone, undone).presences[ASTRID]
    assert (back.state, back.zone, back.took_part) == (State.PRESENT, FIRE, True)
    assert back.left_at is None


def test_an_undo_must_point_to_the_event_it_takes_back() -> None:
    gone = replay([arrived(), left()])
    undone = events.LeavingUndone(
        id=EventId("u"), at=at(10), visit=VisitId("visit-astrid"), member=ASTRID, undoes=EventId("other"), by=MEMBER
    )
    with pytest.raises(IllegalEvent):
        advance(gone, undone)


def test_waiting_runs_only_while_somebody_else_is_in_the_house() -> None:
    alone = replay([arrived(), joined(seconds=0)])
    assert alone.presences[ASTRID].waited(at(5000)) == 0
    two = advance(alone, arrived(BO, 5000))
    assert two.presences[ASTRID].waited(at(5100)) == 100
    alone_again = advance(two, left(BO, 5200))
    assert alone_again.presences[ASTRID].waited(at(9000)) == 200


def test_company_ends_the_waiting_and_starts_it_from_zero() -> None:
    house = replay([arrived(), arrived(BO, 0), joined(seconds=0), began(seconds=100)])
    assert house.presences[ASTRID].waited(at(500)) == 0


def test_an_event_of_another_visit_is_illegal() -> None:
    house = replay([arrived(visit="visit-other")])
    with pytest.raises(IllegalEvent):
        advance(house, joined())


def test_those_who_left_are_forgotten_after_their_time_and_nobody_else() -> None:
    house = replay([arrived(), arrived(BO, 1), left(BO, 2)])
    assert set(forget(house, 100, at(102)).presences) == {ASTRID, BO}
    assert set(forget(house, 100, at(103)).presences) == {ASTRID}


def test_the_order_in_the_house_is_that_of_arrival() -> None:
    house = replay([arrived(), arrived(BO, 1), left(seconds=2), replace(arrived(seconds=3), visit=VisitId("again"))])
    assert [one.member for one in house.inside()] == [BO, ASTRID]


def test_every_kind_of_visit_event_stands_in_the_table() -> None:
    kinds = {kind for kind in events.TYPE_NAMES.values() if issubclass(kind, events.VisitEvent)}
    assert {kind for _state, kind in TABLE} == kinds


def test_everybody_inside_can_always_leave_or_be_checked_out() -> None:
    for state in INSIDE:
        assert TABLE[state, events.Left] is State.OUT
        assert TABLE[state, events.ClosedAutomatically] is State.OUT


MAKERS = st.sampled_from([arrived, joined, began, took_part, left])
HAPPENED = st.lists(st.tuples(MAKERS, st.sampled_from([ASTRID, BO])), max_size=30)


def _legal(steps: list[tuple[object, MemberId]]) -> list[events.Happened]:
    """Return those of the steps that are legal in their order, each a second after the one before."""
    house, happened = House(), []
    for second, (make, member) in enumerate(steps):
        assert callable(make)
        event = make(member, second)
        try:
            house = advance(house, event)
        except IllegalEvent:
            continue
        happened.append(event)
    return happened


@given(HAPPENED)
def test_replay_equals_going_step_by_step(steps: list[tuple[object, MemberId]]) -> None:
    happened = _legal(steps)
    house = House()
    for event in happened:
        house = advance(house, event)
    assert house == replay(happened)
    half = len(happened) // 2
    assert house == replay(happened[half:], replay(happened[:half]))


@given(HAPPENED)
def test_no_order_of_events_makes_an_illegal_state(steps: list[tuple[object, MemberId]]) -> None:
    for one in replay(_legal(steps)).presences.values():
        assert one.inside == (one.left_at is None)
        if one.state is State.PRESENT:
            assert one.took_part
        if one.company_since is not None:
            assert one.zone is not None
            assert one.waiting_since is None
        if not one.inside:
            assert one.zone is None
            assert one.waiting_since is None


@given(HAPPENED, st.tuples(MAKERS, st.sampled_from([ASTRID, BO])))
def test_an_illegal_event_raises_and_changes_nothing(
    steps: list[tuple[object, MemberId]], last: tuple[object, MemberId]
) -> None:
    house = replay(_legal(steps))
    before = dict(house.presences)
    make, member = last
    assert callable(make)
    event = make(member, 99)
    presence = house.presences.get(member)
    state = presence.state if presence else State.OUT
    if (state, type(event)) in TABLE:
        return
    with pytest.raises(IllegalEvent):
        advance(house, event)
    assert dict(house.presences) == before
