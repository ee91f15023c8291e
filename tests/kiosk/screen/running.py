"""The member screen's real program running headless: what a person can do to it, and what they see."""

import gc
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.pilot import Pilot

from kiosk.domain.answers import Outcome
from kiosk.domain.instant import Instant
from kiosk.look.themes import ThemeName
from kiosk.screen.app import MemberScreen
from kiosk.screen.pages import Answered, Page
from kiosk.screen.place import Place
from tests.kiosk.screen.examples import NOW, PLACE, later
from tests.support.sounds import RememberedSounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

STEPS_MAX = 400
STEP_S = 0.01


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Instant:
        return self.now


class RunningScreen:
    """One running screen: what a person can do to it, and what they see."""

    def __init__(self, app: MemberScreen, pilot: Pilot[int], clock: _Clock) -> None:
        """Take the program, what drives it, and its clock."""
        self.app = app
        self.pilot = pilot
        self.clock = clock

    async def until(self, is_so: Callable[[Page], bool]) -> Page:
        """Return the first page that is so, or fail showing the one that stays."""
        for _step in range(STEPS_MAX):
            if is_so(self.app.page):
                await self.pilot.pause()
                return self.app.page
            await self.pilot.pause(STEP_S)
        pytest.fail(f"the screen still shows {self.app.page}")

    async def shows(self, kind: type[Page]) -> Page:
        """Return the first page of that kind."""
        return await self.until(lambda page: isinstance(page, kind))

    async def answers(self, outcome: Outcome) -> None:
        """Wait for the answer of that outcome."""
        await self.until(lambda page: isinstance(page, Answered) and page.answer.outcome is outcome)

    async def wait(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.clock.now = later(seconds, self.clock.now)
        self.app.tick()
        await self.pilot.pause()

    def text(self) -> str:
        """Return what is drawn."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())  # noqa: SLF001 - the only way to what is drawn


@asynccontextmanager
async def screen(
    desk_path: Path,
    place: Place = PLACE,
    size: tuple[int, int] = (80, 24),
    theme: ThemeName = ThemeName.DARK,
    sounds: RememberedSounds | None = None,
) -> "AsyncIterator[RunningScreen]":
    """Run a screen of that size beside the desk at that path, by a clock that only `wait` moves."""
    clock = _Clock()
    ids = iter(range(10_000))
    app = MemberScreen(place, clock, desk_path, lambda: f"id-{next(ids)}", theme, sounds=sounds)
    async with app.run_test(size=size) as pilot:
        yield RunningScreen(app, pilot, clock)
    assert gc.isenabled()
