"""What numbers and words in payloads mean: people, crossings, levels, motion. Each in its bounds, or refused. Pure."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from types import MappingProxyType

from sensors.profiles.profile import Said
from sensors.readings import PEOPLE_MAX, Content, Level, People, Quantity, Refusal, What, Word

TOTAL_MAX = 2**53
"""The largest total that is believed: beyond it JSON numbers are not exact."""

PEOPLE = "people"
"""What stands for a quantity where a plain number is a count of people."""

LEVELS = frozenset(one.value for one in Quantity)
"""The names of all quantities."""

NUMBERS = frozenset({PEOPLE, *LEVELS})
"""All that a plain number can be."""

Seen = bool | Refusal
"""Whether people are seen, or why that cannot be told."""

_ON_OFF: Mapping[str, bool] = MappingProxyType(
    {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
)


def motion(text: str) -> Seen:
    """Return whether a plain word says that people are seen: on, true or 1, or off, false or 0, in any case."""
    seen = _ON_OFF.get(text.strip().lower())
    return Refusal.UNKNOWN_STATE if seen is None else seen


def whole(value: object, most: int) -> int | Refusal:
    """Return a whole number from 0 to `most`. A fraction of nothing, such as 3.0, is whole; null is missing."""
    if value is None:
        return Refusal.MISSING
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Refusal.NOT_A_NUMBER
    if isinstance(value, float) and not value.is_integer():
        return Refusal.NOT_A_NUMBER
    return int(value) if 0 <= value <= most else Refusal.OUT_OF_RANGE


def people(value: object) -> People | Refusal:
    """Return a count of people."""
    count = whole(value, PEOPLE_MAX)
    return count if isinstance(count, Refusal) else People(count)


def crossings(entered: object, left: object, *, inverted: bool, most: int) -> tuple[int, int] | Refusal:
    """Return how many went into and out of the zone, the other way round if so set."""
    into, out = whole(entered, most), whole(left, most)
    if isinstance(into, Refusal):
        return into
    if isinstance(out, Refusal):
        return out
    return (out, into) if inverted else (into, out)


def level(quantity: Quantity, value: object) -> Level | Refusal:
    """Return a finite level."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Refusal.NOT_A_NUMBER
    try:
        finite = float(value)
    except OverflowError:
        return Refusal.OUT_OF_RANGE
    return Level(quantity, finite) if isfinite(finite) else Refusal.NOT_A_NUMBER


def measured(quantity: str, value: object) -> Content | Refusal:
    """Return a number as what its sensor's setting says that it is: people, or a level."""
    return people(value) if quantity == PEOPLE else level(Quantity(quantity), value)


def said(content: Content | Refusal, stamp: datetime | None = None) -> Said:
    """Return the one word, or the refusal."""
    return content if isinstance(content, Refusal) else (Word(content, stamp),)


def said_motion(seen: Seen, *, inverted: bool, repeats: bool, stamp: datetime | None = None) -> Said:
    """Return whether people are seen, the other way round if so set, or the refusal."""
    if isinstance(seen, Refusal):
        return seen
    return (Word(What.CLEAR, stamp),) if seen is inverted else (Word(What.MOTION, stamp, repeats),)
