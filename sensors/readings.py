"""What one message of a sensor says, and why one says nothing. Pure values; what they amount to `fusion` says.

A profile says `Word`s and knows no more than the message itself: whether one is news, a repeat or a double only a
memory can tell. What every message makes anew is a struct: that takes a tenth of a dataclass's time.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from kiosk.domain.badge import Uid
from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant

PAYLOAD_MAX = 64 * 1024
"""The longest payload that is looked into, in bytes. A sensor's own message is below one kilobyte."""

PEOPLE_MAX = 10_000
"""The most people that one counter can be believed to see or to have let by in one message."""


class What(StrEnum):
    """What a message can say of a sensor without a number."""

    MOTION = "motion"
    CLEAR = "clear"
    ALIVE = "alive"
    ONLINE = "online"
    OFFLINE = "offline"
    GATEWAY_ONLINE = "gateway-online"
    GATEWAY_OFFLINE = "gateway-offline"


@dataclass(frozen=True, slots=True)
class People:
    """How many people an area counter sees now: 0 to `PEOPLE_MAX`. A number that is missing is never said as 0."""

    count: int


@dataclass(frozen=True, slots=True)
class Crossed:
    """A line counter's totals since some unknown start, into and out of its zone, 0 or more.

    `wraps_at` is the number at which both start again from 0 (65,536 for 16 bits), None if they never do. `sequence` is
    the device's own message number, if it has one; it rises by 1 a message and starts again at some number.
    """

    entered: int
    left: int
    wraps_at: int | None = None
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class CrossedBy:
    """What a line counter has counted since its last message, 0 to `PEOPLE_MAX`; it is lost with a lost message.

    `identity` is the same in a message delivered twice and in no other of the last few, such as the network's
    deduplication id or frame counter; None if there is none.
    """

    entered: int
    left: int
    identity: str | None = None


class Quantity(StrEnum):
    """What a slow sensor measures, and in which unit."""

    CO2_PPM = "co2-ppm"
    LIGHT_LX = "light-lx"
    SOUND_DB = "sound-db"
    TEMPERATURE_C = "temperature-c"
    HUMIDITY_PERCENT = "humidity-percent"


@dataclass(frozen=True, slots=True)
class Level:
    """A slow sensor's finite value."""

    quantity: Quantity
    value: float


class FaultKind(StrEnum):
    """What a device says is wrong with itself.

    `stuck`, `stopped` and `warmup` mean that its readings cannot be believed for now; `reset` that it has started anew;
    `low-battery` and `tamper` are for people to know.
    """

    RESET = "reset"
    LOW_BATTERY = "low-battery"
    STUCK = "stuck"
    STOPPED = "stopped"
    WARMUP = "warmup"
    TAMPER = "tamper"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, there or (`is_on` false) said to be over.

    For `reset`, `count` is how often the device says it has started; only a change of it is news. Without a count the
    message itself is the news.
    """

    kind: FaultKind
    is_on: bool = True
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag shown to a zone's reader. Its UID has no readable form, and is never kept, traced or logged."""

    uid: Uid


Content = What | People | Crossed | CrossedBy | Level | Fault | Tag


class Refusal(StrEnum):
    """Why a message says nothing. It is counted, and changes nothing else."""

    UNKNOWN_TOPIC = "unknown-topic"
    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    WRONG_TYPE = "wrong-type"
    UNKNOWN_STATE = "unknown-state"
    NOT_A_NUMBER = "not-a-number"
    OUT_OF_RANGE = "out-of-range"
    MISSING = "missing"
    PICTURE = "picture"


class Word(msgspec.Struct, frozen=True):
    """What a profile understood of one message.

    `stamp` is the device's own time of it, if it gave one, and has no zone if the device gave none. `repeats`: this
    family's `motion` is measured anew each time it is said, so that a repeat extends the hold; `clear` never does.
    `history`: a record of the past, which tells nothing of now. `sequence` is the device's own message number, if any.
    """

    what: Content
    stamp: datetime | None = None
    repeats: bool = False
    history: bool = False
    sequence: int | None = None


class Reading(msgspec.Struct, frozen=True):
    """One word about one sensor, met at `at`. `retained`: the broker kept it, so it may be of any age."""

    sensor: SensorId
    what: Content
    at: Instant
    retained: bool = False
    stamp: datetime | None = None
    repeats: bool = False
    history: bool = False


class Message(msgspec.Struct, frozen=True):
    """One MQTT message as it came. `payload` is cut one byte past the bound that it is refused for."""

    topic: str
    payload: bytes
    retained: bool = False
