"""Sensors' memories as text for zones.db, and back. What cannot be read is forgotten: the sensor is then unknown."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.store.zones import Counters, ZonesWriter
from sensors.health import Checked, checked
from sensors.memory import Memory
from sensors.plan import Plan
from sensors.sight import Evidence
from sensors.watch import Watch

log = logging.getLogger("samverk.sensors")

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Memory)


def watch_from(plan: Plan, writer: ZonesWriter, now: Instant) -> Watch:
    """Return the watch as it was last kept, without what the site no longer has."""
    kept, said = writer.evidence(), writer.said()
    writer.forget(kept.keys() - plan.limits.keys(), said.keys() - plan.zones.keys())
    occupancies = {zone: one.occupancy for zone, one in said.items()}
    return Watch(plan, now, memories(kept), occupancies)


def as_text(watch: Watch, sensors: Iterable[SensorId]) -> dict[SensorId, str]:
    """Return the sensors' memories as text."""
    return {one: _encoder.encode(watch.memory(one)).decode() for one in sensors}


def kept_health(
    plan: Plan, kept: Mapping[SensorId, str], counters: Counters, now: Instant
) -> dict[ZoneId, tuple[Checked, ...]]:
    """Return how each zone's sensors are, from what the service has kept in zones.db; for others than the service."""
    known = memories(kept)
    errors: Counter[str] = Counter()
    for (about, _), count in counters.items():
        errors[about] += count
    return {
        zone: checked([Evidence(plan.limits[one], known.get(one, Memory())) for one in sensors], now, errors)
        for zone, sensors in plan.zones.items()
    }


def memories(kept: Mapping[SensorId, str]) -> dict[SensorId, Memory]:
    """Return what is remembered of each sensor, from the texts kept."""
    found = {}
    for sensor, text in kept.items():
        try:
            found[sensor] = _decoder.decode(text)
        except msgspec.MsgspecError:
            log.warning("what was kept of sensor %s cannot be read; it starts anew", sensor)
    return found
