"""What we publish, as JSON. Counts and states only: no name, no badge and no device id may ever be put in here."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from kiosk.domain.house import House
from kiosk.domain.ids import ZoneId
from kiosk.domain.presence import State
from kiosk.domain.zones import People
from kiosk.store.zones import Said
from sensors.health import Checked, Health

FEW_MAX = 2
FEW = "1-2"
"""How a count is published that is so small that it could tell of one person."""

MOMENTS_MAX = 256
"""How many moments' texts are remembered: a zone says its last change again and again, and several zones one moment."""

Count = int | str
"""A count as published: the number, or `FEW`."""

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many are in the house, are present, and take part in each zone."""

    in_house: int = 0
    present: int = 0
    participants: Mapping[ZoneId, int] = field(default_factory=dict)

    def in_zone(self, zone: ZoneId) -> int:
        """Return how many have joined the zone."""
        return self.participants.get(zone, 0)


def numbers(house: House) -> Numbers:
    """Return the counts of the house, guests included. The passive count as in the house, and nowhere else."""
    inside, guests = house.inside(), house.guests_inside()
    zones = [one.zone for one in inside if one.state is not State.PASSIVE] + [house.zone_of(one) for one in guests]
    joined = [zone for zone in zones if zone is not None]
    return Numbers(
        in_house=len(inside) + len(guests),
        present=sum(one.state is State.PRESENT for one in inside),
        participants={zone: joined.count(zone) for zone in joined},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a zone's occupancy: members who joined it, its newest evidence, and what ails its sensors.

    `heard` is when the newest evidence came, `number` the newest number that a device gave a message of its own.
    `ailing` counts the sensors with each ailment.
    """

    participants: int = 0
    heard: datetime | None = None
    number: int | None = None
    ailing: Mapping[str, int] = field(default_factory=dict)


def count_class(count: int, *, exact: bool = False) -> Count:
    """Return the count as it may be published."""
    return FEW if not exact and 0 < count <= FEW_MAX else count


class _People(msgspec.Struct):
    low: int
    estimate: float
    high: int | None


class _Difference(msgspec.Struct):
    low: int
    high: int | None


class _Sensors(msgspec.Struct, omit_defaults=True):
    fresh: int
    silent: int
    ailing: Mapping[str, int] = {}


class _Evidence(msgspec.Struct, omit_defaults=True):
    heard: str
    seq: int | None = None


class _Zone(msgspec.Struct):
    t: str | float
    zone: str
    state: str
    since: str
    people: _People
    confidence: float
    reason: str
    reason_en: str
    sensors: _Sensors
    seq: int
    drift: int | msgspec.UnsetType = msgspec.UNSET
    participants: Count | msgspec.UnsetType = msgspec.UNSET
    difference: _Difference | msgspec.UnsetType = msgspec.UNSET
    evidence: _Evidence | msgspec.UnsetType | None = msgspec.UNSET


class _Presence(msgspec.Struct):
    t: str
    in_house: Count
    present: Count
    participants: dict[str, Count]


def ailments(found: Iterable[Checked]) -> dict[str, int]:
    """Return how many sensors have which ailment, by its name; none for those that are well."""
    counted: Counter[str] = Counter()
    for one in found:
        counted.update([one.health] if one.health is not Health.FRESH else [])
        counted.update(["clock"] if one.clock is not None else [])
    return dict(sorted(counted.items()))


def zone_message(said: Said, t: datetime | float, beside: Beside | None = None, *, exact: bool = False) -> bytes:
    """Return a zone's message, said at `t`: a wall time, or the seconds of a trace.

    `difference` is how many more people the sensors see than members have joined, as far as the published count tells.
    """
    one = said.occupancy
    message = _Zone(
        t=utc(t) if isinstance(t, datetime) else t,
        zone=one.zone,
        state=one.state,
        since=utc(one.since.wall),
        people=_People(one.people.low, one.people.estimate, one.people.high),
        confidence=one.confidence,
        reason=one.reason.sv,
        reason_en=one.reason.en,
        sensors=_Sensors(one.fresh, one.silent, {} if beside is None else beside.ailing),
        seq=said.seq,
        drift=msgspec.UNSET if one.drift is None else one.drift,
    )
    if beside is not None:
        message.participants = count_class(beside.participants, exact=exact)
        message.difference = _difference(one.people, message.participants)
        message.evidence = _evidence(beside)
    return _encoder.encode(message)


def presence_message(counts: Numbers, zones: Mapping[ZoneId, object], t: datetime, *, exact: bool = False) -> bytes:
    """Return the counts of the house, with every zone in them."""
    return _encoder.encode(
        _Presence(
            t=utc(t),
            in_house=count_class(counts.in_house, exact=exact),
            present=count_class(counts.present, exact=exact),
            participants={zone: count_class(counts.in_zone(zone), exact=exact) for zone in zones},
        )
    )


@lru_cache(maxsize=MOMENTS_MAX)
def utc(moment: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC with milliseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _difference(people: People, participants: Count) -> _Difference:
    few, many = (1, FEW_MAX) if isinstance(participants, str) else (participants, participants)
    return _Difference(people.low - many, None if people.high is None else people.high - few)


def _evidence(beside: Beside) -> _Evidence | None:
    return None if beside.heard is None else _Evidence(utc(beside.heard), beside.number)
