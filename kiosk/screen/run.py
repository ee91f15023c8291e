"""Runs the member screen in this terminal until it is told to stop, and leaves the terminal as it was."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from kiosk.look.themes import ThemeName
from kiosk.screen.app import SCREEN, MemberScreen
from kiosk.screen.place import Place
from kiosk.tools.clock import Clock
from kiosk.tools.speech.sounds import Sounds
from kiosk.tools.systemd import Supervisor

STOP_S = 0.8
"""A terminal that takes no more output cannot be tidied: after this long the program ends without."""

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_log = logging.getLogger("samverk.screen")


def run_screen(  # noqa: PLR0913 - the composition root: everything the screen rests on is named here
    place: Place,
    clock: Clock,
    door: Path,
    new_id: Callable[[], str],
    *,
    theme: ThemeName = ThemeName.DARK,
    sounds: Sounds | None = None,
) -> int:
    """Show the screen until SIGTERM, SIGHUP or, where the place allows it, a key ends it; return the exit status."""
    theme = suited(theme, Console(force_terminal=True).color_system)
    app = MemberScreen(place, clock, door, new_id, theme, sounds=sounds, supervisor=Supervisor(SCREEN))
    return asyncio.run(_run(app))


def suited(theme: ThemeName, colours: str | None) -> ThemeName:
    """Return the theme for a terminal with these colours, as Rich names them."""
    return ThemeName.DARK_256 if theme is ThemeName.DARK and colours != "truecolor" else theme


async def _run(app: MemberScreen) -> int:
    loop = asyncio.get_running_loop()
    for one in _SIGNALS:
        loop.add_signal_handler(one, _stop, app)
    status = await app.run_async()
    return app.return_code or 0 if status is None else status


def _stop(app: MemberScreen) -> None:
    _log.info("the screen is told to stop")
    app.exit(0)
    last = threading.Timer(STOP_S, os._exit, (1,))
    last.daemon = True
    last.start()
