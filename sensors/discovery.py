"""Home Assistant's device discovery: one retained message a zone, and which of the kept ones are old. Pure.

The words follow Home Assistant's MQTT integration (device discovery, binary sensor, sensor). `expire_after` is left
out on purpose: Home Assistant would start it anew at every retained message.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from kiosk.domain.ids import SiteId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.zones import Words, Zone
from sensors import topics

ORIGIN = "samverk"

# Home Assistant takes the text `None` for unknown.
_STATE = "{{ {'occupied': 'ON', 'vacant': 'OFF'}.get(value_json.state, 'None') }}"
_PEOPLE = "{{ 'None' if value_json.state == 'unknown' else value_json.people.estimate }}"
_PARTICIPANTS = "{{ value_json.participants }}"
_MORE = (
    "{{ {'since': value_json.since, 'reason': value_json.reason, 'confidence': value_json.confidence,"
    " 'people_low': value_json.people.low, 'people_high': value_json.people.high} | tojson }}"
)
_NAMES = {
    "occupancy": Words("Närvaro", "Occupancy"),
    "people": Words("Personer enligt sensorerna", "People as sensed"),
    "participants": Words("Deltagare", "Participants"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """How a house tells Home Assistant of its zones, if it does."""

    site: SiteId
    zones: Mapping[ZoneId, Zone]
    prefix: str
    language: Language
    is_on: bool
    exact: bool

    @property
    def all(self) -> str:
        """Return the filter of every device's message, ours and others'."""
        return f"{self.prefix}/device/+/config"

    @property
    def birth(self) -> str:
        """Return where Home Assistant says that it is there."""
        return f"{self.prefix}/status"

    def messages(self) -> dict[str, bytes]:
        """Return every zone's message by its topic; none if discovery is off."""
        return {self._topic(zone): _encode(self._device(one)) for zone, one in self.zones.items() if self.is_on}

    def is_stray(self, topic: str, payload: bytes) -> bool:
        """Return whether a retained message is one of this house's that it would not say now."""
        if not payload:
            return False
        zones = topics.zone(self.site, ZoneId(""))
        if topic.startswith(zones):
            return topic.removeprefix(zones) not in self.zones
        if not topic.startswith(f"{self.prefix}/device/") or topic in {self._topic(one) for one in self._told()}:
            return False
        return _state_topic(payload).startswith(zones)

    def _told(self) -> tuple[ZoneId, ...]:
        return tuple(self.zones) if self.is_on else ()

    def _topic(self, zone: ZoneId) -> str:
        return f"{self.prefix}/device/{self._id(zone)}/config"

    def _id(self, zone: ZoneId) -> str:
        # Ids are lower-case letters, digits and hyphens: with an underscore between them no two pairs look alike.
        return f"{ORIGIN}_{self.site}_{zone}"

    def _device(self, zone: Zone) -> dict[str, object]:
        name = _in(zone.name, self.language)
        state = topics.zone(self.site, zone.id)
        return {
            "device": {"identifiers": [self._id(zone.id)], "name": name, "manufacturer": ORIGIN, "model": "zone"},
            "origin": {"name": ORIGIN},
            "state_topic": state,
            "qos": 1,
            "availability": [
                {
                    "topic": topics.status(self.site),
                    "payload_available": topics.ONLINE.decode(),
                    "payload_not_available": topics.OFFLINE.decode(),
                }
            ],
            "components": {
                "occupancy": {
                    **self._component(zone.id, "occupancy", "binary_sensor", _STATE),
                    "device_class": "occupancy",
                    "json_attributes_topic": state,
                    "json_attributes_template": _MORE,
                },
                "people": {
                    **self._component(zone.id, "people", "sensor", _PEOPLE),
                    "state_class": "measurement",
                },
                # A class such as "1-2" is no number: Home Assistant would refuse it as a measurement.
                "participants": {
                    **self._component(zone.id, "participants", "sensor", _PARTICIPANTS),
                    **({"state_class": "measurement"} if self.exact else {}),
                },
            },
        }

    def _component(self, zone: ZoneId, what: str, platform: str, template: str) -> dict[str, object]:
        return {
            "platform": platform,
            "unique_id": f"{self._id(zone)}_{what}",
            "name": _in(_NAMES[what], self.language),
            "value_template": template,
        }


class _Device(msgspec.Struct):
    """What of a device's message tells whose it is."""

    state_topic: str = ""


_device = msgspec.json.Decoder(_Device)
_encode = msgspec.json.Encoder().encode


def _state_topic(payload: bytes) -> str:
    try:
        return _device.decode(payload).state_topic
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def _in(words: Words, language: Language) -> str:
    return words.sv if language is Language.SV else words.en
