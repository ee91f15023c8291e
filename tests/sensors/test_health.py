"""How sensors are found to be ill, what that does to their zone, and what people are told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.ids import BootId
from kiosk.domain.instant import ClockState, Instant
from sensors.health import Health
from sensors.kinds import KINDS
from sensors.memory import SLEPT_MAX, ClockFault
from sensors.readings import Fault, FaultKind, People, What
from tests.sensors.cell import OCCUPIED, UNKNOWN, VACANT, Cell
from tests.sensors.house import instant

HOUR_S = 3600.0


def test_a_motion_sensor_stuck_on_is_set_aside_once_contradicted_and_comes_back_by_a_real_cycle() -> None:
    cell = Cell("pir", "pir").empty(0, "pir-2").say(10, "pir", What.MOTION)
    cell.alive(HOUR_S, "pir", "pir-2")
    assert cell.state is OCCUPIED
    assert cell.health("pir") is Health.CONTRADICTED
    cell.alive(HOUR_S + 400, "pir", "pir-2")
    assert cell.state is VACANT
    assert cell.health("pir") is Health.STUCK_ON
    assert (cell.zone.fresh, cell.zone.silent) == (1, 1)
    cell.empty(2 * HOUR_S, "pir")
    assert cell.health("pir") is Health.FRESH
    assert cell.say(2 * HOUR_S + 10, "pir", What.MOTION).state is OCCUPIED


def test_a_stuck_sensor_that_measures_again_and_again_is_set_aside_only_when_contradicted() -> None:
    lone, contradicted = Cell("pir"), Cell("pir", "pir")
    contradicted.empty(0, "pir-2")
    for cell in (lone, contradicted):
        for second in range(10, int(3 * HOUR_S), 50):
            cell.say(second, "pir", What.MOTION, repeats=True)
            if cell is contradicted:
                cell.say(second, "pir-2", What.ALIVE)
    assert lone.state is OCCUPIED
    assert contradicted.state is VACANT
    assert contradicted.health("pir") is Health.STUCK_ON


def test_a_radar_may_hold_for_hours_where_a_motion_sensor_may_not() -> None:
    assert KINDS["radar"].on_max_s > 8 * HOUR_S > KINDS["pir"].on_max_s
    cell = Cell("radar", "pir").empty(0, "pir").say(10, "radar", What.MOTION).alive(6 * HOUR_S, "radar", "pir")
    assert cell.state is OCCUPIED
    cell.alive(12 * HOUR_S + 600, "radar", "pir")
    assert cell.health("radar") is Health.STUCK_ON
    assert cell.state is VACANT


def period(cell: Cell) -> None:
    """Let people be seen by the first sensor alone for a quarter of an hour, and then leave."""
    for _ in range(15):
        cell.say(cell.now_s + 30, "pir", What.MOTION).empty(cell.now_s + 30, "pir").say(cell.now_s, "pir-2", What.ALIVE)
    cell.alive(cell.now_s + 1500, "pir", "pir-2", every_s=60)


def test_a_sensor_that_sleeps_through_the_others_periods_is_suspect_and_proves_nothing_until_it_wakes() -> None:
    cell = Cell("pir", "pir").empty(0, "pir", "pir-2").alive(1200, "pir", "pir-2")
    for number in range(SLEPT_MAX):
        assert cell.health("pir-2") is Health.FRESH, number
        period(cell)
        assert cell.state is VACANT
    assert cell.health("pir-2") is Health.SUSPECT_SILENT
    assert (cell.zone.fresh, cell.zone.silent) == (1, 1)
    for _ in range(20):
        cell.say(cell.now_s + 300, "pir-2", What.CLEAR)
    cell.say(cell.now_s + 2 * HOUR_S, "pir-2", What.CLEAR)
    assert cell.state is UNKNOWN
    cell.say(cell.now_s + 10, "pir-2", What.MOTION)
    assert cell.health("pir-2") is Health.FRESH
    assert cell.state is OCCUPIED


def test_a_short_false_hit_makes_no_other_sensor_suspect() -> None:
    cell = Cell("pir", "pir").empty(0, "pir", "pir-2").alive(1200, "pir", "pir-2")
    for _ in range(2 * SLEPT_MAX):
        cell.say(cell.now_s + 30, "pir", What.MOTION).empty(cell.now_s + 30, "pir")
        cell.alive(cell.now_s + 1500, "pir", "pir-2")
    assert cell.health("pir-2") is Health.FRESH


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "tag"])
def test_a_gateways_death_takes_every_sensor_behind_it_out_at_once(kind: str) -> None:
    cell = Cell(kind, kind)
    for name in (kind, f"{kind}-2"):
        cell.say(5, name, People(3) if kind == "area" else What.MOTION).say(6, name, What.ONLINE)
    cell.say(10, "gateway", What.GATEWAY_OFFLINE, retained=True)
    assert cell.state is UNKNOWN
    assert {cell.health(name) for name in (kind, f"{kind}-2")} == {Health.GATEWAY_OFFLINE}
    assert (cell.zone.fresh, cell.zone.silent) == (0, 2)


def test_a_silent_sensor_is_stale_past_its_own_limit_and_an_unheard_one_is_named() -> None:
    cell = Cell("pir", "pir").empty(0, "pir").at(KINDS["pir"].silent_s)
    assert cell.health("pir") is Health.FRESH
    assert cell.at(KINDS["pir"].silent_s + 1).health("pir") is Health.STALE
    assert cell.health("pir-2") is Health.UNHEARD
    assert cell.say(5000, "pir", What.OFFLINE).health("pir") is Health.OFFLINE


@pytest.mark.parametrize("fault", [FaultKind.STUCK, FaultKind.STOPPED, FaultKind.WARMUP])
def test_a_sensor_that_says_itself_that_it_does_not_work_is_not_believed_until_it_says_it_does(
    fault: FaultKind,
) -> None:
    cell = Cell("area").say(0, "area", People(0)).say(200, "area", People(0))
    assert cell.state is VACANT
    cell.say(210, "area", Fault(fault))
    assert cell.state is UNKNOWN
    assert cell.health("area") is Health.FAULTY
    cell.say(300, "area", Fault(fault, is_on=False))
    assert cell.state is VACANT


@pytest.mark.parametrize("fault", [FaultKind.LOW_BATTERY, FaultKind.TAMPER])
def test_a_weak_battery_or_an_opened_case_is_told_and_acts_on_nothing(fault: FaultKind) -> None:
    cell = Cell("pir").say(0, "pir", What.MOTION).say(1, "pir", Fault(fault))
    assert cell.state is OCCUPIED
    assert cell.health("pir") is Health.FRESH
    assert len(cell.checked("pir").says) == 1


@pytest.mark.parametrize(
    ("stamps", "fault"),
    [
        ([datetime(1970, 1, 1, tzinfo=UTC)], ClockFault.UNSET),
        ([instant(301).wall], ClockFault.AHEAD),
        ([instant(299).wall], None),
        ([instant(0).wall, instant(-60).wall], ClockFault.BACKWARDS),
        ([datetime(2026, 11, 23, 8, 0)], ClockFault.NO_ZONE),  # noqa: DTZ001 - a device that tells no zone
        ([datetime(1970, 1, 1, tzinfo=UTC), instant(0).wall], None),
    ],
)
def test_a_device_whose_clock_is_wrong_is_named_and_counts_all_the_same(
    stamps: list[datetime], fault: ClockFault | None
) -> None:
    cell = Cell("pir")
    for stamp in stamps:
        cell.say(0, "pir", What.MOTION, stamp=stamp)
    assert cell.checked("pir").clock is fault
    assert len(cell.checked("pir").says) == (fault is not None)
    assert cell.state is OCCUPIED


def test_a_house_whose_own_clock_is_not_set_accuses_no_device_of_being_ahead() -> None:
    def unset(seconds: float) -> Instant:
        wall = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        return Instant(wall, BootId("boot"), seconds, ClockState.UNSET)

    cell = Cell("pir", clock=unset).say(1, "pir", What.MOTION, stamp=instant(0).wall)
    assert cell.checked("pir").clock is None


def test_messages_that_were_not_understood_are_counted_for_their_sensor() -> None:
    cell = Cell("pir", "pir")
    cell.watch.counted["pir", "not-json"] += 2
    cell.watch.counted["pir", "too-large"] += 1
    assert (cell.checked("pir").errors, cell.checked("pir-2").errors) == (3, 0)
    assert "3" in cell.checked("pir").says[-1].sv


def test_every_finding_has_a_sentence_in_both_languages() -> None:
    found = {}
    for what in (What.OFFLINE, What.GATEWAY_OFFLINE):
        cell = Cell("pir").say(0, "pir", What.MOTION).say(1, "pir", what)
        found[cell.health("pir")] = cell.checked("pir").says[0]
    cell = Cell("pir", "pir").empty(0, "pir-2").say(10, "pir", What.MOTION)
    found[Health.UNHEARD] = Cell("pir").checked("pir").says[0]
    for until_s in (1000.0, 4200.0):
        cell.alive(until_s, "pir", "pir-2")
        found[cell.health("pir")] = cell.checked("pir").says[0]
    found[Health.STALE] = cell.at(50_000).checked("pir-2").says[0]
    faulty = Cell("area").say(0, "area", People(0)).say(1, "area", Fault(FaultKind.STOPPED))
    found[Health.FAULTY] = faulty.checked("area").says[0]
    asleep = Cell("pir", "pir").empty(0, "pir", "pir-2").alive(1200, "pir", "pir-2")
    for _ in range(SLEPT_MAX):
        period(asleep)
    found[asleep.health("pir-2")] = asleep.checked("pir-2").says[0]
    assert found.keys() == set(Health) - {Health.FRESH}
    assert all(words.sv and words.en and words.sv != words.en for words in found.values())
    assert len({words.sv for words in found.values()}) == len(found)
