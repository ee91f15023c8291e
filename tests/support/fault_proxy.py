"""A proxy between a house and its centre that does harm on order, and knows whether it was done."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.support.http_lines import Reply, Request, ask, read_request, reply_bytes

STARTS_S = 10.0

PORTAL = b"<html><body>Sign in to the guest network</body></html>"


@dataclass
class Exchange:
    """One request under way. `forward` passes it on to the centre and returns what that answers."""

    request: Request
    forward: Callable[[], Awaitable[Reply]]
    writer: asyncio.StreamWriter
    is_over: bool = False

    async def answer(self, reply: Reply, shown: int | None = None) -> None:
        """Send the answer, or only so many bytes of its body."""
        await self.send(reply_bytes(reply, shown))

    async def send(self, raw_bytes: bytes) -> None:
        """Send these very bytes."""
        self.writer.write(raw_bytes)
        with suppress(ConnectionError):
            await self.writer.drain()

    def break_off(self) -> None:
        """End the connection after this."""
        self.is_over = True


Fault = Callable[[Exchange], Awaitable[None]]
"""Does harm to one exchange."""


async def drop_reply(exchange: Exchange) -> None:
    """Let the centre do its work and lose the answer."""
    await exchange.forward()
    exchange.break_off()


async def drop_request(exchange: Exchange) -> None:
    """Lose the request on the way."""
    exchange.break_off()


async def cut_reply(exchange: Exchange) -> None:
    """Let only half of the answer through."""
    reply = await exchange.forward()
    await exchange.answer(reply, shown=len(reply.body) // 2)
    exchange.break_off()


async def garble_reply(exchange: Exchange) -> None:
    """Let the centre do its work and answer nonsense that claims to be JSON."""
    await exchange.forward()
    await exchange.answer(Reply(200, (("Content-Type", "application/json"),), b'{"verdicts": [{"id'))


async def broken_gzip(exchange: Exchange) -> None:
    """Let the centre do its work and answer something that claims to be compressed."""
    await exchange.forward()
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    await exchange.answer(Reply(200, headers, b"not gzip at all"))


async def portal(exchange: Exchange) -> None:
    """Answer as a network's sign-in page: 200 and HTML."""
    await exchange.answer(Reply(200, (("Content-Type", "text/html"),), PORTAL))


def redirect_to(url: str) -> Fault:
    """Return a fault that sends the client to another address."""

    async def fault(exchange: Exchange) -> None:
        await exchange.answer(Reply(302, (("Location", url), ("Content-Type", "text/html")), PORTAL))

    return fault


def status(code: int, *headers: tuple[str, str], body: bytes = b'{"error": "as ordered"}') -> Fault:
    """Return a fault that answers in the centre's place."""

    async def fault(exchange: Exchange) -> None:
        await exchange.answer(Reply(code, (("Content-Type", "application/json"), *headers), body))

    return fault


def raw(answer: bytes) -> Fault:
    """Return a fault that answers with these very bytes."""

    async def fault(exchange: Exchange) -> None:
        await exchange.send(answer)
        exchange.break_off()

    return fault


def delay(seconds: float) -> Fault:
    """Return a fault that makes the whole exchange that much slower."""

    async def fault(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await exchange.answer(await exchange.forward())

    return fault


def slow_line(bits_per_s: float, latency_s: float, cut_after_bytes: int | None = None) -> Fault:
    """Return a fault that passes the exchange over a slow line, and cuts the answer there if it is longer than that."""

    async def fault(exchange: Exchange) -> None:
        await asyncio.sleep(latency_s + exchange.request.size * 8 / bits_per_s)
        reply = reply_bytes(await exchange.forward())
        await asyncio.sleep(latency_s)
        for start in range(0, len(reply), 64):
            if cut_after_bytes is not None and start >= cut_after_bytes:
                exchange.break_off()
                return
            await exchange.send(reply[start : start + 64])
            await asyncio.sleep(64 * 8 / bits_per_s)

    return fault


@dataclass
class FaultProxy:
    """Faults are ordered per request: each to `path`, or below it if it ends with /, meets the next one, then none.

    Paths that begin with one of the `hidden` answer 404, as a server does that has no such thing.
    """

    upstream: int
    port: int = 0
    path: str = "/"
    seen: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    fired: int = 0
    hidden: tuple[str, ...] = ()
    _orders: deque[Fault | None] = field(default_factory=deque)
    _always: Fault | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Return the proxy's address."""
        return f"http://127.0.0.1:{self.port}"

    def order(self, *faults: Fault | None, path: str = "/") -> None:
        """Do these faults to the next requests to the path, one each; None lets one pass."""
        self.path = path
        self._orders = deque(faults)

    def always(self, fault: Fault | None, path: str = "/") -> None:
        """Do this fault to every request to the path, or stop doing so."""
        self.path = path
        self._always = fault

    def heal(self) -> None:
        """Do no more harm, and fail if none was done or some was left undone."""
        assert self.fired, "the fault never fired"
        assert not self._orders, "not every fault fired"
        self._always = None

    def next_fault(self, path: str, token: str) -> Fault | None:
        """Return what to do to this request."""
        with self._lock:
            self.seen.append(path)
            self.tokens.append(token)
            at = path.partition("?")[0]
            if at.startswith(self.hidden):
                return status(404)
            if not (at == self.path or (self.path.endswith("/") and at.startswith(self.path))):
                return None
            fault = self._orders.popleft() if self._orders else self._always
            self.fired += fault is not None
            return fault

    async def serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection's requests on, or do to them what was ordered."""
        # A cancelled connection ends as any other: the library's own callback cannot stand one that was.
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while (request := await read_request(reader)) is not None:
                exchange = Exchange(request, lambda asked=request: ask(self.upstream, asked), writer)  # type: ignore[misc] # a default argument is how a loop's value is kept
                fault = self.next_fault(request.target, request.header("authorization"))
                if fault is None:
                    await exchange.answer(await exchange.forward())
                else:
                    await fault(exchange)
                if exchange.is_over:
                    break
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()


@contextmanager
def fault_proxy(upstream: int) -> Iterator[FaultProxy]:
    """Run a proxy on a free port in front of the centre on that port."""
    proxy, loop = FaultProxy(upstream), asyncio.new_event_loop()
    ready = threading.Event()
    thread = threading.Thread(target=_run, args=(proxy, loop, ready))
    thread.start()
    assert ready.wait(STARTS_S), "the proxy did not start"
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _run(proxy: FaultProxy, loop: asyncio.AbstractEventLoop, ready: threading.Event) -> None:
    server = loop.run_until_complete(asyncio.start_server(proxy.serve_one, "127.0.0.1", 0))
    proxy.port = server.sockets[0].getsockname()[1]
    ready.set()
    loop.run_forever()
    server.close()
    loop.run_until_complete(_end_connections())
    loop.close()


async def _end_connections() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
