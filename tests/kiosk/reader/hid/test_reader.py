"""The thread of a reader that types, over evdev's own events and a device that can be held, taken and unplugged."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.hid.keyboards import EvdevKeyboards, Trouble
from kiosk.reader.hid.reader import HidReader
from kiosk.reader.hid.typed import Form, Typing
from tests.support.fake_keyboard import NAME, FakeDevice, FakeEvdev, events, held
from tests.support.fake_scard import Heard

pytestmark = pytest.mark.slow

WAIT_S = 5.0
UID = bytes.fromhex("04A1B2C3D4E5F6")
TYPED = "04a1b2c3d4e5f6\n"


class Awaited(Heard):
    """Reports that can be waited for."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        super().__init__()
        self.news = threading.Semaphore(0)

    def tapped(self, *badge: object) -> None:
        """See `Reports`."""
        super().tapped(*badge)  # type: ignore[arg-type] # handed on as it came
        self.news.release()

    def failed(self, reason: Reason) -> None:
        """See `Reports`."""
        super().failed(reason)
        self.news.release()

    def changed(self, state: ReaderState) -> None:
        """See `Reports`."""
        super().changed(state)
        self.news.release()

    def next(self) -> None:
        """Wait for one more report."""
        assert self.news.acquire(timeout=WAIT_S)


@contextmanager
def running(evdev: FakeEvdev, typing: Typing = Typing()) -> Iterator[Awaited]:  # noqa: B008 - it is frozen
    heard, stop = Awaited(), threading.Event()
    reader = HidReader(heard, evdev.keyboards(), match="SYC ID", typing=typing)
    thread = threading.Thread(target=reader.run, args=(stop,))
    thread.start()
    try:
        heard.next()
        yield heard
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def test_what_a_reader_types_is_a_tap_and_reaches_nobody_else() -> None:
    device = FakeDevice()
    with running(FakeEvdev(event0=device)) as heard:
        is_held = device.is_grabbed
        device.type(events(TYPED))
        heard.next()
        device.type(events(TYPED.upper()))
        heard.next()
    assert heard.cards == [UID, UID]
    assert heard.states == [ReaderState.READY]
    assert (is_held, device.is_grabbed) == (True, False)
    assert not device.is_open


def test_a_badge_that_comes_in_pieces_is_put_together() -> None:
    device = FakeDevice()
    whole = events(TYPED)
    with running(FakeEvdev(event0=device)) as heard:
        for at in range(0, len(whole), 5):
            device.type(whole[at : at + 5])
        heard.next()
    assert heard.cards == [UID]


def test_a_key_that_is_held_counts_once() -> None:
    device = FakeDevice()
    with running(FakeEvdev(event0=device)) as heard:
        device.type([*held("0", repeats=20), *events("4a1b2c3\n")])
        heard.next()
    assert heard.cards == [bytes.fromhex("04A1B2C3")]


def test_decimal_and_reversed_bytes_are_settings_of_the_reader() -> None:
    device = FakeDevice()
    with running(FakeEvdev(event0=device), Typing(Form.DECIMAL, digits=10, reverse=True)) as heard:
        device.type(events("3283263748\n"))
        heard.next()
    assert heard.cards == [bytes.fromhex("04A1B2C3")]


def test_what_is_no_whole_uid_is_answered_and_the_log_holds_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    device = FakeDevice()
    with running(FakeEvdev(event0=device)) as heard:
        device.type(events("04a1b2c3d4\n"))
        heard.next()
        device.type(events(TYPED))
        heard.next()
    assert heard.cards == [Reason.CARD_UNREADABLE, UID]
    assert "a1b2" not in caplog.text.lower()


def test_a_badge_that_breaks_off_is_answered() -> None:
    device = FakeDevice()
    with running(FakeEvdev(event0=device)) as heard:
        device.type(events("04a1"))
        heard.next()
    assert heard.cards == [Reason.CARD_UNREADABLE]


def test_only_a_keyboard_of_that_name_that_has_a_readers_keys_is_held() -> None:
    house, buttons, device = FakeDevice("Logitech Keyboard"), FakeDevice(keys=(113, 114)), FakeDevice()
    with running(FakeEvdev(event0=house, event1=buttons, event2=device)) as heard:
        device.type(events(TYPED))
        heard.next()
    assert heard.cards == [UID]
    assert not house.is_grabbed
    assert not house.is_open
    assert not buttons.is_open


def test_a_reader_that_is_unplugged_is_told_of_and_read_again_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kiosk.reader.hid.reader.LOOK_AGAIN_S", 0.01)
    evdev = FakeEvdev(event0=FakeDevice())
    with running(evdev) as heard:
        first = evdev.devices.pop("event0")
        first.unplug()
        heard.next()
        assert not first.is_open
        evdev.devices["event5"] = back = FakeDevice()
        heard.next()
        back.type(events(TYPED))
        heard.next()
    assert heard.states == [ReaderState.READY, ReaderState.NO_READER, ReaderState.READY]
    assert heard.cards == [UID]


def test_without_the_reader_it_says_so_and_waits() -> None:
    with running(FakeEvdev()) as heard:
        assert heard.states == [ReaderState.NO_READER]


def test_a_reader_that_somebody_else_holds_or_that_may_not_be_read_is_a_fault_with_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "samverk.reader")
    taken = FakeDevice()
    taken.is_taken = True
    with running(FakeEvdev(event0=taken)) as heard:
        assert heard.states == [ReaderState.FAULT]
    with running(FakeEvdev(event0=PermissionError())) as heard:
        assert heard.states == [ReaderState.FAULT]
    assert "another program holds it" in caplog.text
    assert "udev rules" in caplog.text


def test_devices_that_may_not_even_be_opened_are_a_fault_since_the_reader_may_be_one_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "event0").touch()
    keyboards = FakeEvdev().keyboards(tmp_path)
    assert keyboards.hold(NAME) is Trouble.ABSENT
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    assert keyboards.hold(NAME) is Trouble.FORBIDDEN


def test_a_device_that_may_only_be_read_is_looked_at_too(tmp_path: Path) -> None:
    for name in ("event1", "event0", "mouse0"):
        (tmp_path / name).touch(mode=0o400)
    device = FakeDevice()
    one = str(tmp_path / "event1")
    found = EvdevKeyboards(FakeEvdev(**{str(tmp_path / "event0"): OSError(), one: device}), tmp_path).hold(NAME)
    assert not isinstance(found, Trouble)
    found.close()


def test_a_device_that_goes_while_it_is_looked_at_is_passed_over() -> None:
    device = FakeDevice()
    held_one = FakeEvdev(event0=OSError(), event1=device).keyboards().hold(NAME)
    assert not isinstance(held_one, Trouble)
    held_one.close()
    assert not device.is_open
