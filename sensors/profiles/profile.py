"""What every family of sensors has in common: topics that belong to a sensor, and a meaning for what comes there."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sensors.readings import Refusal, Word


class Part(StrEnum):
    """What one of a sensor's topics is about."""

    STATE = "state"
    AVAILABILITY = "availability"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Profile:
    """One family. Both functions are pure.

    `topics` returns the topics that speak of a sensor, given the one its site file names. `read` returns what a payload
    on such a topic says, in order, or why it says nothing. `device_ids` finds the ids of devices that a trace may not
    hold.
    """

    topics: Callable[[str], Mapping[str, Part]]
    read: Callable[[Part, bytes], tuple[Word, ...] | Refusal]
    device_ids: re.Pattern[str]
