"""Killed between any two writes or requests, the service loses nothing, tells nothing twice, and ends up to date."""

import pytest

from tests.support.simulation.run import kill_everywhere

POINTS, POINTS_SOAK = 240, 2_000
ROUNDS, ROUNDS_SOAK = 6, 60


@pytest.mark.parts
@pytest.mark.timeout(1_200)
def test_killed_between_any_two_writes_or_requests_it_ends_as_if_it_had_not_been(*, soak: bool) -> None:
    reached = 0
    points = range(1, (POINTS_SOAK if soak else POINTS) + 1)
    for point, problem, was_killed in kill_everywhere(points, ROUNDS_SOAK if soak else ROUNDS):
        assert not problem, f"killed at point {point}: {problem}"
        reached += was_killed
    assert reached >= 200, f"only {reached} of the points were ever reached"
