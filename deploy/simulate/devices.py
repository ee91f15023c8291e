"""The sensors of the house, and what each would report of the truth: blind times, false hits and misses included.

What a report looks like on MQTT is `families`' business; what goes wrong around it that of `faults`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import merge
from random import Random

from deploy.simulate import figures as f
from deploy.simulate.motion import Movement
from deploy.simulate.options import DAY_S, HOUR_S, Options
from deploy.simulate.track import Numbers


class Make(StrEnum):
    """The kinds of devices there are."""

    PIR = "pir"
    PIR_EDGES = "pir with edges"
    RADAR = "radar"
    RADAR_WIFI = "radar on wifi"
    AREA = "area counter"
    LINE = "line counter"
    AIR = "air"


PATTERN = (
    *(Make.PIR, Make.PIR_EDGES, Make.LINE, Make.RADAR, Make.PIR),
    *(Make.AREA, Make.AIR, Make.PIR_EDGES, Make.RADAR_WIFI, Make.LINE),
)
"""What a zone gets, in this order and over again: with one sensor it is a motion sensor."""


@dataclass(frozen=True, slots=True)
class Device:
    """One sensor. `door` is which of a zone's doors a line counter hangs over."""

    id: str
    zone: str
    make: Make
    door: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a sensor says at second `t`: `seen`, `people`, `in` and `out` in total, or `ppm`."""

    t: float
    says: Mapping[str, float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Room:
    """The truth of one zone, as its sensors have it to go by."""

    people: Numbers
    movements: Sequence[Movement]
    doors: int
    until_s: float


def devices(options: Options) -> tuple[Device, ...]:
    """Return the house's sensors. With several zones the last one has none."""
    zones = options.zone_ids[:-1] if options.zones > 1 else options.zone_ids
    found: list[Device] = []
    for at in range(options.sensors):
        zone = zones[at % len(zones)]
        make = PATTERN[at // len(zones) % len(PATTERN)]
        before = sum(one.zone == zone and one.make is make for one in found)
        found.append(Device(f"{zone}-{at // len(zones) + 1}", zone, make, before))
    return tuple(found)


def reports(device: Device, room: Room, options: Options) -> Iterator[Report]:
    """Return all that the sensor reports, in order, as if nothing went wrong around it."""
    return _MAKES[device.make](device, room, options.chance("device", device.id))


def _hits(room: Room, chance: Random) -> list[float]:
    """Return when a motion sensor is hit: by what it sees of the movements, and falsely in an empty room."""
    seen = [
        one.t
        for one in room.movements
        if chance.random() < (f.PIR_SEES_WALK.value if one.crossing else f.PIR_SEES.value)
    ]
    false, t = [], 0.0
    while (t := t + chance.expovariate(f.PIR_FALSE.value / HOUR_S)) < room.until_s:
        false += [t] if not room.people.at(t) else []
    return sorted([*seen, *false])


def _pir(_: Device, room: Room, chance: Random) -> Iterator[Report]:
    """Tell only of motion, and then be blind; the clear edge is its bridge's, so long after the last motion told."""
    hits, told, clears_s = _hits(room, chance), [], float("inf")
    ready_s = 0.0
    for t in hits:
        if t < ready_s:
            continue
        if clears_s < t:
            told.append(Report(clears_s, {"seen": False}))
        told.append(Report(t, {"seen": True}))
        ready_s, clears_s = t + f.PIR_BLIND.value, t + f.PIR_CLEAR.value
    if clears_s < room.until_s:
        told.append(Report(clears_s, {"seen": False}))
    return merge(told, _every(f.CHECK_IN.value, room, chance), key=_when)


def _pir_edges(_: Device, room: Room, chance: Random) -> Iterator[Report]:
    """Tell both edges, and the light every so often."""
    told, ends_s = [], -1.0
    for t in _hits(room, chance):
        if t > ends_s:
            told += [Report(ends_s, {"seen": False})] if ends_s > 0 else []
            told.append(Report(t, {"seen": True}))
        ends_s = t + f.PIR_HOLD.value
    told += [Report(ends_s, {"seen": False})] if 0 < ends_s < room.until_s else []
    return merge(told, _every(f.LIGHT_EVERY.value, room, chance), key=_when)


def _radar(_: Device, room: Room, chance: Random) -> Iterator[Report]:
    """See also who sits still, go on for a while after the last has left, and now and then blip."""
    told: list[Report] = []
    for begin_s, end_s in _occupied(room.people, room.until_s):
        until_s = end_s + chance.uniform(f.RADAR_HOLD_MIN.value, f.RADAR_HOLD_MAX.value)
        if told and told[-1].t >= begin_s:
            told.pop()
        else:
            told.append(Report(begin_s + chance.uniform(0.3, 2.0), {"seen": True}))
        blip_s = begin_s + chance.expovariate(f.RADAR_BLIP.value / HOUR_S)
        if told[-1].t < blip_s < end_s - 60:
            told += [Report(blip_s, {"seen": False}), Report(blip_s + chance.uniform(1, 20), {"seen": True})]
        told.append(Report(until_s, {"seen": False}))
    return merge((one for one in told if one.t < room.until_s), _every(f.RADAR_EVERY.value, room, chance), key=_when)


def _area(_: Device, room: Room, chance: Random) -> Iterator[Report]:
    """Count the people there, every so often and soon after each change.

    Those it overlooks are hidden until it looks anew; whom it sees double it soon sees single again.
    """
    changes = (Report(t + f.AREA_AFTER.value) for t in room.people.times if t + f.AREA_AFTER.value < room.until_s)
    looks = [one.t for one in merge(_every(f.AREA_EVERY.value, room, chance), changes, key=_when)]
    for t, next_s in zip(looks, [*looks[1:], room.until_s], strict=True):
        people = room.people.at(t)
        seen = people - sum(chance.random() < f.AREA_MISSES.value for _ in range(people))
        double = sum(chance.random() < f.AREA_DOUBLES.value for _ in range(seen))
        yield Report(t, {"people": seen + double})
        right_s = t + chance.uniform(f.AREA_AFTER.value, f.AREA_DOUBLE_MAX.value)
        if double and right_s < next_s:
            yield Report(right_s, {"people": seen})


def _line(device: Device, room: Room, chance: Random) -> Iterator[Report]:
    """Count those who cross its own door, in totals that never begin at 0, and miss more who go out."""
    crossings = [one for one in room.movements if one.crossing and _door_of(one, room.doors) == device.door]
    came, went, at = chance.randrange(500, 60_000), chance.randrange(500, 60_000), 0
    for tick in _every(f.AREA_EVERY.value, room, chance):
        while at < len(crossings) and crossings[at].t <= tick.t:
            is_in = crossings[at].crossing > 0
            counted = chance.random() < f.LINE_IN.value * (1.0 if is_in else f.LINE_BIAS.value)
            came, went, at = came + (counted and is_in), went + (counted and not is_in), at + 1
        yield Report(tick.t, {"in": came, "out": went})


def _air(_: Device, room: Room, chance: Random) -> Iterator[Report]:
    """Measure carbon dioxide: breathed out, and aired away."""
    ppm, t = f.CO2_OUTSIDE.value, 0.0
    for tick in _every(f.CO2_EVERY.value, room, chance):
        hours = (tick.t - t) / HOUR_S
        rise = room.people.at(tick.t) * f.CO2_PERSON.value * 1000 / f.CO2_ROOM.value
        ppm += hours * (rise - f.CO2_CHANGES.value * (ppm - f.CO2_OUTSIDE.value))
        t = tick.t
        yield Report(t, {"ppm": round(max(ppm, f.CO2_OUTSIDE.value) + chance.gauss(0, 8))})


def _every(seconds: float, room: Room, chance: Random) -> Iterator[Report]:
    """Return reports of nothing new, as often as that, around the clock."""
    t = chance.uniform(0, seconds)
    while t < room.until_s:
        yield Report(round(t, 3))
        t += seconds


def _occupied(people: Numbers, until_s: float) -> Iterator[tuple[float, float]]:
    begin_s: float | None = None
    for since_s, to_s, count in people.pieces(0.0, until_s):
        if count and begin_s is None:
            begin_s = since_s
        if not count and begin_s is not None:
            yield begin_s, since_s
            begin_s = None
        if to_s == until_s and begin_s is not None:
            yield begin_s, until_s


def _door_of(one: Movement, doors: int) -> int:
    # A person keeps to a door for some minutes, so that both doors see lone entrances and exits.
    return int(one.t // (DAY_S / 144) + sum(map(ord, one.person))) % max(doors, 1)


def _when(one: Report) -> float:
    return one.t


_MAKES: Mapping[Make, Callable[[Device, Room, Random], Iterator[Report]]] = {
    Make.PIR: _pir,
    Make.PIR_EDGES: _pir_edges,
    Make.RADAR: _radar,
    Make.RADAR_WIFI: _radar,
    Make.AREA: _area,
    Make.LINE: _line,
    Make.AIR: _air,
}
