"""Payment cards: told apart, so that nothing of one is ever kept. Only asked of cards that have proved nothing."""

from kiosk.domain.reasons import Reason
from kiosk.reader.pcsc.codes import Reaction
from kiosk.reader.reports import Transmit

SELECT_PAYMENT = bytes.fromhex("00A404000E325041592E5359532E444446303100")
"""SELECT of "2PAY.SYS.DDF01", the list of a contactless payment card's applications (EMV Contactless Book B, 3.3)."""
REASON, REACTION = Reason.CARD_PAYMENT, Reaction.ASK_AGAIN

_DONE = b"\x90\x00"
_PROXIMITY = bytes.fromhex("8001")
_STORAGE = bytes.fromhex("804F0CA000000306")


def may_pay(atr: bytes) -> bool:
    """Return whether a card with this answer to reset takes commands itself (ISO 14443-4), as payment cards do.

    PC/SC part 3: `3B 8n 80 01`, then its historical bytes, or for a card that only stores, `80 4F 0C A0 00 00 03 06`.
    """
    return atr[:1] == b"\x3b" and atr[1:2] >= b"\x80" and atr[2:4] == _PROXIMITY and atr[4:12] != _STORAGE


def is_payment_card(transmit: Transmit) -> bool:
    """Return whether the card on the other side has such a list. Nothing in it is looked at."""
    return transmit(SELECT_PAYMENT)[-2:] == _DONE
