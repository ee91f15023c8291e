"""The families of sensors, by the name that a site file gives."""

from collections.abc import Mapping
from types import MappingProxyType

from sensors.profiles import zigbee2mqtt
from sensors.profiles.profile import Part, Profile

__all__ = ["PROFILES", "Part", "Profile"]

PROFILES: Mapping[str, Profile] = MappingProxyType({"zigbee2mqtt": zigbee2mqtt.PROFILE})
