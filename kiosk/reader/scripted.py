"""A reader without hardware: whoever holds it shows the cards. For the demonstration, tests and `samverk tap`."""

import queue
import threading

from kiosk.domain.badge import Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.reports import Reports

PENDING_MAX = 32
"""How many cards may wait; a real reader sees one at a time, so more than this is a runaway script."""
STOP_NOTICED_S = 0.2
"""How long a stop may go unnoticed while nobody shows a card."""


class ScriptedReader:
    """Reports the cards that `tap` and `fail` are given, in their order. Both may be called from any thread."""

    def __init__(self, reports: Reports) -> None:
        """Take the listener."""
        self._reports = reports
        self._pending: queue.Queue[Uid | Reason] = queue.Queue(PENDING_MAX)

    def tap(self, uid: Uid) -> bool:
        """Present a card once. Return False, and forget it, if too many wait already."""
        return self._put(uid)

    def fail(self, reason: Reason) -> bool:
        """Present a card that cannot be read, once. Return as `tap` does."""
        return self._put(reason)

    def run(self, stop: threading.Event) -> None:
        """Report until `stop` is set."""
        self._reports.changed(ReaderState.READY)
        while not stop.is_set():
            self._reports.alive(STOP_NOTICED_S)
            try:
                card = self._pending.get(timeout=STOP_NOTICED_S)
            except queue.Empty:
                continue
            if isinstance(card, Uid):
                self._reports.tapped(card)
            else:
                self._reports.failed(card)

    def _put(self, card: Uid | Reason) -> bool:
        try:
            self._pending.put_nowait(card)
        except queue.Full:
            return False
        return True
