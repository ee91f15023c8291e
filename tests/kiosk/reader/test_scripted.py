"""The scripted reader's own bound."""

import threading

from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.reader.scripted import PENDING_MAX, ScriptedReader
from tests.support.fake_scard import Heard


class Listener(Heard):
    """Stops the reader when all cards that fitted have come."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        super().__init__()
        self.stop = threading.Event()

    def tapped(self, uid: Uid, _proof: Proof | None = None, /) -> None:
        """See `Reports`."""
        super().tapped(uid)
        if len(self.cards) == PENDING_MAX:
            self.stop.set()


def test_cards_beyond_the_bound_are_refused_and_the_others_reported() -> None:
    listener = Listener()
    reader = ScriptedReader(listener)
    uids = [bytes([4, 1, 2, number]) for number in range(PENDING_MAX + 1)]
    assert [reader.tap(Uid(uid)) for uid in uids] == [True] * PENDING_MAX + [False]
    reader.run(listener.stop)
    assert listener.cards == uids[:PENDING_MAX]
    assert listener.states == [ReaderState.READY]
