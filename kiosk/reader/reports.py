"""What a reader says and what may be asked of it. Every driver keeps to this, and nobody outside needs to know more."""

import threading
from typing import Protocol

from kiosk.domain.badge import Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason


class ReaderUnavailableError(Exception):
    """This driver cannot work on this machine; the text says why and what to do."""


class Reports(Protocol):
    """Whoever listens to one reader. Called from the reader's own thread: must return soon and must not raise."""

    def tapped(self, uid: Uid) -> None:
        """Take one presentation of one card. A random UID comes here too: it is whole, and the desk refuses it."""

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
