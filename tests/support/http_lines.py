"""HTTP/1.1 as bytes, just enough for a proxy: requests and answers whole, and how they are written."""

import asyncio
from dataclasses import dataclass

ANSWER_S = 10.0

_BETWEEN_NEIGHBOURS = {"content-length", "transfer-encoding", "connection", "date", "server"}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A whole request."""

    method: str
    target: str
    headers: Headers
    body: bytes
    size: int

    def header(self, name: str) -> str:
        """Return the header's value, or nothing."""
        return next((value for one, value in self.headers if one.lower() == name), "")


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    headers: Headers = ()
    body: bytes = b""


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Return the next request of a connection, or None at its end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, headers = _head(head)
    method, target, _version = first.split(" ", 2)
    body = await reader.readexactly(int(_value(headers, "content-length") or 0))
    return Request(method, target, headers, body, len(head) + len(body))


async def ask(port: int, request: Request) -> Reply:
    """Pass the request on to the server at that port of this machine, and return its whole answer."""
    reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), ANSWER_S)
    try:
        kept = [one for one in request.headers if one[0].lower() not in {"connection", "content-length"}]
        lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}" for name, value in kept)]
        lines += [f"Content-Length: {len(request.body)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode("latin-1") + request.body)
        return _reply(await asyncio.wait_for(reader.read(), ANSWER_S))
    finally:
        writer.close()


def reply_bytes(reply: Reply, shown: int | None = None) -> bytes:
    """Return the answer as it is sent, or only so many bytes of its body."""
    lines = [f"HTTP/1.1 {reply.status} OK", *(f"{name}: {value}" for name, value in reply.headers)]
    head = "\r\n".join([*lines, f"Content-Length: {len(reply.body)}", "", ""]).encode("latin-1")
    return head + reply.body[:shown]


def _reply(answer: bytes) -> Reply:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, headers = _head(head + b"\r\n\r\n")
    if _value(headers, "transfer-encoding").lower() == "chunked":
        body = _unchunked(body)
    kept = tuple(one for one in headers if one[0].lower() not in _BETWEEN_NEIGHBOURS)
    return Reply(int(first.split(" ", 2)[1]), kept, body)


def _head(head: bytes) -> tuple[str, Headers]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first, tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _value(headers: Headers, name: str) -> str:
    return next((value for one, value in headers if one.lower() == name), "")


def _unchunked(body: bytes) -> bytes:
    whole = bytearray()
    while body:
        size, _, body = body.partition(b"\r\n")
        count = int(size, 16)
        whole += body[:count]
        body = body[count + 2 :]
    return bytes(whole)
