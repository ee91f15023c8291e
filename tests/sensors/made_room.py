"""A made-up room with two motion sensors, seeded, whose figures are those published of real ones; see docs/sensors.md.

People move for a while and sit still for a while; sensors see those who move, and now and then what is not there.
"""

import random
from collections.abc import Iterator

from sensors.recording import Row

ROW_S = 30.5
"""How long a row is in the recordings."""

SITS, SITS_IN_COMPANY, MOVES = 1 / 9, 1 / 6, 1 / 4
"""How likely in a row one who sits begins to move, alone and in company, and one who moves sits down."""

SEEN_MOVING, SEEN_SITTING = (0.70, 0.28), (0.07, 0.03)
"""How likely the nearer and the farther sensor sees one person in a row."""

COUNT_CHANGES, FALSE_HITS = 1 / 120, 12 / 10_000
"""How likely in a row the number of people changes, and that an empty room is seen as not."""

VISIT_ROWS, EMPTY_ROWS = (190, 760), (900, 3000)
"""How many rows people stay, and how many the room is empty, at least and at most."""


def made_room(seed: int, visits: int) -> tuple[Row, ...]:
    """Return a room's rows: it is empty, and then so often visited and empty again."""
    chance = random.Random(seed)  # noqa: S311 - a made-up day, no secret
    bits = _Bits(chance)
    return tuple(Row(at * ROW_S, bits.of(people), people) for at, people in enumerate(_people(chance, visits)))


def _people(chance: random.Random, visits: int) -> Iterator[int]:
    yield from [0] * chance.randint(*EMPTY_ROWS)
    for _ in range(visits):
        people = chance.choice((1, 1, 2))
        for _ in range(chance.randint(*VISIT_ROWS)):
            people = chance.choice((1, 2, 3, 3)) if chance.random() < COUNT_CHANGES else people
            yield people
        yield from [0] * chance.randint(*EMPTY_ROWS)


class _Bits:
    """What the two sensors see of people, row after row."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._moving: list[bool] = []
        self._ghosts = 0

    def of(self, people: int) -> tuple[bool, ...]:
        self._moving = self._moving[:people] + [True] * (people - len(self._moving))
        if not people:
            return self._empty()
        begins = SITS if people == 1 else SITS_IN_COMPANY
        seen = [False, False]
        for number, moves in enumerate(self._moving):
            changes = self._chance.random() < (MOVES if moves else begins)
            self._moving[number] = moves is not changes
            sights = SEEN_MOVING if self._moving[number] else SEEN_SITTING
            for sensor, chance in enumerate(reversed(sights) if number % 2 else sights):
                seen[sensor] |= self._chance.random() < chance
        return tuple(seen)

    def _empty(self) -> tuple[bool, ...]:
        if self._chance.random() < FALSE_HITS:
            self._ghosts = self._chance.choice((1, 1, 2))
        self._ghosts -= 1
        return (
            self._chance.choice(((True, False), (False, True), (True, True))) if self._ghosts >= 0 else (False, False)
        )
