"""What the wings keep of people, for the commands about kept data: a service that runs cleans its own file, else we."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum

from kiosk.store.board import HostBook
from kiosk.store.errors import AlreadyOpenError, StoreError
from kiosk.store.orders import ErasureOrders, carry_out
from kiosk.store.pseudonyms import KEY_CREDENTIAL, pseudonym_of
from kiosk.store.roster import RosterWriter
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import CredentialError, read_credential
from kiosk.tools.site import Site


class Fate(StrEnum):
    """What becomes of a file: clean now, left to the service that runs, kept while a list is in use, or unreadable."""

    CLEAN = "clean"
    LEFT = "left"
    IN_USE = "in_use"
    UNREADABLE = "unreadable"


def erase_from_roster(site: Site) -> Fate:
    """Carry out in roster.db what the journal orders of whoever was erased, unless the sync service does it."""
    path = site.state_dir / "roster.db"
    try:
        if not path.exists():
            return Fate.CLEAN
        with closing(RosterWriter(path)) as roster:
            # What the service has read already it has carried out; somebody may have come back since.
            for _, order in ErasureOrders(site.state_dir / "journal.db", roster.outbox.place()).read():
                roster.erase(order, lambda member: pseudonym(site, member) or member)
            return Fate.CLEAN
    except AlreadyOpenError:
        return Fate.LEFT
    except StoreError:
        return Fate.UNREADABLE


def pseudonym(site: Site, member: str) -> str:
    """Return what the member is called in events that have waited for long, or nothing if the key cannot be had."""
    try:
        return pseudonym_of(member, bytes.fromhex(read_credential(KEY_CREDENTIAL, site.state_dir).decode()))
    except CredentialError:
        return ""


def erase_from_roll_calls(site: Site) -> Fate:
    """Carry out in board.db what the journal orders of whoever was erased, unless the board runs and does it."""
    try:
        with _book(site) as book:
            if book is None:
                return Fate.CLEAN
            orders = ErasureOrders(site.state_dir / "journal.db")
            return Fate.CLEAN if carry_out(orders, book.roll_calls) else Fate.IN_USE
    except AlreadyOpenError:
        return Fate.LEFT
    except StoreError:
        return Fate.UNREADABLE


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
