"""What a zone becomes: motion, holds, proof, silence, outages, repeats and retained messages."""

import pytest

from kiosk.domain.instant import ClockState
from kiosk.domain.zones import People, ZoneState
from sensors.memory import Memory, is_datable
from sensors.plan import plan
from sensors.recording import payload
from sensors.watch import Watch
from tests.sensors.house import GATEWAY, HOLD_S, SILENT_S, TOPICS, ZONE, Room, instant, site

OCCUPIED, VACANT, UNKNOWN = ZoneState.OCCUPIED, ZoneState.VACANT, ZoneState.UNKNOWN


def left(room: Room) -> Room:
    """Let somebody have been seen by both sensors for a while and leave at second 300."""
    room.pir(10, is_on=True).pir(12, is_on=True, number=2)
    return room.pir(290, is_on=False, number=2).pir(300, is_on=False)


def test_a_zone_is_unknown_while_nothing_was_heard() -> None:
    room = Room().at(100_000)
    assert room.states == [(0, UNKNOWN)]
    assert room.occupancy.people == People(0, 0.0, None)
    assert room.occupancy.reason.en == "no sensor has been heard yet"


def test_motion_occupies_at_once() -> None:
    room = Room().pir(5, is_on=True)
    assert room.states[-1:] == [(5, OCCUPIED)]
    assert room.occupancy.people.low == 1


def test_a_zone_where_little_was_seen_stays_occupied_for_the_hold_after_the_last_motion_ended() -> None:
    room = Room()
    for second in (10, 300):
        room.pir(second, is_on=True).pir(second + 10, is_on=False)
    assert room.repeats(310 + HOLD_S - 1, every_s=60).state is OCCUPIED
    assert room.pir(310 + HOLD_S, is_on=False).state is VACANT


def test_a_zone_where_much_was_seen_is_vacant_sooner_but_not_at_once() -> None:
    room = Room().repeats(1200)
    for second in range(1200, 1500, 20):
        room.pir(second, is_on=True).pir(second, is_on=True, number=2)
        room.pir(second + 20, is_on=False).pir(second + 20, is_on=False, number=2)
    for second in range(1510, 1500 + int(HOLD_S), 10):
        room.pir(second, is_on=False)
    assert room.states[-1][1] is VACANT
    assert 1500 + HOLD_S / 4 <= room.states[-1][0] < 1500 + HOLD_S / 2


def test_vacant_comes_with_the_first_word_of_a_clear_sensor_after_the_hold() -> None:
    room = left(Room()).at(950)
    assert room.states[-1:] == [(10, OCCUPIED)]
    room.pir(960, is_on=False)
    assert room.states[-1:] == [(960, VACANT)]
    assert room.occupancy.people == People(0, 0.0, 0)


def test_without_a_word_after_the_hold_a_zone_goes_unknown_and_never_vacant() -> None:
    room = left(Room()).at(300 + 2 * HOLD_S)
    assert [state for _, state in room.states] == [UNKNOWN, OCCUPIED, UNKNOWN]
    assert room.states[-1][0] == pytest.approx(300 + 2 * HOLD_S)
    assert room.at(50_000).state is UNKNOWN


def test_a_first_clear_proves_nothing_before_it_has_lasted_the_hold() -> None:
    room = Room().pir(0, is_on=False).repeats(599)
    assert room.state is UNKNOWN
    assert room.pir(600, is_on=False).state is VACANT


def test_silence_past_the_limit_makes_a_vacant_zone_unknown() -> None:
    room = left(Room()).repeats(1200)
    assert room.state is VACANT
    silent_from_s = 1200 + SILENT_S
    room.at(silent_from_s + 5)
    assert room.states[-1][1] is UNKNOWN
    assert silent_from_s <= room.states[-1][0] <= silent_from_s + 5


def test_a_sensor_that_has_shown_its_rhythm_is_missed_sooner() -> None:
    room = left(Room(sensors=1)).repeats(10_000)
    last_s = room.watch.memory(next(iter(plan(site(sensors=1)).limits))).heard
    assert last_s is not None
    room.at(last_s.elapsed_s - 1000 + 740)
    assert room.state is VACANT
    assert room.at(room.now_s + 20).state is UNKNOWN


def test_the_other_sensor_carries_on_when_one_dies_and_confidence_falls() -> None:
    room = left(Room()).repeats(1200)
    whole = room.occupancy.confidence
    room.hear(f"{TOPICS[1]}/availability", b'{"state":"offline"}')
    assert room.state is VACANT
    assert room.occupancy.confidence < whole
    assert (room.occupancy.fresh, room.occupancy.silent) == (1, 1)


def test_both_sensors_dead_is_unknown_at_once() -> None:
    room = left(Room())
    for topic in TOPICS:
        room.hear(f"{topic}/availability", b"offline")
    assert room.state is UNKNOWN
    assert room.at(50_000).state is UNKNOWN


@pytest.mark.parametrize("text", [b"offline", b'{"state":"offline"}'])
def test_a_dead_gateway_takes_all_its_sensors_out_although_they_read_online(text: bytes) -> None:
    room = left(Room())
    for topic in TOPICS:
        room.hear(f"{topic}/availability", b"online", retained=True)
    room.hear(GATEWAY, text, retained=True)
    assert room.state is UNKNOWN
    assert room.occupancy.reason.en == "the sensors' gateway is gone"


def test_after_an_outage_a_cached_motion_is_no_news() -> None:
    room = Room().pir(10, is_on=True)
    room.at(20).hear(GATEWAY, b"offline")
    room.at(8000).hear(GATEWAY, b"online")
    room.pir(8001, is_on=True)
    assert room.state is UNKNOWN
    assert room.pir(8002, is_on=False).state is UNKNOWN
    assert room.pir(8003, is_on=True).state is OCCUPIED


def test_a_retained_motion_starts_nothing() -> None:
    room = Room().pir(5, is_on=True, retained=True)
    room.pir(6, is_on=True)
    assert room.states == [(0, UNKNOWN)]


def test_a_retained_message_of_another_state_takes_the_proof_away_and_moves_no_hold() -> None:
    room = left(Room(sensors=1)).repeats(1200)
    assert room.state is VACANT
    room.pir(1300, is_on=True, retained=True)
    assert room.state is UNKNOWN


def test_a_retained_repeat_is_no_sign_of_life() -> None:
    room = left(Room()).repeats(1200)
    for second in range(1300, 6000, 100):
        room.pir(second, is_on=False, retained=True)
    assert room.state is UNKNOWN


@pytest.mark.parametrize("is_cleared", [True, False])
def test_sixty_reports_that_repeat_motion_extend_nothing(is_cleared: bool) -> None:  # noqa: FBT001 - a case, not a flag
    def run(repeats: int) -> list[tuple[float, ZoneState]]:
        room = Room().pir(0, is_on=False, number=2).pir(10, is_on=True)
        for number in range(1, repeats + 1):
            room.pir(10 + number, is_on=True)
        if is_cleared:
            room.pir(100, is_on=False)
        return room.at(100).repeats(9000, number=2).states

    assert run(60) == run(0)


def test_a_sensor_that_repeats_clear_every_two_seconds_does_not_delay_clearing() -> None:
    room, seldom = left(Room()), left(Room())
    for second in range(302, 1000, 2):
        room.pir(second, is_on=False)
    assert room.states[-1][1] is VACANT
    assert seldom.pir(room.states[-1][0] - 1, is_on=False).state is OCCUPIED
    assert seldom.pir(room.states[-1][0], is_on=False).state is VACANT


def test_a_sensor_stuck_on_is_set_aside_and_the_zone_clears_by_the_other() -> None:
    room = Room().pir(0, is_on=False, number=2).pir(10, is_on=True)
    for second in range(300, 9000, 300):
        room.pir(second, is_on=True)
        room.pir(second, is_on=False, number=2)
    assert room.state is VACANT
    room.pir(9000, is_on=False)
    assert room.pir(9010, is_on=True).state is OCCUPIED


def test_lone_short_motion_in_a_zone_proven_vacant_is_worth_a_quarter_of_a_hold_and_then_a_word_decides() -> None:
    room = Room().repeats(1200)
    room.pir(1210, is_on=True, number=2).pir(1240, is_on=False, number=2)
    assert room.at(1240 + HOLD_S / 4 - 1).state is OCCUPIED
    assert room.at(1240 + HOLD_S / 4).state is UNKNOWN
    assert "no sensor has been heard since" in room.at(1240 + HOLD_S / 2).occupancy.reason.en
    assert room.pir(1241 + HOLD_S / 2, is_on=False).state is VACANT


def test_motion_borne_out_occupies_a_zone_again_that_lone_motion_left_unknown() -> None:
    room = Room().repeats(1200)
    room.pir(1210, is_on=True, number=2).pir(1240, is_on=False, number=2)
    room.pir(1500, is_on=True).pir(1530, is_on=False)
    assert room.at(1530 + HOLD_S - 1).state is OCCUPIED


def test_lone_short_motion_where_nothing_was_proven_waits_for_a_word_after_it() -> None:
    room = Room().pir(0, is_on=False).pir(10, is_on=True, number=2).pir(40, is_on=False, number=2)
    assert room.at(40 + HOLD_S).state is OCCUPIED
    assert room.pir(40 + HOLD_S + 1, is_on=False).state is VACANT


def test_a_second_short_motion_bears_the_first_out() -> None:
    room = Room().repeats(1200)
    for second in (1210, 1300):
        room.pir(second, is_on=True, number=2).pir(second + 30, is_on=False, number=2)
    assert room.repeats(1330 + HOLD_S - 1).state is OCCUPIED


def test_a_repeat_with_the_same_device_time_is_no_sign_of_life() -> None:
    room = Room(sensors=1)
    text = b'{"occupancy": false, "last_seen": "2026-11-23T08:00:00Z"}'
    for second in range(0, 9000, 300):
        room.at(second).hear(TOPICS[0], text)
    assert VACANT not in [state for _, state in room.states]


def test_a_light_report_is_a_sign_of_life_and_no_motion() -> None:
    room = left(Room()).at(1000)
    room.hear(TOPICS[0], b'{"illuminance": 12}')
    assert room.state is VACANT


def test_a_live_edge_brings_a_sensor_back_whose_online_was_lost() -> None:
    room = Room()
    room.hear(f"{TOPICS[0]}/availability", b"offline", retained=True)
    assert room.pir(5, is_on=True).state is OCCUPIED


def test_steps_of_the_wall_clock_change_nothing() -> None:
    steady, stepped = left(Room()), left(Room())
    watch = stepped.watch
    steady.at(400).watch.judge(instant(400), everything=True)
    for offset_s in (-3600.0, 3600.0, -1.7e9):
        moment = instant(400)
        moved = type(moment)(instant(400 + offset_s).wall, moment.boot, moment.elapsed_s, moment.clock)
        watch.judge(moved, everything=True)
        assert watch.next_deadline_s(moved) == pytest.approx(steady.watch.next_deadline_s(instant(400)))
        assert watch.occupancies[ZONE].since == steady.occupancy.since


def test_a_restart_in_mid_hold_changes_neither_state_nor_since_nor_the_remaining_hold() -> None:
    room = left(Room())
    kept = {one: room.watch.memory(one) for one in plan(site()).limits}
    again = Watch(plan(site()), instant(420), kept, room.watch.occupancies)
    again.judge(instant(420))
    assert again.occupancies[ZONE].state is OCCUPIED
    assert again.occupancies[ZONE].since == room.occupancy.since
    assert again.occupancies[ZONE] == room.at(420).watch.occupancies[ZONE]
    ends_s = [room.watch.occupancies[ZONE].confidence, again.occupancies[ZONE].confidence]
    assert ends_s[0] == ends_s[1]


def test_after_a_boot_ages_are_trusted_only_by_a_synchronised_clock() -> None:
    memory = Memory(on=False, sure=True, heard=instant(0), watched=instant(0))
    assert is_datable(memory, instant(100))
    assert is_datable(memory, instant(100, boot="next"))
    assert not is_datable(memory, instant(100, boot="next", clock=ClockState.SET))
    assert not is_datable(memory, instant(-100, boot="next"))


def test_every_state_says_why_in_both_languages() -> None:
    room = Room()
    reasons = {room.occupancy.reason}
    for second, is_on in ((10, True), (300, False), (960, False)):
        room.pir(second, is_on=is_on)
        reasons.add(room.occupancy.reason)
    assert len(reasons) == 4
    assert all(one.sv and one.en for one in reasons)


def test_a_message_of_a_zone_without_sensors_is_unknown() -> None:
    room = Room(sensors=0).at(1000)
    room.hear("zigbee2mqtt/elsewhere", payload(is_on=True))
    assert room.state is UNKNOWN
