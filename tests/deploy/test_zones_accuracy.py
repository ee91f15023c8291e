"""`samverk bench zones`: the fusion beside fixed delays, in one table."""

import pytest

from deploy.bench.zones_accuracy import DELAYS_MIN, FUSION, ROOM, Delays, measure, recorded
from deploy.simulate.accuracy import accuracy
from kiosk.domain.zones import ZoneState

pytestmark = pytest.mark.slow


def test_on_the_recorded_room_the_fusion_beats_the_delay_that_is_right_most_often() -> None:
    found = {rule: accuracy(ROOM, some) for rule, some in recorded().items()}
    ours = found.pop(FUSION)
    best = max(found.values(), key=lambda one: one.f1 or 0.0)
    assert len(found) == len(DELAYS_MIN)
    assert (ours.f1 or 0.0) > (best.f1 or 0.0)
    assert ours.falsely_vacant_min < best.falsely_vacant_min
    assert ours.flips < best.flips
    assert ours.false_company_min == 0


def test_a_delay_is_occupied_until_so_long_after_the_last_motion() -> None:
    delays = Delays()
    for t in range(0, 1200, 30):
        delays.at(float(t), sees=t == 30)
    occupied = {
        minutes: [one.t for one in told if one.state is ZoneState.OCCUPIED] for minutes, told in delays.told.items()
    }
    assert {minutes: (some[0], some[-1]) for minutes, some in occupied.items()} == {
        1: (30, 60),
        5: (30, 300),
        15: (30, 900),
    }


@pytest.mark.parts
def test_the_measure_tells_of_the_recorded_room_and_of_a_simulated_day() -> None:
    names = [one.name for one in measure().amounts]
    for where in (ROOM, "simulated day 1"):
        for rule in (FUSION, *(f"off after {minutes} min" for minutes in DELAYS_MIN)):
            assert f"{where}, {rule}: F1" in names
