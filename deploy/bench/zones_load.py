"""The load that a measure of zones puts on: bursts of sensors' messages, and what the zones say to them.

A presence message bears a number of its own, `seq`, which the zone's message echoes as its newest evidence. So each
answer can be told without any state having to change, and holds stay on.
"""

from collections.abc import Mapping

import msgspec

from deploy.bench.zones_rig import ZONES, sensor_topic, zone_topic
from deploy.bench.zones_wire import Wire, publish


class _Evidence(msgspec.Struct):
    seq: int | None = None


class _Zone(msgspec.Struct):
    state: str
    evidence: _Evidence | None = None


_decode = msgspec.json.Decoder(_Zone).decode


def presence(zone: int, sensor: int, number: int, *, is_on: bool) -> bytes:
    """Return a sensor's message, numbered."""
    text = f'{{"battery":91,"linkquality":104,"occupancy":{str(is_on).lower()},"seq":{number},"voltage":3015}}'
    return publish(sensor_topic(zone, sensor), text.encode())


def reachable(zone: int, sensor: int, *, is_on: bool) -> bytes:
    """Return word that the sensor can be reached, or that it cannot."""
    return publish(f"{sensor_topic(zone, sensor)}/availability", b"online" if is_on else b"offline")


class Listener:
    """Who reads what the zones say."""

    def __init__(self, wire: Wire) -> None:
        """Listen."""
        wire.subscribe("samverk/+/zone/+")
        self._wire = wire
        self._zones = {zone_topic(zone).encode(): zone for zone in range(ZONES)}
        self.newest: dict[int, bytes] = {}
        self.said = 0

    def read(self, timeout_s: float) -> list[int]:
        """Return the zones that were said, `newest` as they were, waiting for the first at most that long."""
        found = []
        for one in self._wire.frames(timeout_s):
            zone = self._zones.get(one.topic)
            if zone is not None and one.payload and not one.retained:
                self.newest[zone] = one.payload
                found.append(zone)
        self.said += len(found)
        return found

    def are_right(self, wanted: Mapping[int, int | str]) -> int:
        """Return how many zones' newest word is as wanted: that number, or that state."""
        return sum(zone in self.newest and right in told(self.newest[zone]) for zone, right in wanted.items())

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


def told(payload: bytes) -> tuple[str, int | None]:
    """Return a zone's state, and the number of its newest evidence."""
    zone = _decode(payload)
    return zone.state, zone.evidence.seq if zone.evidence else None
