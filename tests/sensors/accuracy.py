"""How right a run over a recorded day was: compared with the truth, row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kiosk.domain.zones import ZoneState
from sensors.plan import plan
from sensors.readings import Message
from sensors.recording import Row, messages, recorded_day, rows
from sensors.replay import Replay
from sensors.trace import Traced
from tests.sensors.house import TOPICS, site

ROW_MAX_S = 60.0
"""A longer gap between two rows is a hole in the recording, and nobody's."""

StateAt = Callable[[float], ZoneState]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """F1 of `occupied` (unknown counts as not occupied), minutes wrong, minutes unknown, and how often it changed."""

    f1: float
    falsely_vacant_min: float
    falsely_occupied_min: float
    unknown_min: float
    flips: int


def fused(hold_s: float | None = None) -> list[tuple[float, ZoneState]]:
    """Return what the fusion says over the recorded day: (second, state) at each change."""
    limits = "" if hold_s is None else f"hold_s = {hold_s}"
    trace = [Traced(at_s, Message(topic, text)) for at_s, topic, text in messages(recorded_day(), TOPICS)]
    return [(one.t, one.said.occupancy.state) for one in Replay(plan(site(limits=limits))).run(trace)]


def timed_out(after_s: float) -> list[tuple[float, ZoneState]]:
    """Return what a fixed switch-off delay says over the same day."""
    seen_s: float | None = None
    found: list[tuple[float, ZoneState]] = []
    for row in rows(recorded_day()):
        seen_s = row.offset_s if any(row.motion) else seen_s
        is_on = seen_s is not None and row.offset_s - seen_s < after_s
        found.append((row.offset_s, ZoneState.OCCUPIED if is_on else ZoneState.VACANT))
    return found


def accuracy(said: Sequence[tuple[float, ZoneState]]) -> Accuracy:
    """Compare with the truth."""
    counts = {(truth, state): 0.0 for truth in (True, False) for state in ZoneState}
    minutes = dict(counts)
    for (row, following), state in zip(pairwise(rows(recorded_day())), _states(said), strict=False):
        counts[row.people > 0, state] += 1
        minutes[row.people > 0, state] += min(following.offset_s - row.offset_s, ROW_MAX_S) / 60
    hit, false_alarm = counts[True, ZoneState.OCCUPIED], counts[False, ZoneState.OCCUPIED]
    missed = counts[True, ZoneState.VACANT] + counts[True, ZoneState.UNKNOWN]
    return Accuracy(
        f1=2 * hit / (2 * hit + false_alarm + missed),
        falsely_vacant_min=minutes[True, ZoneState.VACANT],
        falsely_occupied_min=minutes[False, ZoneState.OCCUPIED],
        unknown_min=minutes[True, ZoneState.UNKNOWN] + minutes[False, ZoneState.UNKNOWN],
        flips=sum(one is not other for (_, one), (_, other) in pairwise(said)),
    )


def _states(said: Sequence[tuple[float, ZoneState]]) -> list[ZoneState]:
    day: tuple[Row, ...] = rows(recorded_day())
    return [[state for at_s, state in said if at_s <= row.offset_s][-1] for row in day]


if __name__ == "__main__":
    for name, run in {
        "fusion": fused(),
        "1 min": timed_out(60),
        "5 min": timed_out(300),
        "15 min": timed_out(900),
    }.items():
        print(f"{name:8}", accuracy(run))  # noqa: T201 - a figure for people
