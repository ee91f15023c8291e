"""A zone's tag reader by Home Assistant: what its MQTT tag scanners are sent, or its event `tag_scanned`. Pure.

A tag that Home Assistant has written itself is known there by a made-up id; only the UID of the chip is a UID here.
"""

import re

import msgspec

from sensors.profiles import standing
from sensors.profiles.payloads import decode, iso_time, plain
from sensors.profiles.profile import Hearing, Part, Profile, Said, Setting
from sensors.profiles.uids import Concealed, tag
from sensors.readings import Refusal, Tag, What

TAG_SCANNED = "tag_scanned"


class _Scan(msgspec.Struct):
    tag_id: str | None = None


class _Event(msgspec.Struct):
    """An event, or only what it holds. Events of another type are none of ours."""

    event_type: str = TAG_SCANNED
    event_data: _Scan | None = None
    data: _Scan | None = None
    tag_id: str | None = None
    time_fired: str | None = None


_event = msgspec.json.Decoder(_Event | str)


def read(payload: bytes) -> Said:
    """Return the tag: of a plain UID, a JSON text, an object with a `tag_id`, or a whole event."""
    if not payload:
        return ()
    if not payload.lstrip().startswith((b"{", b'"')):
        text = plain(payload)
        return text if isinstance(text, Refusal) else tag(text)
    event = decode(_event, payload)
    if isinstance(event, Refusal):
        return event
    if isinstance(event, str):
        return tag(event)
    if event.event_type != TAG_SCANNED:
        return ()
    scan = event.event_data or event.data
    found = event.tag_id if scan is None else scan.tag_id
    return Refusal.MISSING if found is None else tag(found, iso_time(event.time_fired))


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the scanner's topic, and those of its availability and gateway if the setting names them."""
    found = [Hearing(setting.topic, Part.STATE, read, Concealed(read, str.encode))]
    if setting.availability:
        found.append(Hearing(setting.availability, Part.AVAILABILITY, standing.DEVICE))
    if setting.gateway:
        found.append(Hearing(setting.gateway, Part.GATEWAY, standing.GATEWAY))
    return tuple(found)


PROFILE = Profile(
    hearings=hearings,
    says=frozenset({Tag, What.ONLINE, What.OFFLINE, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE}),
    options=frozenset({"availability", "gateway"}),
    device_ids=re.compile(r"(?<=\"tag_id\":\")[^\"]*(?=\")"),
)
