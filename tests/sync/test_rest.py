"""Between two steps the thread to the centre rests: a backlog is in no hurry, and whoever taps needs the same disk."""

import threading
from itertools import count
from typing import cast

from sync.agent import REST, TICK_S, Agent, keep_in_touch


class _Stop(threading.Event):
    """Notes how long anybody would have waited, and is set when there is nothing more to do."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return self.is_set()


class _Steps:
    """An agent that has more to do after each step but the last."""

    def __init__(self, stop: _Stop, steps: int) -> None:
        self._stop, self._left = stop, steps

    def step(self) -> bool:
        self._left -= 1
        if self._left == 0:
            self._stop.set()
        return self._left > 0


def waits(step_s: float) -> list[float | None]:
    """Return how long it rests after each of three steps that take so long, the last of which leaves nothing to do."""
    stop, ticks = _Stop(), count()
    keep_in_touch(cast("Agent", _Steps(stop, 3)), stop, monotonic=lambda: next(ticks) * step_s)
    return stop.waits


def test_a_step_with_more_to_do_is_followed_by_a_rest_of_a_few_times_its_length() -> None:
    assert waits(0.0625) == [REST * 0.0625, REST * 0.0625, TICK_S]


def test_on_a_slow_line_the_rest_is_never_longer_than_when_there_is_nothing_to_do() -> None:
    assert waits(20.0) == [TICK_S, TICK_S, TICK_S]
