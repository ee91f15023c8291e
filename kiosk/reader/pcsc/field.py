"""Two cards in one field, as far as PC/SC shows it: one UID right after another. Pure; the time is handed in.

PC/SC shows one card of a reader. When several lie there, it is mute, or the reader takes one and, when that slips away,
the next: a card then stands in another's place sooner than anybody could have laid it there.
"""

from dataclasses import dataclass

from kiosk.domain.badge import Uid

TOGETHER_S = 2.0
"""How long after one card was read another may still be part of the same showing."""
GAP_S = 0.3
"""A field that was empty for longer was cleared by a hand: readers look every 250 ms, and nobody swaps cards faster."""


@dataclass(slots=True)
class _Shown:
    uid: Uid
    read_s: float
    left_s: float | None = None


class Field:
    """The last card of each reader. Used from one thread; forgets nobody's card later than with the next one."""

    def __init__(self, gap_s: float = GAP_S) -> None:
        """Begin with empty fields."""
        self._gap_s = gap_s
        self._last: dict[str, _Shown] = {}

    def left(self, reader: str, now_s: float) -> None:
        """Note that the card was seen to leave this reader."""
        if (last := self._last.get(reader)) is not None and last.left_s is None:
            last.left_s = now_s

    def is_second(self, reader: str, uid: Uid, now_s: float, *, was_away_s: float) -> bool:
        """Return whether this card is the second of two at once, and take it for the last one.

        `was_away_s` is how long nobody watched the reader before the card was seen: what happened meanwhile may have
        taken that long.
        """
        last, self._last[reader] = self._last.get(reader), _Shown(uid, now_s)
        if last is None or last.uid == uid or now_s - last.read_s > TOGETHER_S:
            return False
        empty_s = was_away_s if last.left_s is None else now_s - last.left_s
        return empty_s <= self._gap_s
