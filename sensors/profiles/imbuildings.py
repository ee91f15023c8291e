"""IMBuildings people counters behind a LoRaWAN network server: crossings from a to b, and from b to a. Pure.

The device's own `payload_counter` (0 to 255) shows what was lost where the network gives no frame counter.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sensors.profiles.lorawan import DEVICE_IDS, Uplink, transport, wrong_topic
from sensors.profiles.measures import crossings, said, whole
from sensors.profiles.profile import Hearing, Part, Profile, Reports, Said, Setting
from sensors.readings import PEOPLE_MAX, Crossed, CrossedBy, Refusal

WRAPS_AT = 2**16
"""Totals have 16 bits (IMBuildings payload type 2, variants 6 and 7)."""

COUNTER_MAX = 255


@dataclass(frozen=True, slots=True)
class Counter:
    """Reads totals, or, from variants that have none, what was counted since the last message."""

    unwrap: Callable[[bytes], Uplink | Refusal]
    reports: Reports
    inverted: bool

    def __call__(self, payload: bytes) -> Said:
        """Return the crossings; from a to b is into the zone."""
        if not payload:
            return ()
        uplink = self.unwrap(payload)
        if isinstance(uplink, Refusal):
            return uplink
        content = self._totals(uplink) if self.reports is Reports.TOTALS else self._increments(uplink)
        return said(content, uplink.received)

    def _totals(self, uplink: Uplink) -> Crossed | Refusal:
        values = uplink.values
        both = crossings(
            values.get("total_counter_a"),
            values.get("total_counter_b"),
            inverted=self.inverted,
            most=WRAPS_AT - 1,
        )
        return both if isinstance(both, Refusal) else Crossed(*both, WRAPS_AT, _sequence(uplink))

    def _increments(self, uplink: Uplink) -> CrossedBy | Refusal:
        values = uplink.values
        both = crossings(values.get("counter_a"), values.get("counter_b"), inverted=self.inverted, most=PEOPLE_MAX)
        if isinstance(both, Refusal):
            return both
        sequence = _sequence(uplink)
        return CrossedBy(*both, uplink.identity or (None if sequence is None else str(sequence)))


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the topic of the device's uplinks."""
    read = Counter(transport(setting.topic), setting.reports or Reports.TOTALS, setting.inverted)
    return (Hearing(setting.topic, Part.STATE, read),)


def _sequence(uplink: Uplink) -> int | None:
    if uplink.sequence is not None:
        return uplink.sequence
    counter = whole(uplink.values.get("payload_counter"), COUNTER_MAX)
    return None if isinstance(counter, Refusal) else counter


PROFILE = Profile(
    hearings=hearings,
    complaints=wrong_topic,
    says=frozenset({Crossed, CrossedBy}),
    options=frozenset({"inverted", "reports"}),
    device_ids=DEVICE_IDS,
)
