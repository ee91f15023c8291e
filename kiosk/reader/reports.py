"""What a reader says and what may be asked of it. Every driver keeps to this, and nobody outside needs to know more."""

import threading
from collections.abc import Callable
from typing import Protocol

from kiosk.domain.badge import Proof, Uid, Unproved
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason


class ReaderUnavailableError(Exception):
    """This driver cannot work on this machine; the text says why and what to do."""


Transmit = Callable[[bytes], bytes]
"""Sends one command to the card and returns its whole answer with status; nothing at all if it has left."""
Prove = Callable[[Uid, Transmit], Proof | Unproved]
"""Asks the card with that UID to prove itself. Called in the reader's thread, once or twice a presentation."""


class Reports(Protocol):
    """Whoever listens to one reader. Called from the reader's own thread: must return soon and must not raise."""

    def tapped(self, uid: Uid, proof: Proof | None = None, /) -> None:
        """Take one presentation of one card, and what it proved, if it was asked and could.

        A random UID comes here too: it is whole, and the desk refuses it.
        """

    def failed(self, reason: Reason) -> None:
        """Take one presentation that gave no UID, with what to tell the person who stands there."""

    def alive(self, within_s: float) -> None:
        """Take a sign of life: the next one comes within so many seconds, or the reader's thread is stuck."""

    def changed(self, state: ReaderState) -> None:
        """Take the reader's new state. The same state is never told twice in a row."""


class Reader(Protocol):
    """A reader of one driver."""

    def run(self, stop: threading.Event) -> None:
        """Read cards until `stop` is set, in the calling thread. Returns within 1 s of it, or of a card's answer."""
