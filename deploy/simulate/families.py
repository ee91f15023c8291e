"""What each device's reports look like on MQTT: topics and payloads as the families of sensors send them.

It knows the families' formats from their own documentation, and nothing of the profiles that will read them.
"""

import base64
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never
from zlib import crc32

from deploy.simulate.devices import Device, Make, Report
from deploy.simulate.options import wall

BRIDGE = "zigbee2mqtt/bridge/state"
COUNTED = {"people": "people_count_all", "in": "line_1_total_in", "out": "line_1_total_out"}
"""What Milesight's decoders call the counts of a VS121 and a VS133."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One MQTT message at second `t`. `device` is whose it is, none for a gateway's; `retained` as it was received."""

    t: float
    topic: str
    payload: bytes
    device: str = ""
    retained: bool = False


class Carrier(StrEnum):
    """How a device's messages come to the broker: what carries them, and so whose death silences it."""

    ZIGBEE = "zigbee"
    LORAWAN = "lorawan"
    WIFI = "wifi"


@dataclass(frozen=True, slots=True)
class Ways:
    """How a make of device stands in a site file, with further lines in `more`, and what carries its messages."""

    profile: str
    kind: str
    carrier: Carrier
    more: str = ""


WAYS = {
    Make.PIR: Ways("zigbee2mqtt", "pir", Carrier.ZIGBEE),
    Make.PIR_EDGES: Ways("zigbee2mqtt", "pir", Carrier.ZIGBEE),
    Make.RADAR: Ways("zigbee2mqtt", "radar", Carrier.ZIGBEE),
    Make.RADAR_WIFI: Ways("esphome", "radar", Carrier.WIFI),
    Make.AREA: Ways("milesight", "area", Carrier.LORAWAN),
    Make.LINE: Ways("milesight", "line", Carrier.LORAWAN, 'channel = "line_1"\n'),
    Make.AIR: Ways("zigbee2mqtt", "slow", Carrier.ZIGBEE, 'quantity = "co2-ppm"\n'),
}


def carrier_of(device: Device) -> Carrier:
    """Return what carries the device's messages."""
    return WAYS[device.make].carrier


def topic_of(device: Device) -> str:
    """Return the topic that a site file names for the device."""
    match carrier_of(device):
        case Carrier.ZIGBEE:
            return f"zigbee2mqtt/{device.zone}/{device.id}"
        case Carrier.LORAWAN:
            return f"application/3f7c0c5e/device/{eui(device)}/event/up"
        case Carrier.WIFI:
            return f"{device.id}/binary_sensor/has_target/state"
    assert_never(carrier_of(device))


def eui(device: Device) -> str:
    """Return a made-up device id of the right length."""
    return f"24e124{crc32(device.id.encode()):010x}"


def standing(device: Device, t: float, *, is_online: bool, retained: bool = False) -> Sent:
    """Return Zigbee2MQTT's word of whether it reaches the device, or a WiFi node's own, or its will."""
    state = "online" if is_online else "offline"
    if carrier_of(device) is Carrier.WIFI:
        return Sent(t, f"{device.id}/status", state.encode(), device.id, retained)
    return Sent(t, f"{topic_of(device)}/availability", _json({"state": state}), device.id, retained)


def bridge(t: float, *, is_online: bool, retained: bool = False) -> Sent:
    """Return the Zigbee gateway's own state, or its will."""
    return Sent(t, BRIDGE, _json({"state": "online" if is_online else "offline"}), "", retained)


@dataclass(slots=True)
class Voice:
    """One device's way of speaking; it remembers what its family remembers: cached attributes, a frame counter.

    `skew_s` is how wrong its own clock is; None is a clock that was never set.
    """

    device: Device
    skew_s: float | None = 0.0
    cached: dict[str, object] = field(default_factory=dict)
    frame: int = 0

    def say(self, report: Report) -> tuple[Sent, ...]:
        """Return the report as messages: none where the family says nothing of it."""
        self.frame += 1
        match carrier_of(self.device):
            case Carrier.ZIGBEE:
                self._take(report)
                content = _json(self.cached)
            case Carrier.LORAWAN:
                content = self._uplink(report)
            case Carrier.WIFI if "seen" in report.says:
                content = b"ON" if report.says["seen"] else b"OFF"
            case _:
                return ()  # a node on WiFi says only changes; that it lives, the broker knows
        return (Sent(round(report.t, 3), topic_of(self.device), content, self.device.id),)

    def again(self, t: float) -> tuple[Sent, ...]:
        """Return what a bridge says of the device when it starts: the cache as it stands, if there is one."""
        return (Sent(t, topic_of(self.device), _json(self.cached), self.device.id),) if self.cached else ()

    def _take(self, report: Report) -> None:
        seen_by = "presence" if self.device.make is Make.RADAR else "occupancy"
        names = {"seen": seen_by, "ppm": "co2"}
        self.cached |= {"linkquality": 104, "last_seen": self._stamp(round(report.t, 3))}
        if self.device.make in {Make.PIR, Make.PIR_EDGES}:
            self.cached |= {"battery": 91, "voltage": 3015, "illuminance": 180 + self.frame * 7 % 60}
        self.cached |= {names[key]: value for key, value in report.says.items()}

    def _stamp(self, t: float) -> str:
        if self.skew_s is None:
            return f"1970-01-01T00:{self.frame // 60 % 60:02}:{self.frame % 60:02}.000Z"
        return wall(t + self.skew_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _uplink(self, report: Report) -> bytes:
        """Return ChirpStack v4's `up` event, with the values as the maker's decoder names them."""
        stamp = wall(report.t + (self.skew_s or 0.0)).isoformat(timespec="microseconds")
        dedup = f"{self.frame:08x}-0000-4000-8000-{crc32(self.device.id.encode()):012x}"
        up: dict[str, object] = {
            "deduplicationId": dedup,
            "time": stamp,
            "deviceInfo": {"applicationName": "hub", "deviceName": self.device.id, "devEui": eui(self.device)},
            "devAddr": "01020304",
            "dr": 5,
            "fCnt": self.frame,
            "fPort": 85,
            "data": base64.b64encode(self.frame.to_bytes(4, "little")).decode(),
            "object": {COUNTED[key]: int(value) for key, value in report.says.items()},
        }
        return _json(up)


def _json(content: object) -> bytes:
    return json.dumps(content).encode()
