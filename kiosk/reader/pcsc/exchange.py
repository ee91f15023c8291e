"""Talking with the one card that lies there, over one connection: bytes out, bytes in, and no exception on the way."""

from kiosk.reader.pcsc.codes import SUCCESS
from kiosk.reader.pcsc.scard import Card, Scard

COMMANDS_MAX = 64
"""The most commands one presentation may cost. A proof takes about ten; a card that asks for ever more is let go."""


class Exchange:
    """One connection with one card. Used in the reader's thread, and only while the card is connected."""

    def __init__(self, scard: Scard, card: Card, protocol: int) -> None:
        """Take a connection that stands."""
        self._scard = scard
        self._card = card
        self._protocol = protocol
        self._left = COMMANDS_MAX
        self.code = SUCCESS
        """What PC/SC said last; anything but success ends the exchange."""

    def transmit(self, command: bytes) -> bytes:
        """Return the card's whole answer to one command, status bytes included. It never raises.

        Nothing at all is the answer of a card that has left, of one that PC/SC can no longer talk to (`code` says why),
        and to every command after that or beyond `COMMANDS_MAX`. An answer may be cut short: its length counts first.
        """
        if self.code != SUCCESS or not self._left:
            return b""
        self._left -= 1
        self.code, answer = self._scard.transmit(self._card, self._protocol, command)
        return answer if self.code == SUCCESS else b""
