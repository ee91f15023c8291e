"""Statistical disclosure control: what of some counts may be told. Pure. docs/decisions/research-release.md.

Every count is told, told as 0, or withheld; a withheld one leaves no trace but None.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

ROUND_TO = 5
"""Every figure told is rounded to the nearest multiple of this."""

Figure = int | None
"""A count as it may be told; None is withheld."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """A true count, and the number of different people who at least stand behind it."""

    count: int
    people: int

    def is_enough(self, group_min: int) -> bool:
        """Return whether both the occasions and the people behind them are enough to be told."""
        return min(self.count, self.people) >= group_min


def told(one: Cell, group_min: int) -> Figure:
    """Return a count that is in no sum, or a sum itself, as it may be told."""
    return rounded(one.count) if one.count == 0 or one.is_enough(group_min) else None


def part_told(one: Cell, whole: Cell, group_min: int) -> Figure:
    """Return a part as it may be told: its remainder can be found by subtraction, and must be none or enough as well.

    A part of what is not told is not told.
    """
    rest = whole.count - one.count
    return told(one, group_min) if told(whole, group_min) is not None and not 0 < rest < group_min else None


def parts_told(cells: Mapping[Key, Cell], group_min: int) -> dict[Key, Figure]:
    """Return all the parts of a sum that is told or can be known, as they may be told.

    A part is told if enough people and occasions stand behind it, or if it is 0. When one is not, others that could be
    told are withheld with it: see `companions`. When there are not enough of those, no part is told, not even a 0.
    """
    good = {key: one.count for key, one in cells.items() if one.is_enough(group_min)}
    is_bad = any(one.count > 0 and key not in good for key, one in cells.items())
    company = companions(good, group_min) if is_bad else frozenset[Key]()
    if company is None:
        return dict.fromkeys(cells)
    shown = {key for key, one in cells.items() if one.count == 0} | (good.keys() - company)
    return {key: rounded(one.count) if key in shown else None for key, one in cells.items()}


def companions(good: Mapping[Key, int], group_min: int) -> frozenset[Key] | None:
    """Return which of the parts that could be told are withheld to cover those that cannot; None if all are too few.

    What is withheld together can be found by subtraction, and that a companion is at least `group_min` can be known. So
    the companions must have at least `group_min` to spare: then the sum of the others may still be anything from none
    to that many. The smallest part that has so much goes; failing that, the smallest ones until they have.
    """
    ordered = sorted(good, key=lambda key: good[key])
    alone = next((key for key in ordered if good[key] >= 2 * group_min), None)
    if alone is not None:
        return frozenset({alone})
    chosen: list[Key] = []
    for key in ordered:
        chosen.append(key)
        if sum(good[one] - group_min for one in chosen) >= group_min:
            return frozenset(chosen)
    return None


def rounded(number: int) -> int:
    """Return the nearest multiple of `ROUND_TO`."""
    return (number + ROUND_TO // 2) // ROUND_TO * ROUND_TO
