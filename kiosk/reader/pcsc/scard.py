"""The few PC/SC calls that are used, typed. pyscard carries no types, so nothing else may import it.

Only its low level: the card monitor of the high level dies with the daemon, tells nobody and cannot be started again.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, NewType, Protocol

from kiosk.reader.reports import ReaderUnavailableError

Context = NewType("Context", int)
Card = NewType("Card", int)

PRESENT = 0x0020
MUTE = 0x0200
UNKNOWN = 0x0004
UNAVAILABLE = 0x0008
CHANGED = 0x0002
EMPTY = 0x0010
UNAWARE = 0x0000
"""Event state bits of pcsclite.h. A state also holds, in its upper 16 bits, a count of insertions and removals."""

_CODE_MASK = 0xFFFFFFFF
_ESCAPE = 1


class Scard(Protocol):
    """PC/SC as far as a reader of badges needs it. Every code is unsigned 32 bits; 0 is success."""

    def establish(self) -> tuple[int, Context]:
        """Open a context: at most one for a thread, and pcscd serves 200 in all."""

    def release(self, context: Context) -> int:
        """Close a context."""

    def cancel(self, context: Context) -> int:
        """End a `wait` of another thread. A cancel before the wait has begun is lost."""

    def readers(self, context: Context) -> tuple[int, list[str]]:
        """Return the names of all readers."""

    def wait(self, context: Context, timeout_ms: int, words: Mapping[str, int]) -> tuple[int, dict[str, int]]:
        """Block until a reader's event state differs from the one given, and return all 32 bits of each."""

    def connect(self, context: Context, reader: str) -> tuple[int, Card, int]:
        """Power the card up and share it; return its handle and protocol."""

    def connect_direct(self, context: Context, reader: str) -> tuple[int, Card]:
        """Reach the reader itself, whether a card lies there or not; nothing is powered up."""

    def control(self, card: Card, command: bytes) -> tuple[int, bytes]:
        """Send one command to a reader reached directly, if its driver lets it through (escape, control code 1)."""

    def atr(self, card: Card) -> tuple[int, bytes]:
        """Return what the card said when it was powered up: what kind it is, and never which."""

    def transmit(self, card: Card, protocol: int, command: bytes) -> tuple[int, bytes]:
        """Send one command and return the answer, which may be empty when the card has left."""

    def disconnect(self, card: Card) -> int:
        """Let go of the card and leave it powered."""


class AloneScard(Scard, Protocol):
    """PC/SC for whoever changes a card, and must not be interrupted by others who read it."""

    def connect_alone(self, context: Context, reader: str) -> tuple[int, Card, int]:
        """Power the card up and let nobody else talk to it; fails while somebody else does."""


class Pyscard:
    """PC/SC through pyscard's low level."""

    def __init__(self, scard: ModuleType) -> None:
        """Take the module `smartcard.scard`."""
        self._scard: Any = scard

    def establish(self) -> tuple[int, Context]:
        """See `Scard`."""
        code, context = self._scard.SCardEstablishContext(self._scard.SCARD_SCOPE_USER)
        return _code(code), Context(context)

    def release(self, context: Context) -> int:
        """See `Scard`."""
        return _code(self._scard.SCardReleaseContext(context))

    def cancel(self, context: Context) -> int:
        """See `Scard`."""
        return _code(self._scard.SCardCancel(context))

    def readers(self, context: Context) -> tuple[int, list[str]]:
        """See `Scard`."""
        code, names = self._scard.SCardListReaders(context, [])
        return _code(code), list(names)

    def wait(self, context: Context, timeout_ms: int, words: Mapping[str, int]) -> tuple[int, dict[str, int]]:
        """See `Scard`."""
        code, states = self._scard.SCardGetStatusChange(context, timeout_ms, list(words.items()))
        return _code(code), {name: word for name, word, _atr in states}

    def connect(self, context: Context, reader: str) -> tuple[int, Card, int]:
        """See `Scard`."""
        return self._connect(context, reader, self._scard.SCARD_SHARE_SHARED)

    def connect_alone(self, context: Context, reader: str) -> tuple[int, Card, int]:
        """See `AloneScard`."""
        return self._connect(context, reader, self._scard.SCARD_SHARE_EXCLUSIVE)

    def _connect(self, context: Context, reader: str, share: int) -> tuple[int, Card, int]:
        protocols = self._scard.SCARD_PROTOCOL_T0 | self._scard.SCARD_PROTOCOL_T1
        code, card, protocol = self._scard.SCardConnect(context, reader, share, protocols)
        return _code(code), Card(card), int(protocol)

    def connect_direct(self, context: Context, reader: str) -> tuple[int, Card]:
        """See `Scard`."""
        code, card, _protocol = self._scard.SCardConnect(context, reader, self._scard.SCARD_SHARE_DIRECT, 0)
        return _code(code), Card(card)

    def control(self, card: Card, command: bytes) -> tuple[int, bytes]:
        """See `Scard`."""
        code, answer = self._scard.SCardControl(card, self._scard.SCARD_CTL_CODE(_ESCAPE), list(command))
        return _code(code), bytes(answer)

    def atr(self, card: Card) -> tuple[int, bytes]:
        """See `Scard`."""
        code, _reader, _state, _protocol, atr = self._scard.SCardStatus(card)
        return _code(code), bytes(atr)

    def transmit(self, card: Card, protocol: int, command: bytes) -> tuple[int, bytes]:
        """See `Scard`."""
        code, answer = self._scard.SCardTransmit(card, protocol, list(command))
        return _code(code), bytes(answer)

    def disconnect(self, card: Card) -> int:
        """See `Scard`."""
        return _code(self._scard.SCardDisconnect(card, self._scard.SCARD_LEAVE_CARD))


def load_scard() -> Pyscard:
    """Return PC/SC, or raise `ReaderUnavailableError` if pyscard is not installed or has no pcsc-lite under it."""
    try:
        from smartcard import scard  # noqa: PLC0415 - pyscard may be absent, and only a PC/SC reader needs it
    except ImportError as error:
        message = "the pcsc driver needs pyscard, which is not installed: install libpcsclite-dev and samverk[nfc]"
        raise ReaderUnavailableError(message) from error
    return Pyscard(scard)


def _code(code: int) -> int:
    # pyscard hands the codes of the library's signed long on as they are, and these may be negative.
    return code & _CODE_MASK
