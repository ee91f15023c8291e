"""What one message of a sensor says, and why one says nothing. Pure values; what they amount to `fusion` says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant

PAYLOAD_MAX = 64 * 1024
"""The longest payload that is looked into, in bytes. A sensor's own message is below one kilobyte."""


class What(StrEnum):
    """What a message can say of a sensor. Whether `motion` and `clear` are news or repeats only a memory can tell."""

    MOTION = "motion"
    CLEAR = "clear"
    ALIVE = "alive"
    ONLINE = "online"
    OFFLINE = "offline"
    GATEWAY_ONLINE = "gateway-online"
    GATEWAY_OFFLINE = "gateway-offline"


class Refusal(StrEnum):
    """Why a message says nothing. It is counted, and changes nothing else."""

    UNKNOWN_TOPIC = "unknown-topic"
    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    WRONG_TYPE = "wrong-type"
    UNKNOWN_STATE = "unknown-state"


@dataclass(frozen=True, slots=True)
class Word:
    """What a profile understood of one message; `stamp` is the device's own time of it, if it gave one."""

    what: What
    stamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One word about one sensor, met at `at`. `retained`: the broker kept it, so it may be of any age."""

    sensor: SensorId
    what: What
    at: Instant
    retained: bool = False
    stamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message as it came. `payload` is cut one byte past the bound that it is refused for."""

    topic: str
    payload: bytes
    retained: bool = False
