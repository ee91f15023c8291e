"""Sensors' memories as text for zones.db, and back. What cannot be read is forgotten: the sensor is then unknown."""

import logging
from collections.abc import Iterable, Mapping

import msgspec

from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from kiosk.store.zones import ZonesWriter
from sensors.memory import Memory
from sensors.plan import Plan
from sensors.watch import Watch

log = logging.getLogger("samverk.sensors")

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Memory)


def watch_from(plan: Plan, writer: ZonesWriter, now: Instant) -> Watch:
    """Return the watch as it was last kept, without what the site no longer has."""
    kept, said = writer.evidence(), writer.said()
    writer.forget(kept.keys() - plan.limits.keys(), said.keys() - plan.zones.keys())
    occupancies = {zone: one.occupancy for zone, one in said.items()}
    return Watch(plan, now, _memories(kept), occupancies)


def as_text(watch: Watch, sensors: Iterable[SensorId]) -> dict[SensorId, str]:
    """Return the sensors' memories as text."""
    return {one: _encoder.encode(watch.memory(one)).decode() for one in sensors}


def _memories(kept: Mapping[SensorId, str]) -> dict[SensorId, Memory]:
    found = {}
    for sensor, text in kept.items():
        try:
            found[sensor] = _decoder.decode(text)
        except msgspec.MsgspecError:
            log.warning("what was kept of sensor %s cannot be read; it starts anew", sensor)
    return found
