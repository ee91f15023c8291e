"""A proxy between a house and its centre that does harm on order, and knows whether it was done."""

import http.client
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REPLY_S = 10.0

_HOP = {"content-length", "transfer-encoding", "connection", "date", "server"}
"""Headers that are between two neighbours, and not passed on."""

PORTAL = b"<html><body>Sign in to the guest network</body></html>"


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Fault = Callable[["_Handler", Callable[[], Reply]], None]
"""Does harm to one request: the second argument passes it on to the centre and returns what that answers."""


def drop_reply(handler: "_Handler", forward: Callable[[], Reply]) -> None:
    """Let the centre do its work and lose the answer."""
    forward()
    handler.break_off()


def drop_request(handler: "_Handler", _forward: Callable[[], Reply]) -> None:
    """Lose the request on the way."""
    handler.break_off()


def cut_reply(handler: "_Handler", forward: Callable[[], Reply]) -> None:
    """Let only half of the answer through."""
    reply = forward()
    handler.answer(reply, shown=len(reply.body) // 2)
    handler.break_off()


def garble_reply(handler: "_Handler", forward: Callable[[], Reply]) -> None:
    """Let the centre do its work and answer nonsense that claims to be JSON."""
    forward()
    handler.answer(Reply(200, (("Content-Type", "application/json"),), b'{"verdicts": [{"id'))


def broken_gzip(handler: "_Handler", forward: Callable[[], Reply]) -> None:
    """Let the centre do its work and answer something that claims to be compressed."""
    forward()
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    handler.answer(Reply(200, headers, b"not gzip at all"))


def portal(handler: "_Handler", _forward: Callable[[], Reply]) -> None:
    """Answer as a network's sign-in page: 200 and HTML."""
    handler.answer(Reply(200, (("Content-Type", "text/html"),), PORTAL))


def redirect_to(url: str) -> Fault:
    """Return a fault that sends the client to another address."""

    def fault(handler: "_Handler", _forward: Callable[[], Reply]) -> None:
        handler.answer(Reply(302, (("Location", url), ("Content-Type", "text/html")), PORTAL))

    return fault


def status(code: int, *headers: tuple[str, str], body: bytes = b'{"error": "as ordered"}') -> Fault:
    """Return a fault that answers in the centre's place."""

    def fault(handler: "_Handler", _forward: Callable[[], Reply]) -> None:
        handler.answer(Reply(code, (("Content-Type", "application/json"), *headers), body))

    return fault


def raw(answer: bytes) -> Fault:
    """Return a fault that answers with these very bytes."""

    def fault(handler: "_Handler", _forward: Callable[[], Reply]) -> None:
        handler.wfile.write(answer)
        handler.break_off()

    return fault


@dataclass
class FaultProxy:
    """Faults are ordered per request: each request whose path begins with `path` meets the next one, then none."""

    upstream: int
    port: int = 0
    path: str = "/"
    seen: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    fired: int = 0
    _orders: deque[Fault | None] = field(default_factory=deque)
    _always: Fault | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Return the proxy's address."""
        return f"http://127.0.0.1:{self.port}"

    def order(self, *faults: Fault | None, path: str = "/") -> None:
        """Do these faults to the next requests below the path, one each; None lets one pass."""
        self.path = path
        self._orders = deque(faults)

    def always(self, fault: Fault | None, path: str = "/") -> None:
        """Do this fault to every request below the path, or stop doing so."""
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
            if not path.startswith(self.path):
                return None
            fault = self._orders.popleft() if self._orders else self._always
            self.fired += fault is not None
            return fault


@contextmanager
def fault_proxy(upstream: int) -> Iterator[FaultProxy]:
    """Run a proxy on a free port in front of the centre on that port."""
    proxy = FaultProxy(upstream)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    proxy.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    proxy: FaultProxy
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def answer(self, reply: Reply, shown: int | None = None) -> None:
        """Send the answer, or only so many bytes of its body."""
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[:shown])

    def break_off(self) -> None:
        """End the connection."""
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        fault = self.proxy.next_fault(self.path, self.headers.get("Authorization", ""))
        if fault is not None:
            fault(self, lambda: self._forward(body))
        else:
            self.answer(self._forward(body))

    def _forward(self, body: bytes) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=REPLY_S)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        connection.request(self.command, self.path, body or None, headers)
        response = connection.getresponse()
        reply_body = response.read()
        kept = tuple((n, v) for n, v in response.getheaders() if n.lower() not in _HOP)
        connection.close()
        return Reply(response.status, kept, reply_body)
