"""A reader's own sound and light: set whenever it arrives, as far as its driver lets us. Cosmetic: reading goes on.

Without a card, commands to the reader itself go as escape (SCardControl), which libccid refuses unless its
configuration allows it; with a card they go like any other. The commands are those of ACS's reference manuals: ACR122U
API v2.04, and ACR1252U, ACR1255U, ACR1281U and ACM1252U, which share theirs with the ACR1552U.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from kiosk.reader.pcsc.codes import SUCCESS, described
from kiosk.reader.pcsc.exchange import Exchange
from kiosk.reader.pcsc.scard import Card, Context, Scard

FIX = "set bit 0x01 of ifdDriverOptions in libccid's Info.plist, and restart pcscd"
"""What lets commands through to a reader without a card."""

_log = logging.getLogger("samverk.reader")

_Send = Callable[[bytes], bytes]
"""Sends one command and returns the answer; empty if it did not get there."""

_ACR122 = re.compile(r"\bACR122[UTS]?\b")
_ACR1252 = re.compile(r"\b(?:ACR(?:1252|1255|1281|1283|1552)|ACM1252)(?:U|L|\b)")

_DONE_122 = 0x90
_BUZZER_122 = {True: bytes.fromhex("FF0052FF00"), False: bytes.fromhex("FF00520000")}
_LIGHT_122 = bytes.fromhex("FF00400D0400000000")
"""Red, not green, and no blinking: how it waits, whatever a program before us has left."""
_POLLING_122 = bytes.fromhex("FF00500000")
_POLLING_122_BEST = bytes.fromhex("FF0051FF00")
"""Look by itself for every family of cards, every 250 ms."""

_TOLD_1252 = bytes.fromhex("E100000001")
_BEHAVIOUR_1252 = bytes.fromhex("E000002100")
_BEEP_BITS_1252, _BEEP_BITS_1281 = 0x08, 0x18
"""Whether it beeps when a card comes. ACR1281U and ACR1281U-C1 have it in different bits, the other being reserved."""
_POLLING_1252 = bytes.fromhex("E000002300")
_INTERVAL_BITS_1252 = 0x30
"""Both bits off: it looks for a card every 250 ms."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a reader is to behave: whether it beeps when it sees a card. It looks as often as it can in any case."""

    beep: bool = True


def settings(reader: str) -> Callable[[Wish, _Send], bool] | None:
    """Return what sets a reader of that name, or None if its family has nothing that we know how to set.

    It returns whether every command was done.
    """
    if _ACR122.search(reader):
        return _set_122
    if _ACR1252.search(reader):
        return partial(_set_1252, _BEEP_BITS_1281 if "ACR1281" in reader else _BEEP_BITS_1252)
    return None


class Feedback:
    """Sets the readers of one process. Used from the reader's thread."""

    def __init__(self, scard: Scard, name: str, wish: Wish) -> None:
        """Take PC/SC, the reader's name for the log, and how it is to behave."""
        self._scard = scard
        self._name = name
        self._wish = wish
        self._waiting: set[str] = set()
        self._told: set[str] = set()

    def arrived(self, context: Context, reader: str) -> None:
        """Set a reader that has come; if its driver refuses, wait for its first card."""
        setting = settings(reader)
        if setting is None:
            return
        self._waiting.discard(reader)
        code, card = self._scard.connect_direct(context, reader)
        if code == SUCCESS:
            escape = _Escape(self._scard, card)
            try:
                is_set = setting(self._wish, escape.send)
            finally:
                self._scard.disconnect(card)
            code = escape.code
            if code == SUCCESS:
                self._tell(reader, is_set=is_set)
                return
        self._waiting.add(reader)
        self._tell_refused(reader, code)

    def shown(self, context: Context, reader: str) -> None:
        """Set a reader whose driver refused before, now that a card lies on it. Once."""
        setting = settings(reader)
        if setting is None or reader not in self._waiting:
            return
        self._waiting.discard(reader)
        code, card, protocol = self._scard.connect(context, reader)
        if code != SUCCESS:
            return
        try:
            self._tell(reader, is_set=setting(self._wish, Exchange(self._scard, card, protocol).transmit))
        finally:
            self._scard.disconnect(card)

    def _tell(self, reader: str, *, is_set: bool) -> None:
        if is_set:
            _log.debug("%s: sound and light of %s are set", self._name, reader)
        else:
            _log.info("%s: %s did not take all of its settings of sound and light", self._name, reader)

    def _tell_refused(self, reader: str, code: int) -> None:
        level = logging.DEBUG if reader in self._told else logging.WARNING
        self._told.add(reader)
        _log.log(
            level,
            "%s: sound and light of %s cannot be set until a card lies there, and reading goes on: %s; %s",
            self._name,
            reader,
            described(code),
            FIX,
        )


class _Escape:
    """Commands to the reader itself over one direct connection; after a refusal no more are sent."""

    def __init__(self, scard: Scard, card: Card) -> None:
        self._scard = scard
        self._card = card
        self.code = SUCCESS

    def send(self, command: bytes) -> bytes:
        if self.code != SUCCESS:
            return b""
        self.code, answer = self._scard.control(self._card, command)
        return answer if self.code == SUCCESS else b""


def _set_122(wish: Wish, send: _Send) -> bool:
    return all(list(_done_122(wish, send)))


def _done_122(wish: Wish, send: _Send) -> Iterator[bool]:
    for command in (_BUZZER_122[wish.beep], _LIGHT_122):
        yield send(command)[:1] == bytes([_DONE_122])
    if send(_POLLING_122) != bytes([_DONE_122, _POLLING_122_BEST[3]]):
        yield send(_POLLING_122_BEST)[:1] == bytes([_DONE_122])


def _set_1252(beep_bits: int, wish: Wish, send: _Send) -> bool:
    is_beep_set = _kept(send, _BEHAVIOUR_1252, beep_bits, beep_bits if wish.beep else 0)
    return _kept(send, _POLLING_1252, _INTERVAL_BITS_1252, 0) and is_beep_set


def _kept(send: _Send, ask: bytes, bits: int, value: int) -> bool:
    """Set these bits of one byte that the reader keeps for good: written only if it differs, since memory wears."""
    told = send(ask)
    if len(told) != len(_TOLD_1252) + 1 or not told.startswith(_TOLD_1252):
        return False
    wanted = told[-1] & ~bits | value
    if wanted == told[-1]:
        return True
    return send(ask[:-1] + bytes([1, wanted])).startswith(_TOLD_1252[:1])
