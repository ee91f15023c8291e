"""A zone's tag reader on Tasmota: a PN532, RC522 or RDM6300, told of at once in `tele/<t>/SENSOR`. Pure.

An RDM6300 reads 125 kHz cards and gives the four bytes of their number. `Time` has no zone, and is no stamp.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sensors.profiles import standing
from sensors.profiles.payloads import decode
from sensors.profiles.profile import Complaint, Hearing, Part, Profile, Said, Setting
from sensors.profiles.tasmota import read_state
from sensors.profiles.uids import Concealed, tag
from sensors.readings import Refusal, Tag, What

_SENSOR = "/SENSOR"

_object = msgspec.json.Decoder(dict[str, Any])


def read(payload: bytes) -> Said:
    """Return the tag. What else the device measures says nothing here."""
    if not payload:
        return ()
    values = decode(_object, payload)
    if isinstance(values, Refusal):
        return values
    for name in ("PN532", "RC522", "RDM6300"):
        if name in values:
            found = values[name]
            return tag(found.get("UID")) if isinstance(found, dict) else Refusal.WRONG_TYPE
    return ()


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the telemetry, the device's sign of life, and its will."""
    tele = setting.topic.removesuffix(_SENSOR)
    return (
        Hearing(setting.topic, Part.STATE, read, Concealed(read, _written)),
        Hearing(f"{tele}/STATE", Part.STATE, read_state),
        Hearing(setting.gateway or f"{tele}/LWT", Part.GATEWAY, standing.GATEWAY),
    )


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield a topic that is no telemetry."""
    if not setting.topic.endswith(_SENSOR):
        yield ("topic", "is not that of telemetry", 'write "tele/<device>/SENSOR"')


def _written(digits: str) -> bytes:
    return msgspec.json.encode({"PN532": {"UID": digits}})


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset({Tag, What.ALIVE, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE}),
    options=frozenset({"gateway"}),
    device_ids=re.compile(r"(?<=\"UID\":\")[0-9A-Fa-f]{2,20}(?=\")"),
)
