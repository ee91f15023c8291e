"""A roll call: devices that have been apart agree, nobody is found twice, and nobody is taken off the list."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import GuestId, VisitId
from kiosk.domain.roll_call import RollCall, Tick, added, merged
from tests.support.house import START, at

ASTRID = Sought(visit=VisitId("a"), name="Astrid", agency="Exempel", certain=True, last_zone=None, seen=at(0))
GUEST = replace(ASTRID, name="Gun", guest=GuestId("g"), guest_of="Astrid")
BO = replace(ASTRID, visit=VisitId("b"), name="Bo", certain=False)
CALL = RollCall(id="call", is_drill=False, began=START, ended=None, host="Maja", rows=(ASTRID, GUEST, BO))


def tick(name: str, person: str = "a", seconds: float = 0.0, *, is_taken_back: bool = False) -> Tick:
    moment = START + timedelta(seconds=seconds)
    return Tick(id=name, person=person, at=moment, host="Maja", is_taken_back=is_taken_back)


ticks = st.lists(
    st.builds(
        lambda number, back: tick(f"t{number}", "ab"[number % 2], number, is_taken_back=back),
        st.integers(0, 5),
        st.booleans(),
    )
)


@given(ticks, ticks, ticks)
def test_ticks_become_the_same_whatever_the_order_and_however_often_they_come(
    one: list[Tick], two: list[Tick], three: list[Tick]
) -> None:
    whole = merged(merged(one, two), three)
    assert whole == merged(three, merged(two, one))
    assert merged(whole, whole) == whole
    assert {each.id for each in whole} == {each.id for each in (*one, *two, *three)}


@given(ticks, ticks)
def test_no_tick_is_lost_and_none_that_was_taken_back_comes_again(one: list[Tick], two: list[Tick]) -> None:
    back = {each.id for each in (*one, *two) if each.is_taken_back}
    assert {each.id for each in merged(one, two) if each.is_taken_back} == back


def test_a_guest_is_somebody_else_than_their_member() -> None:
    call = replace(CALL, ticks=(tick("1", GUEST.key),))
    assert call.missing() == (ASTRID, BO)
    assert call.tick_of(GUEST) == tick("1", GUEST.key)


def test_who_is_ticked_by_two_is_found_until_both_take_it_back() -> None:
    both = merged((tick("1", seconds=5),), (tick("2", seconds=3),))
    assert replace(CALL, ticks=both).tick_of(ASTRID) == tick("2", seconds=3)
    one_back = merged(both, (tick("2", seconds=3, is_taken_back=True),))
    assert replace(CALL, ticks=one_back).tick_of(ASTRID) == tick("1", seconds=5)
    both_back = merged(one_back, (tick("1", seconds=5, is_taken_back=True),))
    assert replace(CALL, ticks=both_back).missing() == CALL.rows


def test_a_list_grows_and_nobody_is_taken_off_it() -> None:
    later = replace(ASTRID, visit=VisitId("c"), name="Carl")
    assert added(CALL.rows, (later, replace(ASTRID, last_zone=None))) == (*CALL.rows, later)
    assert added(CALL.rows, ()) == CALL.rows
