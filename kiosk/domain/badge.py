"""From the UID that a card shows to the key that a badge is known by. The UID goes no further than here."""

import hmac
from base64 import b32encode
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.ids import BadgeKey

UID_LENGTHS = (4, 7, 8, 10)
KEY_BYTES_MIN = 32
REFERENCE_CHARACTERS = 6
_CASCADE_TAG = 0x88
_RANDOM_UID_FIRST = 0x08
_LOOKS_LIKE = str.maketrans("018", "OIB")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BITS = 5
_KEY_BITS = 256
_SINGLE_SIZE = 4
_VICINITY_SIZE = 8


class UidProblem(StrEnum):
    """Why a UID cannot identify anybody."""

    LENGTH = "length"
    HALF_READ = "half_read"
    BLANK = "blank"
    RANDOM = "random"


class CardFamily(StrEnum):
    """What kind of UID it is, as far as every kind of reader can tell: from its length alone."""

    PROXIMITY = "iso14443"
    VICINITY = "felica-iso15693"


@dataclass(frozen=True, slots=True)
class Uid:
    """A whole UID in wire order. Its text form never shows the bytes."""

    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what `uid_problem` names, except random UIDs, which are whole."""
        problem = uid_problem(self.value)
        if problem not in {None, UidProblem.RANDOM}:
            message = f"not a whole UID: {problem}"
            raise ValueError(message)

    @property
    def family(self) -> CardFamily:
        """Return the family by length: FeliCa and ISO 15693 have 8 bytes, ISO 14443 has 4, 7 or 10."""
        return CardFamily.VICINITY if len(self.value) == _VICINITY_SIZE else CardFamily.PROXIMITY

    @property
    def is_random(self) -> bool:
        """Return whether the card makes a new UID at each activation (NXP AN10927: 4 bytes beginning 08)."""
        return uid_problem(self.value) is UidProblem.RANDOM


@dataclass(frozen=True, slots=True)
class Proof:
    """What a card has proved at the reader: that it holds a key of ours, of that version.

    `counter` is that of the card's own message (SUN), which rises with every reading; None if the card answered a fresh
    challenge, which nobody can replay.
    """

    version: int
    counter: int | None = None


class Unproved(StrEnum):
    """Why a card has proved nothing: it holds no key of ours, or it left before it was asked."""

    NOT_OURS = "not_ours"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Shown:
    """A badge that nobody holds, or that is lost, as it was shown here: how many times, and what it proved.

    `keys` are its keys under every live version of the secret, the newest first, which is `key_version`.
    """

    keys: tuple[BadgeKey, ...]
    key_version: int
    times: int
    proof: Proof | None = None

    @property
    def key(self) -> BadgeKey:
        """Return the key it is known by from now on."""
        return self.keys[0]


def uid_problem(value: bytes) -> UidProblem | None:
    """Return what is wrong with these bytes as a UID, or None.

    A 4-byte value beginning with the cascade tag 88 is the first half of a longer UID (ISO/IEC 14443-3).
    """
    if len(value) not in UID_LENGTHS:
        return UidProblem.LENGTH
    if set(value) in ({0x00}, {0xFF}):
        return UidProblem.BLANK
    if len(value) == _SINGLE_SIZE and value[0] == _CASCADE_TAG:
        return UidProblem.HALF_READ
    if len(value) == _SINGLE_SIZE and value[0] == _RANDOM_UID_FIRST:
        return UidProblem.RANDOM
    return None


def badge_key(secret: bytes, uid: Uid) -> BadgeKey:
    """Return HMAC-SHA-256 over family, length and UID as 64 hex digits.

    `secret` has at least 32 bytes; a plain hash would fall to enumeration of all 4-byte UIDs within minutes.
    """
    if len(secret) < KEY_BYTES_MIN:
        message = f"a badge secret has at least {KEY_BYTES_MIN} bytes, not {len(secret)}"
        raise ValueError(message)
    body = uid.family.encode() + b"\0" + bytes([len(uid.value)]) + uid.value
    return BadgeKey(hmac.digest(secret, body, "sha256").hex())


def spelled(code: str) -> str:
    """Return a reference as `reference` writes it, however a host typed it: with or without its line, in any case.

    The digits that stand in no reference are read as the letters they look like.
    """
    plain = "".join(code.upper().split()).replace("-", "").translate(_LOOKS_LIKE)
    return f"{plain[:3]}-{plain[3:]}"


def reference(key: BadgeKey) -> str:
    """Return the short reference a host can read aloud for a badge that nobody knows, like `K7F-3QD`."""
    code = b32encode(bytes.fromhex(key)).decode()[:REFERENCE_CHARACTERS]
    return f"{code[:3]}-{code[3:]}"


def keys_named(code: str) -> tuple[BadgeKey, BadgeKey] | None:
    """Return the lowest and the highest key of that reference, as `reference` writes it; None if it is no reference."""
    plain = code.replace("-", "")
    if len(plain) != REFERENCE_CHARACTERS or not set(plain) <= set(_ALPHABET):
        return None
    number = 0
    for one in plain:
        number = number << _BITS | _ALPHABET.index(one)
    rest = _KEY_BITS - _BITS * REFERENCE_CHARACTERS
    low = number << rest
    return BadgeKey(f"{low:064x}"), BadgeKey(f"{low | (1 << rest) - 1:064x}")
