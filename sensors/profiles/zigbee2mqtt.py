"""Zigbee2MQTT: one JSON object a device, holding every attribute it has cached. Pure: no memory, no clock.

Because the cache is repeated with every message, an `occupancy` here says how it stands, not that anything happened.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from sensors.profiles import standing
from sensors.profiles.measures import LEVELS, TOTAL_MAX, level, said
from sensors.profiles.payloads import MS_A_SECOND, decode, epoch_time, iso_time
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting, wrong_channel, wrong_quantity
from sensors.readings import Fault, FaultKind, Quantity, Refusal, What, Word

_CHANNEL = re.compile(r"occupancy|presence|pir_detection|region_([1-9]|10)")
_CHANNELS = "occupancy, presence, pir_detection, or a region such as region_1"
_STATES: Mapping[object, bool] = MappingProxyType({"none": False, "presence": True, "move": True})
_REGION_STATES: Mapping[str, bool] = MappingProxyType({"enter": True, "occupied": True, "unoccupied": False})
_ATTRIBUTES: Mapping[Quantity, tuple[str, ...]] = MappingProxyType(
    {
        Quantity.CO2_PPM: ("co2",),
        Quantity.LIGHT_LX: ("illuminance", "illuminance_lux"),
        Quantity.SOUND_DB: ("noise",),
        Quantity.TEMPERATURE_C: ("temperature",),
        Quantity.HUMIDITY_PERCENT: ("humidity",),
    }
)


class _Device(msgspec.Struct):
    """The attributes that matter here. What is typed `Any` may not spoil the rest, whatever it holds.

    `seq` is no attribute of Zigbee2MQTT's own: scripts and simulators that speak like it number their messages so.
    """

    occupancy: bool | None = None
    presence: bool | None = None
    pir_detection: bool | None = None
    state: Any = None
    action: Any = None
    battery_low: Any = None
    tamper: Any = None
    power_outage_count: Any = None
    seq: Any = None
    last_seen: str | int | float | None = None


class _Levels(msgspec.Struct):
    """What slow sensors measure, each under the name of its attribute."""

    co2: Any = None
    illuminance: Any = None
    illuminance_lux: Any = None
    noise: Any = None
    temperature: Any = None
    humidity: Any = None
    last_seen: str | int | float | None = None


_device = msgspec.json.Decoder(_Device)
_levels = msgspec.json.Decoder(_Levels)


@dataclass(frozen=True, slots=True)
class Motion:
    """Reads whether people are seen. `presence` is what radars say instead of `occupancy`, or only a `state`."""

    channel: str
    inverted: bool
    repeats: bool

    def __call__(self, payload: bytes) -> Said:
        """Return how the device stands. An empty payload only clears what the broker kept, and says nothing."""
        if not payload:
            return ()
        device = decode(_device, payload)
        if isinstance(device, Refusal):
            return device
        seen = _seen(device) if not self.channel else _seen_by(self.channel, device)
        if isinstance(seen, Refusal):
            return seen
        stamp = _stamp(device.last_seen)
        what = What.ALIVE if seen is None else What.CLEAR if seen is self.inverted else What.MOTION
        number = device.seq
        sequence = number if type(number) is int and 0 <= number < TOTAL_MAX else None
        word = Word(what, stamp, what is What.MOTION and self.repeats, sequence=sequence)
        return (word, *_faults(device, stamp)) if _tells_faults(device) else (word,)


@dataclass(frozen=True, slots=True)
class Measure:
    """Reads one quantity. One that is not there or null is only a sign of life."""

    quantity: Quantity

    def __call__(self, payload: bytes) -> Said:
        """Return the level, or why there is none."""
        if not payload:
            return ()
        device = decode(_levels, payload)
        if isinstance(device, Refusal):
            return device
        stamp = _stamp(device.last_seen)
        for name in _ATTRIBUTES[self.quantity]:
            value = getattr(device, name)
            if value is not None:
                return said(level(self.quantity, value), stamp)
        return (Word(What.ALIVE, stamp),)


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the device's own topic, that of its availability, and the bridge's below the same first level."""
    topic = setting.topic
    if setting.quantity:
        read: Motion | Measure = Measure(Quantity(setting.quantity))
    else:
        read = Motion(setting.channel, setting.inverted, setting.repeats)
    bridge = setting.gateway or f"{topic.partition('/')[0]}/bridge/state"
    return (
        Hearing(topic, Part.STATE, read),
        Hearing(f"{topic}/availability", Part.AVAILABILITY, standing.DEVICE),
        Hearing(bridge, Part.GATEWAY, standing.GATEWAY),
    )


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield an attribute that motion is not read from, or a quantity there is not."""
    yield from wrong_channel(setting, _CHANNEL, _CHANNELS)
    yield from wrong_quantity(setting, LEVELS)


def _seen(device: _Device) -> bool | Refusal | None:
    if device.presence is not None:
        return device.presence
    if device.occupancy is not None or device.state is None:
        return device.occupancy
    seen = _STATES.get(device.state) if isinstance(device.state, str) else None
    return Refusal.UNKNOWN_STATE if seen is None else seen


def _seen_by(channel: str, device: _Device) -> bool | Refusal | None:
    """Return what one attribute says; of the actions of a region only those that tell how it stands."""
    if not channel.startswith("region_"):
        seen: bool | None = getattr(device, channel)
        return seen
    if not device.action:
        return None
    if not isinstance(device.action, str):
        return Refusal.WRONG_TYPE
    prefix = f"{channel}_"
    return _REGION_STATES.get(device.action.removeprefix(prefix)) if device.action.startswith(prefix) else None


def _tells_faults(device: _Device) -> bool:
    return not (device.power_outage_count is None and device.battery_low is None and device.tamper is None)


def _faults(device: _Device, stamp: datetime | None) -> Iterator[Word]:
    if isinstance(device.battery_low, bool):
        yield Word(Fault(FaultKind.LOW_BATTERY, device.battery_low), stamp)
    if isinstance(device.tamper, bool):
        yield Word(Fault(FaultKind.TAMPER, device.tamper), stamp)
    count = device.power_outage_count
    if type(count) is int and count >= 0:
        yield Word(Fault(FaultKind.RESET, count=count), stamp)


def _stamp(last_seen: str | float | None) -> datetime | None:
    if last_seen is None:
        return None
    return iso_time(last_seen) if isinstance(last_seen, str) else epoch_time(last_seen, per_second=MS_A_SECOND)


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset(
        {
            *(What.MOTION, What.CLEAR, What.ALIVE, What.ONLINE, What.OFFLINE),
            *(What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE),
            *(FaultKind.LOW_BATTERY, FaultKind.TAMPER, FaultKind.RESET),
            *Quantity,
        }
    ),
    options=frozenset({"channel", "gateway", "inverted", "quantity", "repeats"}),
    device_ids=re.compile(r"0x[0-9a-fA-F]{16}"),
)
