"""The centre's web application: SCIM below /scim, presence events at /events, the roster's state at /roster/version."""

import logging
import math
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

import anyio.to_thread
import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from kiosk.domain.instant import Instant
from sync.centre.events import BATCH_MAX, EventVerdict, Told, Verdict, read_batch, read_event
from sync.centre.limits import BODY_BYTES_MAX, Rates, decompress
from sync.centre.registry import Registry
from sync.centre.scim import ScimApplication
from sync.centre.storage.tokens import Bearer, Role

BATCH_TYPE = "application/cloudevents-batch+json"

_log = logging.getLogger("samverk.centre")
_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: HTTPStatus
    why: str
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        return Response(_json.encode({"error": self.why}), self.status, self.headers, "application/json")


def build(registry: Registry, rates: Rates | None = None) -> Starlette:
    """Return the application over the registry's database."""
    scim = ScimApplication(registry.resources, registry.tokens, registry.provider, registry.cursor_secret)
    door = _Door(registry, rates or Rates())
    routes = [
        Mount("/scim", app=cast("ASGIApp", scim)),
        Route("/events", door.events, methods=["POST"]),
        Route("/roster/version", door.version, methods=["GET"]),
    ]
    return Starlette(routes=routes)


class _Door:
    def __init__(self, registry: Registry, rates: Rates) -> None:
        self._registry = registry
        self._rates = rates

    async def events(self, request: Request) -> Response:
        """Keep a batch of events and answer with a verdict on each, once they are on disk."""
        bearer = await self._admitted(request)
        if isinstance(bearer, _Refusal):
            return bearer.response()
        if bearer.role is not Role.HOUSE:
            return _Refusal(HTTPStatus.FORBIDDEN, "this token may not send events").response()
        batch = await _read(request)
        if isinstance(batch, _Refusal):
            return batch.response()
        read = [read_event(raw, bearer) for raw in batch]
        told = [one for one in read if isinstance(one, Told)]
        kept = await anyio.to_thread.run_sync(self._registry.events.keep, told, self._now())
        verdicts = _in_order(read, kept)
        _log.info("%s: %d events, %d of them new", bearer.source, len(read), _count(verdicts, Verdict.ACCEPTED))
        return Response(_json.encode({"verdicts": verdicts}), media_type="application/json")

    async def version(self, request: Request) -> Response:
        """Answer with the name of the roster's state: as long as it is the same, there is no news."""
        bearer = await self._admitted(request)
        if isinstance(bearer, _Refusal):
            return bearer.response()
        version = await anyio.to_thread.run_sync(self._registry.resources.version)
        return Response(_json.encode({"version": version}), media_type="application/json")

    async def _admitted(self, request: Request) -> Bearer | _Refusal:
        header = request.headers.get("authorization", "")
        bearer = await anyio.to_thread.run_sync(self._registry.tokens.bearer, header)
        if bearer is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="samverk"'}
            return _Refusal(HTTPStatus.UNAUTHORIZED, "the token is missing, unknown or withdrawn", challenge)
        wait_s = self._rates.wait_s(f"{bearer.role} {bearer.site}", self._now().elapsed_s)
        if wait_s > 0:
            return _Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too many requests", {"Retry-After": str(math.ceil(wait_s))})
        return bearer

    def _now(self) -> Instant:
        return self._registry.clock()


async def _read(request: Request) -> tuple[msgspec.Raw, ...] | _Refusal:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != BATCH_TYPE:
        return _Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {BATCH_TYPE}")
    body = await _body(request)
    if body is None:
        return _Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {BODY_BYTES_MAX} bytes")
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        return _Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "compress with gzip or not at all")
    decoded = decompress(body) if encoding == "gzip" else body
    batch = None if decoded is None else read_batch(decoded)
    if batch is None:
        return _Refusal(HTTPStatus.BAD_REQUEST, "this is no CloudEvents JSON batch")
    if len(batch) > BATCH_MAX:
        return _Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {BATCH_MAX} events")
    return batch


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES_MAX:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _in_order(read: list[Told | EventVerdict], kept: tuple[EventVerdict, ...]) -> list[EventVerdict]:
    rest = iter(kept)
    return [next(rest) if isinstance(one, Told) else one for one in read]


def _count(verdicts: list[EventVerdict], verdict: Verdict) -> int:
    return sum(one.verdict is verdict for one in verdicts)
