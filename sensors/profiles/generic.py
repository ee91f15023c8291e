"""Any sensor that says what it knows as JSON, at paths that its site file gives. Pure.

Paths are JSON Pointers (RFC 6901). A payload that is no JSON is taken for a text where no path leads into it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec

from sensors.profiles import standing
from sensors.profiles.measures import LEVELS, TOTAL_MAX, crossings, level, motion, people, whole
from sensors.profiles.payloads import MS_A_SECOND, decode, epoch_time, iso_time, plain
from sensors.profiles.profile import (
    Complaint,
    Hearing,
    Part,
    Paths,
    Profile,
    Reports,
    Said,
    Setting,
    wrong_quantity,
)
from sensors.readings import PEOPLE_MAX, Content, Crossed, CrossedBy, People, Quantity, Refusal, What, Word

MS_FROM = 100_000_000_000
"""Numbers of time from here on are milliseconds: as seconds they would be more than 3,000 years away."""

POINTERS_MAX = 1024
"""How many paths are kept taken apart: more than a house has."""

Found = Content | Refusal | None

_any = msgspec.json.Decoder()
_WORDS = ("motion", "people", "entered", "level")


@dataclass(frozen=True, slots=True)
class Values:
    """Reads what stands at the paths."""

    paths: Paths
    setting: Setting

    def __call__(self, payload: bytes) -> Said:
        """Return all that is there, `missing` if nothing is, and the first refusal if anything is not right."""
        if not payload:
            return ()
        value = self._decoded(payload)
        if isinstance(value, Refusal):
            return value
        sequence = self._sequence(value)
        if isinstance(sequence, Refusal):
            return sequence
        stamp = None if self.paths.time is None else _time(_at(value, self.paths.time))
        words = []
        for one in self._found(value, sequence):
            if isinstance(one, Refusal):
                return one
            if one is not None:
                words.append(Word(one, stamp, one is What.MOTION and self.setting.repeats, sequence=sequence))
        return tuple(words) or Refusal.MISSING

    def _decoded(self, payload: bytes) -> object:
        value: object = decode(_any, payload)
        if value is Refusal.NOT_JSON and {self.paths.motion, self.paths.people, self.paths.level} <= {None, ""}:
            return plain(payload)
        return value

    def _found(self, value: object, sequence: int | None) -> Iterator[Found]:
        """Yield what stands where a path leads; most sensors have one."""
        paths = self.paths
        if paths.motion is not None:
            yield self._motion(value)
        if paths.people is not None:
            yield self._people(value)
        if paths.entered is not None or paths.left is not None:
            yield self._crossed(value, sequence)
        if paths.level is not None:
            yield self._level(value)

    def _motion(self, value: object) -> Found:
        one = _at(value, self.paths.motion)
        if one is None:
            return None
        if not isinstance(one, bool | int | str):
            return Refusal.WRONG_TYPE
        seen = motion(one) if isinstance(one, str) else bool(one) if one in {0, 1} else Refusal.UNKNOWN_STATE
        if isinstance(seen, Refusal):
            return seen
        return What.CLEAR if seen is self.setting.inverted else What.MOTION

    def _people(self, value: object) -> Found:
        one = _at(value, self.paths.people)
        return None if one is None else people(one)

    def _level(self, value: object) -> Found:
        one = _at(value, self.paths.level)
        return None if one is None else level(Quantity(self.setting.quantity), one)

    def _sequence(self, value: object) -> int | Refusal | None:
        number = _at(value, self.paths.sequence)
        return None if number is None else whole(number, TOTAL_MAX)

    def _crossed(self, value: object, sequence: int | None) -> Found:
        entered, left = _at(value, self.paths.entered), _at(value, self.paths.left)
        if entered is None and left is None:
            return None
        is_total = self.setting.reports is not Reports.INCREMENTS
        most = PEOPLE_MAX if not is_total else (self.setting.wraps_at or TOTAL_MAX) - 1
        both = crossings(entered, left, inverted=self.setting.inverted, most=most)
        if isinstance(both, Refusal):
            return both
        if is_total:
            return Crossed(*both, self.setting.wraps_at, sequence)
        return CrossedBy(*both, None if sequence is None else str(sequence))


def hearings(setting: Setting) -> tuple[Hearing, ...]:
    """Return the sensor's topic, and those of its availability and gateway if the setting names them."""
    found = [Hearing(setting.topic, Part.STATE, Values(setting.paths or Paths(), setting))]
    if setting.availability:
        found.append(Hearing(setting.availability, Part.AVAILABILITY, standing.DEVICE))
    if setting.gateway:
        found.append(Hearing(setting.gateway, Part.GATEWAY, standing.GATEWAY))
    return tuple(found)


def complaints(setting: Setting) -> Iterator[Complaint]:
    """Yield paths that lead to nothing, and what belongs together and is not."""
    paths = setting.paths or Paths()
    if all(getattr(paths, one) is None for one in _WORDS):
        yield ("paths", "leads to nothing", 'write such as paths.motion = "/occupied"')
    if (paths.entered is None) is not (paths.left is None):
        yield ("paths", "counts one direction only", "give both paths.entered and paths.left")
    if (paths.level is None) is not (not setting.quantity):
        yield ("quantity", "and paths.level go together", 'write such as quantity = "co2-ppm"')
    if paths.entered is None and (setting.reports or setting.wraps_at):
        yield ("paths", "has no crossings to count", "give both paths.entered and paths.left")
    yield from wrong_quantity(setting, LEVELS)


def _at(value: object, pointer: str | None) -> object:
    """Return what a JSON Pointer leads to, None where there is nothing."""
    if pointer is None:
        return None
    for key in _keys(pointer):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and len(key) <= 4 and int(key) < len(value):  # noqa: PLR2004
            value = value[int(key)]
        else:
            return None
    return value


@lru_cache(maxsize=POINTERS_MAX)
def _keys(pointer: str) -> tuple[str, ...]:
    return tuple(one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:])


def _time(value: object) -> datetime | None:
    """Return a time as ISO 8601, or in seconds or milliseconds since 1970."""
    if isinstance(value, str):
        return iso_time(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return epoch_time(value, per_second=MS_A_SECOND if abs(value) >= MS_FROM else 1)


PROFILE = Profile(
    hearings=hearings,
    complaints=complaints,
    says=frozenset(
        {
            *(What.MOTION, What.CLEAR, What.ONLINE, What.OFFLINE, What.GATEWAY_ONLINE, What.GATEWAY_OFFLINE),
            *(People, Crossed, CrossedBy, *Quantity),
        }
    ),
    options=frozenset(
        {"availability", "gateway", "inverted", "paths", "quantity", "repeats", "reports", "wraps_at"},
    ),
    device_ids=re.compile(r"(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}"),
)
