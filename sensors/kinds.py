"""The kinds of sensors: what each can see, and the limits that suit it. A site file may set others for any one sensor.

Where each number comes from is told in docs/sensors.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MINUTE_S = 60.0
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of sensor behaves.

    `hold_s`: how long people may still be there after the last sign of them. `silent_s`: when silence is no longer
    normal. `on_max_s`: how long it can go on seeing people before it is stuck.
    `sees_absence`: its word can prove that nobody is there. `sees_still`: it sees people who do not move, so that what
    it said last stands until it says something else. `has_rate`: how often it sees motion tells of how many there are.
    """

    hold_s: float
    silent_s: float
    on_max_s: float
    sees_absence: bool = False
    sees_still: bool = False
    has_rate: bool = False


PIR, RADAR, AREA, LINE, DESK, BLE, SLOW, TAG = "pir", "radar", "area", "line", "desk", "ble", "slow", "tag"

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        # People in a room with two motion sensors went unseen for up to 8.2 minutes; not longer than that and a little,
        # because a false hit costs its hold. Such sensors check in hourly, or every 5 minutes. Continuous motion can
        # be one long "true", but a lost "false" was seen to last for hours.
        PIR: Kind(hold_s=10 * MINUTE_S, silent_s=65 * MINUTE_S, on_max_s=HOUR_S, sees_absence=True, has_rate=True),
        # A radar holds presence by itself, also of people who sit still, and for hours when it is right.
        RADAR: Kind(
            hold_s=2 * MINUTE_S, silent_s=65 * MINUTE_S, on_max_s=12 * HOUR_S, sees_absence=True, sees_still=True
        ),
        # An area counter counts heads where they are; on batteries it reports every 10 minutes and at changes.
        AREA: Kind(
            hold_s=2 * MINUTE_S, silent_s=65 * MINUTE_S, on_max_s=12 * HOUR_S, sees_absence=True, sees_still=True
        ),
        # Nobody is in a zone for 3 hours without anybody once going through its door.
        LINE: Kind(hold_s=3 * HOUR_S, silent_s=65 * MINUTE_S, on_max_s=12 * HOUR_S, sees_absence=True),
        # Somebody away from the desk, or without the beacon, may well be in the zone: these prove no absence.
        DESK: Kind(hold_s=10 * MINUTE_S, silent_s=65 * MINUTE_S, on_max_s=12 * HOUR_S),
        BLE: Kind(hold_s=5 * MINUTE_S, silent_s=65 * MINUTE_S, on_max_s=12 * HOUR_S),
        # Air, light and sound follow people slowly and other things too: they only shift the confidence.
        SLOW: Kind(hold_s=10 * MINUTE_S, silent_s=65 * MINUTE_S, on_max_s=12 * HOUR_S),
        # A zone's tag reader tells who joins, and nothing of who is there: people are never counted by badges.
        TAG: Kind(hold_s=10 * MINUTE_S, silent_s=24 * HOUR_S, on_max_s=12 * HOUR_S),
    }
)
