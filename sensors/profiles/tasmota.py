"""Tasmota, with sensors wired to it or reached by its own Zigbee radio. Pure.

A motion sensor is a switch: `tele/<t>/SENSOR` tells every five minutes how it stands, and the owner's rule publishes
its edges as it pleases, such as `stat/<t>/PIR1`. `Time` is the wall clock without a zone, so it is no stamp at all.
`tele/<t>/LWT` counts for everything behind the device.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from sensors.profiles import standing
from sensors.profiles.measures import level, motion, said, said_motion
from sensors.profiles.payloads import decode, plain
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting, wrong_channel, wrong_quantity
from sensors.readings import Quantity, Refusal, What, Word

_CHANNEL = re.compile(r"Switch[1-9][0-9]?|zigbee:[^/]{1,48}")
_CHANNELS = "Switch1 to Switch99, or zigbee: and the short address or name of a device, such as zigbee:0x1234"
_PREFIX = re.compile(r"(^|/)(?:stat|tele)(/|$)")
_ZIGBEE = "zigbee:"

_NAMES: Mapping[Quantity, str] = MappingProxyType(
    {
        Quantity.CO2_PPM: "CarbonDioxide",
        Quantity.LIGHT_LX: "Illuminance",
        Quantity.TEMPERATURE_C: "Temperature",
        Quantity.HUMIDITY_PERCENT: "Humidity",
    }
)

_object = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Reads `tele/<t>/SENSOR`: of all that a device measures, the one thing that its setting names.

    What does not tell of it, such as another sensor's own message, says nothing at all.
    """

    channel: str
    quantity: str
    inverted: bool
    repeats: bool

    def __call__(self, payload: bytes) -> Said:
        """Return how the switch or the Zigbee device stands, or what is measured."""
        if not payload:
            return ()
        values = decode(_object, payload)
        if isinstance(values, Refusal):
            return values
        if self.channel.startswith(_ZIGBEE):
            return self._zigbee(values)
        if self.quantity:
            return _measured(Quantity(self.quantity), (one for one in values.values() if isinstance(one, dict)))
        value = values.get(self.channel or "Switch1")
        return () if value is None else self._motion(_action(value))

    def _zigbee(self, values: dict[str, Any]) -> Said:
        """Return what a message handed on from a Zigbee device says; the device is known by its address or name."""
        received = values.get("ZbReceived")
        if not isinstance(received, dict):
            return ()
        wanted = self.channel.removeprefix(_ZIGBEE)
        for address, device in received.items():
            if isinstance(device, dict) and wanted in (address, device.get("Device"), device.get("Name")):
                return self._zigbee_device(device)
        return ()

    def _zigbee_device(self, device: dict[str, Any]) -> Said:
        if self.quantity:
            return _measured(Quantity(self.quantity), (device,)) or (Word(What.ALIVE),)
        value = device.get("Occupancy")
        return (Word(What.ALIVE),) if value is None else self._motion(value)

    def _motion(self, value: object) -> Said:
        return said_motion(_seen(value), inverted=self.inverted, repeats=self.repeats)


@dataclass(frozen=True, slots=True)
class Event:
    """Reads what a rule publishes: `ON`, `1`, `{"Switch1": {"Action": "ON"}}` or `{"Action": "ON"}`."""

    channel: str
    inverted: bool
    repeats: bool

    def __call__(self, payload: bytes) -> Said:
        """Return the edge. What else is said on the topic, such as a relay's state, says nothing."""
        if not payload:
            return ()
        seen = self._seen_in(payload)
        return () if seen is None else said_motion(seen, inverted=self.inverted, repeats=self.repeats)

    def _seen_in(self, payload: bytes) -> bool | Refusal | None:
        if not payload.lstrip().startswith(b"{"):
            text = plain(payload)
            return text if isinstance(text, Refusal) else motion(text)
        values = decode(_object, payload)
        if isinstance(values, Refusal):
            return values
        value = _action(values.get(self.channel or "Switch1", values))
        return None if value is None else _seen(value)


def read_state(payload: bytes) -> Said:
    """Read `tele/<t>/STATE`, which tells only that the device is alive."""
    if not payload:
        return ()
    values = decode(_object, payload)
    return values if isinstance(values, Refusal) else (Word(What.ALIVE),)


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the topic of events if it is not the telemetry itself, the telemetry, and the will.

    `STATE` is a sign of life of a switch, not of what the device reaches by radio or has to measure.
    """
    topic = setting.topic
    tele = _PREFIX.sub(r"\1tele\2", topic.rpartition("/")[0])
    if setting.channel == f"{_ZIGBEE}{tele.rpartition('/')[2]}":
        tele = tele.rpartition("/")[0]
    telemetry = Telemetry(setting.channel, setting.quantity, setting.inverted, setting.repeats)
    found = [Hearing(f"{tele}/SENSOR", Part.STATE, telemetry)]
    if topic != f"{tele}/SENSOR":
        found[0:0] = [Hearing(topic, Part.STATE, _event(setting, telemetry))]
    if not (setting.quantity or setting.channel.startswith(_ZIGBEE)):
        found.append(Hearing(f"{tele}/STATE", Part.STATE, read_state))
    return (*found, Hearing(setting.gateway or f"{tele}/LWT", Part.GATEWAY, standing.GATEWAY))


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a topic without a prefix of Tasmota's, a channel there is not, or a quantity there is not."""
    if not _PREFIX.search(setting.topic.rpartition("/")[0]):
        yield ("topic", "has no stat or tele in it", 'write "tele/<device>/SENSOR", or the topic of your rule')
    yield from wrong_channel(setting, _CHANNEL, _CHANNELS)
    yield from wrong_quantity(setting, _NAMES)


def _event(setting: Setting, telemetry: Telemetry) -> Event | Telemetry:
    """Return how the owner's topic is read; a device of its own topic (`tele/<t>/<device>/SENSOR`) sends telemetry."""
    if setting.topic.endswith("/SENSOR"):
        return telemetry
    return Event(setting.channel, setting.inverted, setting.repeats)


def _seen(value: object) -> bool | Refusal:
    if isinstance(value, str):
        return motion(value)
    if isinstance(value, bool):
        return value
    return bool(value) if isinstance(value, int) and value in {0, 1} else Refusal.WRONG_TYPE


def _action(value: object) -> object:
    return value.get("Action") if isinstance(value, dict) else value


def _measured(quantity: Quantity, places: Iterator[dict[str, Any]] | tuple[dict[str, Any], ...]) -> Said:
    name = _NAMES.get(quantity, "")
    for place in places:
        value = place.get(name)
        if value is not None:
            return said(level(quantity, value))
    return ()


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset(
        {
            *(What.MOTION, What.CLEAR, What.ALIVE, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE),
            *_NAMES,
        }
    ),
    options=frozenset({"channel", "gateway", "inverted", "quantity", "repeats"}),
    # Zigbee devices, and the half of its MAC address that a device is named by at first.
    device_ids=re.compile(r"0x[0-9a-fA-F]{16}|(?<=[_-])[0-9A-F]{6}(?=[\"/])"),
)
