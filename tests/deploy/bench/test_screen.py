"""What `samverk bench screen` measures is there: two programs on real terminals, and what they cost."""

import pytest

from deploy.bench import speech
from deploy.bench.screen import ALIVE_S, DRAWN, LABEL, measured

pytestmark = pytest.mark.parts


def test_answers_are_seen_on_both_terminals_and_shares_are_of_a_core() -> None:
    found = measured(answers=4, idle_s=ALIVE_S / 4, busy_s=0.5)
    assert [(one.name, one.count, one.bare) for one in found.figures] == [(LABEL, 4, None), (DRAWN, 4, LABEL)]
    assert all(one.p50_ms > 0 for one in found.figures)
    assert [one.unit for one in found.amounts] == ["% of a core"] * 3
    assert all(one.value >= 0 for one in found.amounts)


def test_what_is_heard_begins_and_ends() -> None:
    figures, notes, _amounts = speech.measure(taps=2, members=1)
    assert [one.name for one in figures] == [speech.EARCON, speech.VOICE, speech.SILENCE]
    assert [one.count for one in figures] == [2, 2, 4]
    assert list(notes) == []
