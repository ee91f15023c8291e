"""A zone's tag reader on ESPHome: a PN532 whose `on_tag` publishes the UID, such as `74-1C-2D-3E`. Pure."""

import re

from sensors.profiles import standing
from sensors.profiles.payloads import plain
from sensors.profiles.profile import Hearing, Part, Profile, Said, Setting
from sensors.profiles.uids import Concealed, tag
from sensors.readings import Refusal, Tag, What


def read(payload: bytes) -> Said:
    """Return the tag. An empty payload, as at its removal, says nothing."""
    text = plain(payload)
    if not text:
        return ()
    return text if isinstance(text, Refusal) else tag(text)


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the topic of the reader's automation, and that of its node if the setting names it."""
    own = Hearing(setting.topic, Part.STATE, read, Concealed(read, str.encode))
    return (own, Hearing(setting.gateway, Part.GATEWAY, standing.GATEWAY)) if setting.gateway else (own,)


PROFILE = Profile(
    hearings=hearings,
    says=frozenset({Tag, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE}),
    options=frozenset({"gateway"}),
    device_ids=re.compile(r"(?<![0-9A-Fa-f-])(?:[0-9A-Fa-f]{2}-){3,9}[0-9A-Fa-f]{2}(?![0-9A-Fa-f-])"),
)
