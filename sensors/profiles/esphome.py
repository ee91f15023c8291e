"""ESPHome: one topic a component, holding plain text; retained, and without any time. Pure.

A component's topic is `<prefix>/binary_sensor/<id>/state` or `<prefix>/sensor/<id>/state`; the node's own, with its
will, is `<prefix>/status` and counts for all of its components.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sensors.profiles import standing
from sensors.profiles.measures import NUMBERS, measured, motion, said, said_motion
from sensors.profiles.payloads import number, plain
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting, wrong_quantity
from sensors.readings import People, Quantity, Refusal, What

_COMPONENT = re.compile(r"(?P<prefix>.+)/(?:binary_sensor|sensor)/[^/]+/state")


@dataclass(frozen=True, slots=True)
class Motion:
    """Reads a binary component: `ON` or `OFF`."""

    inverted: bool
    repeats: bool

    def __call__(self, payload: bytes) -> Said:
        """Return how it stands. An empty payload only clears what the broker kept, and says nothing."""
        if not payload:
            return ()
        text = plain(payload)
        seen = text if isinstance(text, Refusal) else motion(text)
        return said_motion(seen, inverted=self.inverted, repeats=self.repeats)


@dataclass(frozen=True, slots=True)
class Number:
    """Reads a component that measures or counts: a number as text; `nan` is how it says that it has none."""

    quantity: str

    def __call__(self, payload: bytes) -> Said:
        """Return the number as what the setting says that it is."""
        if not payload:
            return ()
        text = plain(payload)
        value = text if isinstance(text, Refusal) else number(text)
        return said(value if isinstance(value, Refusal) else measured(self.quantity, value))


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the component's topic and that of its node."""
    component = _COMPONENT.fullmatch(setting.topic)
    node = setting.gateway or (f"{component['prefix']}/status" if component else "")
    read = Number(setting.quantity) if setting.quantity else Motion(setting.inverted, setting.repeats)
    state = Hearing(setting.topic, Part.STATE, read)
    return (state, Hearing(node, Part.GATEWAY, standing.GATEWAY)) if node else (state,)


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a quantity there is not, or a topic from which the node's cannot be told."""
    yield from wrong_quantity(setting, NUMBERS)
    if not setting.gateway and not _COMPONENT.fullmatch(setting.topic):
        yield ("topic", "is not that of a component", 'write "<prefix>/binary_sensor/<id>/state", or name the gateway')


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset(
        {What.MOTION, What.CLEAR, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE, People, *Quantity},
    ),
    options=frozenset({"gateway", "inverted", "quantity", "repeats"}),
    # A node's name may end in half of its MAC address.
    device_ids=re.compile(r"(?<=-)[0-9a-f]{6}(?=/)"),
)
