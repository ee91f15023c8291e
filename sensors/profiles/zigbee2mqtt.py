"""Zigbee2MQTT: one JSON object a device, holding every attribute it has cached. Pure: no memory, no clock.

Because the cache is repeated with every message, an `occupancy` here says how it stands, not that anything happened.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from sensors.profiles.profile import Part, Profile
from sensors.readings import PAYLOAD_MAX, Refusal, What, Word

MS_A_SECOND = 1000

_STATES = {Part.AVAILABILITY: (What.ONLINE, What.OFFLINE), Part.GATEWAY: (What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE)}
_JSON_STARTS = (b"{", b'"')


class _Device(msgspec.Struct):
    """The attributes that matter here; `presence` is what radars say instead of `occupancy`."""

    occupancy: bool | None = None
    presence: bool | None = None
    last_seen: str | int | float | None = None


class _Standing(msgspec.Struct):
    """How a device or the bridge itself is, as version 2 says it."""

    state: str


_device = msgspec.json.Decoder(_Device)
_standing = msgspec.json.Decoder(_Standing | str)


def topics(topic: str) -> Mapping[str, Part]:
    """Return the device's own topic, that of its availability, and the bridge's below the same first level."""
    base = topic.partition("/")[0]
    return {topic: Part.STATE, f"{topic}/availability": Part.AVAILABILITY, f"{base}/bridge/state": Part.GATEWAY}


def read(part: Part, payload: bytes) -> tuple[Word, ...] | Refusal:
    """Return what the payload says. An empty one only clears what the broker kept, and says nothing."""
    if len(payload) > PAYLOAD_MAX:
        return Refusal.TOO_LARGE
    if not payload:
        return ()
    return _read_device(payload) if part is Part.STATE else _read_standing(part, payload)


def _read_device(payload: bytes) -> tuple[Word, ...] | Refusal:
    try:
        device = _device.decode(payload)
    except msgspec.ValidationError:
        return Refusal.WRONG_TYPE
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refusal.NOT_JSON
    seen = device.occupancy if device.presence is None else device.presence
    stamp = _stamp(device.last_seen)
    if seen is None:
        return (Word(What.ALIVE, stamp),)
    return (Word(What.MOTION if seen else What.CLEAR, stamp),)


def _read_standing(part: Part, payload: bytes) -> tuple[Word, ...] | Refusal:
    """Version 1 could say plain `online`, version 2 says `{"state": "online"}`."""
    try:
        text = _standing_text(payload)
    except msgspec.ValidationError:
        return Refusal.WRONG_TYPE
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refusal.NOT_JSON
    online, offline = _STATES[part]
    match text.strip().lower():
        case "online":
            return (Word(online),)
        case "offline":
            return (Word(offline),)
        case _:
            return Refusal.UNKNOWN_STATE


def _standing_text(payload: bytes) -> str:
    if not payload.lstrip().startswith(_JSON_STARTS):
        return payload.decode()
    standing = _standing.decode(payload)
    return standing if isinstance(standing, str) else standing.state


def _stamp(last_seen: str | float | None) -> datetime | None:
    """Return the device's own time. It serves to tell a repeat from a sign of life, so a zone it lacks is UTC here."""
    try:
        if isinstance(last_seen, str):
            stamp = datetime.fromisoformat(last_seen)
            return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
        if last_seen is not None:
            return datetime.fromtimestamp(last_seen / MS_A_SECOND, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


PROFILE = Profile(topics=topics, read=read, device_ids=re.compile(r"0x[0-9a-fA-F]{16}"))
