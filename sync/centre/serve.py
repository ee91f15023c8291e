"""Serving the centre over HTTP until asked to stop. TLS belongs to the reverse proxy in front."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn

from sync.centre.app import build
from sync.centre.limits import Rates
from sync.centre.registry import Registry
from sync.centre.watch import Watch

BACKLOG = 128
CONNECTIONS_MAX = 200
KEEP_ALIVE_S = 75
"""Longer than a house's pause between two pushes, so that its connection is kept."""
STOP_S = 5
TURN_S = 1

_log = logging.getLogger("samverk.centre")


def serve(  # noqa: PLR0913 - what is served, where, until when, and who looks after it
    registry: Registry,
    host: str,
    port: int,
    stop: threading.Event,
    port_file: Path | None = None,
    *,
    watch: Watch | None = None,
    rates: Rates | None = None,
    ready: Callable[[], None] = lambda: None,
    turned: Callable[[], None] = lambda: None,
) -> int:
    """Serve until `stop` is set and return 0. Port 0 takes a free one; `port_file` gets it once requests are taken.

    `ready` is called then too, and `turned` every `TURN_S` for as long as the loop that answers requests turns.
    """

    async def notify() -> None:
        turned()

    listener = listen(host, port)
    config = uvicorn.Config(
        build(registry, rates),
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_S,
        lifespan="off",
        callback_notify=notify,
        timeout_notify=TURN_S,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="centre")
    threads = [thread, *(watch or Watch(registry)).threads(stop)]
    for one in threads:
        one.start()
    bound = int(listener.getsockname()[1])
    _log.info("the centre listens on %s port %d", host, bound)
    if port_file is not None:
        _write_whole(port_file, f"{bound}\n")
    ready()
    while thread.is_alive() and not stop.wait(0.5):
        pass
    is_wanted = not stop.is_set()
    server.should_exit = True
    stop.set()
    for one in threads:
        one.join()
    return 1 if is_wanted else 0


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. What it accepts never waits for a delayed acknowledgement, which can take 40 ms."""
    listener = socket.create_server((host, port), backlog=BACKLOG)
    # Taken over by every connection. asyncio would set it too, but only on sockets that name their protocol.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _write_whole(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text)
    os.replace(beside, path)  # noqa: PTH105 - the one call that is known to be atomic
