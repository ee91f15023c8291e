"""How right the fusion is: on the recorded day, and on made-up rooms with the figures of real ones."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import pytest

from kiosk.domain.zones import ZoneState
from sensors.recording import Row, recorded_day, rows
from tests.sensors.accuracy import Accuracy, accuracy, counted, fused, people, timed_out, trace
from tests.sensors.house import TOPICS, Room
from tests.sensors.made_room import made_room

pytestmark = pytest.mark.slow

DELAYS_S = (60, 300, 900)
DAY = rows(recorded_day())


def best_delay(day: Sequence[Row]) -> Accuracy:
    """Return the fixed switch-off delay that is right most often."""
    return max((accuracy(day, timed_out(day, after_s)) for after_s in DELAYS_S), key=lambda one: one.f1)


def test_on_the_recorded_day_the_fusion_beats_the_best_fixed_delay_in_all_three_at_once() -> None:
    ours, best = accuracy(DAY, fused(DAY)), best_delay(DAY)
    assert ours.f1 > best.f1 >= 0.977
    assert ours.falsely_vacant_min == 0 < best.falsely_vacant_min
    assert ours.flips < best.flips
    assert ours.unknown_min < 6


def test_on_the_recorded_day_the_people_are_within_their_bounds() -> None:
    found = counted(DAY, people(DAY))
    assert found.rmse <= 0.4
    assert found.inside >= 0.9
    assert found.width <= 1.5
    assert found.unbounded < 0.03
    assert found.surest == 1


def test_on_made_up_rooms_the_fusion_beats_the_best_fixed_delay_in_all_three_at_once(
    soak: bool,  # noqa: FBT001 - a fixture
) -> None:
    for seed in range(20 if soak else 1):
        room = made_room(seed, visits=5)
        ours, best = accuracy(room, fused(room)), best_delay(room)
        assert ours.f1 >= 0.94, seed
        assert ours.f1 > best.f1, seed
        assert ours.falsely_vacant_min < best.falsely_vacant_min, seed
        assert ours.flips < best.flips, seed


def test_in_made_up_rooms_the_people_are_within_their_bounds() -> None:
    room = made_room(7, visits=2)
    found = counted(room, people(room))
    assert found.rmse <= 0.31
    assert found.inside >= 0.9
    assert found.width <= 1.5
    assert found.surest == 1


def test_the_made_up_room_has_the_figures_of_real_ones_or_harder() -> None:
    room = made_room(11, visits=40)
    means = {
        number: sum(sum(one.motion) for one in some) / len(some)
        for number, some in ((n, [one for one in room if one.people == n]) for n in range(4))
    }
    assert means == pytest.approx({0: 0.01, 1: 0.34, 2: 0.88, 3: 1.16}, abs=0.1)
    there = [any(one.motion) for one in room if one.people]
    gaps = sorted(len(list(some)) + 1 for seen, some in groupby(there) if not seen)
    spans = sorted(gaps + [1] * (sum(there) - len(gaps)))
    assert spans[len(spans) // 2] * 0.5 == 0.5
    assert spans[int(len(spans) * 0.95)] * 0.5 == pytest.approx(2.5, abs=0.5)
    assert 5.1 <= spans[int(len(spans) * 0.99)] * 0.5 <= 7


def test_with_both_motion_sensors_silent_from_any_moment_on_no_occupied_minute_is_called_vacant() -> None:
    tried = 0
    for room, row, left_s in occupied_rows():
        room.at(left_s)
        assert ZoneState.VACANT not in [state for _, state in room.states], row
        tried += 1
    assert tried == sum(one.people > 0 for one in DAY)


def test_with_both_motion_sensors_offline_from_any_moment_on_nothing_is_known_at_once() -> None:
    for room, row, left_s in occupied_rows():
        for topic in TOPICS:
            room.hear(f"{topic}/availability", b'{"state": "offline"}')
        assert room.state is ZoneState.UNKNOWN, row
        room.at(left_s)
        assert room.state is ZoneState.UNKNOWN, row


def occupied_rows() -> Iterator[tuple[Room, Row, float]]:
    """Yield a room of its own as it is at each row with people in it, that row, and when the last of them has left."""
    replayed, said = Room(), trace(DAY)
    for _, some in groupby(DAY, key=lambda one: one.people > 0):
        rows_ = list(some)
        for row in rows_:
            while said and said[0].t <= row.offset_s:
                one = said.pop(0)
                replayed.at(one.t).hear(one.message.topic, one.message.payload)
            if row.people:
                yield replayed.at(row.offset_s).kept(), row, rows_[-1].offset_s
