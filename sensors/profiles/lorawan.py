"""What LoRaWAN network servers wrap around a device's decoded values: ChirpStack v4, The Things Stack v3. Pure.

Which of the two it is, the topic tells. Neither says when a device is gone: silence is the only sign. Both leave out
fields that are empty, 0 or false, so a missing count is never taken for 0.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from sensors.profiles.payloads import decode, iso_time
from sensors.profiles.profile import Complaint, Setting
from sensors.readings import Refusal

DEVICE_IDS = re.compile(
    r"(?<=[\"/-])[0-9a-fA-F]{16}(?=[\"/])|(?<=\"devAddr\":\")[0-9a-fA-F]{8}|(?<=\"dev_addr\":\")[0-9a-fA-F]{8}"
)
"""EUIs of devices and gateways where they stand alone as a level or a text, and the addresses of devices."""

_CHIRPSTACK = re.compile(r".*application/[^/]+/device/[^/]+/event/up")
_THINGS_STACK = re.compile(r"v3/[^/]+/devices/[^/]+/up")

FrameCount = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


@dataclass(frozen=True, slots=True)
class Uplink:
    """One message of a device: its decoded values, and what the network says of it.

    `received` is when the network got it. `sequence` is the frame counter, `identity` what a double has in common.
    """

    values: dict[str, Any]
    received: datetime | None
    sequence: int | None
    identity: str | None


class _ChirpStackUp(msgspec.Struct, rename="camel"):
    object: dict[str, Any] | None = None
    deduplication_id: str | None = None
    time: str | None = None
    f_cnt: FrameCount | None = None


class _Inner(msgspec.Struct):
    decoded_payload: dict[str, Any] | None = None
    f_cnt: FrameCount | None = None
    received_at: str | None = None


class _ThingsStackUp(msgspec.Struct):
    uplink_message: _Inner
    received_at: str | None = None


_chirpstack = msgspec.json.Decoder(_ChirpStackUp)
_things_stack = msgspec.json.Decoder(_ThingsStackUp)


def from_chirpstack(payload: bytes) -> Uplink | Refusal:
    """Return the uplink that a ChirpStack v4 `event/up` holds; `missing` if no codec has decoded it."""
    up = decode(_chirpstack, payload)
    if isinstance(up, Refusal):
        return up
    if up.object is None:
        return Refusal.MISSING
    return Uplink(up.object, iso_time(up.time), up.f_cnt, up.deduplication_id)


def from_things_stack(payload: bytes) -> Uplink | Refusal:
    """Return the uplink that a The Things Stack v3 `up` holds; `missing` if no formatter has decoded it."""
    up = decode(_things_stack, payload)
    if isinstance(up, Refusal):
        return up
    inner = up.uplink_message
    if inner.decoded_payload is None:
        return Refusal.MISSING
    received = iso_time(inner.received_at or up.received_at)
    identity = None if inner.f_cnt is None else str(inner.f_cnt)
    return Uplink(inner.decoded_payload, received, inner.f_cnt, identity)


def transport(topic: str) -> Callable[[bytes], Uplink | Refusal]:
    """Return how uplinks on that topic are unwrapped."""
    return from_things_stack if _THINGS_STACK.fullmatch(topic) else from_chirpstack


def is_uplink(topic: str) -> bool:
    """Return whether the topic is one that a network server publishes uplinks on."""
    return bool(_CHIRPSTACK.fullmatch(topic) or _THINGS_STACK.fullmatch(topic))


def wrong_topic(setting: Setting) -> Iterator[Complaint]:
    """Yield a topic that is no uplink's."""
    if not is_uplink(setting.topic):
        way_out = 'write "application/<id>/device/<eui>/event/up" or "v3/<application>/devices/<id>/up"'
        yield ("topic", "is not that of a network server's uplinks", way_out)
