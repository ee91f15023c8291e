"""What escapes every handler ends the program without a word on the terminal."""

import logging
from pathlib import Path

import pytest

from kiosk.screen.app import MemberScreen
from kiosk.screen.quiet import EXIT_FAULT
from tests.kiosk.screen.examples import NOW, PLACE

pytestmark = pytest.mark.anyio
NAME = "Astrid Exempel"


def _boom() -> None:
    name = NAME
    raise RuntimeError(name)


async def test_an_escaped_exception_ends_the_program_with_a_status_and_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    app = MemberScreen(PLACE, lambda: NOW, tmp_path / "none.sock", lambda: "id")
    app.call_later(_boom)
    with caplog.at_level(logging.INFO):
        await app.run_async(headless=True, size=(80, 24))
    assert app.return_code == EXIT_FAULT
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.CRITICAL]
    assert len(told) == 1
    assert told[0].startswith("the screen ends: RuntimeError at test_quiet.py")
    assert NAME not in caplog.text


async def test_a_failing_input_thread_ends_the_program_as_quietly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = MemberScreen(PLACE, lambda: NOW, tmp_path / "none.sock", lambda: "id")
    app.call_later(app.panic, "a traceback")
    await app.run_async(headless=True, size=(80, 24))
    assert app.return_code == EXIT_FAULT
    assert capsys.readouterr().out == ""
