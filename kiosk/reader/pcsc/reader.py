"""The PC/SC reader's thread: it waits, reads, reports, and mends its connection for ever. Knows nothing of people."""

import logging
import threading
import time
import traceback
from collections.abc import Callable

from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.backoff import Backoff
from kiosk.reader.pcsc.codes import LOSES_CONTEXT, SUCCESS, UNPOWERED_CARD, Reaction, described, reaction_to
from kiosk.reader.pcsc.feedback import Feedback, Wish
from kiosk.reader.pcsc.field import GAP_S, Field
from kiosk.reader.pcsc.read import Card, Unread, no_proof, read_card
from kiosk.reader.pcsc.scard import Context, Scard
from kiosk.reader.pcsc.watch import Sight, Watch
from kiosk.reader.reports import Prove, Reports

WAIT_S = 30.0
"""The longest single wait for a card; the readers are listed anew at least this often, in case a change went unseen."""
BUSY_S = 15.0
"""The longest between two waits: a reader's first settings, or a card that lets each of a few commands take 3 s."""
CANCEL_EVERY_S = 0.05
"""How often a stop cancels the wait: a cancel that comes before the wait begins is lost."""
CANCEL_JOIN_S = 1.0
REST_S = 0.05
"""A pause after a wait that ended at once without news, so that a driver at odds with itself cannot spin the thread."""

_log = logging.getLogger("samverk.reader")


class PcscReader:
    """Every badge reader that pcscd lists and `match` picks, as one reader. Holds one context at a time."""

    def __init__(  # noqa: PLR0913 - each is a fact about one reader, named where it is given
        self,
        reports: Reports,
        scard: Scard,
        *,
        name: str = "pcsc",
        match: str = "",
        wish: Wish = Wish(),  # noqa: B008 - it is frozen
        gap_s: float = GAP_S,
        monotonic: Callable[[], float] = time.monotonic,
        prove: Prove = no_proof,
    ) -> None:
        """Take the listener and PC/SC; `name` is for the log, `gap_s` as in `field`; `prove` asks each card."""
        self._reports = reports
        self._scard = scard
        self._name = name
        self._match = match
        self._context: Context | None = None
        self._state = ReaderState.STARTING
        self._why = ""
        self._backoff = Backoff()
        self._feedback = Feedback(scard, name, wish)
        self._field = Field(gap_s)
        self._monotonic = monotonic
        self._prove = prove
        self._back_s = monotonic()
        self._away_s = 0.0

    def run(self, stop: threading.Event) -> None:
        """Read cards until `stop` is set."""
        done = threading.Event()
        canceller = threading.Thread(target=self._cancel, args=(stop, done), name="reader-cancel", daemon=True)
        canceller.start()
        try:
            while not stop.is_set():
                self._reports.alive(BUSY_S)
                self._guarded(stop)
                stop.wait(self._backoff.next_s())
        finally:
            done.set()
            canceller.join(CANCEL_JOIN_S)

    def _cancel(self, stop: threading.Event, done: threading.Event) -> None:
        stop.wait()
        while not done.wait(CANCEL_EVERY_S):
            context = self._context
            if context is not None:
                self._scard.cancel(context)

    def _guarded(self, stop: threading.Event) -> None:
        try:
            code = self._hold_context(stop)
        except Exception as error:  # noqa: BLE001 - the top of the thread: a hub without its reader is worse than any bug
            self._tell(ReaderState.FAULT, _where(error))
        else:
            if code != SUCCESS:
                gone = reaction_to(code) is Reaction.RECONNECT
                self._tell(ReaderState.NO_DAEMON if gone else ReaderState.FAULT, described(code))

    def _hold_context(self, stop: threading.Event) -> int:
        code, context = self._scard.establish()
        if code != SUCCESS:
            return code
        self._context = context
        try:
            return self._serve(Watch(self._scard, context, self._match), context, stop)
        finally:
            self._context = None
            self._scard.release(context)

    def _serve(self, watch: Watch, context: Context, stop: threading.Event) -> int:
        while not stop.is_set():
            code = watch.list()
            if code != SUCCESS:
                return code
            if not watch.readers:
                self._works(ReaderState.NO_READER)
            code, sights = self._wait(watch, context)
            reaction = reaction_to(code)
            if reaction in LOSES_CONTEXT:
                return code
            if reaction is not Reaction.CARRY_ON or watch.unmoved:
                stop.wait(REST_S)
            self._judge(watch, code)
            for sight in sights:
                code = self._look_at(sight, context, stop)
                if reaction_to(code) in LOSES_CONTEXT:
                    return code
        return SUCCESS

    def _wait(self, watch: Watch, context: Context) -> tuple[int, tuple[Sight, ...]]:
        for reader in watch.arrived:
            self._feedback.arrived(context, reader)
        self._reports.alive(WAIT_S + BUSY_S)
        self._away_s = self._monotonic() - self._back_s
        waited = watch.wait(WAIT_S)
        self._back_s = self._monotonic()
        self._reports.alive(BUSY_S)
        return waited

    def _judge(self, watch: Watch, code: int) -> None:
        if code != SUCCESS or not watch.readers:
            return
        if watch.blind:
            self._tell(ReaderState.FAULT, "no reader can tell whether a card is there")
        else:
            self._works(ReaderState.READY)

    def _look_at(self, sight: Sight, context: Context, stop: threading.Event) -> int:
        if sight.lay_there:
            _log.info("%s: a card lay on the reader from the start, which is no tap", self._name)
        if sight.missed:
            _log.info("%s: a card left before it could be read", self._name)
            self._reports.failed(Reason.CARD_UNREADABLE)
        if sight.left:
            self._field.left(sight.reader, self._back_s)
        if not sight.new:
            return SUCCESS
        outcome = read_card(self._scard, context, sight.reader, stop.wait, self._prove)
        if isinstance(outcome, Card):
            self._shown(sight.reader, outcome, context)
            return SUCCESS
        _log.info("%s: a card was not read: %s", self._name, outcome.why)
        self._reports.failed(_reason(outcome, is_mute=sight.mute))
        return outcome.code

    def _shown(self, reader: str, card: Card, context: Context) -> None:
        if self._field.is_second(reader, card.uid, self._back_s, was_away_s=self._away_s):
            _log.info("%s: a card stood in another's place at once: two lie there", self._name)
            self._reports.failed(Reason.CARD_CLASH)
        else:
            self._reports.tapped(card.uid, card.proof)
        self._feedback.shown(context, reader)

    def _works(self, state: ReaderState) -> None:
        self._backoff.reset()
        self._tell(state, "")

    def _tell(self, state: ReaderState, why: str) -> None:
        is_news = state is not self._state or (state is ReaderState.FAULT and why != self._why)
        level = logging.DEBUG if not is_news else logging.INFO if state is ReaderState.READY else logging.WARNING
        if why or is_news:
            _log.log(level, "%s is %s%s", self._name, state, f": {why}" if why else "")
        self._why = why
        if state is not self._state:
            self._state = state
            self._reports.changed(state)


def _reason(unread: Unread, *, is_mute: bool) -> Reason:
    # A card that lies still and gets power but gives no answer is mostly two cards on top of each other.
    return Reason.CARD_CLASH if is_mute and unread.code == UNPOWERED_CARD else unread.reason


def _where(error: Exception) -> str:
    # Neither the error's own text nor a whole traceback: either might hold what a card said.
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno}"
