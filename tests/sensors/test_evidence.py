"""What each kind of sensor can and cannot prove, alone and together."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.zones import People as Told
from kiosk.domain.zones import ZoneState
from sensors.fusion import DOOR_SURE_HOLD_S, SHIFT
from sensors.kinds import KINDS
from sensors.readings import Content, Crossed, CrossedBy, Level, People, Quantity, What
from tests.sensors.cell import OCCUPIED, UNKNOWN, VACANT, Cell
from tests.sensors.house import instant

pytestmark = pytest.mark.slow

HOUR_S = 3600.0
PROVING = [kind for kind, sees in KINDS.items() if sees.sees_absence and kind != "line"]
NOT_PROVING = [kind for kind, sees in KINDS.items() if not sees.sees_absence and kind not in {"slow", "tag"}]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "tag"])
def test_a_zone_whose_sensors_are_all_silent_is_unknown_within_the_limit_and_five_seconds(kind: str) -> None:
    cell = Cell(kind).say(10, kind, What.MOTION if kind not in {"line", "slow"} else What.ALIVE)
    limit_s = 10 + KINDS[kind].silent_s
    cell.at(limit_s + 5)
    assert cell.state is UNKNOWN
    assert VACANT not in [state for _, state in cell.states]
    assert cell.at(100_000).state is UNKNOWN


@pytest.mark.parametrize("kind", PROVING)
def test_a_sensor_that_can_see_absence_proves_it(kind: str) -> None:
    cell = Cell(kind).empty(0, kind)
    for second in range(60, 1300, 60):
        cell.empty(second, kind)
    assert cell.state is VACANT
    assert cell.zone.people == Told(0, 0.0, 0)


@pytest.mark.parametrize("kind", NOT_PROVING)
def test_a_zone_of_sensors_that_cannot_see_absence_goes_from_occupied_to_unknown_and_never_vacant(kind: str) -> None:
    cell = Cell(kind).say(0, kind, What.CLEAR).say(10, kind, What.MOTION).say(100, kind, What.CLEAR)
    for second in range(200, 20_000, 100):
        cell.say(second, kind, What.CLEAR)
    assert [state for _, state in cell.states] == [UNKNOWN, OCCUPIED, UNKNOWN]
    assert "none that can see" in cell.zone.reason.en


def test_slow_sensors_alone_never_say_anything_whatever_they_measure() -> None:
    cell = Cell("slow")
    for number, value in enumerate((400.0, 2500.0, 420.0, 5000.0, 390.0) * 20):
        cell.say(number * 60.0, "slow", Level(Quantity.CO2_PPM, value))
    assert [state for _, state in cell.states] == [UNKNOWN]
    assert "air, light or sound" in cell.zone.reason.en


def test_slow_sensors_shift_the_confidence_a_little_and_never_the_state() -> None:
    fresh_air, stuffy = Cell("pir", "slow"), Cell("pir", "slow")
    for cell, value in ((fresh_air, 420.0), (stuffy, 1500.0)):
        cell.say(5, "slow", Level(Quantity.CO2_PPM, value)).say(10, "pir", What.MOTION)
    assert fresh_air.state is stuffy.state is OCCUPIED
    assert stuffy.zone.confidence - fresh_air.zone.confidence == pytest.approx(2 * SHIFT)
    for cell in (fresh_air, stuffy):
        cell.empty(100, "pir").alive(3600, "pir", "slow")
    assert fresh_air.state is stuffy.state is VACANT
    assert stuffy.zone.confidence < fresh_air.zone.confidence


def test_light_warmth_and_damp_tell_nothing_of_people() -> None:
    plain, lit = Cell("pir", "slow"), Cell("pir", "slow")
    lit.say(5, "slow", Level(Quantity.LIGHT_LX, 900.0))
    plain.say(5, "slow", What.ALIVE)
    assert plain.say(10, "pir", What.MOTION).zone.confidence == lit.say(10, "pir", What.MOTION).zone.confidence


def test_a_radar_word_stands_so_its_zone_clears_after_its_hold_without_another_word() -> None:
    cell = Cell("radar").empty(0, "radar").say(200, "radar", What.MOTION).empty(500, "radar")
    assert cell.at(500 + 119).state is OCCUPIED
    assert cell.at(500 + 121).state is VACANT


def test_motion_that_is_truly_measured_again_extends_the_hold_and_a_cached_repeat_does_not() -> None:
    measured, cached, once = Cell("pir"), Cell("pir"), Cell("pir")
    for cell, repeats in ((measured, True), (cached, False)):
        for second in range(10, 7200, 60):
            cell.say(second, "pir", What.MOTION, repeats=repeats)
    once.say(10, "pir", What.MOTION).at(7200)
    assert measured.state is OCCUPIED
    assert cached.states == once.states
    assert cached.state is UNKNOWN


def test_a_sensor_that_only_ever_says_motion_counts_from_its_last_one() -> None:
    cell = Cell("pir").say(0, "pir", What.MOTION, repeats=True).say(300, "pir", What.MOTION, repeats=True)
    assert cell.at(300 + 600).state is OCCUPIED
    assert cell.at(300 + 60 + 1200 + 1).state is UNKNOWN


def test_a_record_of_the_past_changes_nothing() -> None:
    cell = Cell("area", "pir")
    before = cell.states, cell.watch.memory(next(iter(cell.plan.limits)))
    for second in range(10):
        cell.say(second, "area", People(5), history=True).say(second, "pir", What.MOTION, history=True)
    assert (cell.states, cell.watch.memory(next(iter(cell.plan.limits)))) == before


@pytest.mark.parametrize(
    "stamp",
    [
        datetime(1970, 1, 1, 0, 3, tzinfo=UTC),
        datetime(2023, 5, 1, tzinfo=UTC),
        datetime(2031, 1, 1, tzinfo=UTC),
        datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001 - a device that tells no zone
    ],
)
def test_a_device_with_a_wrong_clock_is_dated_by_its_arrival(stamp: datetime) -> None:
    right, wrong = Cell("pir"), Cell("pir")
    for cell, told in ((right, None), (wrong, stamp)):
        cell.say(0, "pir", What.CLEAR, stamp=told and told - timedelta(seconds=10))
        cell.say(10, "pir", What.MOTION, stamp=told).say(40, "pir", What.CLEAR, stamp=told and told + timedelta(1))
        cell.at(5000)
    assert right.states == wrong.states


def test_a_device_whose_time_stands_still_in_1970_is_still_alive() -> None:
    cell = Cell("pir")
    for second in range(0, 3000, 300):
        cell.say(second, "pir", What.CLEAR, stamp=datetime(1970, 1, 1, tzinfo=UTC))
    assert cell.state is VACANT


@pytest.mark.parametrize("kind", ["pir", "area", "radar"])
def test_a_three_hours_old_retained_message_makes_no_zone_occupied_and_moves_no_change(kind: str) -> None:
    stamp = instant(0).wall - timedelta(hours=3)
    cell = Cell(kind)
    cell.say(1, kind, People(4) if kind == "area" else What.MOTION, retained=True, stamp=stamp)
    assert cell.states == [(0, UNKNOWN)]
    memory = cell.watch.memory(next(iter(cell.plan.limits)))
    assert (memory.heard, memory.stamp) == (None, stamp)


def test_retained_totals_of_a_door_are_no_crossing() -> None:
    cell = Cell("line").say(0, "line", Crossed(10, 10)).say(5, "line", Crossed(400, 10), retained=True)
    assert cell.zone.people.estimate == 0


def test_one_of_two_dying_leaves_the_state_and_lowers_the_confidence_and_both_dead_is_never_vacant() -> None:
    cell = Cell("pir", "pir").empty(0, "pir", "pir-2").alive(1200, "pir", "pir-2")
    whole = cell.zone.confidence
    cell.alive(1200 + 2 * HOUR_S, "pir")
    assert cell.state is VACANT
    assert cell.zone.confidence < whole
    assert (cell.zone.fresh, cell.zone.silent) == (1, 1)
    for _ in range(4):
        cell.say(cell.now_s + 60, "pir", What.MOTION).empty(cell.now_s + 30, "pir")
    died_s = cell.now_s
    cell.at(died_s + 24 * HOUR_S)
    assert VACANT not in [state for at_s, state in cell.states if at_s > died_s]


@pytest.mark.parametrize("again_after_s", [0.5, 120.0])
@pytest.mark.parametrize("killed_at_s", [301.0, 420.0, 700.0])
def test_a_kill_in_mid_hold_leaves_everything_as_without_it(killed_at_s: float, again_after_s: float) -> None:
    def story(cell: Cell) -> Cell:
        cell.empty(0, "pir", "pir-2").say(30, "line", Crossed(5, 5)).say(60, "line", Crossed(7, 5))
        for second in range(70, 300, 40):
            cell.say(second, "pir", What.MOTION).empty(second + 15, "pir")
        return cell.at(killed_at_s)

    whole, killed = story(Cell("pir", "pir", "line")), story(Cell("pir", "pir", "line"))
    killed.killed(again_after_s)
    whole.at(killed.now_s)
    changes = len(killed.states)
    for cell in (whole, killed):
        cell.alive(9000, "pir", "pir-2", "line", every_s=60)
    assert [state for _, state in whole.states] == [state for _, state in killed.states]
    assert len(killed.states) >= changes
    assert [at_s for at_s, _ in killed.states] == pytest.approx([at_s for at_s, _ in whole.states], abs=2)
    assert whole.zone.people == killed.zone.people
    assert whole.zone.since == killed.zone.since


@pytest.mark.parametrize("step_s", [-3600.0, 3600.0, -1.7e9])
def test_a_step_of_the_wall_clock_moves_no_state_and_no_hold(step_s: float) -> None:
    def stepping(seconds: float) -> Instant:
        true = instant(seconds)
        return true if seconds < 400 else Instant(instant(seconds + step_s).wall, true.boot, true.elapsed_s, true.clock)

    steady, stepped = Cell("pir", "line"), Cell("pir", "line", clock=stepping)
    for cell in (steady, stepped):
        cell.empty(0, "pir").say(5, "line", Crossed(0, 0)).say(10, "pir", What.MOTION).say(250, "line", Crossed(3, 0))
        cell.empty(300, "pir").alive(6000, "pir", "line")
    assert steady.states == stepped.states
    assert steady.zone.people == stepped.zone.people
    assert stepped.zone.heard.wall.tzinfo is UTC


def test_every_state_names_the_sensors_that_decided_it() -> None:
    cell = Cell("pir", "pir", "line").say(10, "pir-2", What.MOTION)
    assert list(cell.watch.decided.values()) == [("pir-2",)]
    cell.empty(20, "pir-2")
    assert list(cell.watch.decided.values()) == [("pir-2",)]
    cell.say(30, "line", Crossed(0, 0)).say(2000, "line", Crossed(2, 0))
    assert list(cell.watch.decided.values()) == [("line",)]


@pytest.mark.parametrize("people", [1, 2, 3, 17])
def test_a_reason_never_tells_one_person_from_two(people: int) -> None:
    reason = Cell("area").say(0, "area", People(people)).zone.reason
    assert (str(people) in reason.en) is (str(people) in reason.sv) is (people > 2)


def test_every_sort_of_reason_is_told_in_both_languages() -> None:
    cells = [
        Cell("area").say(0, "area", People(1)),
        Cell("ble").say(0, "ble", What.CLEAR),
        Cell("slow").say(0, "slow", What.ALIVE),
        Cell("line").say(0, "line", Crossed(0, 0)).say(5, "line", Crossed(2, 0)),
        Cell("line", "line")
        .say(0, "line", Crossed(0, 0))
        .say(1, "line-2", Crossed(0, 0))
        .say(5, "line", Crossed(2, 0)),
    ]
    reasons = [cell.zone.reason for cell in cells]
    assert len({one.sv for one in reasons}) == len({one.en for one in reasons}) == len(cells)
    assert all(one.sv != one.en for one in reasons)


@pytest.mark.parametrize(
    ("kind", "before", "same", "news"),
    [("area", People(1), People(1), People(2)), ("line", Crossed(4, 4), Crossed(4, 4), Crossed(5, 4))],
)
def test_a_number_that_has_moved_brings_a_sensor_back_whose_online_was_lost(
    kind: str, before: Content, same: Content, news: Content
) -> None:
    cell = Cell(kind).say(0, kind, before).say(10, kind, What.OFFLINE).say(20, kind, same)
    assert cell.zone.fresh == 0
    assert cell.say(30, kind, news).zone.fresh == 1


def test_doors_by_which_somebody_is_in_occupy_a_zone_that_motion_alone_would_let_go() -> None:
    cell = Cell("line", "pir").empty(0, "pir").say(1, "line", Crossed(0, 0)).alive(1200, "pir", "line")
    assert cell.state is VACANT
    for number in range(1, 9):
        cell.say(1200 + number, "line", Crossed(number, 0))
    assert cell.state is OCCUPIED
    assert cell.zone.people.low >= 2
    cell.alive(1208 + DOOR_SURE_HOLD_S - 10, "pir", "line", every_s=60)
    assert cell.state is OCCUPIED
    cell.alive(cell.now_s + 200, "pir", "line", every_s=60)
    assert cell.state is VACANT
    assert cell.zone.drift == 8


def test_a_zone_with_only_a_door_is_vacant_when_nobody_has_passed_for_as_long_as_people_stay() -> None:
    cell = Cell("line").say(0, "line", Crossed(100, 90))
    for second in range(600, int(5 * HOUR_S), 600):
        cell.say(second, "line", Crossed(100, 90))
    assert cell.state is VACANT
    cell.say(5 * HOUR_S, "line", Crossed(101, 90))
    assert cell.state is OCCUPIED


def test_one_quiet_door_proves_nothing_while_another_is_not_heard() -> None:
    cell = Cell("line", "line").say(0, "line", Crossed(0, 0))
    for second in range(600, int(9 * HOUR_S), 600):
        cell.say(second, "line", Crossed(0, 0))
    assert cell.state is UNKNOWN


def test_two_doors_of_one_zone_add_up() -> None:
    cell = Cell("line", "line", "pir").say(0, "line", Crossed(0, 0)).say(0, "line-2", Crossed(50, 60))
    cell.empty(0, "pir").alive(1500, "line", "line-2", "pir")
    assert cell.state is VACANT
    cell.say(1501, "line-2", Crossed(50, 64))
    assert cell.zone.people == Told(0, 0.0, 0)
    cell.say(1502, "line", Crossed(12, 0))
    assert cell.state is OCCUPIED
    people = cell.zone.people
    assert people.estimate == 8
    assert people.low <= 8 <= (people.high or 0)


def test_an_area_counter_tells_how_many_and_two_only_when_it_has_stood() -> None:
    cell = Cell("area").say(0, "area", People(0)).say(300, "area", People(2))
    assert cell.state is OCCUPIED
    assert cell.zone.people.low == 1
    assert cell.zone.people.estimate == 2
    cell.say(361, "area", People(2))
    assert cell.zone.people.low == 2


def test_an_area_counter_that_has_not_been_heard_for_long_is_no_longer_sure_of_company() -> None:
    cell = Cell("area").say(0, "area", People(4)).say(100, "area", People(4))
    assert cell.at(900).zone.people.low == 4
    assert cell.at(1100).zone.people.low == 1
    assert cell.zone.people.estimate == 4


def test_two_area_counters_may_see_the_same_people() -> None:
    cell = Cell("area", "area").say(0, "area", People(3)).say(0, "area-2", People(2)).at(100)
    assert cell.zone.people == Told(3, 3.0, 7)


def test_a_ghost_of_a_few_seconds_is_never_company() -> None:
    cell = Cell("area").say(0, "area", People(1))
    lows = []
    for second in range(100, 1000, 20):
        cell.say(second, "area", People(2 if second % 40 else 1))
        lows.append(cell.zone.people.low)
    assert max(lows) == 1


def test_motion_alone_is_never_said_to_show_two_however_much_there_is() -> None:
    cell = Cell("pir", "pir")
    lows = []
    for second in range(0, 7200, 20):
        for name in ("pir", "pir-2"):
            cell.say(second, name, What.MOTION).empty(second + 10, name)
        lows.append(cell.zone.people.low)
    assert max(lows) == 1
    assert cell.zone.people.estimate > 2


def test_increments_delivered_twice_count_once() -> None:
    cell = Cell("line", "pir").empty(0, "pir").say(1, "line", CrossedBy(0, 0, "a")).alive(1200, "line", "pir")
    for second in range(1201, 1205):
        cell.say(second, "line", CrossedBy(3, 0, "b"))
    assert cell.zone.people.estimate == 3


def test_after_a_boot_without_a_right_clock_nothing_old_is_believed() -> None:
    cell = Cell("pir").say(10, "pir", What.MOTION)
    kept = {sensor: cell.watch.memory(sensor) for sensor in cell.plan.limits}
    later = Instant(instant(60).wall, instant(0, boot="next").boot, 5.0, ClockState.UNSET)
    watch = type(cell.watch)(cell.plan, later, kept, dict(cell.watch.occupancies))
    assert watch.judge(later)[0].state is ZoneState.UNKNOWN
