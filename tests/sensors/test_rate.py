"""What the rate of motion tells: how long silence is believed to hide somebody, and how many people there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors import rate
from sensors.rate import HOLD_MIN, MEANS, SATURATED, SLOTS, Seen

slots = st.floats(0, 2 * SLOTS)


@given(slots, slots)
def test_the_more_motion_there_was_the_sooner_its_silence_counts(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert HOLD_MIN <= rate.hold_part(more) <= rate.hold_part(less) <= 1


def test_one_person_as_measured_is_waited_for_the_whole_hold_and_three_less_than_half_of_it() -> None:
    assert rate.hold_part(MEANS[0] * SLOTS) == 1
    assert HOLD_MIN <= rate.hold_part(MEANS[2] * SLOTS) < 0.5


@pytest.mark.parametrize(("number", "mean"), list(enumerate(MEANS, 1)))
def test_the_measured_rates_tell_of_the_measured_numbers(number: int, mean: float) -> None:
    told = rate.people(Seen(mean * SLOTS, 2, 100))
    assert told.estimate == pytest.approx(number, abs=0.6)
    assert told.high is not None
    assert told.low <= number <= told.high


@given(slots, st.integers(0, 6), st.floats(0, 100))
def test_motion_never_proves_more_than_one_and_its_bounds_are_in_order(
    seen: float, sensors: int, lasted: float
) -> None:
    told = rate.people(Seen(seen, sensors, lasted))
    assert told.low == 1
    assert 1 <= told.estimate <= len(MEANS)
    assert told.high is None or told.estimate <= told.high


@given(st.builds(Seen, slots, st.integers(0, 6), st.floats(0, 100), st.floats(0, 1e6), st.booleans()))
def test_after_any_silence_the_bounds_are_in_order(seen: Seen) -> None:
    told = rate.people(seen)
    assert 0 <= told.low <= told.estimate <= len(MEANS)
    assert told.high is None or told.estimate <= told.high


@given(slots, st.floats(0, 3), st.floats(0, 3))
def test_the_longer_the_silence_the_likelier_all_have_left(at_end: float, one: float, other: float) -> None:
    shorter, longer = (Seen(rate.faded(at_end, quiet), 2, 5.0, quiet) for quiet in sorted((one, other)))
    assert 0 <= rate.nobody(shorter) <= rate.nobody(longer) <= 1


def test_all_who_were_busy_have_left_after_a_few_silent_minutes_and_one_who_sits_still_has_not() -> None:
    three_left, one_sits = (Seen(rate.faded(mean * SLOTS, 0.3), 2, 5.0, 0.3) for mean in (MEANS[2], MEANS[0]))
    assert rate.nobody(three_left) > 0.5
    assert rate.nobody(one_sits) < 0.1
    assert rate.people(three_left).low == 0
    assert rate.people(one_sits).low == 1


def test_lone_motion_that_is_over_was_rather_nobodys() -> None:
    assert rate.nobody(Seen(1.0, 2, 0.1, 0.05, is_lone=True)) > 0.5
    assert rate.people(Seen(1.0, 2, 0.1, 0.05, is_lone=True)).low == 0
    assert rate.people(Seen(1.0, 2, 0.1, 0.0, is_lone=True)).low == 1


def test_sensors_that_see_motion_nearly_always_bound_nothing() -> None:
    assert rate.people(Seen(SATURATED * SLOTS, 2, 100)).high is None
    assert rate.people(Seen((SATURATED - 0.1) * SLOTS, 2, 100)).high is not None


def test_one_sensor_counts_as_half_of_two() -> None:
    assert rate.people(Seen(10.0, 1, 100)) == rate.people(Seen(20.0, 2, 100))


def test_a_first_motion_tells_little_of_how_many_there_are() -> None:
    assert rate.people(Seen(1.0, 2, 0.0)).estimate < 1.6


def test_a_sensor_whose_shortest_motion_is_long_is_not_taken_for_a_busy_one() -> None:
    assert rate.worth(90 / 600, 90 / 600) == pytest.approx(rate.worth(30 / 600, 30 / 600))
    assert rate.worth(90 / 600, 30 / 600) > 2 * rate.worth(90 / 600, 90 / 600)


@given(st.floats(0, 50), st.floats(0, 50))
def test_motion_fades_with_the_hold(one: float, other: float) -> None:
    assert rate.faded(rate.faded(10.0, one), other) == pytest.approx(rate.faded(10.0, one + other))


@given(st.floats(0, 100))
def test_motion_without_end_fills_every_slot_of_a_hold_and_no_more(holds: float) -> None:
    assert 0 < rate.worth(holds, 0.0) <= SLOTS
