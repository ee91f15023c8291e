"""A real room's recorded day as the Zigbee2MQTT messages its two motion sensors would have sent. Pure but for the file.

Each motion column becomes one sensor that tells both edges: a message at every change of the bit, and every five
minutes a repeat of how it stands, as such devices do.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

REPEAT_S = 300.0
"""How often a sensor repeats its state although nothing changed."""

MOTION_COLUMNS = ("S6_PIR", "S7_PIR")
TRUTH_COLUMN = "Room_Occupancy_Count"


@dataclass(frozen=True, slots=True)
class Row:
    """One report: seconds since the first one, the motion bits, and how many people there were in truth."""

    offset_s: float
    motion: tuple[bool, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of the recording: where it starts, and how long it is, in seconds."""

    start_s: float
    length_s: float


SCENES = (Scene(12_300, 2400), Scene(15_750, 3600), Scene(31_350, 1800))
"""For a demonstration, one a zone: with holds of ten minutes each becomes occupied and proven vacant in half an hour.

In the first the room is left, entered for a moment and left again; in the second it is empty, and then used; in the
third it is left.
"""


def recorded_day() -> str:
    """Return the recording that comes with the package, as CSV text."""
    return files("sensors.recordings").joinpath("room-2017-12-22.csv").read_text()


def rows(csv_text: str) -> tuple[Row, ...]:
    """Return the recording's rows."""
    records = list(csv.DictReader(io.StringIO(csv_text)))
    times = [datetime.strptime(f"{one['Date']} {one['Time']}+0000", "%Y/%m/%d %H:%M:%S%z") for one in records]
    return tuple(
        Row(
            offset_s=(time - times[0]).total_seconds(),
            motion=tuple(one[column] == "1" for column in MOTION_COLUMNS),
            people=int(one[TRUTH_COLUMN]),
        )
        for time, one in zip(times, records, strict=True)
    )


def messages(csv_text: str, topics: Sequence[str], start_s: float = 0.0) -> Iterator[tuple[float, str, bytes]]:
    """Return (seconds from the start, topic, payload), in order: the n-th motion column speaks on the n-th topic.

    The first message of each sensor is how it stands at `start_s` seconds into the recording.
    """
    yield from spoken((one for one in rows(csv_text) if one.offset_s >= start_s), topics)


def spoken(day: Iterable[Row], topics: Sequence[str]) -> Iterator[tuple[float, str, bytes]]:
    """Return the same of rows, whatever room they are of."""
    told: dict[str, tuple[bool, float]] = {}
    begin_s: float | None = None
    for row in day:
        begin_s = row.offset_s if begin_s is None else begin_s
        at_s = row.offset_s - begin_s
        yield from _repeats(told, at_s)
        for topic, motion in zip(topics, row.motion, strict=False):
            if topic not in told or told[topic][0] is not motion:
                told[topic] = (motion, at_s)
                yield at_s, topic, payload(is_on=motion)


def scene(csv_text: str, topics: Sequence[str], of: Scene) -> Iterator[tuple[float, str, bytes]]:
    """Return the scene's messages as `messages` does, over and over without end."""
    begins_s = 0.0
    while True:
        for at_s, topic, text in messages(csv_text, topics, of.start_s):
            if at_s >= of.length_s:
                break
            yield begins_s + at_s, topic, text
        begins_s += of.length_s


def payload(*, is_on: bool) -> bytes:
    """Return a motion sensor's message."""
    return json.dumps({"battery": 91, "linkquality": 104, "occupancy": is_on, "voltage": 3015}).encode()


def _repeats(told: dict[str, tuple[bool, float]], until_s: float) -> Iterable[tuple[float, str, bytes]]:
    due = []
    for topic, (motion, _) in told.items():
        while told[topic][1] + REPEAT_S < until_s:
            told[topic] = (motion, told[topic][1] + REPEAT_S)
            due.append((told[topic][1], topic, payload(is_on=motion)))
    return sorted(due)
