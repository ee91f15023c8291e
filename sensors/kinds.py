"""The kinds of sensors, and the limits that suit each. A site file may set others for any one sensor."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of sensor behaves.

    `hold_s`: how long people may still be there after the last sign of them.
    `silent_s`: when silence is no longer normal. `on_max_s`: how long it can go on seeing people before it is stuck.
    """

    hold_s: float
    silent_s: float
    on_max_s: float


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        # People in a room with two motion sensors went unseen for up to 8.2 minutes (99 % below 5.1); false hits cost
        # their whole hold, so not longer than that and a little. Motion sensors check in hourly, or every 5 minutes.
        # Continuous motion can be one long "true", but a lost "false" was seen to last for hours.
        "pir": Kind(hold_s=600.0, silent_s=3900.0, on_max_s=3600.0),
        # A radar holds presence by itself, also of people who sit still, and is on the mains: it reports often.
        "radar": Kind(hold_s=120.0, silent_s=3900.0, on_max_s=12 * 3600.0),
    }
)
