"""What the pages read of a request, bounded and parsed once: its language, its form, the host's session."""

import asyncio
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kiosk.board.live import Live
from kiosk.board.pages import Pages
from kiosk.board.stream import EventStream
from kiosk.board.texts import LOOKS
from kiosk.domain.members import Language

BODY_BYTES_MAX = 16 * 1024
"""No form here is longer; one that is gets 413."""
LOOK_COOKIE = "samverk_look"
BODY_S = 5.0
"""How long the whole body of a request may take to come."""
FIELDS_MAX = 8
PICKED_MAX = 220
"""Fields of a form in which people are picked; of any other, `FIELDS_MAX`."""
RETRY_AFTER_S = 10
"""When a viewer who found no seat may try again."""


def language_of(request: Request) -> Language:
    """Return the language that the address asks for; Swedish if it asks for none that we have."""
    return Language.EN if request.query_params.get("lang") == Language.EN else Language.SV


def look_of(request: Request) -> str:
    """Return the look that was chosen in this browser; empty for the browser's own."""
    look = request.cookies.get(LOOK_COOKIE, "")
    return look if look in LOOKS else ""


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, or raise an HTTP error if it is none, has too many, or takes too long."""
    fields = await fields_of(request)
    if len(fields) > FIELDS_MAX:
        raise HTTPException(400)
    return dict(fields)


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form in their order, the same name perhaps several times, or raise an HTTP error."""
    try:
        async with asyncio.timeout(BODY_S):
            body = await request.body()
        return parse_qsl(body.decode(), max_num_fields=PICKED_MAX)
    except TimeoutError as error:
        raise HTTPException(408) from error
    except ValueError as error:
        raise HTTPException(400) from error


def event_stream(live: Live, pages: Pages, request: Request, *, is_public: bool) -> Response:
    """Return the live part of a page as events, or 503 when every seat is taken."""
    if not live.take_seat():
        return PlainTextResponse("Alla platser är tagna.", 503, {"retry-after": str(RETRY_AFTER_S)})
    language = language_of(request)
    return EventStream(live, live.events(lambda picture: pages.fragment(picture, language, is_public=is_public)))
