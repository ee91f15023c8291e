"""How right the zones are: the fusion beside fixed switch-off delays, on the recorded day and on a simulated one.

Both are replayed through the real profiles and the real fusion. Nothing here sets a number of the fusion.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from deploy.bench.figures import Amount, Measured
from deploy.simulate.accuracy import SAMPLE_S, Accuracy, Sample, accuracy
from deploy.simulate.day import Day, simulated
from deploy.simulate.hub import site_file
from deploy.simulate.options import Options
from deploy.simulate.zones import Told
from kiosk.domain.zones import People, ZoneState
from kiosk.tools.site import Site, read
from sensors.kinds import PIR
from sensors.plan import plan
from sensors.readings import Message
from sensors.recording import messages, recorded_day, rows
from sensors.replay import Replay, Shown
from sensors.trace import Traced

DELAYS_MIN = (1, 5, 15)
"""The fixed delays that the fusion is held against."""

HOLE_S = 60.0
"""Farther than this from a row of a recording nothing is known of the room."""

HOUSE = Options(seed=1, members=60, zones=3, sensors=20)
"""The simulated day: small enough for a minute, with every kind of sensor in each zone that has any."""

ROOM = "recorded room"
FUSION = "fusion"
TOPICS = ("zigbee2mqtt/rum/pir-1", "zigbee2mqtt/rum/pir-2")
_ROOM_SITE = """
[site]
id = "rum"
name = "Rum"
state_dir = "/nowhere"
[[zone]]
id = "rum"
name.sv = "Rum"
name.en = "Room"
about.sv = "ett rum"
about.en = "a room"
[[sensor]]
id = "pir-1"
zone = "rum"
profile = "zigbee2mqtt"
kind = "pir"
topic = "zigbee2mqtt/rum/pir-1"
[[sensor]]
id = "pir-2"
zone = "rum"
profile = "zigbee2mqtt"
kind = "pir"
topic = "zigbee2mqtt/rum/pir-2"
"""


class Truth(Protocol):
    """How many people there are in a zone at a second; None if nobody knows."""

    def __call__(self, zone: str, t: float, /) -> int | None:
        """Return that number."""


_EMPTY = (ZoneState.VACANT, People(0, 0.0, 0))


@dataclass(slots=True)
class Delays:
    """What each fixed delay says of a zone: occupied until so long after a motion sensor last saw motion."""

    seen_s: float = float("-inf")
    told: Mapping[int, list[Told]] = field(default_factory=lambda: {one: [] for one in DELAYS_MIN})

    def at(self, t: float, *, sees: bool) -> None:
        """Take whether motion is seen now."""
        self.seen_s = t if sees else self.seen_s
        for minutes, told in self.told.items():
            is_on = t - self.seen_s < minutes * 60
            told.append(Told(t, ZoneState.OCCUPIED, People(1, 1.0, None)) if is_on else Told(t, *_EMPTY))


def measure(taps: int = 0, members: int = 0) -> Measured:  # noqa: ARG001 - every measure is asked in the same words
    """Return how right every rule is, as amounts."""
    day = simulated(HOUSE)
    found = {ROOM: recorded(), f"simulated day {HOUSE.seed}": lived(day)}
    amounts = [one for where, rules in found.items() for one in _amounts(where, rules)]
    return Measured((), _notes(), amounts)


def recorded() -> dict[str, list[Sample]]:
    """Return what every rule said of the recorded room."""
    text = recorded_day()
    day = rows(text)
    times = [one.offset_s for one in day]

    def truth(_: str, t: float) -> int | None:
        at = bisect_right(times, t) - 1
        return day[at].people if at >= 0 and t - times[at] <= HOLE_S else None

    trace = [Traced(at_s, Message(topic, payload)) for at_s, topic, payload in messages(text, TOPICS)]
    return _run(read(_ROOM_SITE), trace, truth)


def lived(day: Day) -> dict[str, list[Sample]]:
    """Return what every rule said of a simulated day's zones."""
    watched = {one.zone for one in day.devices}

    def truth(zone: str, t: float) -> int | None:
        return day.truth(zone).at(t) if zone in watched else None

    site = read(site_file(day.options, day.devices, "/nowhere"))
    sent = (Traced(one.t, Message(one.topic, one.payload, one.retained)) for one in day.messages())
    return _run(site, sent, truth)


def _run(site: Site, trace: Iterable[Traced], truth: Truth) -> dict[str, list[Sample]]:
    replay = Replay(plan(site), SAMPLE_S)
    found: dict[str, dict[str, list[Sample]]] = {}
    delays = {zone: Delays() for zone in site.zones}
    for shown in replay.run(trace):
        zone = shown.said.occupancy.zone
        people = truth(zone, shown.t)
        if shown.is_change or people is None:
            continue
        delays[zone].at(shown.t, sees=_sees(replay, shown))
        told = {FUSION: Told(shown.t, shown.said.occupancy.state, shown.said.occupancy.people)}
        told |= {f"off after {minutes} min": said[-1] for minutes, said in delays[zone].told.items()}
        for rule, one in told.items():
            found.setdefault(rule, {}).setdefault(zone, []).append(Sample(zone, people, one))
    return {rule: [one for some in zones.values() for one in some] for rule, zones in found.items()}


def _sees(replay: Replay, shown: Shown) -> bool:
    evidence = replay.watch.evidence(shown.said.occupancy.zone)
    return any(one.memory.on for one in evidence if one.limits.kind == PIR)


def _amounts(where: str, rules: Mapping[str, Sequence[Sample]]) -> Iterator[Amount]:
    for rule, some in rules.items():
        how = accuracy(where, some)
        for name, value, unit in _told(how, is_fusion=rule == FUSION, some=some):
            yield Amount(name=f"{where}, {rule}: {name}", value=value, unit=unit)


def _told(how: Accuracy, *, is_fusion: bool, some: Sequence[Sample]) -> Iterator[tuple[str, float, str]]:
    yield "F1", how.f1 or 0.0, ""
    yield "falsely vacant", how.falsely_vacant_min, "min"
    yield "falsely occupied", how.falsely_occupied_min, "min"
    yield "changes", how.flips, f"of {how.true_changes}"
    if is_fusion:
        widths = [one.told.people.high - one.told.people.low for one in some if one.told.people.high is not None]
        yield "unknown", how.unknown_min, "min"
        yield "falsely company", how.false_company_min, "min"
        yield "error of people", how.people_rmse or 0.0, "people"
        yield "people within bounds", how.inside_bounds or 0.0, ""
        yield "width of bounds", sum(widths) / max(1, len(widths)), "people"


def _notes() -> list[str]:
    return [
        f"every {SAMPLE_S:.0f} s of trace time; unknown counts as not occupied in F1",
        "no number of the fusion was fitted to the recorded day; docs/sensors.md says where each comes from",
    ]
