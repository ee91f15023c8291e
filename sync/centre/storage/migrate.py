"""Brings a database of any earlier shape up to date, with what it holds."""

from collections.abc import Callable, Iterable
from typing import Protocol

from sync.centre.storage.backfill import badges_to_losses, events_to_books, rekeyed_to_kin, resources_to_feed
from sync.centre.storage.room import CentreError, Work
from sync.centre.storage.shape import SHAPES

_AFTER: dict[int, tuple[Callable[[Work], None], ...]] = {
    2: (resources_to_feed, events_to_books),
    3: (badges_to_losses,),
    4: (rekeyed_to_kin,),
}
"""What is worked out from the rows that were there before the change of shape of that number, once all are made."""


class Reshaping(Work, Protocol):
    """A transaction that can change the shape."""

    def shape(self) -> int:
        """Return how many changes of shape the database has been through."""

    def reshape(self, number: int, statements: Iterable[str]) -> None:
        """Carry out the change of shape of that number."""


def bring_up_to_date(work: Reshaping) -> None:
    """Carry out every change of shape that is lacking, or raise `CentreError` if the database is of a newer version."""
    shape = work.shape()
    if shape > len(SHAPES):
        message = f"the centre's database is of a newer version (shape {shape}): install the version that wrote it"
        raise CentreError(message)
    lacking = list(enumerate(SHAPES[shape:], start=shape + 1))
    for number, statements in lacking:
        work.reshape(number, filter(str.strip, statements.split(";\n")))
    # Only now: what works it out is of this version, and knows the newest shape alone.
    for number, _ in lacking:
        for fill in _AFTER.get(number, ()):
            fill(work)
