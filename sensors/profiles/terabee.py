"""Terabee people counters behind a LoRaWAN network server: flow counters (L, XL, LM XL) and occupancy counters. Pure.

The device says itself when it is stopped, stuck or warming up. What it counts then is not passed on.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sensors.profiles.lorawan import DEVICE_IDS, Uplink, transport, wrong_topic
from sensors.profiles.measures import crossings, people
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting, wrong_channel
from sensors.readings import Crossed, Fault, FaultKind, People, Refusal, Word

WRAPS_AT = 2**32
"""Totals have 32 bits."""

_CHANNEL = re.compile(r"zone_[0-7]")

# Of several devices that count as one, an issue with any leaves the sum wrong.
_FLAGS: Mapping[FaultKind, tuple[str, ...]] = MappingProxyType(
    {
        FaultKind.STOPPED: ("STOPPED", "TPC_STOPPED", "MULTI_DEV_ISSUE"),
        FaultKind.STUCK: ("STUCK", "TPC_STUCK"),
        FaultKind.WARMUP: ("WARMUP",),
    }
)


@dataclass(frozen=True, slots=True)
class Counter:
    """Reads totals of a flow counter, or how many are in one zone, or all, of an occupancy counter."""

    unwrap: Callable[[bytes], Uplink | Refusal]
    channel: str
    inverted: bool

    def __call__(self, payload: bytes) -> Said:
        """Return whether each fault is there, and the count unless one is."""
        if not payload:
            return ()
        uplink = self.unwrap(payload)
        if isinstance(uplink, Refusal):
            return uplink
        flags = uplink.values.get("flags") or {}
        if not isinstance(flags, dict):
            return Refusal.WRONG_TYPE
        faults = tuple(Fault(kind, any(flags.get(name) for name in names)) for kind, names in _FLAGS.items())
        content = () if any(one.is_on for one in faults) else self._count(uplink)
        if isinstance(content, Refusal):
            return content
        return tuple(Word(one, uplink.received) for one in (*faults, *content))

    def _count(self, uplink: Uplink) -> tuple[Crossed | People] | Refusal:
        """Return the count. A zone that is "not set" on the device has none."""
        values = uplink.values
        if self.channel or not {"count_in", "count_out"} & values.keys():
            count = people(values.get(self.channel or "zone_global"))
            return count if isinstance(count, Refusal) else (count,)
        return _crossed(values, uplink.sequence, inverted=self.inverted)


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the topic of the device's uplinks."""
    return (Hearing(setting.topic, Part.STATE, Counter(transport(setting.topic), setting.channel, setting.inverted)),)


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a topic that is no uplink's, or a zone that the device has not."""
    yield from wrong_topic(setting)
    yield from wrong_channel(setting, _CHANNEL, "zone_0 to zone_7; none is the whole room, or the line")


def _crossed(values: dict[str, Any], sequence: int | None, *, inverted: bool) -> tuple[Crossed] | Refusal:
    both = crossings(values.get("count_in"), values.get("count_out"), inverted=inverted, most=WRAPS_AT - 1)
    return both if isinstance(both, Refusal) else (Crossed(*both, WRAPS_AT, sequence),)


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset({Crossed, People, *_FLAGS}),
    options=frozenset({"channel", "inverted"}),
    device_ids=DEVICE_IDS,
)
