"""The truth track: people are conserved, nobody is in two places, and the same options make the same day."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.simulate import figures
from deploy.simulate.day import Day, simulated
from deploy.simulate.habits import habits
from deploy.simulate.options import CLOSES_S, DAY_S, Options
from deploy.simulate.people import is_member, people
from deploy.simulate.track import Numbers, Stay, track
from deploy.simulate.visits import Act

pytestmark = pytest.mark.slow

DAYS = st.builds(
    Options,
    seed=st.integers(0, 2**32),
    members=st.integers(0, 30),
    zones=st.integers(1, 4),
    sensors=st.just(0),
    days=st.integers(1, 2),
)


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_nobody_is_in_two_places_at_once(options: Options) -> None:
    truth = people(options).truth
    for stays in truth.of.values():
        assert all(one.end_s <= other.begin_s for one, other in pairwise(stays))
    assert {one.zone for one in truth.stays} <= {None, *options.zone_ids}


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_people_are_conserved(options: Options) -> None:
    truth = people(options).truth
    for t in sorted({one.begin_s for one in truth.stays} | {one.end_s for one in truth.stays}):
        inside = sum(truth.where(who, t) is not None for who in truth.of)
        assert sum(numbers.at(t) for numbers in truth.zones.values()) == inside
    assert all(not numbers.at(options.days * DAY_S) for numbers in truth.zones.values())


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_everybody_acts_only_where_they_can(options: Options) -> None:
    made = people(options)
    taps = [one for one in made.actions if one.act is Act.TAP]
    assert all(made.truth.where(one.member, one.t) is not None for one in taps)
    joins = [one for one in made.actions if one.act is Act.JOIN and one.host]
    assert all(one.member in made.truth.there(one.zone, one.t) for one in joins)
    seen = [one for one in made.actions if one.act in {Act.CONFIRM, Act.JOIN} and one.host]
    assert all(one.host in made.truth.there(one.zone, one.t) for one in seen)


def test_guests_are_where_their_member_is() -> None:
    truth = people(Options(members=60)).truth
    guests = {who: stays for who, stays in truth.of.items() if who.startswith("gäst")}
    assert len(guests) == round(60 * figures.WITH_GUEST.value)
    for who, stays in guests.items():
        own = truth.of[who.removeprefix("gäst-till-")]
        assert [(one.zone, one.begin_s, one.end_s) for one in own] == [
            (one.zone, one.begin_s, one.end_s) for one in stays
        ]


@pytest.mark.parametrize("members", [10, 40, 300])
def test_the_hard_shares_are_exact_however_few_the_members(members: int) -> None:
    some = habits(Options(members=members))
    assert sum(not one.joins for one in some) == round(0.6 * members)
    assert sum(not one.taps_out for one in some) == round(0.3 * members)


def test_whoever_never_joins_or_taps_out_never_does() -> None:
    made = people(Options(members=100))
    own = [one for one in made.actions if not one.host]
    joiners = {one.member for one in own if one.act is Act.JOIN}
    leavers = {one.member for one in own if one.act in {Act.LEAVE, Act.UNDO}}
    assert joiners <= {one.member for one in made.habits if one.joins}
    assert leavers <= {one.member for one in made.habits if one.taps_out}
    assert joiners
    assert leavers


def test_a_full_day_has_its_peaks_its_loners_and_people_after_closing() -> None:
    truth = people(Options()).truth
    inside = {hour: sum(one.at(hour * 3600.0) for one in truth.zones.values()) for hour in range(24)}
    assert inside[10] > 2 * inside[8]
    assert inside[13] > inside[12]
    assert any(one.end_s > CLOSES_S for one in truth.stays if is_member(one.person))


def test_a_host_who_announces_something_is_there_all_the_while() -> None:
    found = [people(Options(seed=seed, members=0)) for seed in range(5)]
    announced = [(one, act) for one in found for act in one.actions if act.act is Act.ANNOUNCE]
    assert announced
    for made, act in announced:
        assert made.truth.where(act.host, act.begin_s) == Stay(act.host, act.zone, act.begin_s, act.end_s)


def test_the_same_options_make_the_same_day_and_another_seed_another() -> None:
    first, again, other = (_sent(simulated(Options(seed=seed, members=12, sensors=8))) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_sensors_death_changes_nothing_else() -> None:
    dead = simulated(Options(members=12, sensors=12))
    living = simulated(Options(members=12, sensors=12, one_dies=False))
    assert dead.faults.dies
    assert dead.people == living.people
    without = [one for one in living.messages() if one.device != dead.faults.dies]
    assert [one for one in dead.messages() if one.device != dead.faults.dies] == without
    assert len(without) < len(list(living.messages()))


def test_shared_time_is_counted_only_with_somebody_else_there() -> None:
    made = track((Stay("a", "x", 0, 100), Stay("b", "x", 40, 70), Stay("a", "y", 100, 200), Stay("c", None, 0, 300)))
    assert made.shared_s("a", "x", 0, 1000) == 30
    assert made.shared_s("a", "x", 50, 60) == 10
    assert made.shared_s("a", None, 0, 1000) == 30
    assert made.shared_s("c", None, 0, 1000) == 0
    assert (made.company_s("x", 0, 1000), made.in_zone_s("a", "y", 150, 1000)) == (30, 50)


def test_a_count_is_known_at_and_between_its_steps() -> None:
    count = Numbers((10.0, 20.0), (1, 3))
    assert [count.at(t) for t in (9, 10, 19.9, 20, 99)] == [0, 1, 1, 3, 3]
    assert list(count.pieces(5, 25)) == [(5, 10.0, 0), (10.0, 20.0, 1), (20.0, 25, 3)]


def test_what_is_no_house_is_refused() -> None:
    with pytest.raises(ValueError, match="members must be 0 to 2000; zones must be 1 to 12"):
        Options(members=-1, zones=0)
    with pytest.raises(ValueError, match="sensors must be 0 to 200; days must be 1 to 31"):
        Options(sensors=201, days=32)
    with pytest.raises(ValueError, match="days must be 1"):
        Options(days=0)


def _sent(day: Day) -> list[tuple[float, str, bytes, bool]]:
    return [(one.t, one.topic, one.payload, one.retained) for one in day.messages()]
