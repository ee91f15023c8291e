"""Starts and stops the board's process: hosts' book, line to the desk, web server; and back."""

import asyncio
import contextlib
import logging
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from kiosk.board.app import make_app
from kiosk.board.line import DeskLine
from kiosk.board.live import VIEWERS_MAX, Live
from kiosk.store.board import HostBook
from kiosk.store.errors import StoreError
from kiosk.tools.clock import Clock
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site
from kiosk.tools.systemd import NOBODY, Supervisor

CONNECTIONS_MAX = 2 * VIEWERS_MAX
"""Connections at once, event streams included; one more is answered with 503."""
SHUTDOWN_S = 1
"""How long open answers may take to end when the board is stopped; then they are cut off."""
UNSENT_BYTES_MAX = 64 * 1024
"""What the kernel holds for a viewer who does not read; past it the stream waits, and then gives the viewer up."""
LATE_TURNS = 3
"""Turns of the loop in which a connection that was accepted while the board stopped is made, found and closed."""
UNREAD_MS_MAX = 20_000
"""The kernel ends a connection whose other end has taken nothing for this long (TCP_USER_TIMEOUT, tcp(7))."""
BOARD = "board"
"""The loop that does the work."""
HOST_NAME = "värd"
_ANY_ADDRESS = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, never listened on by ourselves

log = logging.getLogger("samverk.board")


class BoardAddressError(StoreError):
    """The board cannot listen at its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What the board tells whoever starts it, in files that only this user can read.

    With `port_file` any free port will do if the site's is taken, and the file tells which. `once_link_file` gets the
    address of a one-time link for `host_name`.
    """

    port_file: Path | None = None
    once_link_file: Path | None = None
    host_name: str = HOST_NAME


_NOTHING = Handover()


def serve(
    site: Site,
    clock: Clock,
    stop: threading.Event,
    handover: Handover = _NOTHING,
    supervisor: Supervisor = NOBODY,
) -> int:
    """Serve the board until stopped, and return 0. What is handed over is gone again when this returns."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(_listen(site, is_any_port_good=handover.port_file is not None))
        book = stack.enter_context(contextlib.closing(HostBook(site.state_dir / "board.db")))
        live = Live()
        app = make_app(site, clock, book, live, DeskLine(site.door, clock, live, Ids()))
        address = _address(listener, is_tls=bool(site.tables.board.certificate))
        if handover.once_link_file is not None:
            link = book.new_link(handover.host_name, clock())
            stack.enter_context(_told(handover.once_link_file, f"{address}/enter/{link}\n"))
        if handover.port_file is not None:
            stack.enter_context(_told(handover.port_file, f"{listener.getsockname()[1]}\n"))
        log.info("the board is served at %s/", address)
        _Server(_config(site, app), live, stop, supervisor).run([listener])
    return 0


class _Server(uvicorn.Server):
    """Stops when asked by the event, not by signals: those belong to the process. Ends event streams first."""

    def __init__(self, config: uvicorn.Config, live: Live, stop: threading.Event, supervisor: Supervisor) -> None:
        super().__init__(config)
        self._live = live
        self._stop = stop
        self._supervisor = supervisor

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._supervisor.ready()

    async def on_tick(self, counter: int) -> bool:
        self._supervisor.turned(BOARD)
        self.should_exit = self.should_exit or self._stop.is_set()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._supervisor.stopping()
        self._live.close()
        await super().shutdown(sockets)
        # Who was being let in at that very moment is let out again.
        for _ in range(LATE_TURNS):
            for one in tuple(self.server_state.connections):
                one.transport.close()
            await asyncio.sleep(0)


def _config(site: Site, app: ASGIApp) -> uvicorn.Config:
    """Return how the application is served; raise `BoardAddressError` if TLS cannot be."""
    table = site.tables.board
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_graceful_shutdown=SHUTDOWN_S,
        ssl_certfile=table.certificate or None,
        ssl_keyfile=table.key or None,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        message = f"the board's certificate or key cannot be used ({error}): see [board] in the site file"
        raise BoardAddressError(message) from error
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


def _listen(site: Site, *, is_any_port_good: bool) -> socket.socket:
    """Return the listening socket, or raise `BoardAddressError`."""
    table = site.tables.board
    family = socket.AF_INET6 if ":" in table.host else socket.AF_INET
    for port in (table.port, 0) if is_any_port_good else (table.port,):
        try:
            listener = socket.create_server((table.host, port), family=family)
        except OSError as error:
            why = error.strerror
            continue
        # Accepted connections inherit both.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT_BYTES_MAX)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS_MAX)
        return listener
    message = f"the board cannot listen at {table.host} port {table.port} ({why}): change [board] in the site file"
    raise BoardAddressError(message)


def _address(listener: socket.socket, *, is_tls: bool) -> str:
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in _ANY_ADDRESS else host
    scheme = "https" if is_tls else "http"
    return f"{scheme}://[{shown}]:{port}" if ":" in shown else f"{scheme}://{shown}:{port}"


@contextlib.contextmanager
def _told(path: Path, content: str) -> Iterator[None]:
    """Keep a file with that content, whole from its first moment and readable by this user only."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
