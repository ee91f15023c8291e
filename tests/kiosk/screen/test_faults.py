"""Whatever goes wrong in a handler ends in the calm page without a name, and the screen goes on."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.domain.answers import Outcome
from kiosk.door.messages import SayAnswer
from kiosk.screen import app as program
from kiosk.screen.pages import Answered, Fault, Waiting
from kiosk.screen.paper import Paper
from kiosk.screen.sounding import Sounding
from kiosk.screen.state import State
from tests.kiosk.screen.examples import answer
from tests.kiosk.screen.running import RunningScreen, screen
from tests.support.fake_desk import FakeDesk

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
NAME = "Astrid Berg"


def _fails(*_arguments: object, **_named: object) -> None:
    name = NAME
    raise RuntimeError(name)


async def _press(shown: RunningScreen) -> None:
    await shown.pilot.press("x")


async def _touch(shown: RunningScreen) -> None:
    await shown.pilot.click(offset=(3, 3))


async def _let_time_pass(shown: RunningScreen) -> None:
    await shown.wait(1)


@pytest.mark.parametrize(
    ("where", "what", "act"),
    [
        (program, "action_for", _press),
        (Paper, "action_at", _touch),
        (State, "at", _let_time_pass),
        (State, "touched", _press),
    ],
)
async def test_a_fault_in_any_handler_shows_the_calm_page_and_no_name(  # noqa: PLR0913, PLR0917 - a row
    where: object,
    what: str,
    act: Callable[[RunningScreen], object],
    desk: FakeDesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        async with screen(tmp_path / "door.sock") as shown:
            await shown.shows(Waiting)
            desk.say(SayAnswer(answer(Outcome.LEFT)))
            await shown.shows(Answered)
            with monkeypatch.context() as broken:
                broken.setattr(where, what, _fails)
                await act(shown)  # type: ignore[misc]
                await shown.shows(Fault)
            text = shown.text()
            assert "Något gick fel hos oss." in text
            assert not any(word in text for word in ("Traceback", "RuntimeError", "Astrid"))
            desk.say(SayAnswer(answer(Outcome.ARRIVED)))
            await shown.shows(Answered)
    assert "the screen failed: RuntimeError" in caplog.text
    assert "Astrid" not in caplog.text


async def test_a_fault_in_what_is_heard_changes_nothing_of_what_is_seen(
    desk: FakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Sounding, "follow", _fails)
    with caplog.at_level(logging.INFO):
        async with screen(tmp_path / "door.sock") as shown:
            await shown.shows(Waiting)
            desk.say(SayAnswer(answer(Outcome.ARRIVED)))
            await shown.shows(Answered)
            assert "Välkommen, Astrid!" in shown.text()
    assert "no sound: RuntimeError" in caplog.text
    assert "Astrid" not in caplog.text
