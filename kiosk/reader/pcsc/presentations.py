"""How many times a card was shown, from two event states of one reader. Pure arithmetic: no PC/SC call, no clock."""

from dataclasses import dataclass

from kiosk.reader.pcsc.scard import MUTE, PRESENT, UNAVAILABLE, UNKNOWN

_COUNT_SHIFT = 16
_COUNT_MASK = 0xFFFF


@dataclass(frozen=True, slots=True)
class Presentations:
    """What happened between two looks: cards shown and gone again (`missed`), and whether a new one lies there."""

    missed: int
    new: bool


NOTHING = Presentations(0, new=False)


def presentations(before: int, now: int) -> Presentations:
    """Return the presentations between two whole event states.

    pcscd counts insertions and removals in the upper 16 bits, so that a card that came and went between two looks is
    not lost. A look may fall between its change of the state and its count; the two are therefore weighed together.
    After a time without sight of the reader (first look, reader unavailable) a card that lies there is not new.
    """
    if not is_seen(before) or not is_seen(now):
        return NOTHING
    moves = (now >> _COUNT_SHIFT) - (before >> _COUNT_SHIFT) & _COUNT_MASK
    if not now & PRESENT:
        return Presentations(moves // 2, new=False)
    shown = moves // 2 if before & PRESENT else max(1, (moves + 1) // 2)
    return Presentations(max(0, shown - 1), new=shown > 0)


def is_seen(word: int) -> bool:
    """Return whether this event state tells anything about cards."""
    return bool(word) and not word & (UNKNOWN | UNAVAILABLE)


def is_mute(word: int) -> bool:
    """Return whether a card is there that gave no answer to power."""
    return bool(word & PRESENT and word & MUTE)
