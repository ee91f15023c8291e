"""What the centre's doors answer: JSON, and refusals that say why."""

import math
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not carried out."""

    status: HTTPStatus
    why: str
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def response(self) -> Response:
        """Return it as an answer."""
        return answer({"error": self.why, **self.more}, self.status, self.headers)


def answer(body: Any, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None) -> Response:
    """Return the body as JSON, which nobody on the way may keep."""
    return Response(_json.encode(body), status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


def too_many(wait_s: float) -> Refusal:
    """Return the refusal of a request that came too soon."""
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too many requests", {"Retry-After": str(math.ceil(wait_s))})


UNKNOWN = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "the token is missing, unknown or withdrawn",
    {"WWW-Authenticate": 'Bearer realm="samverk"'},
)
FORBIDDEN = Refusal(HTTPStatus.FORBIDDEN, "this token may not do this")
UNAVAILABLE = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the database cannot be reached", {"Retry-After": "5"})
