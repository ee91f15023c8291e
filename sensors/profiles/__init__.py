"""The families of sensors, by the name that a site file gives."""

from collections.abc import Mapping
from types import MappingProxyType

from sensors.profiles import (
    esphome,
    esphome_tag,
    generic,
    home_assistant_tag,
    homie,
    imbuildings,
    milesight,
    milesight_mqtt,
    shelly,
    tasmota,
    tasmota_tag,
    terabee,
    zigbee2mqtt,
)
from sensors.profiles.profile import Conceal, Hearing, Part, Paths, Profile, Read, Reports, Said, Setting, problems

__all__ = [
    "PROFILES",
    "Conceal",
    "Hearing",
    "Part",
    "Paths",
    "Profile",
    "Read",
    "Reports",
    "Said",
    "Setting",
    "problems",
]

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "esphome": esphome.PROFILE,
        "esphome-tag": esphome_tag.PROFILE,
        "generic": generic.PROFILE,
        "home-assistant-tag": home_assistant_tag.PROFILE,
        "homie": homie.PROFILE,
        "imbuildings": imbuildings.PROFILE,
        "milesight": milesight.PROFILE,
        "milesight-mqtt": milesight_mqtt.PROFILE,
        "shelly": shelly.PROFILE,
        "tasmota": tasmota.PROFILE,
        "tasmota-tag": tasmota_tag.PROFILE,
        "terabee": terabee.PROFILE,
        "zigbee2mqtt": zigbee2mqtt.PROFILE,
    }
)
