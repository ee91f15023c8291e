"""How right a run over a recorded day was: compared with the truth, row by row."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kiosk.domain.zones import People, ZoneState
from sensors.plan import plan
from sensors.readings import Message
from sensors.recording import Row, recorded_day, rows, spoken
from sensors.replay import Replay
from sensors.trace import Traced
from tests.sensors.house import TOPICS, site

ROW_MAX_S = 60.0
"""A longer gap between two rows is a hole in the recording, and nobody's."""

Said = Sequence[tuple[float, ZoneState]]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """F1 of `occupied` (unknown counts as not occupied), minutes wrong, minutes unknown, and how often it flipped.

    `flips` counts changes between occupied and not, as a lamp would: a fixed delay has no third answer.
    """

    f1: float
    falsely_vacant_min: float
    falsely_occupied_min: float
    unknown_min: float
    flips: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How right the people were, over all rows: the estimate's error, the truth within bounds, and how wide they are.

    `surest` is the highest lower bound that was ever said.
    """

    rmse: float
    inside: float
    width: float
    unbounded: float
    surest: int


def trace(day: Iterable[Row]) -> list[Traced]:
    """Return the rows as what the two sensors would have sent."""
    return [Traced(at_s, Message(topic, text)) for at_s, topic, text in spoken(day, TOPICS)]


def fused(day: Sequence[Row]) -> list[tuple[float, ZoneState]]:
    """Return what the fusion says over the day: (second, state) at each change."""
    return [(one.t, one.said.occupancy.state) for one in Replay(plan(site())).run(trace(day))]


def people(day: Sequence[Row]) -> list[People]:
    """Return what the fusion says of people at each row of the day."""
    replay, said = Replay(plan(site()), every_s=30.0), list[tuple[float, People]]()
    for one in replay.run(trace(day)):
        said.append((one.t, one.said.occupancy.people))
    times = [t for t, _ in said]
    return [said[bisect_right(times, row.offset_s) - 1][1] for row in day]


def timed_out(day: Iterable[Row], after_s: float) -> list[tuple[float, ZoneState]]:
    """Return what a fixed switch-off delay says over the same day."""
    seen_s: float | None = None
    found: list[tuple[float, ZoneState]] = []
    for row in day:
        seen_s = row.offset_s if any(row.motion) else seen_s
        is_on = seen_s is not None and row.offset_s - seen_s < after_s
        found.append((row.offset_s, ZoneState.OCCUPIED if is_on else ZoneState.VACANT))
    return found


def accuracy(day: Sequence[Row], said: Said) -> Accuracy:
    """Compare with the truth."""
    counts = {(truth, state): 0.0 for truth in (True, False) for state in ZoneState}
    minutes = dict(counts)
    for (row, following), state in zip(pairwise(day), _states(day, said), strict=False):
        counts[row.people > 0, state] += 1
        minutes[row.people > 0, state] += min(following.offset_s - row.offset_s, ROW_MAX_S) / 60
    hit, false_alarm = counts[True, ZoneState.OCCUPIED], counts[False, ZoneState.OCCUPIED]
    missed = counts[True, ZoneState.VACANT] + counts[True, ZoneState.UNKNOWN]
    return Accuracy(
        f1=2 * hit / (2 * hit + false_alarm + missed),
        falsely_vacant_min=minutes[True, ZoneState.VACANT],
        falsely_occupied_min=minutes[False, ZoneState.OCCUPIED],
        unknown_min=minutes[True, ZoneState.UNKNOWN] + minutes[False, ZoneState.UNKNOWN],
        flips=sum(one is not other for one, other in pairwise(_lit(day, said))),
    )


def counted(day: Sequence[Row], said: Sequence[People]) -> Counted:
    """Compare the people with the truth."""
    pairs = list(zip(day, said, strict=True))
    widths = [one.high - one.low for one in said if one.high is not None]
    return Counted(
        rmse=math.sqrt(sum((one.estimate - row.people) ** 2 for row, one in pairs) / len(pairs)),
        inside=sum(one.low <= row.people <= (math.inf if one.high is None else one.high) for row, one in pairs)
        / len(pairs),
        width=sum(widths) / len(widths),
        unbounded=1 - len(widths) / len(pairs),
        surest=max(one.low for one in said),
    )


def _states(day: Sequence[Row], said: Said) -> list[ZoneState]:
    times = [at_s for at_s, _ in said]
    return [said[bisect_right(times, row.offset_s) - 1][1] for row in day]


def _lit(day: Sequence[Row], said: Said) -> list[bool]:
    return [state is ZoneState.OCCUPIED for state in _states(day, said)]


if __name__ == "__main__":
    shipped = rows(recorded_day())
    for name, run in {"fusion": fused(shipped), **{f"{m} min": timed_out(shipped, 60 * m) for m in (1, 5, 15)}}.items():
        print(f"{name:8}", accuracy(shipped, run))  # noqa: T201 - a figure for people
    print(counted(shipped, people(shipped)))  # noqa: T201 - a figure for people
