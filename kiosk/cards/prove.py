"""Whether the card on the reader holds a key of ours. Asked in the reader's thread, after the UID."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.cards import layout, sun
from kiosk.cards.ev2 import Problem, Session
from kiosk.cards.keys import SUN_FILE, SUN_META, TAP, UID_BYTES, Masters, Versions, card_key
from kiosk.cards.ntag424 import Random, Transmit, authenticate, read_ndef, select
from kiosk.domain.badge import Proof, Uid, Unproved

VERSIONS_MAX = 4
"""The most versions a card is tried with: each wrong one costs a failed authentication, which the card counts."""


class Way(StrEnum):
    """How a card proves itself: by a fresh challenge, or by the message it writes anew at every reading (SUN)."""

    CHALLENGE = "challenge"
    SUN = "sun"


@dataclass(frozen=True, slots=True)
class Prover:
    """Asks cards for a proof, by the masters of every live version, the newest first."""

    versions: Versions = field(repr=False)
    way: Way
    random: Random

    def __call__(self, uid: Uid, transmit: Transmit) -> Proof | Unproved:
        """Return what the card with that UID proves over `transmit`, or why it proves nothing."""
        if len(uid.value) != UID_BYTES:
            return Unproved.NOT_OURS
        selected = select(transmit)
        if selected is not None:
            return _unproved(selected)
        return self._challenged(uid.value, transmit) if self.way is Way.CHALLENGE else self._said(uid.value, transmit)

    def _challenged(self, uid: bytes, transmit: Transmit) -> Proof | Unproved:
        for version, masters in self._newest_first():
            key = card_key(masters, uid, TAP)
            if key is None:
                continue
            session = authenticate(transmit, TAP, key, self.random)
            if isinstance(session, Session):
                return Proof(version)
            if session is not Problem.FORGED:
                return _unproved(session)
        return Unproved.NOT_OURS

    def _said(self, uid: bytes, transmit: Transmit) -> Proof | Unproved:
        message = read_ndef(transmit)
        if isinstance(message, Problem):
            return _unproved(message)
        for version, masters in self._newest_first():
            said = heard(masters, uid, message)
            if said is not None:
                return Proof(version, said.counter)
        return Unproved.NOT_OURS

    def _newest_first(self) -> Iterator[tuple[int, Masters]]:
        for version in sorted(self.versions, reverse=True)[:VERSIONS_MAX]:
            yield version, self.versions[version]


def heard(masters: Masters, uid: bytes, message: bytes) -> sun.Sun | None:
    """Return what the NDEF message says if it is the card's own of that UID, under keys made of these masters."""
    meta, file = card_key(masters, uid, SUN_META), card_key(masters, uid, SUN_FILE)
    parts = layout.parts(message)
    if meta is None or file is None or parts is None:
        return None
    said = sun.verified(*parts, meta, lambda _uid: file)
    return said if said is not None and said.uid == uid else None


def _unproved(problem: Problem) -> Unproved:
    return Unproved.GONE if problem is Problem.GONE else Unproved.NOT_OURS
