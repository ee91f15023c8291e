"""The real program on a real terminal: how fast an answer is drawn, and how the terminal is left."""

import os
import pty
import signal
import statistics
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.ids import RequestId, VisitId
from kiosk.door.messages import SayAnswer
from tests.kiosk.screen.examples import answer
from tests.support.fake_desk import FakeDesk

pytestmark = pytest.mark.parts

SITE = """
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "{state_dir}"
[[reader]]
id = "entrance"
driver = "scripted"
"""
START_S = 15.0
STOP_S = 1.0
ANSWERS = 40
BETWEEN_S = 0.05
"""Nobody shows two badges faster than this."""
RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[<u")


class _Terminal:
    """A terminal of 80 by 24 cells with the screen running in it; what it writes is kept."""

    def __init__(self, folder: Path, *options: str, is_read: bool = True, errors: int | None = None) -> None:
        site = folder / "site.toml"
        site.write_text(SITE.format(state_dir=folder))
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        self.before = termios.tcgetattr(theirs)
        code = "import sys; from deploy.command import main; sys.exit(main(sys.argv[1:]))"
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.program = subprocess.Popen(
            [sys.executable, "-c", code, "screen", "--site", str(site), *options],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs if errors is None else errors,
            env=environment,
            start_new_session=True,
        )
        self._theirs = theirs
        self._written = b""
        self._news = threading.Condition()
        self._reading = threading.Thread(target=self._read, daemon=True)
        if is_read:
            self._reading.start()

    def until(self, is_so: Callable[[bytes], bool], wait_s: float = START_S) -> bytes:
        """Wait until what was written satisfies the condition, and return it."""
        with self._news:
            if not self._news.wait_for(lambda: is_so(self._written), wait_s):
                pytest.fail(f"the terminal shows {self._written[-2000:]!r}")
            return self._written

    def shows(self, text: str) -> bytes:
        return self.until(lambda written: text.encode() in written)

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def stop(self, number: signal.Signals) -> tuple[int, float]:
        """Send the signal and return the exit status and how long the end took, in seconds."""
        began = time.monotonic()
        self.program.send_signal(number)
        status = self.program.wait(START_S)
        return status, time.monotonic() - began

    def state(self) -> list[object]:
        return termios.tcgetattr(self._theirs)

    def close(self) -> None:
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait()
        os.close(self._theirs)
        if self._reading.is_alive():
            self._reading.join(START_S)
        os.close(self._ours)

    def _read(self) -> None:
        while True:
            try:
                some = os.read(self._ours, 65536)
            except OSError:  # nobody holds the other end any more
                return
            with self._news:
                self._written += some
                self._news.notify_all()


@pytest.fixture
def terminal(desk: FakeDesk, tmp_path: Path) -> Iterator[_Terminal]:
    assert desk is not None
    one = _Terminal(tmp_path)
    yield one
    one.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_screen_within_a_second_and_leaves_the_terminal_clean(
    number: signal.Signals, terminal: _Terminal
) -> None:
    terminal.shows("Visa ditt kort")
    status, took_s = terminal.stop(number)
    assert status == 0
    assert took_s < STOP_S
    written = terminal.until(lambda all_of_it: all(one in all_of_it for one in RESTORED))
    assert written.rindex(b"\x1b[?1049h") < written.rindex(b"\x1b[?1049l")
    assert written.rindex(b"\x1b[?25l") < written.rindex(b"\x1b[?25h")
    assert written.rindex(b"\x1b[?1000h") < written.rindex(b"\x1b[?1000l")
    assert terminal.state() == terminal.before


def test_a_screen_that_was_killed_shows_the_house_again_when_it_is_started_again(
    terminal: _Terminal, desk: FakeDesk, tmp_path: Path
) -> None:
    terminal.shows("Visa ditt kort")
    terminal.stop(signal.SIGKILL)
    again = _Terminal(tmp_path)
    try:
        again.shows("Visa ditt kort")
        desk.say(SayAnswer(answer(Outcome.LEFT)))
        again.shows("Hej då, Astrid!")
    finally:
        again.close()


def test_a_terminal_that_takes_no_more_output_cannot_hold_the_program_back(desk: FakeDesk, tmp_path: Path) -> None:
    stuck = _Terminal(tmp_path, is_read=False)
    try:
        for at in range(200):
            if desk.watching:
                break
            threading.Event().wait(START_S / 200)
            assert at < 199
        for at in range(60):
            desk.say(SayAnswer(replace(answer(Outcome.LEFT), name=f"Astrid{at}", request=RequestId(f"r{at}"))))
        _status, took_s = stuck.stop(signal.SIGTERM)
        assert took_s < STOP_S
    finally:
        stuck.close()


def test_no_key_ends_the_screen_or_reaches_anything_else(terminal: _Terminal, desk: FakeDesk) -> None:
    terminal.shows("Visa ditt kort")
    terminal.type(b"\x11\x03\x1a\x10\x1cq\x1b[15~\x04")
    desk.say(SayAnswer(answer(Outcome.LEFT)))
    terminal.shows("Hej då, Astrid!")
    assert terminal.program.poll() is None


def test_q_ends_the_screen_where_that_is_allowed(desk: FakeDesk, tmp_path: Path) -> None:
    assert desk.board is not None
    one = _Terminal(tmp_path, "--may-quit")
    try:
        one.shows("Visa ditt kort")
        one.type(b"q")
        assert one.program.wait(START_S) == 0
    finally:
        one.close()


def test_the_screen_is_drawn_also_when_standard_error_goes_elsewhere(desk: FakeDesk, tmp_path: Path) -> None:
    assert desk.board is not None
    with (tmp_path / "errors.txt").open("wb") as errors:
        one = _Terminal(tmp_path, errors=errors.fileno())
        try:
            one.shows("Visa ditt kort")
        finally:
            one.close()
    assert (tmp_path / "errors.txt").read_bytes() == b""


def test_the_log_is_a_file_and_the_terminal_shows_none_of_it(terminal: _Terminal, tmp_path: Path) -> None:
    terminal.shows("Visa ditt kort")
    assert "the desk answers" in (tmp_path / "screen.log").read_text()
    terminal.stop(signal.SIGTERM)
    assert b"the desk answers" not in terminal.until(lambda written: b"\x1b[?1049l" in written)


def test_an_answer_is_drawn_as_soon_as_the_desk_has_given_it(
    terminal: _Terminal, desk: FakeDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.shows("Visa ditt kort")
    took_ms = []
    for at in range(ANSWERS):
        one = replace(answer(Outcome.ARRIVED), name=f"Astrid{at}x", visit=VisitId(f"v{at}"))
        threading.Event().wait(BETWEEN_S)
        began = time.monotonic()
        desk.say(SayAnswer(one))
        terminal.shows(f"Astrid{at}x")
        took_ms.append((time.monotonic() - began) * 1000)
    cuts = statistics.quantiles(took_ms, n=20)
    with capsys.disabled():
        print(f"\nanswer to drawn frame: p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms, {ANSWERS} answers")  # noqa: T201 - a figure to read
