"""The whole desk over real books: taps, zones, hosts, sensors, clocks and restarts in any order break no promise."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kiosk.domain.answers import Outcome
from kiosk.domain.direction import Direction
from kiosk.domain.presence import State
from tests.kiosk.desk.days import Days
from tests.support.books import write_roster

RUNS, STEPS = 500, 100
"""How often a day is played, and how many things happen in it."""
SOAK_RUNS = 20_000


@pytest.fixture
def machine(tmp_path: Path) -> type[Days]:
    """Return the machine over one roster for all runs, written as of opening time."""
    write_roster(tmp_path / "roster.db")

    class OverRoster(Days):
        roster_path = tmp_path / "roster.db"
        played: ClassVar[Counter[str]] = Counter()

    return OverRoster


@pytest.mark.parts
@pytest.mark.timeout(900)
def test_whatever_happens_at_the_desk_no_promise_is_broken(machine: type[Days], *, soak: bool) -> None:
    runs = SOAK_RUNS if soak else RUNS
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not soak,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert machine.played["days"] >= runs
    never = [one for one in Outcome if not machine.played[one]]
    assert never == [], "these answers were never given: the days are too easy"


def test_the_machine_can_say_no(machine: type[Days]) -> None:
    day = machine()
    day.taps("Astrid", Direction.IN)
    day.the_journal_replays_to_the_house()
    house = day.desk.house
    forged = {member: replace(one, state=State.PRESENT) for member, one in house.presences.items()}
    day.desk._house = replace(house, presences=forged)  # noqa: SLF001 - this is what a bug would do
    with pytest.raises(AssertionError):
        day.the_journal_replays_to_the_house()
    with pytest.raises(AssertionError):
        day.nobody_is_present_who_met_nobody()
    day.desk._house = house  # noqa: SLF001 - back to how it was, for the closing
    day.teardown()
