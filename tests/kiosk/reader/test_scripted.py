"""The scripted reader's own bound."""

import threading

from kiosk.domain.badge import Uid
from kiosk.domain.board import ReaderState
from kiosk.reader.scripted import PENDING_MAX, ScriptedReader
from tests.support.fake_scard import Heard


def test_cards_beyond_the_bound_are_refused_and_the_others_reported() -> None:
    heard, stop = Heard(), threading.Event()
    reader = ScriptedReader(heard)
    uids = [bytes([4, 1, 2, number]) for number in range(PENDING_MAX + 1)]
    assert [reader.tap(Uid(uid)) for uid in uids] == [True] * PENDING_MAX + [False]

    class Stopping(Heard):
        def tapped(self, uid: Uid) -> None:
            heard.tapped(uid)
            if len(heard.cards) == PENDING_MAX:
                stop.set()

    listener = Stopping()
    reader._reports = listener  # noqa: SLF001 - the listener has to know the reader it ends
    reader.run(stop)
    assert heard.cards == uids[:PENDING_MAX]
    assert listener.states == [ReaderState.READY]
