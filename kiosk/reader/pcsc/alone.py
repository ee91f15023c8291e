"""Talking with one card at length, and alone: for making cards. No reader thread, no reports."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kiosk.domain.badge import Uid
from kiosk.reader.pcsc.codes import LOSES_CONTEXT, SUCCESS, Reaction, described, reaction_to
from kiosk.reader.pcsc.read import GET_UID, Unread, uid_in
from kiosk.reader.pcsc.scard import AloneScard, Card, Context
from kiosk.reader.pcsc.watch import Watch
from kiosk.reader.reports import Transmit

WAIT_S = 1.0
"""How long one look for a card takes at most, so that giving up is noticed."""
TRIES, AGAIN_S = 60, 0.05
"""How often a card that others talk to is tried, and how long between: a reader's own proof is over by then."""

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Talked(Generic[Done]):
    """What came of the talk."""

    outcome: Done


@dataclass(frozen=True, slots=True)
class NoCard:
    """There was no talk; `why` says what to do, and holds nothing of a card."""

    why: str


def with_card(
    scard: AloneScard,
    match: str,
    talk: Callable[[Uid, Transmit], Done],
    within_s: float,
    monotonic: Callable[[], float] = time.monotonic,
) -> Talked[Done] | NoCard:
    """Wait for a card on a reader whose name contains `match`, talk with it alone, and return what came of it."""
    code, context = scard.establish()
    if code != SUCCESS:
        return NoCard(f"the card service cannot be reached: {described(code)}")
    try:
        reader = _reader_with_card(scard, context, match, monotonic() + within_s, monotonic)
        return reader if isinstance(reader, NoCard) else _talk(scard, context, reader, talk)
    finally:
        scard.release(context)


def _reader_with_card(
    scard: AloneScard, context: Context, match: str, until_s: float, monotonic: Callable[[], float]
) -> str | NoCard:
    watch = Watch(scard, context, match)
    while monotonic() < until_s:
        code = watch.list()
        if code == SUCCESS and watch.readers:
            code, sights = watch.wait(WAIT_S)
            lying = next((one.reader for one in sights if one.new or one.lay_there), None)
            if lying is not None:
                return lying
        elif code == SUCCESS:
            return NoCard("there is no such reader: plug it in, or see `samverk doctor`")
        if reaction_to(code) in LOSES_CONTEXT:
            return NoCard(f"the card service went away: {described(code)}")
    return NoCard("no card was put on the reader in time")


def _talk(
    scard: AloneScard, context: Context, reader: str, talk: Callable[[Uid, Transmit], Done]
) -> Talked[Done] | NoCard:
    rest = threading.Event()
    for _ in range(TRIES):
        code, card, protocol = scard.connect_alone(context, reader)
        if code == SUCCESS:
            return _connected(scard, card, protocol, talk)
        if reaction_to(code) is not Reaction.RETRY:
            break
        rest.wait(AGAIN_S)
    return NoCard(f"the card cannot be talked to: {described(code)}")


def _connected(
    scard: AloneScard, card: Card, protocol: int, talk: Callable[[Uid, Transmit], Done]
) -> Talked[Done] | NoCard:
    def transmit(command: bytes) -> bytes:
        code, answer = scard.transmit(card, protocol, command)
        return answer if code == SUCCESS else b""

    try:
        uid = uid_in(transmit(GET_UID))
        return (
            NoCard(f"the card gives no number: {uid.why}") if isinstance(uid, Unread) else Talked(talk(uid, transmit))
        )
    finally:
        scard.disconnect(card)
