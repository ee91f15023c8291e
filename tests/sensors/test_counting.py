"""Counting through doors: totals that wrap, begin anew, come twice, late or not at all, and drift to one side."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.zones import People as Told
from sensors import counting
from sensors.counting import IDENTITIES_MAX, STEADY_S, Door
from sensors.readings import PEOPLE_MAX, Content, Crossed, CrossedBy, Fault, FaultKind, People, What
from tests.sensors.cell import OCCUPIED, VACANT, Cell
from tests.sensors.house import instant

pytestmark = pytest.mark.slow

EVERY_S = 600.0
DAY_S = 86_400.0


def told(*totals: tuple[int, int], wraps_at: int | None = None, every_s: float = EVERY_S) -> Door:
    """Return a proven empty zone's door after these totals, one report after the other."""
    door = counting.proven(Door(), 0.0, instant(0))
    for number, (entered, left) in enumerate(totals):
        door = counting.passed(door, Crossed(entered, left, wraps_at), instant(number * every_s), every_s)
    return door


def test_the_first_totals_are_where_counting_starts_and_no_crowd() -> None:
    door = told((19_625, 18_806))
    assert (door.net, door.crossings, door.proven) == (0, 0, instant(0))


@pytest.mark.parametrize("wraps_at", [2**16, 2**32])
@pytest.mark.parametrize("before", [1, 5])
def test_totals_that_wrap_give_the_right_change(wraps_at: int, before: int) -> None:
    door = told((wraps_at - before, 500), (3, 502), wraps_at=wraps_at)
    assert door.net == before + 3 - 2
    assert door.proven == instant(0)


@pytest.mark.parametrize("lost", range(11))
def test_up_to_ten_lost_uplinks_lose_no_crossing(lost: int) -> None:
    totals = [(100 + 7 * number, 90 + 5 * number) for number in range(13)]
    heard = [totals[0], totals[1 + lost]]
    door = told(*heard, every_s=EVERY_S * (1 + lost))
    assert door.net == 2 * (1 + lost)


@pytest.mark.parametrize("after", [(0, 0), (2, 1), (0, 4)])
@pytest.mark.parametrize("wraps_at", [None, 2**16])
def test_totals_that_begin_anew_widen_the_bounds_and_never_jump(after: tuple[int, int], wraps_at: int | None) -> None:
    door = told((5000, 4000), (5010, 4003), after, wraps_at=wraps_at)
    assert door.net == 7 + after[0] - after[1]
    bounds = counting.door_bounds([door], instant(2 * EVERY_S))
    assert (bounds.low, bounds.high) == (0, None)
    assert bounds.estimate >= 0


def test_both_totals_falling_at_once_are_a_new_beginning_also_near_the_wrap() -> None:
    door = told((65_500, 65_490), (2, 1), wraps_at=2**16)
    assert door.proven is None
    assert door.net == 1


def test_totals_that_jump_out_of_all_measure_are_a_new_beginning() -> None:
    door = told((10, 10), (40_000, 10))
    assert door.net == 0
    assert door.proven is None


def test_a_device_that_says_it_has_started_anew_takes_the_bounds_and_not_the_count() -> None:
    cell = Cell("line", "pir").empty(0, "pir").say(0, "line", Crossed(0, 0)).alive(1200, "line", "pir")
    cell.say(1210, "line", Crossed(9, 0))
    assert cell.zone.people.high is not None
    cell.say(1220, "line", Fault(FaultKind.RESET, count=3)).say(1230, "line", Fault(FaultKind.RESET, count=3))
    assert cell.zone.people.high is not None
    cell.say(1240, "line", Fault(FaultKind.RESET, count=4))
    assert cell.zone.people == Told(1, 9.0, None)


def test_the_same_totals_twice_count_once() -> None:
    assert told((10, 5), (13, 5), (13, 5)).net == told((10, 5), (13, 5)).net == 3


def test_totals_that_come_late_are_known_again_with_and_without_a_message_number() -> None:
    door = told((1000, 900), (1010, 903))
    assert counting.passed(door, Crossed(1004, 901), instant(700), 100) == door
    numbered = replace(door, sequence=41)
    assert counting.passed(numbered, Crossed(1004, 901, None, 40), instant(700), 100) == numbered
    assert counting.passed(numbered, Crossed(1011, 903, None, 42), instant(700), 100).net == 8


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=40))
def test_increments_count_once_whatever_is_delivered_twice(steps: list[tuple[int, int, bool]]) -> None:
    door = Door()
    for number, (entered, left, twice) in enumerate(steps):
        for _ in range(1 + twice):
            door = counting.passed_by(door, CrossedBy(entered, left, f"m{number}"), instant(number))
    assert door.net == sum(entered - left for entered, left, _ in steps)
    assert len(door.identities) <= IDENTITIES_MAX


def test_one_increment_is_never_more_than_people_can_be() -> None:
    assert counting.passed_by(Door(), CrossedBy(10**9, 0, "a"), instant(0)).net == PEOPLE_MAX


reports = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.integers(0, 70_000), st.integers(0, 70_000)).map(lambda one: Crossed(*one, 2**16)),
            st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda one: CrossedBy(*one)),
            st.just(Fault(FaultKind.RESET)),
            st.sampled_from((What.ALIVE, What.OFFLINE, What.ONLINE)),
        ),
        st.sampled_from((1.0, 60.0, 600.0, 5000.0)),
        st.integers(0, 3),
    ),
    max_size=30,
)


@settings(max_examples=50, deadline=None)
@given(reports)
def test_the_bounds_are_always_in_order_and_nothing_is_below_zero(story: list[tuple[int, Content, float, int]]) -> None:
    cell = Cell("line", "line", "pir", "area")
    for door, what, pause_s, other in story:
        cell.say(cell.now_s + pause_s, ("line", "line-2")[door], what)
        if other == 1:
            cell.say(cell.now_s, "pir", What.CLEAR)
        elif other:
            cell.say(cell.now_s, "area", People(other - 2))
        people = cell.zone.people
        assert 0 <= people.low <= people.estimate
        assert people.high is None or people.estimate <= people.high


@given(st.integers(0, 200), st.floats(0, 48))
def test_bounds_never_narrow_with_crossings_or_hours_and_do_with_a_proof(pairs: int, hours: float) -> None:
    def width(pairs: int, hours: float) -> int:
        door = replace(counting.proven(Door(), 100.0, instant(0)), crossings=2.0 * pairs)
        bounds = counting.door_bounds([door], instant(hours * 3600))
        assert bounds.high is not None
        return bounds.high - bounds.low

    assert width(pairs, hours) <= width(pairs + 1, hours)
    assert width(pairs, hours) <= width(pairs, hours + 1)
    assert width(pairs + 50, hours) > width(pairs, hours)
    assert width(pairs, hours + 2) > width(pairs, hours)
    door = replace(counting.proven(Door(), 100.0, instant(0)), crossings=2.0 * pairs)
    shown = counting.door_bounds([counting.proven(door, 3.0, instant(hours * 3600))], instant(hours * 3600))
    assert (shown.low, shown.estimate, shown.high) == (3, 3.0, 3)


def test_a_single_person_passing_is_not_surely_one_and_three_are_surely_two() -> None:
    sure = [counting.door_bounds([told((0, 0), (number, 0))], instant(EVERY_S)).low for number in range(5)]
    assert sure[:4] == [0, 0, 1, 2]


def test_a_count_far_below_nobody_is_mended_once_every_door_has_told_its_own() -> None:
    cell = Cell("line", "line", "pir").empty(0, "pir")
    cell.say(0, "line", Crossed(0, 0)).say(0, "line-2", Crossed(0, 0)).alive(1500, "line", "line-2", "pir")
    cell.say(1510, "line", Crossed(0, 20))
    assert cell.zone.people.estimate == 0
    cell.say(1520, "line-2", Crossed(0, 0))
    cell.say(1530, "line-2", Crossed(8, 0))
    assert cell.state is OCCUPIED
    assert cell.zone.people.estimate == 8


def test_a_door_that_is_not_heard_takes_the_bounds_away_until_it_is() -> None:
    cell = Cell("line", "line", "pir").empty(0, "pir")
    cell.say(0, "line", Crossed(0, 0)).say(0, "line-2", Crossed(0, 0)).alive(1500, "line", "line-2", "pir")
    cell.say(1510, "line", Crossed(9, 0)).say(1511, "line-2", Crossed(0, 0))
    assert cell.zone.people == Told(7, 9.0, 11)
    assert cell.say(1520, "line-2", What.OFFLINE).zone.people == Told(1, 9.0, None)
    assert cell.say(1530, "line-2", Crossed(0, 2)).zone.people.high is not None


def test_heads_counted_are_a_proof_for_the_doors() -> None:
    cell = Cell("line", "area").say(0, "line", Crossed(500, 300)).say(1, "area", People(4)).say(100, "area", People(4))
    cell.say(110, "line", Crossed(503, 300)).say(120, "area", People(7)).say(300, "area", People(7))
    assert cell.zone.drift == 0
    cell.say(310, "line", Crossed(509, 300)).say(500, "area", People(7)).say(700, "area", People(7))
    assert cell.zone.drift == 7 + 6 - 7
    assert (cell.zone.people.low, cell.zone.people.estimate) == (7, 7)
    cell.say(710, "area", What.OFFLINE)
    assert cell.zone.people.estimate == 7


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 200)), min_size=1, max_size=30))
def test_heads_are_sure_only_when_they_have_stood(counts: Sequence[tuple[int, float]]) -> None:
    heads, at_s = None, 0.0
    said = [(0.0, 0)]
    for count, pause_s in counts:
        at_s += pause_s
        heads = counting.counted(heads, count, instant(at_s))
        said.append((at_s, count))
        ends = [one for one, _ in said[1:]] + [at_s + 1]
        lately = [number for (_, number), end_s in zip(said, ends, strict=True) if end_s > at_s - STEADY_S]
        bounds = counting.heads_bounds(heads, instant(at_s), instant(at_s))
        assert bounds.low <= min(lately)
        assert bounds.high is not None
        assert bounds.low <= count <= bounds.high


def day(cell: Cell, chance: random.Random, start_s: float, totals: list[list[int]], bias: float) -> None:
    """Let people come and go through two doors for a day, some who leave not counted; reports get lost and doubled."""
    inside, at_s = 0, start_s + 8 * 3600
    lost = 0
    while at_s < start_s + 18 * 3600 or inside:
        at_s += EVERY_S
        is_evening = at_s >= start_s + 17.5 * 3600
        coming = 0 if is_evening else chance.randint(0, 6)
        going = inside if is_evening else min(inside, chance.randint(0, 6))
        inside += coming - going
        for number in range(2):
            share = (coming // 2 + (coming % 2) * number, going - going // 2 if number else going // 2)
            counted = [share[0], sum(chance.random() >= bias for _ in range(share[1]))]
            totals[number][0] = (totals[number][0] + counted[0]) % 2**16
            totals[number][1] = (totals[number][1] + counted[1]) % 2**16
        lost = lost - 1 if lost else chance.choice((0, 0, 0, 0, 0, chance.randint(1, 10)))
        if not lost or is_evening:
            for number, name in enumerate(("line", "line-2")):
                for _ in range(chance.choice((1, 1, 2))):
                    cell.say(at_s, name, Crossed(totals[number][0], totals[number][1], 2**16))
        assert cell.zone.people.low <= max(inside, 1)
    while at_s + EVERY_S < start_s + DAY_S:
        at_s += EVERY_S
        for number, name in enumerate(("line", "line-2")):
            if chance.random() < 0.005:
                totals[number][:] = [0, 0]
            cell.say(at_s, name, Crossed(totals[number][0], totals[number][1], 2**16))
        cell.say(at_s, "pir", What.CLEAR)


@pytest.mark.parametrize("bias", [0.0, 0.087])
def test_doors_that_drift_are_never_below_zero_and_carry_nothing_from_day_to_day(
    bias: float,
    soak: bool,  # noqa: FBT001 - a fixture
) -> None:
    chance = random.Random(20261123)  # noqa: S311 - a seeded story
    cell = Cell("line", "line", "pir")
    totals = [[65_000, 64_900], [40, 10]]
    drifts = []
    for number in range(15 * 7 if soak else 2):
        day(cell, chance, number * DAY_S, totals, bias)
        assert cell.state is VACANT
        assert cell.zone.people == Told(0, 0.0, 0)
        drifts.append(cell.zone.drift or 0)
    assert (sum(drifts) > 0) is (bias > 0)
    assert all(abs(one) < 60 for one in drifts)


def test_a_night_without_proof_only_widens_the_bounds() -> None:
    cell = Cell("line", "pir").empty(0, "pir").say(0, "line", Crossed(0, 0)).alive(1500, "line", "pir")
    cell.say(1600, "line", Crossed(20, 0)).say(1600, "pir", What.OFFLINE)
    widths = []
    for hour in range(1, 4):
        cell.say(1600 + hour * 3500, "line", What.ALIVE)
        people = cell.zone.people
        assert people.estimate == 20
        assert people.high is not None
        widths.append(people.high - people.low)
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]
