"""Watching all badge readers of one context, in one blocking call. Reads no card."""

import re
from dataclasses import dataclass

from kiosk.reader.pcsc.codes import SUCCESS, Reaction, reaction_to
from kiosk.reader.pcsc.presentations import is_mute, is_seen, presentations
from kiosk.reader.pcsc.scard import CHANGED, PRESENT, UNAWARE, Context, Scard

ARRIVALS = r"\\?PnP?\Notification"
"""The pseudo reader whose event state changes when a reader comes or goes (PC/SC part 5, pcsc-lite)."""
READERS_MAX = 15
"""pcsc-lite refuses to watch more than 16 names at once, and one of them is `ARRIVALS`."""

_MILLISECONDS = 1000
_SECURITY_MODULE = re.compile(r"\bSAM\b")


@dataclass(frozen=True, slots=True)
class Sight:
    """News of one reader: cards shown and gone, a new card, maybe a mute one, or one that lay there from the start.

    `left`: the card that lay there went, and the field was empty when it was looked at.
    """

    reader: str
    missed: int
    new: bool
    mute: bool
    lay_there: bool
    left: bool


class Watch:
    """The readers of one context and the last event state of each, kept whole."""

    def __init__(self, scard: Scard, context: Context, match: str) -> None:
        """Watch those readers whose names contain `match`."""
        self._scard = scard
        self._context = context
        self._match = match
        self._words: dict[str, int] = {}
        self._arrivals = UNAWARE
        self.arrived: tuple[str, ...] = ()
        """The readers that the last `list` found and the one before did not."""
        self.unmoved = False
        """Whether the last wait ended as if something had happened, though nothing had."""

    @property
    def readers(self) -> tuple[str, ...]:
        """Return the readers that are watched."""
        return tuple(self._words)

    @property
    def blind(self) -> bool:
        """Return whether there are readers, and none of them can tell whether a card is there."""
        return bool(self._words) and not any(is_seen(word) for word in self._words.values())

    def list(self) -> int:
        """List the readers anew and return the code; no reader at all is a success.

        Needed after every wait: pcsc-lite before 2.3 tells only that something came or went, and a name that is gone
        makes the next wait fail at once.
        """
        code, names = self._scard.readers(self._context)
        if reaction_to(code) is Reaction.RELIST:
            code, names = SUCCESS, []
        if code == SUCCESS:
            chosen = [name for name in names if is_badge_reader(name, self._match)][:READERS_MAX]
            self.arrived = tuple(name for name in chosen if name not in self._words)
            self._words = {name: self._words.get(name, UNAWARE) for name in chosen}
        return code

    def wait(self, timeout_s: float) -> tuple[int, tuple[Sight, ...]]:
        """Block until a reader or a card comes or goes, and return the code and what is new, reader by reader."""
        asked = {ARRIVALS: self._arrivals, **self._words}
        code, words = self._scard.wait(self._context, int(timeout_s * _MILLISECONDS), asked)
        self.unmoved = False
        if code != SUCCESS:
            return code, ()
        self.unmoved = all(word & ~CHANGED == asked[name] & ~CHANGED for name, word in words.items())
        self._arrivals = words.pop(ARRIVALS, UNAWARE)
        sights = tuple(_sight(name, before, words[name]) for name, before in self._words.items() if name in words)
        self._words.update((name, word) for name, word in words.items() if name in self._words)
        return code, sights


def is_badge_reader(name: str, match: str) -> bool:
    """Return whether to watch a reader: its name contains `match`, and it is no slot for a security module."""
    return match in name and not _SECURITY_MODULE.search(name)


def _sight(reader: str, before: int, now: int) -> Sight:
    shown = presentations(before, now)
    lay_there = not is_seen(before) and is_seen(now) and bool(now & PRESENT)
    left = bool(before & PRESENT) and is_seen(now) and not now & PRESENT
    return Sight(reader, shown.missed, shown.new, is_mute(now), lay_there, left)
