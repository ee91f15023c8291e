"""What the commands about kept data share: the desk does it while it runs, else the command opens the journal."""

import argparse
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from kiosk.desk.desk import Books, Desk
from kiosk.desk.keeping import Order
from kiosk.domain.erasure import Erasure
from kiosk.domain.ids import Actor, MemberId, host
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import (
    Ask,
    ErasePerson,
    NoteAccess,
    RemoveOld,
    Said,
    SayAccepted,
    SayErased,
    SayError,
    SayRemoved,
)
from kiosk.store.errors import StoreError
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site

PURPOSE_MAX = 200
"""The longest purpose, in characters: a reason, not a story."""


class Keeper(Protocol):
    """Whoever may write in the journal now."""

    def remove_old(self) -> bool:
        """Remove a little more of what has been kept long enough, and return whether there is more."""
        ...

    def erase(self, member: str, decision: str) -> Erasure:
        """Erase a member who is out, and return what became of it."""
        ...

    def note_access(self, what: str, purpose: str, about: str | None = None) -> None:
        """Write down that somebody is going to look at personal data."""
        ...


def purpose(text: str) -> str:
    """Return the purpose given on the command line, or raise what argparse turns into wrong use."""
    if not 0 < len(text.strip()) <= PURPOSE_MAX:
        message = f"say what for, in at most {PURPOSE_MAX} characters"
        raise argparse.ArgumentTypeError(message)
    return text.strip()


def add_by(parser: argparse.ArgumentParser) -> None:
    """Add `--by`: who looks, for the access log."""
    parser.add_argument("--by", default=getpass.getuser(), metavar="HOST", help="who asks (default: you)")


@contextmanager
def keeper(site: Site, by: str) -> Iterator[Keeper]:
    """Yield the running desk, or this process in its place. Raise `StoreError` if neither can be."""
    try:
        door = DoorClient(site.door)
    except DoorClosedError:
        yield from _own(site, host(by))
        return
    with door:
        yield _AtDoor(door, host(by))


def _own(site: Site, by: Actor) -> Iterator[Keeper]:
    books = Books(
        journal=JournalWriter(site.state_dir / "journal.db"),
        roster=RosterReader(site.state_dir / "roster.db"),
        zones=ZonesReader(site.state_dir / "zones.db"),
    )
    try:
        yield _InPlace(Desk(site, books, {}, Ids()), by)
    finally:
        for book in (books.journal, books.roster, books.zones):
            book.close()


class _InPlace:
    """The desk's own part, without a desk running."""

    def __init__(self, desk: Desk, by: Actor) -> None:
        self._desk, self._by, self._clock = desk, by, SystemClock()

    def remove_old(self) -> bool:
        return self._desk.remove_old(self._clock())

    def erase(self, member: str, decision: str) -> Erasure:
        return self._desk.erase(Order(member=MemberId(member), decision=decision, by=self._by), self._clock())

    def note_access(self, what: str, purpose: str, about: str | None = None) -> None:
        self._desk.note_access(self._by, what, purpose, MemberId(about) if about else None, self._clock())


class _AtDoor:
    """The running desk."""

    def __init__(self, door: DoorClient, by: Actor) -> None:
        self._door, self._by, self._new_id = door, by, Ids()

    def remove_old(self) -> bool:
        match self._ask(RemoveOld(id=self._new_id())):
            case SayRemoved(is_more=is_more):
                return is_more
            case other:
                raise _unheard(other)

    def erase(self, member: str, decision: str) -> Erasure:
        match self._ask(ErasePerson(id=self._new_id(), member=member, decision=decision, by=self._by)):
            case SayErased(outcome=outcome):
                return outcome
            case other:
                raise _unheard(other)

    def note_access(self, what: str, purpose: str, about: str | None = None) -> None:
        said = self._ask(NoteAccess(id=self._new_id(), by=self._by, what=what, purpose=purpose, about=about))
        if not isinstance(said, SayAccepted):
            raise _unheard(said)

    def _ask(self, ask: Ask) -> Said:
        try:
            return self._door.ask(ask)
        except DoorClosedError as error:
            raise StoreError(str(error)) from error


def _unheard(said: Said) -> StoreError:
    return StoreError(said.text if isinstance(said, SayError) else "the desk answered something else: look at its log")
