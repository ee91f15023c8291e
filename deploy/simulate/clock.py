"""Virtual time: the house's own clock at any second of a run. Its wall clock is wrong for a while each day."""

from dataclasses import dataclass
from datetime import timedelta

from deploy.simulate import figures as f
from deploy.simulate.options import DAY_S, FIRST_DAY, HOUR_S, Options
from kiosk.domain.ids import BootId
from kiosk.domain.instant import ClockState, Instant

BOOT = BootId("simulated")
UP_S = 1000.0
"""How long the machine had been up at second 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """From `begin_s` up to `end_s` the wall clock stands wrong by `by_s`; at both ends it steps."""

    begin_s: float
    end_s: float
    by_s: float


def steps(options: Options) -> tuple[Step, ...]:
    """Return each day's step: somewhere between 09.30 and 16.00, forwards or backwards."""
    found = []
    for day in range(options.days):
        chance = options.chance("clock", day)
        begin_s = day * DAY_S + chance.uniform(9.5, 15.25) * HOUR_S
        by_s = chance.choice((-1, 1)) * chance.uniform(300, f.STEP_MAX.value)
        found.append(Step(round(begin_s, 3), round(begin_s + chance.uniform(900, f.STEP_MAX.value), 3), round(by_s, 3)))
    return tuple(found)


class HouseClock:
    """Tells the instant that the house believes it is."""

    def __init__(self, wrong: tuple[Step, ...]) -> None:
        """Take the times when the wall clock is wrong."""
        self._wrong = wrong

    def at(self, t: float) -> Instant:
        """Return the instant at second `t` of the run."""
        off_s = sum(one.by_s for one in self._wrong if one.begin_s <= t < one.end_s)
        clock = ClockState.SET if off_s else ClockState.SYNCED
        return Instant(FIRST_DAY + timedelta(seconds=t + off_s), BOOT, UP_S + t, clock)


def second_of(instant: Instant) -> float:
    """Return the second of the run that an instant was, whatever the wall clock said."""
    return instant.elapsed_s - UP_S
