"""Reading one card: one connection, its UID and perhaps a proof, at most one retry. Never half an identity."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.badge import Proof, Uid, UidProblem, Unproved, uid_problem
from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc import payment
from kiosk.reader.pcsc.codes import SUCCESS, Reaction, described, reaction_to, reason_for
from kiosk.reader.pcsc.exchange import Exchange
from kiosk.reader.pcsc.scard import Context, Scard
from kiosk.reader.reports import Prove, Transmit

GET_UID = bytes.fromhex("FFCA000000")
"""PC/SC part 3: the reader itself answers with the UID it used to select the card; the card is not asked."""
RETRIES = 1
RETRY_AFTER_S = 0.05
"""On slow hosts the card's event comes before the card is powered; 50 ms later it is."""

_STATUS_BYTES = 2
_DONE = b"\x90\x00"


@dataclass(frozen=True, slots=True)
class Unread:
    """A card that was not read. `why` is for the log and holds nothing of the card; `code` is what PC/SC said.

    `uid` is there if it was only the proof that could not be had.
    """

    reaction: Reaction
    reason: Reason
    why: str
    code: int = SUCCESS
    uid: Uid | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was read: its UID, and what it proved."""

    uid: Uid
    proof: Proof | None = None


def no_proof(_uid: Uid, _transmit: Transmit) -> Unproved:
    """Ask for nothing."""
    return Unproved.NOT_OURS


def read_card(
    scard: Scard, context: Context, reader: str, pause: Callable[[float], bool], prove: Prove = no_proof
) -> Card | Unread:
    """Return the UID of the card on this reader and what it proved, or why there is none.

    `pause` waits that many seconds and returns True if there is no time left to go on. A card that leaves while it is
    asked for a proof is not read; one that is still there and cannot be asked has proved nothing.
    """
    outcome, is_last = _attempt(scard, context, reader, prove), False
    for left in reversed(range(RETRIES)):
        if isinstance(outcome, Card) or outcome.reaction is not Reaction.RETRY or pause(RETRY_AFTER_S):
            break
        is_last = left == 0
        outcome = _attempt(scard, context, reader, prove)
    if is_last and isinstance(outcome, Unread) and outcome.uid is not None and outcome.reaction is Reaction.RETRY:
        return Card(outcome.uid)
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


def _attempt(scard: Scard, context: Context, reader: str, prove: Prove) -> Card | Unread:
    code, card, protocol = scard.connect(context, reader)
    if code != SUCCESS:
        return _by_code(code)
    try:
        return _exchanged(Exchange(scard, card, protocol), prove, lambda: scard.atr(card)[1])
    finally:
        scard.disconnect(card)


def _exchanged(exchange: Exchange, prove: Prove, atr: Callable[[], bytes]) -> Card | Unread:
    answer = exchange.transmit(GET_UID)
    uid = uid_in(answer) if exchange.code == SUCCESS else _by_code(exchange.code)
    if isinstance(uid, Unread):
        return uid
    proved = prove(uid, exchange.transmit)
    if isinstance(proved, Proof):
        return Card(uid, proved)
    if proved is Unproved.NOT_OURS:
        return _unless_it_pays(uid, exchange, atr)
    reaction = Reaction.RETRY if exchange.code == SUCCESS else reaction_to(exchange.code)
    return Unread(reaction, Reason.CARD_UNREADABLE, "it left while it was asked for a proof", exchange.code, uid)


def _unless_it_pays(uid: Uid, exchange: Exchange, atr: Callable[[], bytes]) -> Card | Unread:
    # A random number identifies nobody anyway: the desk says so, and keeps nothing.
    if not uid.is_random and payment.may_pay(atr()) and payment.is_payment_card(exchange.transmit):
        return Unread(payment.REACTION, payment.REASON, "a payment card")
    return Card(uid)


def _by_code(code: int) -> Unread:
    return Unread(reaction_to(code), reason_for(code), described(code), code)
