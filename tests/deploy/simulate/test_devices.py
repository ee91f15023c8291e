"""Every kind of sensor behaves as its figures say: blind, falsely hit, missing, noisy, biased and slow."""

from itertools import pairwise
from statistics import mean, median

import pytest

from deploy.simulate import figures as f
from deploy.simulate.devices import Device, Make, Report, Room, devices, reports
from deploy.simulate.motion import movements
from deploy.simulate.options import DAY_S, HOUR_S, Options
from deploy.simulate.track import Numbers, Stay, Track, track

OPTIONS = Options(zones=1)
ZONE = OPTIONS.zone_ids[0]
ROW_S = 30.0


def crowd(people: int, hours: float = 40.0) -> Track:
    return track(Stay(f"p{at}", ZONE, 0.0, hours * HOUR_S) for at in range(people))


def room(truth: Track, until_s: float, doors: int = 1) -> Room:
    return Room(truth.zones.get(ZONE, Numbers()), movements(OPTIONS, truth, ZONE), doors, until_s)


def said(make: Make, of: Room, ident: str = "one", door: int = 0) -> list[Report]:
    return list(reports(Device(ident, ZONE, make, door), of, OPTIONS))


def seen(some: list[Report], *, is_on: bool = True) -> list[float]:
    return [one.t for one in some if one.says.get("seen") is is_on]


def visitors(count: int, every_s: float, stay_s: float) -> Track:
    return track(Stay(f"v{at:05}", ZONE, at * every_s, at * every_s + stay_s) for at in range(count))


@pytest.mark.parametrize(("people", "low", "high"), [(1, 0.2, 0.5), (2, 0.6, 1.1), (3, 0.9, 1.4)])
def test_the_rate_of_motion_in_two_sensors_tells_the_number_of_people(people: int, low: float, high: float) -> None:
    moves = [one for one in movements(OPTIONS, crowd(people), ZONE) if not one.crossing]
    rows = range(int(40 * HOUR_S / ROW_S))
    bits = 0
    for sensor in ("a", "b"):
        chance = OPTIONS.chance(sensor)
        hit = {int(one.t // ROW_S) for one in moves if chance.random() < f.PIR_SEES.value}
        bits += sum(row in hit for row in rows)
    assert low < bits / len(rows) < high


def test_somebody_alone_sits_still_as_long_as_people_do_and_no_longer() -> None:
    gaps = [other.t - one.t for one, other in pairwise(movements(OPTIONS, crowd(1), ZONE))]
    assert median(gaps) == pytest.approx(f.STILL_MEDIAN.value, rel=0.1)
    assert sorted(gaps)[int(len(gaps) * 0.95)] == pytest.approx(f.STILL_95.value, rel=0.2)
    assert 300 < max(gaps) <= f.STILL_MAX.value + 1


def test_a_motion_sensor_is_blind_after_a_hit_and_its_bridge_clears_it() -> None:
    some = said(Make.PIR, room(crowd(3, 5), 6 * HOUR_S))
    hits = seen(some)
    assert all(other - one >= f.PIR_BLIND.value for one, other in pairwise(hits))
    clears = seen(some, is_on=False)
    assert clears
    assert all(min(abs(clear - f.PIR_CLEAR.value - hit) for hit in hits) < 1e-6 for clear in clears)


def test_motion_sensors_are_falsely_hit_in_empty_rooms() -> None:
    hits = seen(said(Make.PIR, room(crowd(0), 400 * HOUR_S)))
    assert len(hits) == pytest.approx(400 * f.PIR_FALSE.value, rel=0.35)


def test_a_sensor_with_both_edges_tells_one_long_motion_once() -> None:
    some = said(Make.PIR_EDGES, room(crowd(20, 1), 2 * HOUR_S))
    assert len(seen(some)) == len(seen(some, is_on=False))
    assert len(seen(some)) < HOUR_S / f.PIR_HOLD.value / 3


def test_a_radar_sees_people_who_sit_still_goes_on_after_them_and_blips() -> None:
    some = said(Make.RADAR, room(visitors(60, 3 * HOUR_S, 2 * HOUR_S), 180 * HOUR_S))
    ends = [t for t in seen(some, is_on=False) if t % (3 * HOUR_S) > 2 * HOUR_S]
    assert len(ends) == 60
    assert all(f.RADAR_HOLD_MIN.value <= t % (3 * HOUR_S) - 2 * HOUR_S <= f.RADAR_HOLD_MAX.value for t in ends)
    blips = [t for t in seen(some, is_on=False) if t % (3 * HOUR_S) < 2 * HOUR_S]
    assert 5 < len(blips) < 40
    assert all(any(0 < back - t <= 20 for back in seen(some)) for t in blips)


def test_an_area_counter_overlooks_some_and_counts_some_twice() -> None:
    still = Room(Numbers((0.0,), (20,)), (), 1, 200 * HOUR_S)
    some = said(Make.AREA, still)
    counts = [int(one.says["people"]) for one in some]
    assert mean(counts) == pytest.approx(20 * (1 - f.AREA_MISSES.value) * (1 + f.AREA_DOUBLES.value), rel=0.02)
    assert min(counts) < 20 < max(counts)
    gaps = [other.t - one.t for one, other in pairwise(some[2:])]
    soon = [one for one in gaps if one <= f.AREA_DOUBLE_MAX.value]
    assert 0 < len(soon) < len(gaps) / 2
    assert all(one >= f.AREA_EVERY.value - f.AREA_DOUBLE_MAX.value - 1 for one in gaps if one not in soon)


def test_an_area_counter_tells_a_change_soon() -> None:
    some = said(Make.AREA, room(visitors(3, 1000, 500), HOUR_S))
    assert {500.0, 1000.0, 1500.0} <= {round(one.t - f.AREA_AFTER.value, 3) for one in some}


def test_a_line_counter_misses_more_who_go_out_and_never_counts_down() -> None:
    some = said(Make.LINE, room(visitors(4000, 60, 50), 80 * HOUR_S))
    came = some[-1].says["in"] - some[0].says["in"]
    went = some[-1].says["out"] - some[0].says["out"]
    assert came == pytest.approx(4000 * f.LINE_IN.value, rel=0.02)
    assert went / came == pytest.approx(f.LINE_BIAS.value, rel=0.02)
    assert all(one.says["in"] <= other.says["in"] for one, other in pairwise(some))


def test_two_doors_share_the_crossings() -> None:
    both = room(visitors(500, 60, 50), 20 * HOUR_S, doors=2)
    counts = [said(Make.LINE, both, f"door-{door}", door) for door in (0, 1)]
    came = [some[-1].says["in"] - some[0].says["in"] for some in counts]
    assert min(came) > 100
    assert sum(came) == pytest.approx(500 * f.LINE_IN.value, rel=0.05)


def test_carbon_dioxide_follows_people_slowly_and_goes_back() -> None:
    some = said(Make.AIR, room(crowd(10, 4), 10 * HOUR_S))
    assert max(one.says["ppm"] for one in some) > f.CO2_OUTSIDE.value + 300
    assert some[0].says["ppm"] < f.CO2_OUTSIDE.value + 150
    assert some[-1].says["ppm"] < f.CO2_OUTSIDE.value + 60


def test_with_several_zones_the_last_has_no_sensor_and_all_kinds_are_there() -> None:
    some = devices(Options(zones=3, sensors=20))
    assert len(some) == 20
    assert {one.zone for one in some} == {"lagerelden", "hinderbanan"}
    assert {one.make for one in some} == set(Make)
    assert [one.make for one in devices(Options(zones=3, sensors=2))] == [Make.PIR, Make.PIR]
    assert {one.zone for one in devices(Options(zones=1, sensors=3))} == {"lagerelden"}


def test_reports_come_in_order_and_within_the_day() -> None:
    of = room(crowd(2, 20), DAY_S)
    for make in Make:
        times = [one.t for one in said(make, of)]
        assert times == sorted(times)
        assert all(0 <= t < DAY_S for t in times)
