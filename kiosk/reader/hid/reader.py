"""The thread of a reader that types: it holds the keyboard, reads, reports, and waits for it to come back for ever."""

import logging
import threading
import time
from collections.abc import Callable

from kiosk.domain.badge import Uid, UidProblem
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.hid.keyboards import GoneError, Keyboard, Keyboards, Trouble
from kiosk.reader.hid.typed import Typed, Typing
from kiosk.reader.reports import Reports

WAIT_S = 0.5
"""The longest wait for a key, and so how long a stop may go unnoticed."""
LOOK_AGAIN_S = 1.0
"""How often a keyboard that is not there is looked for."""
BUSY_S = 10.0

_log = logging.getLogger("samverk.reader")

_FIXES = {
    Trouble.ABSENT: "no keyboard with such a name is plugged in",
    Trouble.FORBIDDEN: "its events may not be read: add its ids to the udev rules, see docs/reader.md",
    Trouble.TAKEN: "another program holds it for itself",
}
_STATES = {
    Trouble.ABSENT: ReaderState.NO_READER,
    Trouble.FORBIDDEN: ReaderState.FAULT,
    Trouble.TAKEN: ReaderState.FAULT,
}


class HidReader:
    """The first keyboard whose name contains `match`. While it is held its keys reach nobody else."""

    def __init__(  # noqa: PLR0913 - each is a fact about one reader, named where it is given
        self,
        reports: Reports,
        keyboards: Keyboards,
        *,
        match: str,
        name: str = "hid",
        typing: Typing = Typing(),  # noqa: B008 - it is frozen
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the listener and the machine's keyboards; `name` is for the log."""
        self._reports = reports
        self._keyboards = keyboards
        self._match = match
        self._name = name
        self._typing = typing
        self._monotonic = monotonic
        self._state = ReaderState.STARTING

    def run(self, stop: threading.Event) -> None:
        """Read badges until `stop` is set."""
        while not stop.is_set():
            self._reports.alive(BUSY_S)
            held = self._keyboards.hold(self._match)
            if isinstance(held, Trouble):
                self._tell(_STATES[held], _FIXES[held])
                stop.wait(LOOK_AGAIN_S)
                continue
            self._tell(ReaderState.READY, "")
            try:
                self._read(held, stop)
            except GoneError:
                self._tell(ReaderState.NO_READER, "it was unplugged")
            finally:
                held.close()

    def _read(self, keyboard: Keyboard, stop: threading.Event) -> None:
        typed = Typed(self._typing)
        while not stop.is_set():
            self._reports.alive(BUSY_S)
            for code in keyboard.presses(WAIT_S):
                self._take(typed.press(code, self._monotonic()))
            self._take(typed.lapse(self._monotonic()))

    def _take(self, badge: Uid | UidProblem | None) -> None:
        if isinstance(badge, Uid):
            self._reports.tapped(badge)
        elif badge is not None:
            _log.info("%s: what was typed is no whole UID: %s", self._name, badge)
            self._reports.failed(Reason.CARD_UNREADABLE)

    def _tell(self, state: ReaderState, why: str) -> None:
        if state is self._state:
            return
        self._state = state
        level = logging.INFO if state is ReaderState.READY else logging.WARNING
        _log.log(level, "%s is %s%s", self._name, state, f": {why}" if why else "")
        self._reports.changed(state)
