"""A trace through the real profiles and the real fusion, in its own time and as fast as the machine can."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.domain.ids import BootId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.zones import Occupancy, ZoneState
from kiosk.store.zones import Said
from sensors.health import Checked
from sensors.plan import Plan
from sensors.trace import Traced
from sensors.watch import Watch

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
T_MAX = 253_000_000_000.0
"""The latest time that a trace may have: the year 9987."""

STEP_MIN_S = 1e-6
"""Time goes on by at least this from one deadline to the next."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A zone as it was at `t` seconds of the trace; `is_change` if its state had just changed."""

    t: float
    said: Said
    is_change: bool


class Replay:
    """One trace being replayed. `watch` is open to be looked into."""

    def __init__(self, plan: Plan, every_s: float | None = None) -> None:
        """Show each zone also every `every_s` seconds, if given."""
        self._plan = plan
        self._every_s = every_s
        self._seqs: dict[ZoneId, int] = dict.fromkeys(plan.zones, 0)
        self._states: dict[ZoneId, ZoneState] = {}
        self._t = 0.0
        self._next_s = 0.0
        self.watch = Watch(plan, _instant(0.0))

    def health(self, zone: ZoneId) -> tuple[Checked, ...]:
        """Return how each of the zone's sensors is at the moment that was reached."""
        return self.watch.health(zone, _instant(self._t))

    def run(self, trace: Iterable[Traced]) -> Iterator[Shown]:
        """Return what is to be shown, in order. A message dated before the one before it is taken at once after it."""
        is_first = True
        for one in trace:
            t = min(max(one.t, self._t), T_MAX)
            if is_first:
                yield from self._begin(t)
                is_first = False
            yield from self._until(t)
            self.watch.hear(one.message, _instant(t))
            yield from self._judge(t)

    def _begin(self, t: float) -> Iterator[Shown]:
        self.watch = Watch(self._plan, _instant(t))
        self._t = self._next_s = t
        yield from self._judge(t)

    def _until(self, t: float) -> Iterator[Shown]:
        """Let all happen that is due up to and including `t`."""
        while True:
            deadline = self._t + max(self.watch.next_deadline_s(_instant(self._t)), STEP_MIN_S)
            due = min(deadline, self._next_s) if self._every_s else deadline
            if due > t:
                break
            self._t = due
            yield from self._judge(due)
            if self._every_s and due >= self._next_s:
                yield from self._show_all(due)
                self._next_s += self._every_s
        self._t = t

    def _judge(self, t: float) -> Iterator[Shown]:
        for one in self.watch.judge(_instant(t)):
            if self._states.get(one.zone) is not one.state:
                self._states[one.zone] = one.state
                yield self._shown(t, one, is_change=True)

    def _show_all(self, t: float) -> Iterator[Shown]:
        for one in self.watch.judge(_instant(t), everything=True):
            is_change = self._states.get(one.zone) is not one.state
            self._states[one.zone] = one.state
            yield self._shown(t, one, is_change=is_change)

    def _shown(self, t: float, one: Occupancy, *, is_change: bool) -> Shown:
        self._seqs[one.zone] += 1
        return Shown(t, Said(one, self._seqs[one.zone]), is_change)


def _instant(t: float) -> Instant:
    return Instant(EPOCH + timedelta(seconds=t), BootId("trace"), t, ClockState.SYNCED)
