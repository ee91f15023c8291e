"""Guests: with a member, counted in zones and on the evacuation list, and gone when their member is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.decision import Decision
from kiosk.domain.guests import Guest
from kiosk.domain.host_requests import GUESTS_MAX
from kiosk.domain.house import advance, replay
from kiosk.domain.ids import EventId, GuestId, VisitId, ZoneId
from kiosk.domain.presence import IllegalEvent, State
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import NAME_MAX, HandGuestOver, LetGuestIn, LetGuestOut, MoveGuest, Undo
from tests.support.day import EVA, Day, guest_of, new_id, outcome
from tests.support.house import COURSE, FIRE, REST, at


def let_in(day: Day, name: str, seconds: float, guest: str = "Gun") -> Decision:
    return day.ask(LetGuestIn(id=new_id(), at=at(seconds), visit=day.of(name).visit, name=guest, by=EVA))


def move(day: Day, guest: GuestId, zone: ZoneId, seconds: float) -> Decision:
    return day.ask(MoveGuest(id=new_id(), at=at(seconds), guest=guest, zone=zone, by=EVA))


def with_guest() -> tuple[Day, Guest]:
    day = Day("Astrid", "Bo")
    day.tap("Astrid", 0)
    guest = guest_of(let_in(day, "Astrid", 10))
    return day, day.house.guests[guest]


def test_a_guest_comes_in_with_a_member_and_is_where_the_member_is() -> None:
    day, guest = with_guest()
    day.join("Astrid", FIRE, 20)
    assert [one.id for one in day.house.guests_inside()] == [guest.id]
    assert day.house.zone_of(guest) == FIRE
    assert len(day.house.joined(FIRE)) == 2


def test_no_event_holds_the_name_of_a_guest() -> None:
    day, _guest = with_guest()
    assert "Gun" not in repr(day.happened)


def test_a_guest_in_a_zone_of_their_own_is_counted_there_and_nowhere_else() -> None:
    day, guest = with_guest()
    day.join("Astrid", FIRE, 20)
    assert outcome(move(day, guest.id, COURSE, 30)) is Outcome.GUEST_MOVED
    assert (len(day.house.joined(FIRE)), len(day.house.joined(COURSE))) == (1, 1)


def test_a_guest_is_company_and_makes_a_member_present() -> None:
    day, _guest = with_guest()
    day.join("Astrid", FIRE, 20)
    day.pass_to(300)
    assert day.of("Astrid").state is State.PRESENT
    assert day.last(events.TookPart).evidence.others == 1


def test_a_guest_elsewhere_is_no_company() -> None:
    day, guest = with_guest()
    move(day, guest.id, COURSE, 15)
    day.join("Astrid", FIRE, 20)
    day.pass_to(300)
    assert day.of("Astrid").state is State.ARRIVED


def test_a_guest_leaves_with_their_member_and_is_back_if_the_leaving_is_undone() -> None:
    day, guest = with_guest()
    visit = day.of("Astrid").visit
    day.leave("Astrid", 60)
    assert day.house.guests_inside() == ()
    day.ask(Undo(id=new_id(), at=at(65), visit=visit, by=EVA))
    assert [one.id for one in day.house.guests_inside()] == [guest.id]


def test_a_guest_of_an_earlier_visit_does_not_come_back_with_the_member() -> None:
    day, _guest = with_guest()
    day.leave("Astrid", 60)
    day.tap("Astrid", 600)
    assert day.house.guests_inside() == ()


def test_a_guest_may_go_before_their_member_and_only_once() -> None:
    day, guest = with_guest()
    out = LetGuestOut(id=new_id(), at=at(30), guest=guest.id, by=EVA)
    assert outcome(day.ask(out)) is Outcome.GUEST_OUT
    assert day.house.guests_inside() == ()
    assert day.of("Astrid").inside
    assert day.ask(out).answer.reason is Reason.GUEST_UNKNOWN


def test_a_guest_handed_over_stays_with_the_other_member() -> None:
    day, guest = with_guest()
    day.tap("Bo", 20)
    handed = HandGuestOver(id=new_id(), at=at(30), guest=guest.id, visit=day.of("Bo").visit, by=EVA)
    assert outcome(day.ask(handed)) is Outcome.GUEST_MOVED
    day.leave("Astrid", 60)
    day.join("Bo", REST, 70)
    assert [day.house.zone_of(one) for one in day.house.guests_inside()] == [REST]
    day.leave("Bo", 90)
    assert day.house.guests_inside() == ()


def test_a_guest_is_handed_over_only_to_somebody_who_is_in() -> None:
    day, guest = with_guest()
    handed = HandGuestOver(id=new_id(), at=at(30), guest=guest.id, visit=VisitId("nobody"), by=EVA)
    assert day.ask(handed).answer.reason is Reason.NOT_IN_HOUSE
    assert [one.visit for one in day.house.guests_inside()] == [day.of("Astrid").visit]


@pytest.mark.parametrize("name", ["", "   ", "x" * (NAME_MAX + 1)])
def test_a_guest_has_a_name_that_can_be_called_out(name: str) -> None:
    day, _guest = with_guest()
    assert let_in(day, "Astrid", 20, name).answer.reason is Reason.NAME_UNFIT


def test_one_member_receives_a_study_visit_and_not_a_conference() -> None:
    day, _guest = with_guest()
    for number in range(1, GUESTS_MAX):
        assert outcome(let_in(day, "Astrid", 20, f"Gäst {number}")) is Outcome.GUEST_IN
    assert let_in(day, "Astrid", 21).answer.reason is Reason.GUESTS_MAX
    assert len(day.house.guests_inside()) == GUESTS_MAX


def test_nobody_who_has_left_receives_a_guest() -> None:
    day, _guest = with_guest()
    day.leave("Astrid", 60)
    assert let_in(day, "Astrid", 61).answer.reason is Reason.NOT_IN_HOUSE


def test_a_guest_cannot_be_moved_to_a_zone_of_another_house() -> None:
    day, guest = with_guest()
    assert move(day, guest.id, ZoneId("elsewhere"), 20).answer.reason is Reason.ZONE_UNKNOWN


def test_somebody_with_a_guest_waits_for_company_although_no_other_member_is_in() -> None:
    day, guest = with_guest()
    move(day, guest.id, COURSE, 15)
    day.join("Astrid", FIRE, 20)
    assert day.of("Astrid").waiting_since == at(20)


@pytest.mark.parametrize("twice", [True, False])
def test_a_guest_who_is_known_or_whose_member_is_not_in_cannot_arrive(twice: bool) -> None:  # noqa: FBT001 - a parameter of the test
    day, guest = with_guest()
    visit = guest.visit if twice else VisitId("nobody")
    wrong = events.GuestArrived(
        id=EventId("e"), at=at(20), guest=guest.id if twice else GuestId("new"), visit=visit, by=EVA
    )
    with pytest.raises(IllegalEvent):
        advance(day.house, wrong)


@given(st.lists(st.sampled_from(["in", "out", "move", "leave", "tap"]), max_size=30))
def test_whatever_happens_every_guest_in_the_house_is_with_a_member_who_is(steps: list[str]) -> None:
    day = Day("Astrid", "Bo")
    for second, step in enumerate(steps, start=1):
        seconds, name = second * 20.0, ("Astrid", "Bo")[second % 2]
        known = day.house.guests_inside()
        if step == "tap" or not day.house.presences.get(day.holders_id(name)):
            day.tap(name, seconds)
        elif step == "in":
            let_in(day, name, seconds)
        elif step == "leave":
            day.leave(name, seconds)
        elif known and step == "out":
            day.ask(LetGuestOut(id=new_id(), at=at(seconds), guest=known[0].id, by=EVA))
        elif known:
            move(day, known[0].id, FIRE, seconds)
        inside = {one.visit for one in day.house.inside()}
        assert all(one.visit in inside and one.left_at is None for one in day.house.guests_inside())
    assert replay(day.happened) == day.house
