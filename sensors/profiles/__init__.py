"""The families of sensors, by the name that a site file gives."""

import importlib
from collections.abc import Iterator, Mapping

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

_NAMES = (
    "esphome",
    "esphome-tag",
    "generic",
    "home-assistant-tag",
    "homie",
    "imbuildings",
    "milesight",
    "milesight-mqtt",
    "shelly",
    "tasmota",
    "tasmota-tag",
    "terabee",
    "zigbee2mqtt",
)


class _Families(Mapping[str, Profile]):
    """Each family by its name, loaded when it is first asked for: a house has sensors of a few."""

    def __getitem__(self, name: str) -> Profile:
        """Return the family of that name, which is its module's, with `_` for `-`."""
        if name not in _NAMES:
            raise KeyError(name)
        profile: Profile = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").PROFILE
        return profile

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(_NAMES)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(_NAMES)


PROFILES: Mapping[str, Profile] = _Families()
