"""What every family of sensors has in common: topics that speak of a sensor, and a meaning for what comes there.

Pure: no memory, no clock, no files. A profile says what a message says; whether that is news, fusion finds out.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from kiosk.domain.badge import Uid
from sensors.readings import FaultKind, Quantity, Refusal, What, Word

Said = tuple[Word, ...] | Refusal
"""What one payload says, in order, or why it says nothing."""

Read = Callable[[bytes], Said]
"""Reads the payloads of one topic. Pure, and it never raises, whatever the bytes."""

Conceal = Callable[[bytes, Callable[[Uid], Uid]], bytes]
"""From a payload with a tag's UID to one that says the same of its stand-in, and nothing else."""

Sayable = What | Quantity | FaultKind | type
"""What a family can say: a word without a number, which quantity, which fault, or the class of anything else."""

Complaint = tuple[str, str, str]
"""What is wrong with a sensor's settings: the key, what, and a way out."""


class Part(StrEnum):
    """What one of a sensor's topics is about."""

    STATE = "state"
    AVAILABILITY = "availability"
    GATEWAY = "gateway"


class Reports(StrEnum):
    """How a counter of crossings counts: since it was made or reset, or since its last report."""

    TOTALS = "totals"
    INCREMENTS = "increments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where a JSON payload holds what, as JSON Pointers (RFC 6901). None: not there. Empty: the payload itself."""

    motion: str | None = None
    people: str | None = None
    entered: str | None = None
    left: str | None = None
    level: str | None = None
    sequence: str | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One sensor as its site file has it; what each key means is said there."""

    topic: str
    channel: str = ""
    gateway: str = ""
    availability: str = ""
    quantity: str = ""
    inverted: bool = False
    repeats: bool = False
    reports: Reports | None = None
    wraps_at: int | None = None
    paths: Paths | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """One topic that speaks of a sensor, of which part of it, and how a payload there is read.

    Sensors whose hearings are equal share one reading; so `read` should be equal where it means the same. `conceal`:
    payloads of this topic hold tags' UIDs, and this is how one is made that a trace may hold.
    """

    topic: str
    part: Part
    read: Read
    conceal: Conceal | None = None


def wrong_channel(setting: Setting, known: re.Pattern[str], names: str) -> Iterator[Complaint]:
    """Yield a channel that the whole pattern does not match; none at all is right."""
    if setting.channel and not known.fullmatch(setting.channel):
        yield ("channel", f'there is no "{setting.channel}"', f"known here: {names}")


def wrong_quantity(setting: Setting, known: Collection[str]) -> Iterator[Complaint]:
    """Yield a quantity that is not among the known; none at all is right."""
    if setting.quantity and setting.quantity not in known:
        yield ("quantity", f'there is no "{setting.quantity}"', f"known here: {', '.join(sorted(known))}")


def no_complaints(_: Setting) -> Iterator[Complaint]:
    """Find nothing wrong with any setting."""
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One family of sensors.

    `hearings` returns the topics that speak of a sensor, each once; it may count on `complaints` having found none.
    `says` is everything that the family can say. `options` are the keys of a setting that it heeds, besides `topic`.
    `device_ids` finds the ids of devices that a trace may not hold.
    """

    hearings: Callable[[Setting], tuple[Hearing, ...]]
    says: frozenset[Sayable]
    device_ids: re.Pattern[str]
    options: frozenset[str] = frozenset()
    complaints: Callable[[Setting], Iterator[Complaint]] = no_complaints


def problems(profile: Profile, setting: Setting) -> Iterator[Complaint]:
    """Yield every key that the family does not heed, and all that it complains of itself."""
    for one in fields(Setting):
        if one.name != "topic" and one.name not in profile.options and getattr(setting, one.name) != one.default:
            yield (one.name, "means nothing for this profile", f"known here: {', '.join(sorted(profile.options))}")
    yield from profile.complaints(setting)
