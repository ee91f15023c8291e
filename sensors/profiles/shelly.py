"""Shelly, second generation and later, with BLU sensors that a gateway hears by Bluetooth. Pure.

`<prefix>/events/rpc` carries whatever has changed on the gateway, for all of its sensors; `channel` names the component
that is this sensor. `<prefix>/online` tells that the gateway is there, and nothing of a BLU sensor behind it: only
`last_updated_ts` dates what that has said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from sensors.profiles import standing
from sensors.profiles.measures import LEVELS, level, said, said_motion
from sensors.profiles.payloads import decode, epoch_time
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting, wrong_quantity
from sensors.readings import Quantity, Refusal, What, Word

EVENTS = "/events/rpc"

_CHANNEL = re.compile(r"(?:bthomesensor|input):[0-9]{1,4}")
_METHODS = frozenset({"NotifyStatus", "NotifyFullStatus"})


class _Frame(msgspec.Struct):
    """One notification. `params` has a key for each component that it tells of."""

    method: str
    params: dict[str, Any] | None = None


class _Component(msgspec.Struct):
    """One component's status, as far as it has changed. An input has a `state`, a sensor of BTHome a `value`."""

    value: Any = msgspec.UNSET
    state: Any = msgspec.UNSET
    last_updated_ts: float | None = None


_frame = msgspec.json.Decoder(_Frame)
_component = msgspec.json.Decoder(_Component)


@dataclass(frozen=True, slots=True)
class Status:
    """Reads one component's status."""

    quantity: str
    inverted: bool
    repeats: bool

    def __call__(self, payload: bytes) -> Said:
        """Return what the component says on its own topic."""
        if not payload:
            return ()
        component = decode(_component, payload)
        return component if isinstance(component, Refusal) else self.say(component, component.last_updated_ts)

    def say(self, component: _Component, at_s: float | None) -> Said:
        """Return what it says. Without a value it only was heard; a value of null was never heard, and says nothing."""
        value = component.state if component.value is msgspec.UNSET else component.value
        stamp = epoch_time(at_s)
        if value is msgspec.UNSET:
            return () if at_s is None else (Word(What.ALIVE, stamp),)
        if value is None:
            return ()
        if self.quantity:
            return said(level(Quantity(self.quantity), value), stamp)
        seen = value if isinstance(value, bool) else Refusal.WRONG_TYPE
        return said_motion(seen, inverted=self.inverted, repeats=self.repeats, stamp=stamp)


@dataclass(frozen=True, slots=True)
class Events:
    """Reads notifications. One that tells of other components only says nothing, not even that the sensor is alive."""

    channel: str
    status: Status

    def __call__(self, payload: bytes) -> Said:
        """Return what the notification says of the channel."""
        if not payload:
            return ()
        frame = decode(_frame, payload)
        if isinstance(frame, Refusal):
            return frame
        found = frame.params.get(self.channel) if frame.params and frame.method in _METHODS else None
        if found is None:
            return ()
        try:
            component = msgspec.convert(found, _Component)
        except msgspec.ValidationError:
            return Refusal.WRONG_TYPE
        at_s = component.last_updated_ts
        if at_s is None and self.channel.startswith("input"):
            at_s = _number((frame.params or {}).get("ts"))
        return self.status.say(component, at_s)


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the topics of notifications, of the component's own status, and of the gateway."""
    prefix = setting.topic.removesuffix(EVENTS)
    status = Status(setting.quantity, setting.inverted, setting.repeats)
    return (
        Hearing(setting.topic, Part.STATE, Events(setting.channel, status)),
        Hearing(f"{prefix}/status/{setting.channel}", Part.STATE, status),
        Hearing(setting.gateway or f"{prefix}/online", Part.GATEWAY, standing.GATEWAY),
    )


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a topic that is not the gateway's notifications, no channel or a wrong one, or a wrong quantity."""
    if not setting.topic.endswith(EVENTS):
        yield ("topic", "is not that of a gateway's notifications", f'write "<prefix>{EVENTS}"')
    if not _CHANNEL.fullmatch(setting.channel):
        yield ("channel", "must name a component", 'write such as "bthomesensor:202" or "input:0"')
    yield from wrong_quantity(setting, LEVELS)


def _number(value: object) -> float | None:
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset(
        {What.MOTION, What.CLEAR, What.ALIVE, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE, *Quantity},
    ),
    options=frozenset({"channel", "gateway", "inverted", "quantity", "repeats"}),
    # MAC addresses: a gateway's in its name, a sensor's with colons.
    device_ids=re.compile(r"(?<=[\"/-])[0-9a-fA-F]{12}(?=[\"/])|(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}"),
)
