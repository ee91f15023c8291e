"""Watches every line that is said to any log: none may hold a UID, a person's name or an e-mail address."""

import logging
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

from deploy.up.example import examples
from tests.support.books import LOST_UID, UIDS

GUESTS = ("Gunnel Gast", "Gunnel", "Gast-Astrid", "Gun")
"""The names that the tests' guests have."""
DIGITS_MIN = 6
"""A UID of almost nothing but zeros is a short number, and a short number is no UID."""
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
WITHOUT_WORDS = "samverk.screen"
_LOGGED = ("debug", "info", "warning", "error", "exception", "critical", "log")


def spellings(uid: str) -> frozenset[str]:
    """Return how a UID in hex could stand in a line: forwards and backwards, in pairs or together, and as a number."""
    forwards = bytes.fromhex(uid)
    ways = [forwards, forwards[::-1]]
    together = [one.hex() for one in ways] + [one.hex(":") for one in ways] + [one.hex(" ") for one in ways]
    numbers = [str(int.from_bytes(one)) for one in ways]
    return frozenset([*together, *(one for one in numbers if len(one) >= DIGITS_MIN)])


class LogWatch:
    """What was said that should not have been."""

    def __init__(self, uids: Iterable[str], names: Iterable[str]) -> None:
        """Know these people's UIDs (hex) and names."""
        spelled = {one for uid in uids for one in spellings(uid)}
        words = sorted({re.escape(one.lower()) for one in (*spelled, *names)}, key=len, reverse=True)
        self._known = re.compile(rf"(?<![a-z0-9])({'|'.join(words)})(?![a-z0-9])")
        self.found: list[str] = []

    def look(self, text: str) -> None:
        """Look at one line."""
        if self._known.search(text.lower()) or _E_MAIL.search(text):
            self.found.append(text)

    def saying(self, said: Callable[..., None], *, has_level: bool) -> Callable[..., None]:
        """Return a logger's method that has this watch look at the line first, whatever level is shown."""

        def watched(logger: logging.Logger, *arguments: Any, **more: Any) -> None:
            text = [str(one) for one in arguments[has_level:]]
            self.look(_formatted(text[0], arguments[has_level + 1 :]) if text else "")
            # The screen's own log tells of a fault without its words.
            if more.get("exc_info") and not logger.name.startswith(WITHOUT_WORDS):
                self.look(str(sys.exc_info()[1] or ""))
            more["stacklevel"] = more.get("stacklevel", 1) + 1
            said(logger, *arguments, **more)

        return watched


def _formatted(text: str, arguments: tuple[Any, ...]) -> str:
    try:
        return text % arguments if arguments else text
    except (TypeError, ValueError, KeyError):
        return " ".join([text, *(str(one) for one in arguments)])


WATCH = LogWatch(
    [*UIDS.values(), LOST_UID, *(one.uid for one in examples())],
    [*(name for name in UIDS if name != "Bo"), *GUESTS, *(one.name for one in examples())],
)
"""The one watch of the whole suite. "Bo" is too short a word to look for."""


def begin() -> None:
    """Let the watch look at everything that is said from now on."""
    for name in _LOGGED:
        said = getattr(logging.Logger, name)
        setattr(logging.Logger, name, WATCH.saying(said, has_level=name == "log"))
