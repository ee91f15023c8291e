"""Homie 5: one topic a property, holding plain text; everything retained. Pure.

`homie/5/<device>/$state` tells how a device is. A child's is not changed when its root is lost: name the root's
`$state` as the gateway, and it counts for every child.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sensors.profiles.measures import NUMBERS, measured, said, said_motion
from sensors.profiles.payloads import number, plain
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting, wrong_quantity
from sensors.readings import People, Quantity, Refusal, What, Word

_PROPERTY = re.compile(r"(?P<device>.+/5/[a-z0-9-]+)/[a-z0-9-]+/[a-z0-9-]+")
_ROOT = re.compile(r".+/5/[a-z0-9-]+/\$state")
_BOOLEANS: Mapping[str, bool | Refusal] = MappingProxyType({"true": True, "false": False})

# A sleeping device is there: it has said that it will be quiet. One that begins anew is not there until it is ready.
_STATES: Mapping[str, bool] = MappingProxyType(
    {"ready": True, "sleeping": True, "init": False, "disconnected": False, "lost": False}
)


@dataclass(frozen=True, slots=True)
class State:
    """Reads a `$state`. An empty one is how a device is removed."""

    there: What
    gone: What

    def __call__(self, payload: bytes) -> Said:
        """Return that the device is there or gone."""
        if not payload:
            return (Word(self.gone),)
        text = plain(payload)
        if isinstance(text, Refusal):
            return text
        is_there = _STATES.get(text)
        if is_there is None:
            return Refusal.UNKNOWN_STATE
        return (Word(self.there if is_there else self.gone),)


@dataclass(frozen=True, slots=True)
class Property:
    """Reads a boolean property as motion, or, with a quantity, a number."""

    quantity: str
    inverted: bool
    repeats: bool

    def __call__(self, payload: bytes) -> Said:
        """Return what the property stands for. An empty payload is a property removed, and says nothing."""
        if not payload:
            return ()
        text = plain(payload)
        if isinstance(text, Refusal):
            return text
        return self._number(text) if self.quantity else self._motion(text)

    def _motion(self, text: str) -> Said:
        seen = _BOOLEANS.get(text, Refusal.UNKNOWN_STATE)
        return said_motion(seen, inverted=self.inverted, repeats=self.repeats)

    def _number(self, text: str) -> Said:
        value = number(text)
        return said(value if isinstance(value, Refusal) else measured(self.quantity, value))


DEVICE = State(What.ONLINE, What.OFFLINE)
ROOT = State(What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE)


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the property's topic, its device's `$state`, and its root's if the setting names one."""
    device = setting.topic.rsplit("/", 2)[0]
    own = (
        Hearing(setting.topic, Part.STATE, Property(setting.quantity, setting.inverted, setting.repeats)),
        Hearing(f"{device}/$state", Part.AVAILABILITY, DEVICE),
    )
    return (*own, Hearing(setting.gateway, Part.GATEWAY, ROOT)) if setting.gateway else own


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a topic that is no property's, a gateway that is no `$state`, or a quantity there is not."""
    if not _PROPERTY.fullmatch(setting.topic):
        yield ("topic", "is not that of a property", 'write "homie/5/<device>/<node>/<property>"')
    if setting.gateway and not _ROOT.fullmatch(setting.gateway):
        yield ("gateway", "is not the state of a device", 'write "homie/5/<root device>/$state"')
    yield from wrong_quantity(setting, NUMBERS)


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset(
        {
            *(What.MOTION, What.CLEAR, What.ONLINE, What.OFFLINE, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE),
            *(People, *Quantity),
        }
    ),
    options=frozenset({"gateway", "inverted", "quantity", "repeats"}),
    # Convertors name devices by the address of the radio or the network.
    device_ids=re.compile(r"(?<=/)(?:0x)?[0-9a-f]{12}(?:[0-9a-f]{4})?(?=/)"),
)
