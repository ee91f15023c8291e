"""The line between one house and the centre, without a network: requests reach the centre's application or do not."""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from email.utils import format_datetime
from enum import StrEnum
from random import Random
from typing import Any

import httpx2

from tests.support.simulation.clocks import TrueTime

Application = Callable[..., Coroutine[Any, Any, None]]


class Weather(StrEnum):
    """What the line is like."""

    FINE = "fine"
    OFFLINE = "offline"
    LOSES_REQUESTS = "loses requests"
    LOSES_REPLIES = "loses replies"
    CUTS_REPLIES = "cuts replies"
    GARBLES = "garbles"
    PORTAL = "portal"
    BUSY = "busy"
    SLOW = "slow"


SLOW_BITS_PER_S = 9600
LATENCY_S = 2.0
FINE_S = 0.05
CUT_SHARE = 0.1


@dataclass
class Line(httpx2.BaseTransport):
    """One house's line. `share` of the requests meet the weather; what was done to them is counted in `fired`."""

    true: TrueTime
    chance: Random
    application: Callable[[], Application]
    on_request: Callable[[], None] = lambda: None
    share: float = 0.7
    weather: Weather = Weather.FINE
    fired: Counter[Weather] = field(default_factory=Counter)
    cut: int = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer the request as the centre does, or as the weather lets it."""
        self.on_request()
        body = request.read()
        weather = self.weather if self.chance.random() < self.share else Weather.FINE
        self.fired[weather] += 1
        self.true.pass_by(FINE_S)
        match weather:
            case Weather.OFFLINE:
                raise _broken(httpx2.ConnectError, request)
            case Weather.LOSES_REQUESTS:
                raise _broken(httpx2.ReadError, request)
            case Weather.PORTAL:
                return httpx2.Response(200, headers={"Content-Type": "text/html"}, content=b"<html>", request=request)
            case Weather.BUSY:
                headers = {"Content-Type": "application/json", "Retry-After": "30"}
                return httpx2.Response(503, headers=headers, content=b"{}", request=request)
        response = self._ask(request, body)
        self.on_request()
        return self._brought(weather, request, response, len(body))

    def _brought(
        self, weather: Weather, request: httpx2.Request, response: httpx2.Response, sent: int
    ) -> httpx2.Response:
        match weather:
            case Weather.LOSES_REPLIES:
                raise _broken(httpx2.ReadError, request)
            case Weather.CUTS_REPLIES:
                raise _broken(httpx2.RemoteProtocolError, request)
            case Weather.GARBLES:
                headers = {"Content-Type": "application/json"}
                return httpx2.Response(200, headers=headers, content=response.content[:-7] + b"!", request=request)
            case Weather.SLOW:
                took_s = LATENCY_S + (sent + len(response.content)) * 8 / SLOW_BITS_PER_S
                self.true.pass_by(took_s)
                # A line that is slow is also cut now and then, in the middle of what it brings.
                if self.chance.random() < CUT_SHARE:
                    self.cut += 1
                    raise _broken(httpx2.ReadError, request)
        return response

    def _ask(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        status, headers, answer = run_application(self.application(), request, body)
        date = format_datetime(self.true.wall(), usegmt=True)
        kept = [(name.decode(), value.decode()) for name, value in headers if name.lower() != b"date"]
        return httpx2.Response(status, headers=[*kept, ("Date", date)], content=answer, request=request)


def _broken(kind: type[httpx2.TransportError], request: httpx2.Request) -> httpx2.TransportError:
    return kind("as the weather has it", request=request)


def run_application(
    application: Application, request: httpx2.Request, body: bytes
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Let the application answer one request, in this thread and at once: it may wait for nothing."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "https",
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("house", 1),
        "server": ("centre", 443),
    }
    course = application(scope, receive, send)
    try:
        course.send(None)
    except StopIteration:
        start = next(one for one in sent if one["type"] == "http.response.start")
        answer = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
        return start["status"], list(start["headers"]), answer
    course.close()
    message = "the application waits for something that never comes in made-up time"
    raise AssertionError(message)
