"""When a zone is said: a new state at once, small news once a second."""

from dataclasses import replace

import pytest

from kiosk.domain.zones import Occupancy, People, Words, ZoneState
from sensors.pacing import QUIET_S, Pacing
from tests.sensors.house import ZONE, instant

OCCUPIED = Occupancy(
    zone=ZONE,
    state=ZoneState.OCCUPIED,
    since=instant(0),
    heard=instant(0),
    people=People(1, 1.2, 4),
    confidence=0.9,
    reason=Words("", ""),
    fresh=2,
)


def said(at_s: float = 0.0) -> Pacing:
    """Return a pacing whose one zone was said to be occupied at that second."""
    pacing = Pacing({})
    assert pacing.said(OCCUPIED, 0, instant(at_s))
    return pacing


def is_due(pacing: Pacing, at_s: float, one: Occupancy = OCCUPIED, participants: int = 0) -> bool:
    """Return whether the zone is to be said then."""
    return pacing.due([one], {ZONE: participants}, instant(at_s)) == [ZONE]


def test_a_new_state_is_said_at_once_however_often() -> None:
    pacing = said()
    for number, state in enumerate((ZoneState.VACANT, ZoneState.OCCUPIED, ZoneState.UNKNOWN)):
        one = replace(OCCUPIED, state=state)
        assert is_due(pacing, number * 0.01, one)
        assert pacing.said(one, 0, instant(number * 0.01))


def test_small_news_of_a_zone_that_was_just_said_waits_for_its_second_and_is_not_forgotten() -> None:
    pacing = said()
    pacing.stir([ZONE])
    assert not is_due(pacing, 0.4)
    assert pacing.wait_s(instant(0.4)) == pytest.approx(QUIET_S - 0.4)
    assert is_due(pacing, QUIET_S)
    assert not pacing.said(OCCUPIED, 0, instant(QUIET_S))
    assert not is_due(pacing, QUIET_S * 5)
    assert pacing.wait_s(instant(QUIET_S * 5)) == float("inf")


def test_small_news_of_a_quiet_zone_is_said_at_once() -> None:
    pacing = said()
    pacing.stir([ZONE])
    assert is_due(pacing, QUIET_S + 0.1)
    assert pacing.wait_s(instant(QUIET_S + 0.1)) == 0


def test_a_flood_of_news_is_said_once_a_second() -> None:
    pacing, times = said(), 0
    for number in range(1000):
        pacing.stir([ZONE])
        if is_due(pacing, number / 100):
            pacing.said(OCCUPIED, 0, instant(number / 100))
            times += 1
    assert times == 9


def test_another_number_is_news_and_an_estimate_that_fades_by_hundredths_is_none() -> None:
    faded = replace(OCCUPIED, people=People(1, 1.19, 4))
    assert not is_due(said(), 5, faded)
    for other in (People(2, 2.0, 4), People(1, 1.2, None), People(1, 1.6, 4)):
        assert is_due(said(), 5, replace(OCCUPIED, people=other))
    assert is_due(said(), 5, replace(OCCUPIED, silent=1))
    assert is_due(said(), 5, participants=1)


def test_after_a_restart_only_another_state_is_a_change() -> None:
    pacing = Pacing({ZONE: ZoneState.OCCUPIED})
    assert not pacing.said(OCCUPIED, 0, instant(0))
    assert Pacing({ZONE: ZoneState.VACANT}).said(OCCUPIED, 0, instant(0))
