"""Reading one card's UID: one connection, one command, at most one retry. Never half an identity."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.domain.badge import Uid, UidProblem, uid_problem
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.codes import SUCCESS, Reaction, described, reaction_to, reason_for
from kiosk.reader.pcsc.exchange import Exchange
from kiosk.reader.pcsc.scard import Context, Scard

GET_UID = bytes.fromhex("FFCA000000")
"""PC/SC part 3: the reader itself answers with the UID it used to select the card; the card is not asked."""
RETRIES = 1
RETRY_AFTER_S = 0.05
"""On slow hosts the card's event comes before the card is powered; 50 ms later it is."""

_STATUS_BYTES = 2
_DONE = b"\x90\x00"


@dataclass(frozen=True, slots=True)
class Unread:
    """A card that gave no UID. `why` is for the log and holds nothing of the card; `code` is what PC/SC said."""

    reaction: Reaction
    reason: Reason
    why: str
    code: int = SUCCESS


def read_uid(scard: Scard, context: Context, reader: str, pause: Callable[[float], bool]) -> Uid | Unread:
    """Return the UID of the card on this reader, or why there is none.

    `pause` waits that many seconds and returns True if there is no time left to go on.
    """
    outcome = _attempt(scard, context, reader)
    for _ in range(RETRIES):
        if isinstance(outcome, Uid) or outcome.reaction is not Reaction.RETRY or pause(RETRY_AFTER_S):
            break
        outcome = _attempt(scard, context, reader)
    return outcome


def uid_in(answer: bytes) -> Uid | Unread:
    """Return the UID in a whole answer to `GET_UID`. The length counts first: a card that left may answer nothing."""
    if len(answer) < _STATUS_BYTES:
        return Unread(Reaction.RETRY, Reason.CARD_UNREADABLE, "the answer was cut short")
    value, status = answer[:-_STATUS_BYTES], answer[-_STATUS_BYTES:]
    if status != _DONE:
        return Unread(Reaction.ASK_AGAIN, Reason.CARD_UNREADABLE, f"status {status.hex().upper()}")
    problem = uid_problem(value)
    if problem not in {None, UidProblem.RANDOM}:
        return Unread(Reaction.RETRY, Reason.CARD_UNREADABLE, f"not a whole UID: {problem}")
    return Uid(value)


def _attempt(scard: Scard, context: Context, reader: str) -> Uid | Unread:
    code, card, protocol = scard.connect(context, reader)
    if code != SUCCESS:
        return _by_code(code)
    try:
        return _exchanged(Exchange(scard, card, protocol))
    finally:
        scard.disconnect(card)


def _exchanged(exchange: Exchange) -> Uid | Unread:
    answer = exchange.transmit(GET_UID)
    return uid_in(answer) if exchange.code == SUCCESS else _by_code(exchange.code)


def _by_code(code: int) -> Unread:
    return Unread(reaction_to(code), reason_for(code), described(code), code)
