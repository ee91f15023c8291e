"""Keyboards without hardware: evdev's own events, as a reader's are, behind a device that can be held and unplugged."""

import errno
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from evdev import InputEvent

from kiosk.reader.hid.keyboards import EvdevKeyboards

NOWHERE = Path("/nowhere")
NAME = "Sycreader RFID Technology Co., Ltd SYC ID&IC USB Reader"
_EV_SYN, _EV_KEY, _EV_MSC, _MSC_SCAN = 0, 1, 4, 4
_CODES = {
    **{str(digit): code for digit, code in zip((1, 2, 3, 4, 5, 6, 7, 8, 9, 0), range(2, 12), strict=True)},
    **dict(zip("abcdef", (30, 48, 46, 32, 18, 33), strict=True)),
    "\n": 28,
    "\t": 15,
    "x": 45,
}
SHIFT = 42
DEVICE_KEYS = (28, *range(2, 12), 30)


def events(keys: str) -> list[InputEvent]:
    """Return what the kernel reports while these keys are typed: scan code, down, report, scan code, up, report.

    A capital letter is typed with shift, as readers do that write capitals.
    """
    found: list[InputEvent] = []
    for key in keys:
        shift = [(SHIFT, 1)] if key.isupper() else []
        presses = [*shift, (_CODES[key.lower()], 1), (_CODES[key.lower()], 0), *((code, 0) for code, _ in shift)]
        for code, value in presses:
            found += [_event(_EV_MSC, _MSC_SCAN, 0x7001E), _event(_EV_KEY, code, value), _event(_EV_SYN, 0, 0)]
    return found


def held(key: str, repeats: int) -> list[InputEvent]:
    """Return what the kernel reports while a key is held: down, many repeats, up."""
    code = _CODES[key]
    return [_event(_EV_KEY, code, value) for value in (1, *[2] * repeats, 0)]


def _event(kind: int, code: int, value: int) -> InputEvent:
    return InputEvent(0, 0, kind, code, value)


class FakeDevice:
    """What `evdev.InputDevice` is, for one device: readable while there are events, as a real one is to `select`."""

    def __init__(self, name: str = NAME, keys: Sequence[int] = DEVICE_KEYS) -> None:
        """Plug it in."""
        self.name = name
        self._keys = list(keys)
        self.fd, self._end = os.pipe2(os.O_NONBLOCK)
        self._events: list[InputEvent] = []
        self._lock = threading.Lock()
        self.is_grabbed = False
        self.is_taken = False
        """Whether somebody else holds it."""
        self.is_open = True
        self._is_gone = False

    def type(self, some: Iterable[InputEvent]) -> None:
        """Let these events come."""
        with self._lock:
            self._events += some
        os.write(self._end, b"\0")

    def unplug(self) -> None:
        """Pull it out."""
        self._is_gone = True
        os.write(self._end, b"\0")

    def capabilities(self) -> dict[int, list[int]]:
        """See evdev."""
        return {_EV_KEY: self._keys}

    def grab(self) -> None:
        """See evdev."""
        if self.is_taken:
            raise OSError(errno.EBUSY, "busy")
        self.is_grabbed = True

    def ungrab(self) -> None:
        """See evdev."""
        if self._is_gone:
            raise OSError(errno.ENODEV, "no such device")
        self.is_grabbed = False

    def read(self) -> list[InputEvent]:
        """See evdev."""
        if self._is_gone:
            raise OSError(errno.ENODEV, "no such device")
        os.read(self.fd, 4096)
        with self._lock:
            some, self._events = self._events, []
        return some

    def close(self) -> None:
        """See evdev."""
        if self.is_open:
            self.is_open = False
            os.close(self.fd)
            os.close(self._end)


class FakeEvdev(ModuleType):
    """The module `evdev` over such devices, by path."""

    def __init__(self, **devices: Any) -> None:
        """Take each device, or the error that opening it raises."""
        super().__init__("evdev")
        self.devices = devices

    def keyboards(self, folder: Path = NOWHERE) -> EvdevKeyboards:
        """Return these devices as what a reader takes them from."""
        return EvdevKeyboards(self, folder, lambda _folder: sorted(self.devices))

    def InputDevice(self, path: str) -> FakeDevice:  # noqa: N802 - evdev's own name
        """See evdev."""
        found = self.devices[path]
        if isinstance(found, OSError):
            raise found
        assert isinstance(found, FakeDevice)
        return found
