"""A line of 9.6 kbit/s, two seconds long and cut in the middle of every tenth answer: slower, and nothing else."""

from itertools import pairwise

import pytest

from sync.batches import FIRST
from tests.support.simulation.run import drain_slowly

VISITS, VISITS_SOAK = 2_500, 20_000


@pytest.mark.parts
@pytest.mark.timeout(20_000)
def test_on_a_line_of_9600_bits_that_is_cut_every_answer_lowers_the_backlog_and_batches_fit_the_line(
    *, soak: bool
) -> None:
    drained = drain_slowly(VISITS_SOAK if soak else VISITS)
    assert not drained.failure
    assert drained.cut >= 2, "a line that was never cut proves nothing"
    waiting = [one.waiting for one in drained.crossings]
    assert all(after < before for before, after in pairwise(waiting))
    assert waiting[-1] == 0
    sizes = [one.size for one in drained.crossings]
    assert max(sizes) < FIRST * 3 // 2, "half as many again take longer than this line is given"
    assert any(after > before for before, after in pairwise(sizes)), "what shrank by a cut grows again"
    assert any(after < before for before, after in pairwise(sizes[:-1]))
