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
    """Return a part as it may be told: what is left of the whole can be found by subtraction.

    Where less than `group_min` is left, none included, the part is given as the whole: nearly all. A part of what is
    not told is not told.
    """
    if told(whole, group_min) is None or told(one, group_min) is None:
        return None
    nearly_all = whole.count - one.count < group_min
    return rounded(whole.count if nearly_all else one.count)


def parts_told(cells: Mapping[Key, Cell], group_min: int) -> dict[Key, Figure]:
    """Return all the parts of a sum that is told or can be known, as they may be told.

    A part is told if enough people and occasions stand behind it, or if it is 0. When one is not, others that could be
    told are withheld with it: see `cover`. When those do not suffice no part is told, not even a 0.
    """
    good = {key: one.count for key, one in cells.items() if one.is_enough(group_min)}
    bad = [one.count for key, one in cells.items() if one.count > 0 and key not in good]
    hidden = cover(good, sum(bad), group_min) if bad else frozenset[Key]()
    if hidden is None:
        return dict.fromkeys(cells)
    shown = {key for key, one in cells.items() if one.count == 0} | (good.keys() - hidden)
    return {key: rounded(one.count) if key in shown else None for key, one in cells.items()}


def cover(good: Mapping[Key, int], bad: int, group_min: int) -> frozenset[Key] | None:
    """Return which of the parts that could be told are withheld to cover those that cannot; None if they do not do.

    `bad` is the sum of those that cannot. At least one part goes, the smallest first, until two things hold that
    everybody may see: what is withheld comes to twice `group_min`, and every part told is at least as much. Then a part
    in the cover may, for all that can be known, be anything from `group_min` to twice that, and what it covers varies
    as much. Nothing is asked of the cover's own size: that would tell of it.
    """
    ordered = sorted(good, key=lambda key: good[key])
    for number in range(1, len(ordered) + 1):
        hidden, shown = ordered[:number], ordered[number:]
        is_much = bad + sum(good[key] for key in hidden) >= 2 * group_min
        if is_much and all(good[key] >= 2 * group_min for key in shown[:1]):
            return frozenset(hidden)
    return None


def rounded(number: int) -> int:
    """Return the nearest multiple of `ROUND_TO`."""
    return (number + ROUND_TO // 2) // ROUND_TO * ROUND_TO
