"""From key codes to a UID: what a reader that types like a keyboard has typed. Pure; the time is handed in.

Key codes name places on the keyboard (Linux, input-event-codes.h), not letters: whatever layout the machine has, the
same reader types the same codes.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.badge import Uid, UidProblem, uid_problem

DIGITS_MAX = 32
"""The most keys of one badge; whatever types more is no reader."""
BETWEEN_MAX_S = 0.5
"""The longest pause within one badge. Readers type a key in 2 to 30 ms; then it is another badge, or a person."""

ENTER, KEYPAD_ENTER, TAB = 28, 96, 15
_DIGIT_KEYS = {code: str((code - 1) % 10) for code in range(2, 12)}
_KEYPAD_KEYS = dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True))
_LETTER_KEYS = dict(zip((30, 48, 46, 32, 18, 33), "ABCDEF", strict=True))
KEYS = {**_DIGIT_KEYS, **_KEYPAD_KEYS, **_LETTER_KEYS}
"""The keys that can be part of a UID, by code."""
_SHIFTS = frozenset({42, 54, 58})
"""Shift and caps lock, which some readers press for capital letters."""

DECIMAL_BYTES = {10: 4, 17: 7, 20: 8, 25: 10}
"""How many bytes a decimal number with so many digits, zeros in front included, stands for."""


class Form(StrEnum):
    """How a UID is typed: two hex digits a byte, or as one decimal number with all its zeros."""

    HEX = "hex"
    DECIMAL = "decimal"


class Terminator(StrEnum):
    """What a reader types after a badge. Without any, the number of digits tells where it ends."""

    ENTER = "enter"
    TAB = "tab"
    NONE = "none"


_ENDS = {
    Terminator.ENTER: frozenset({ENTER, KEYPAD_ENTER}),
    Terminator.TAB: frozenset({TAB}),
    Terminator.NONE: frozenset[int](),
}


@dataclass(frozen=True, slots=True)
class Typing:
    """How one reader types. `digits` is how many keys a badge has, 0 any; `reverse`: the last byte comes first."""

    form: Form = Form.HEX
    digits: int = 0
    terminator: Terminator = Terminator.ENTER
    reverse: bool = False


class Typed:
    """What has been typed since the last badge."""

    def __init__(self, typing: Typing) -> None:
        """Begin with nothing."""
        self._typing = typing
        self._keys = ""
        self._is_foreign = False
        self._last_s = float("-inf")

    def press(self, code: int, at_s: float) -> Uid | UidProblem | None:
        """Take one key, when it goes down: the badge that it ends, why what it ends is none, or nothing yet."""
        if code in _SHIFTS:
            return None
        if at_s - self._last_s > BETWEEN_MAX_S:
            self._clear()
        self._last_s = at_s
        if code in _ENDS[self._typing.terminator]:
            return self._end()
        if code in KEYS and len(self._keys) < DIGITS_MAX:
            self._keys += KEYS[code]
        else:
            self._is_foreign = True
        by_count = self._typing.terminator is Terminator.NONE and len(self._keys) == self._typing.digits
        return self._end() if by_count else None

    def lapse(self, at_s: float) -> UidProblem | None:
        """Return why what was begun is no badge, once it has lasted too long for one; else None."""
        if not (self._keys or self._is_foreign) or at_s - self._last_s <= BETWEEN_MAX_S:
            return None
        self._clear()
        return UidProblem.LENGTH

    def _end(self) -> Uid | UidProblem | None:
        keys, is_foreign = self._keys, self._is_foreign
        self._clear()
        if not keys and not is_foreign:
            return None  # a second Enter, or one by itself
        if is_foreign or (self._typing.digits and len(keys) != self._typing.digits):
            return UidProblem.LENGTH
        value = _as_bytes(keys, self._typing.form)
        if value is None:
            return UidProblem.LENGTH
        value = value[::-1] if self._typing.reverse else value
        problem = uid_problem(value)
        return Uid(value) if problem in {None, UidProblem.RANDOM} else problem

    def _clear(self) -> None:
        self._keys, self._is_foreign = "", False


def _as_bytes(keys: str, form: Form) -> bytes | None:
    """Return the bytes that the keys spell, no byte lost, or None. A decimal of another length could be anybody's."""
    if form is Form.HEX:
        return bytes.fromhex(keys) if len(keys) % 2 == 0 else None
    length = DECIMAL_BYTES.get(len(keys))
    if length is None or not keys.isdecimal():
        return None
    try:
        return int(keys).to_bytes(length)
    except OverflowError:
        return None
