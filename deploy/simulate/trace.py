"""A run's MQTT messages as a trace that `samverk replay` plays, with the truth as messages of its own between them."""

import json
from collections.abc import Iterator
from heapq import merge
from itertools import pairwise

from deploy.simulate.day import BEGINS_S, Day
from deploy.simulate.families import Sent
from deploy.simulate.options import FIRST_DAY

TRUTH = "truth"
"""`truth/<zone>` says how many people are in the zone from then on: `{"people": 3}`. No sensor has such a topic."""


def trace_lines(day: Day) -> Iterator[str]:
    """Return one JSON object a line: `t` in seconds since the epoch, topic, payload, retain."""
    epoch_s = FIRST_DAY.timestamp()
    for one in merge(_truth(day), day.messages(), key=lambda one: one.t):
        t = round(epoch_s + one.t, 3)
        fields = {"t": t, "topic": one.topic, "payload": one.payload.decode(), "retain": one.retained}
        yield json.dumps(fields, ensure_ascii=False)


def _truth(day: Day) -> Iterator[Sent]:
    streams = [iter(_of_zone(day, zone)) for zone in day.options.zone_ids]
    return merge(*streams, key=lambda one: one.t)


def _of_zone(day: Day, zone: str) -> Iterator[Sent]:
    numbers = day.truth(zone)
    times = [BEGINS_S, *(t for t in numbers.times if BEGINS_S < t <= day.until_s)]
    yield _said(zone, BEGINS_S, numbers.at(BEGINS_S))
    for before, t in pairwise(times):
        if numbers.at(before) != numbers.at(t):
            yield _said(zone, t, numbers.at(t))


def _said(zone: str, t: float, people: int) -> Sent:
    return Sent(t, f"{TRUTH}/{zone}", json.dumps({"people": people}).encode())
