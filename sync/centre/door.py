"""The door for presence events: told once in effect, acknowledged only when they are on disk."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

import anyio.to_thread
import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sync.centre.admission import Admission
from sync.centre.answers import UNAVAILABLE, Refusal, answer
from sync.centre.events import BATCH_MAX, Id, Told, Verdict, read_batch, read_event
from sync.centre.limits import BODY_BYTES_MAX, decompress
from sync.centre.registry import Registry
from sync.centre.storage import disputes, streams
from sync.centre.storage.events import IDS_MAX
from sync.centre.storage.room import UnavailableError
from sync.centre.storage.tokens import Bearer

BATCH_TYPE = "application/cloudevents-batch+json"
JSON_TYPE = "application/json"

_log = logging.getLogger("samverk.centre")


class Ids(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ids that are asked about."""

    ids: Annotated[tuple[Id, ...], msgspec.Meta(max_length=IDS_MAX)]


class EventsDoor:
    """Answers below /events."""

    def __init__(self, registry: Registry, admission: Admission) -> None:
        """Use the registry's events."""
        self._registry = registry
        self._admission = admission

    async def tell(self, request: Request) -> Response:
        """Keep a batch of events and answer with a verdict on each, once they are on disk."""
        bearer = await self._admission.admit(request)
        if isinstance(bearer, Refusal):
            return bearer.response()
        body = await read_body(request, BATCH_TYPE)
        if isinstance(body, Refusal):
            return body.response()
        return await in_thread(self._keep, bearer, body)

    async def missing(self, request: Request) -> Response:
        """Answer which of the ids are not on disk."""
        bearer = await self._admission.admit(request)
        if isinstance(bearer, Refusal):
            return bearer.response()
        body = await read_body(request, JSON_TYPE)
        if isinstance(body, Refusal):
            return body.response()
        return await in_thread(self._missing, bearer, body)

    async def state(self, request: Request) -> Response:
        """Answer what is held of this house's sequences."""
        bearer = await self._admission.admit(request)
        if isinstance(bearer, Refusal):
            return bearer.response()
        return await in_thread(self._state, bearer)

    async def disputes(self, request: Request) -> Response:
        """Answer with this house's disputes after a number."""
        bearer = await self._admission.admit(request)
        if isinstance(bearer, Refusal):
            return bearer.response()
        after = whole_number(request, "after", 0, 0, 1 << 53)
        limit = whole_number(request, "limit", disputes.PAGE_MAX, 1, disputes.PAGE_MAX)
        for one in (after, limit):
            if isinstance(one, Refusal):
                return one.response()
        return await in_thread(self._disputes, bearer, after, limit)

    def _keep(self, bearer: Bearer, body: bytes) -> Response:
        batch = read_batch(body)
        if batch is None:
            return Refusal(HTTPStatus.BAD_REQUEST, "this is no CloudEvents JSON batch").response()
        if len(batch) > BATCH_MAX:
            return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {BATCH_MAX} events").response()
        read = [read_event(raw, bearer) for raw in batch]
        kept = iter(self._registry.events.keep([one for one in read if isinstance(one, Told)], self._registry.clock()))
        verdicts = [next(kept) if isinstance(one, Told) else one for one in read]
        refused = sum(one.verdict in {Verdict.INVALID, Verdict.CONFLICT} for one in verdicts)
        if refused:
            self._registry.houses.refused(bearer, refused)
        new = sum(one.verdict is Verdict.ACCEPTED for one in verdicts)
        _log.info("%s: %d events, %d of them new, %d refused", bearer.source, len(read), new, refused)
        return self._answer({"verdicts": verdicts})

    def _missing(self, bearer: Bearer, body: bytes) -> Response:
        try:
            asked = _ids.decode(body)
        except (msgspec.MsgspecError, RecursionError):
            return Refusal(HTTPStatus.BAD_REQUEST, f"send ids, at most {IDS_MAX}").response()
        return self._answer({"missing": self._registry.events.missing(bearer.source, asked.ids)})

    def _state(self, bearer: Bearer) -> Response:
        self._registry.books.settle()
        with self._registry.happenings.reading() as work:
            found = streams.streams(work, bearer.source)
        return self._answer({"source": bearer.source, "streams": found})

    def _disputes(self, bearer: Bearer, after: int, limit: int) -> Response:
        self._registry.books.settle()
        found = disputes.after(self._registry.happenings, bearer.source, after, limit + 1)
        told = [{"number": one.number, "id": one.event, "reason": one.reason, "at": one.at} for one in found[:limit]]
        reached = found[:limit][-1].number if found else after
        return self._answer({"disputes": told, "next": reached, "more": len(found) > limit})

    def _answer(self, body: dict[str, object]) -> Response:
        return answer({**body, "epoch": self._registry.roster.epoch_lately()})


async def in_thread(work: Callable[..., Response], *values: object) -> Response:
    """Do the work in a thread; a database that cannot be reached is a refusal."""
    try:
        return await anyio.to_thread.run_sync(work, *values)
    except UnavailableError as error:
        _log.warning("%s", error)
        return UNAVAILABLE.response()


def whole_number(request: Request, name: str, default: int, least: int, most: int) -> int | Refusal:
    """Return the whole number of that name in the question, or a refusal."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most):  # noqa: PLR2004 - 64 bits
        return Refusal(HTTPStatus.BAD_REQUEST, f"{name} is a whole number, {least} to {most}")
    return int(text)


async def read_body(request: Request, kind: str) -> bytes | Refusal:
    """Return the body of that type, unpacked, or why it is refused. Never reads beyond the bounds."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {kind}")
    body = await _body(request)
    if body is None:
        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {BODY_BYTES_MAX} bytes")
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "compress with gzip or not at all")
    decoded = decompress(body) if encoding == "gzip" else body
    return Refusal(HTTPStatus.BAD_REQUEST, "the gzip is broken or too large") if decoded is None else decoded


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


_ids = msgspec.json.Decoder(Ids)
