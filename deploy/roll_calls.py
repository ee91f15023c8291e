"""The names on roll calls, for the commands about kept data: the board sees to its file while it runs, else we do."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum

from kiosk.store.board import HostBook
from kiosk.store.errors import AlreadyOpenError, StoreError
from kiosk.store.orders import ErasureOrders, carry_out
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site


class Lists(StrEnum):
    """What becomes of the lists: clean now, left to the board, kept while one is in use, or not to be read."""

    CLEAN = "clean"
    BOARD = "board"
    IN_USE = "in_use"
    UNREADABLE = "unreadable"


def erase_from_roll_calls(site: Site) -> Lists:
    """Carry out in board.db what the journal orders of whoever was erased, unless the board runs and does it."""
    try:
        with _book(site) as book:
            if book is None:
                return Lists.CLEAN
            orders = ErasureOrders(site.state_dir / "journal.db")
            return Lists.CLEAN if carry_out(orders, book.roll_calls) else Lists.IN_USE
    except AlreadyOpenError:
        return Lists.BOARD
    except StoreError:
        return Lists.UNREADABLE


def forget_roll_calls(site: Site) -> None:
    """Remove the names that roll calls may keep no longer; a board that runs does so every few minutes."""
    try:
        with _book(site) as book:
            if book is not None:
                book.roll_calls.forget_names(SystemClock()())
    except AlreadyOpenError:
        return


@contextmanager
def _book(site: Site) -> Iterator[HostBook | None]:
    path = site.state_dir / "board.db"
    if not path.exists():
        yield None
        return
    with closing(HostBook(path)) as book:
        yield book
