"""What we publish, as JSON. Counts and states only: no name, no badge and no device id may ever be put in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from kiosk.domain.house import House
from kiosk.domain.ids import ZoneId
from kiosk.domain.presence import State
from kiosk.store.zones import Said

FEW_MAX = 2
FEW = "1-2"
"""How a count is published that is so small that it could tell of one person."""

Count = int | str
"""A count as published: the number, or `FEW`."""

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many are in the house, are present, and take part in each zone."""

    in_house: int = 0
    present: int = 0
    participants: Mapping[ZoneId, int] | None = None

    def in_zone(self, zone: ZoneId) -> int:
        """Return how many have joined the zone."""
        return (self.participants or {}).get(zone, 0)


def numbers(house: House) -> Numbers:
    """Return the counts of the house. Those who are passive count as in the house, and nowhere else."""
    inside = house.inside()
    taking_part = [one.zone for one in inside if one.zone is not None and one.state is not State.PASSIVE]
    return Numbers(
        in_house=len(inside),
        present=sum(one.state is State.PRESENT for one in inside),
        participants={zone: taking_part.count(zone) for zone in taking_part},
    )


def count_class(count: int) -> Count:
    """Return the count as it may be published."""
    return FEW if 0 < count <= FEW_MAX else count


class _People(msgspec.Struct):
    low: int
    estimate: float
    high: int | None


class _Sensors(msgspec.Struct):
    fresh: int
    silent: int


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
    participants: Count | msgspec.UnsetType = msgspec.UNSET


class _Presence(msgspec.Struct):
    t: str
    in_house: Count
    present: Count
    participants: dict[str, Count]


def zone_message(said: Said, t: datetime | float, participants: int | None = None) -> bytes:
    """Return a zone's message, said at `t`: a wall time, or the seconds of a trace. Without participants if unknown."""
    one = said.occupancy
    return _encoder.encode(
        _Zone(
            t=utc(t) if isinstance(t, datetime) else t,
            zone=one.zone,
            state=one.state,
            since=utc(one.since.wall),
            people=_People(one.people.low, one.people.estimate, one.people.high),
            confidence=one.confidence,
            reason=one.reason.sv,
            reason_en=one.reason.en,
            sensors=_Sensors(one.fresh, one.silent),
            seq=said.seq,
            participants=msgspec.UNSET if participants is None else count_class(participants),
        )
    )


def presence_message(counts: Numbers, zones: Mapping[ZoneId, object], t: datetime) -> bytes:
    """Return the counts of the house, with every zone in them."""
    return _encoder.encode(
        _Presence(
            t=utc(t),
            in_house=count_class(counts.in_house),
            present=count_class(counts.present),
            participants={zone: count_class(counts.in_zone(zone)) for zone in zones},
        )
    )


def utc(moment: datetime) -> str:
    """Return an aware UTC time as ISO 8601 with milliseconds and Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
