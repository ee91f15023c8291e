"""The few things that are asked of evdev. It may be absent, so it is loaded when a reader is, and nowhere else."""

import errno
import os
import select
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from kiosk.reader.hid.typed import ENTER, KEYS
from kiosk.reader.reports import ReaderUnavailableError

DEVICES = Path("/dev/input")
_EV_KEY = 1
_DOWN = 1
"""Not 2: what a key repeats by itself while it is held is no key that was pressed."""


class Trouble(StrEnum):
    """Why there is no keyboard to read."""

    ABSENT = "absent"
    FORBIDDEN = "forbidden"
    TAKEN = "taken"


class GoneError(Exception):
    """The keyboard was unplugged."""


class Keyboard(Protocol):
    """A reader that types, held for ourselves alone."""

    def presses(self, wait_s: float) -> Iterable[int]:
        """Return the codes of the keys that went down, in order, waiting for one at most that long.

        Raise `GoneError` when there is nothing to read from any more.
        """

    def close(self) -> None:
        """Let go of it. Closing twice is safe."""


class Keyboards(Protocol):
    """The machine's keyboards."""

    def hold(self, match: str) -> Keyboard | Trouble:
        """Take the first one whose name contains `match`, so that its keys reach nobody but us, or tell why not."""


@dataclass
class _Held:
    """One device of evdev, grabbed."""

    device: Any

    def presses(self, wait_s: float) -> Iterable[int]:
        try:
            ready, _, _ = select.select([self.device.fd], [], [], wait_s)
            events = list(self.device.read()) if ready else []
        except (OSError, ValueError) as error:
            raise GoneError from error
        return [one.code for one in events if one.type == _EV_KEY and one.value == _DOWN]

    def close(self) -> None:
        try:
            self.device.ungrab()
        except OSError:
            pass  # it is gone, and its grab with it
        finally:
            self.device.close()


class EvdevKeyboards:
    """The keyboards below `DEVICES`."""

    def __init__(
        self,
        evdev: ModuleType,
        folder: Path = DEVICES,
        listed: Callable[[Path], Iterable[str]] | None = None,
    ) -> None:
        """Take the module `evdev`, where its devices are, and what lists them there.

        evdev's own list is of no use before 2.0, which Debian 13 has not: it leaves out what may only be read.
        """
        self._evdev: Any = evdev
        self._folder = folder
        self._listed = listed or _listed

    def hold(self, match: str) -> Keyboard | Trouble:
        """See `Keyboards`."""
        trouble = Trouble.ABSENT
        for path in self._listed(self._folder):
            held = self._try(path, match)
            if not isinstance(held, Trouble):
                return held
            trouble = held if held is not Trouble.ABSENT else trouble
        return trouble if trouble is not Trouble.ABSENT else self._forbidden()

    def _try(self, path: str, match: str) -> Keyboard | Trouble:
        try:
            device = self._evdev.InputDevice(path)
        except PermissionError:
            return Trouble.FORBIDDEN
        except OSError:
            return Trouble.ABSENT  # it went while we looked
        if match not in device.name or not _types(device):
            device.close()
            return Trouble.ABSENT
        try:
            device.grab()
        except OSError as error:
            device.close()
            return Trouble.TAKEN if error.errno == errno.EBUSY else Trouble.ABSENT
        return _Held(device)

    def _forbidden(self) -> Trouble:
        """Return whether there are devices that we may not even open: then nobody can tell what they are called."""
        return (
            Trouble.FORBIDDEN
            if any(not os.access(one, os.R_OK) for one in self._folder.glob("event*"))
            else Trouble.ABSENT
        )


def _listed(folder: Path) -> list[str]:
    return sorted(str(one) for one in folder.glob("event*"))


def _types(device: Any) -> bool:
    """Return whether it has the keys of a reader: digits or letters to F, and Enter. Others so named may be buttons."""
    codes = set(device.capabilities().get(_EV_KEY, ()))
    return ENTER in codes and any(code in codes for code in KEYS)


def load_keyboards() -> EvdevKeyboards:
    """Return the machine's keyboards, or raise `ReaderUnavailableError` if evdev is not installed."""
    try:
        import evdev  # noqa: PLC0415 - it may be absent, and only such a reader needs it
    except ImportError as error:
        message = "the hid driver needs python-evdev, which is not installed: install samverk[nfc]"
        raise ReaderUnavailableError(message) from error
    return EvdevKeyboards(evdev)
