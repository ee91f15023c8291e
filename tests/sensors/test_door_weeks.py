"""Fifteen weeks of a door that drifts: nobody is ever fewer than nobody, and no day begins with another's error."""

from typing import Final

import pytest

from kiosk.domain.zones import People
from sensors.readings import Crossed, What
from tests.sensors.cell import VACANT, Cell
from tests.sensors.door_weeks import DAYS, REPORT_S, Report, door_weeks

pytestmark = pytest.mark.slow

WEEKS: Final = tuple(door_weeks(5))
A_DAY = 48
DAYWISE: Final = [WEEKS[at : at + A_DAY] for at in range(0, len(WEEKS), A_DAY)]
WRAPS_AT = 2**16
BEGAN = 60_000
"""The totals begin so high that both wrap on the way."""


def test_the_made_up_weeks_have_the_figures_of_real_ones() -> None:
    days = DAYWISE
    balances = [[one.entered - one.left for one in day] for day in days]
    off = [abs(sum(balance)) / sum(one.entered for one in day) for balance, day in zip(balances, days, strict=True)]
    below = [min(sum(balance[:end]) for end in range(A_DAY + 1)) < 0 for balance in balances]
    assert len(days) == DAYS
    assert sum(one.entered for one in WEEKS) == pytest.approx(19_625, rel=0.03)
    assert sum(one.left for one in WEEKS) == pytest.approx(18_806, rel=0.03)
    assert sum(off) / DAYS == pytest.approx(0.087, abs=0.01)
    assert sum(below) == pytest.approx(92, abs=8)


class Seldom(Cell):
    """A zone looked at only when a sensor speaks: fifteen weeks in seconds."""

    def at(self, seconds: float) -> "Seldom":
        """Let time go on to that second, and judge then."""
        self.now_s = seconds
        self._judge()
        return self


def test_a_door_that_drifts_for_fifteen_weeks_is_never_below_zero_and_carries_nothing_from_day_to_day() -> None:
    follow(Seldom("line", "pir"), DAYWISE)


def test_the_same_with_every_deadline_kept(soak: bool) -> None:  # noqa: FBT001 - a fixture
    follow(Cell("line", "pir"), DAYWISE if soak else DAYWISE[:4])


def follow(cell: Cell, days: list[tuple[Report, ...]]) -> None:
    """Hold the zone to the door's record, report by report and day by day."""
    entered = left = BEGAN
    cell.say(0, "line", Crossed(entered, left, WRAPS_AT)).empty(0, "pir")
    drifts = []
    for day in days:
        crossed = dawn = 0
        for one in day:
            entered, left = (entered + one.entered) % WRAPS_AT, (left + one.left) % WRAPS_AT
            told(cell, one, Crossed(entered, left, WRAPS_AT))
            people = cell.zone.people
            assert 0 <= people.low <= people.estimate, one
            assert people.high is None or people.estimate <= people.high, one
            crossed += one.entered + one.left
            if 0 < one.entered == crossed:
                # The first who come are counted from nobody, whatever the day before was off by.
                assert people.estimate == one.entered, one
            if one.entered == 0 == crossed - one.left:
                dawn -= one.left
        assert cell.state is VACANT
        assert cell.zone.people == People(0, 0.0, 0)
        assert cell.zone.drift is not None
        drifts += [dawn, cell.zone.drift]
    assert sum(drifts) == sum(one.entered - one.left for day in days for one in day)


def told(cell: Cell, one: Report, totals: Crossed) -> None:
    """Let the motion sensor see whoever is in the building, and the door tell what it has counted."""
    if one.inside:
        cell.say(one.t - REPORT_S + 60, "pir", What.MOTION)
    cell.say(one.t - 60, "pir", What.CLEAR).say(one.t, "line", totals)
