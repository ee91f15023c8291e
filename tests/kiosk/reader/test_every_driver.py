"""What every driver does, whatever reads the cards: scripted, PC/SC on a real daemon, and one that types."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import pytest

from deploy.bench.virtual_reader.card import VirtualCard
from deploy.bench.virtual_reader.daemon import Pcscd
from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.reasons import Reason
from kiosk.reader.hid.reader import HidReader
from kiosk.reader.reports import Reader
from kiosk.reader.scripted import ScriptedReader
from tests.support.fake_keyboard import NAME, FakeDevice, FakeEvdev, events
from tests.support.pcscd_reader import PcscdReader, Report

pytestmark = pytest.mark.parts

WHOLE = ["04a1b2c3", "04a1b2c3d4e5f6", "e004010203040506", "04a1b2c3d4e5f6a7b8c9", "08112233"]


class Stage(Protocol):
    """A running reader with somebody in front of it."""

    def tap(self, uid: bytes) -> None:
        """Show a card once."""

    def fail(self) -> None:
        """Show a card that cannot be read, once."""

    def next(self) -> Report:
        """Return the next report."""

    def end(self) -> float:
        """Stop the reader and return the seconds that took."""


class ThreadStage:
    """A reader in a thread, and what it reports."""

    def __init__(self) -> None:
        """Begin with nothing reported."""
        self._reports: queue.Queue[Report] = queue.Queue()
        self._stop = threading.Event()

    def start(self, reader: Reader) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=reader.run, args=(self._stop,))
        self._thread.start()

    def next(self) -> Report:
        """See `Stage`."""
        return self._reports.get(timeout=5)

    def end(self) -> float:
        """See `Stage`."""
        begun = time.monotonic()
        self._stop.set()
        self._thread.join(5)
        return time.monotonic() - begun

    def tapped(self, uid: Uid, _proof: Proof | None = None, /) -> None:
        """See `Reports`."""
        self._reports.put(Report("tapped", uid.value.hex(), 0.0))

    def failed(self, reason: Reason) -> None:
        """See `Reports`."""
        self._reports.put(Report("failed", reason, 0.0))

    def alive(self, within_s: float) -> None:
        """See `Reports`."""

    def changed(self, state: ReaderState) -> None:
        """See `Reports`."""
        self._reports.put(Report("changed", state, 0.0))


class ScriptedStage(ThreadStage):
    """The scripted reader."""

    def __init__(self) -> None:
        """Start it."""
        super().__init__()
        self._reader = ScriptedReader(self)
        self.start(self._reader)

    def tap(self, uid: bytes) -> None:
        """See `Stage`."""
        assert self._reader.tap(Uid(uid))

    def fail(self) -> None:
        """See `Stage`."""
        assert self._reader.fail(Reason.CARD_UNREADABLE)


class HidStage(ThreadStage):
    """A reader that types."""

    def __init__(self) -> None:
        """Plug it in and start it."""
        super().__init__()
        self._device = FakeDevice()
        keyboards = FakeEvdev(event0=self._device).keyboards()
        self.start(HidReader(self, keyboards, match=NAME))

    def tap(self, uid: bytes) -> None:
        """See `Stage`."""
        self._device.type(events(f"{uid.hex()}\n"))

    def fail(self) -> None:
        """See `Stage`."""
        self._device.type(events("04a1b2\n"))


class PcscStage:
    """The PC/SC reader in a process, with a virtual card."""

    def __init__(self, daemon: Pcscd) -> None:
        """Start the process."""
        self._card = VirtualCard(daemon.port)
        self._reader = PcscdReader(daemon)

    def tap(self, uid: bytes) -> None:
        """See `Stage`."""
        assert self._card.tap(uid)

    def fail(self) -> None:
        """See `Stage`."""
        self._card.insert_answering(bytes.fromhex("6300"))
        assert self._card.was_read.wait(5)
        self._card.remove()

    def next(self) -> Report:
        """See `Stage`."""
        while (report := self._reader.next()).kind == "timed":
            pass
        return report

    def end(self) -> float:
        """See `Stage`."""
        return self._reader.end()


@pytest.fixture(scope="module")
def daemon() -> Iterator[Pcscd]:
    with Pcscd() as running:
        yield running


@contextmanager
def running(driver: str, daemon: Pcscd) -> Iterator[Stage]:
    stages: dict[str, Callable[[], Stage]] = {
        "scripted": ScriptedStage,
        "hid": HidStage,
        "pcsc": lambda: PcscStage(daemon),
    }
    stage = stages[driver]()
    try:
        assert heard(stage) == ("changed", "ready")
        yield stage
    finally:
        stage.end()


@pytest.fixture(params=["scripted", "hid", "pcsc"])
def stage(request: pytest.FixtureRequest, daemon: Pcscd) -> Iterator[Stage]:
    with running(request.param, daemon) as on:
        yield on


def heard(stage: Stage) -> tuple[str, str]:
    report = stage.next()
    return report.kind, report.value


def test_uids_of_every_length_come_whole_and_in_the_order_of_the_taps(stage: Stage) -> None:
    for uid in WHOLE:
        stage.tap(bytes.fromhex(uid))
    assert [heard(stage) for _ in WHOLE] == [("tapped", uid) for uid in WHOLE]


def test_a_card_that_cannot_be_read_is_answered_with_a_reason_and_the_next_is_read(stage: Stage) -> None:
    stage.fail()
    stage.tap(bytes.fromhex(WHOLE[0]))
    assert heard(stage) == ("failed", "card_unreadable")
    assert heard(stage) == ("tapped", WHOLE[0])


def test_the_same_card_shown_twice_is_two_taps(stage: Stage) -> None:
    stage.tap(bytes.fromhex(WHOLE[1]))
    stage.tap(bytes.fromhex(WHOLE[1]))
    assert [heard(stage), heard(stage)] == [("tapped", WHOLE[1])] * 2


def test_a_stop_is_noticed_within_a_second(stage: Stage) -> None:
    assert stage.end() < 1.0
