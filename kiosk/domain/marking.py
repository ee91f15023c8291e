"""What of an event may be handed out with the public records, field by field, until somebody has decided. Pure.

A field that nobody has classed is masked.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

MASKED = "[maskerat]"
"""Stands for whatever was not handed out."""


class Mark(StrEnum):
    """What becomes of one field."""

    KEEP = "keep"
    MASK = "mask"


PLAIN = frozenset(
    {
        "activity",
        "arrived_at",
        "at.clock",
        "at.wall",
        "basis",
        "basis.roster_age_s",
        "closed_at",
        "ends_at",
        "evidence.activity",
        "evidence.host",
        "evidence.others",
        "evidence.sensed",
        "evidence.zone_state",
        "inside",
        "left_at",
        "limit",
        "numbers",
        "reader",
        "reason",
        "removed",
        "rights",
        "starts_at",
        "zone",
    }
)
"""The fields that say nothing of who somebody is, as paths; a name in front of a dot stands for all below it."""


def fields(content: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every field of an event with its path, such as `evidence.others`."""
    for name, value in content.items():
        at = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            yield from fields(value, at)
        else:
            yield at, value


def first_mark(path: str) -> Mark:
    """Return how a field is marked before anybody has looked at it."""
    head = path.partition(".")[0]
    is_plain = path in PLAIN or (head in {"numbers", "removed"} and head in PLAIN)
    return Mark.KEEP if is_plain else Mark.MASK
