"""Puts the terminal board together and runs it until a key or a signal ends it; the terminal is then as it was."""

import asyncio
import contextlib
import logging
import signal
import sqlite3
from collections.abc import Callable
from logging.handlers import RotatingFileHandler

from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.board.side import SideReader
from kiosk.board.terminal.app import Parts, TerminalBoard
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import Actor
from kiosk.look.themes import ThemeName
from kiosk.store.errors import StoreError
from kiosk.store.roll_calls import found_now
from kiosk.store.sought import sought
from kiosk.tools.clock import Clock
from kiosk.tools.site import Site

LOG_BYTES_MAX = 256 * 1024

log = logging.getLogger("samverk.board")


def run_terminal(
    site: Site, clock: Clock, new_id: Callable[[], str], by: Actor, theme: ThemeName = ThemeName.DARK
) -> int:
    """Show the board here and return the exit status."""
    handler = _log_aside(site)
    try:
        return asyncio.run(_run(TerminalBoard(parts_of(site, clock, new_id, by), theme)))
    finally:
        handler.close()


def parts_of(site: Site, clock: Clock, new_id: Callable[[], str], by: Actor) -> Parts:
    """Return what the terminal board of that house stands on."""
    live = Live()
    return Parts(
        site=site,
        clock=clock,
        live=live,
        line=DeskLine(site.door, clock, live, new_id),
        side=SideReader(site),
        read_list=lambda: _list(site, clock),
        found=lambda: _found(site),
        by=by,
    )


async def _run(app: TerminalBoard) -> int:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(one, app.exit, 0)
    status = await app.run_async()
    return app.return_code or 0 if status is None else status


def _list(site: Site, clock: Clock) -> tuple[Sought, ...] | None:
    with contextlib.suppress(StoreError, sqlite3.Error):
        return sought(site, clock())
    log.error("the evacuation list cannot be read: the files of the house are damaged")
    return None


def _found(site: Site) -> set[str]:
    with contextlib.suppress(StoreError, sqlite3.Error):
        return found_now(site.state_dir / "board.db")
    return set()


def _log_aside(site: Site) -> logging.Handler:
    """Send the log to a small file, since the terminal is the board."""
    folder = site.state_dir / "log"
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "board-terminal.log", maxBytes=LOG_BYTES_MAX, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    return handler
