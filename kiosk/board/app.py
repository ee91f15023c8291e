"""The board's web application: what is open to all, and how the parts are put together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from kiosk.board.chores import Chores
from kiosk.board.entry import EntryRoutes
from kiosk.board.guard import Guard
from kiosk.board.hosts import HostRoutes, Parts
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.board.meeting import Meeting
from kiosk.board.pages import Pages, roster_age_s
from kiosk.board.request import BODY_BYTES_MAX, event_stream, language_of, look_of
from kiosk.board.roll_call import RollCallRoutes
from kiosk.board.side import SideReader
from kiosk.board.sign_in import Reception
from kiosk.board.view import house_view
from kiosk.store.board import HostBook
from kiosk.store.hosts import HostFile
from kiosk.store.orders import ErasureOrders
from kiosk.tools.clock import Clock
from kiosk.tools.site import Site

_STATIC = Path(__file__).parent / "static"


def make_app(site: Site, clock: Clock, book: HostBook, live: Live, line: DeskLine) -> ASGIApp:
    """Return the application. While it runs it follows the desk, and does the board's chores."""
    pages = Pages(site)
    wall = _Wall(pages, live)
    entry = EntryRoutes(clock, book, pages, Reception(clock, book, HostFile(site.state_dir / "hosts.json")))
    parts = Parts(site=site, clock=clock, entry=entry, pages=pages, live=live, line=line)
    meeting = Meeting(clock, line, live, book.roll_calls)
    hosts, roll_call = HostRoutes(parts), RollCallRoutes(parts, book.roll_calls, meeting)
    chores = Chores(clock, book, live, line, SideReader(site), ErasureOrders(site.state_dir / "journal.db"))

    @contextlib.asynccontextmanager
    async def following(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(one) for one in (line.follow(), chores.run(), meeting.run())]
        try:
            yield
        finally:
            live.close()
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    app = Starlette(
        routes=[
            *wall.routes(),
            *entry.routes(),
            *hosts.routes(),
            *roll_call.routes(),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={HTTPException: wall.refused, Exception: wall.failed},
        lifespan=following,
        max_body_size=BODY_BYTES_MAX,
    )
    return Guard(app)


class _Wall:
    def __init__(self, pages: Pages, live: Live) -> None:
        self._pages = pages
        self._live = live

    def routes(self) -> list[Route]:
        return [
            Route("/", self._page),
            Route("/wall", self._bare),
            Route("/events", self._events),
            Route("/picture.json", self._picture),
            Route("/worker.js", self._worker),
        ]

    async def refused(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        name = "not_found" if status == 404 else "bad_request"  # noqa: PLR2004 - as RFC 9110 numbers it
        return HTMLResponse(self._pages.message(name, language_of(request), look_of(request)), status)

    async def failed(self, request: Request, _error: Exception) -> Response:
        return HTMLResponse(self._pages.message("fault", language_of(request), look_of(request)), 500)

    async def _page(self, request: Request) -> Response:
        return HTMLResponse(self._pages.wall(self._live.picture, language_of(request), look_of(request)))

    async def _bare(self, request: Request) -> Response:
        page = self._pages.wall(self._live.picture, language_of(request), look_of(request), is_bare=True)
        return HTMLResponse(page)

    async def _events(self, request: Request) -> Response:
        return event_stream(self._live, self._pages, request, is_public=True)

    async def _worker(self, _request: Request) -> Response:
        # A worker may see to no more than lies beside it; this one sees to the whole board.
        return FileResponse(_STATIC / "worker.js", media_type="text/javascript")

    async def _picture(self, _request: Request) -> Response:
        picture = self._live.picture
        if picture.board is None:
            return Response(b'{"contact":false}', 503, media_type="application/json")
        body = {
            "contact": picture.lost is None,
            "heard": picture.heard and picture.heard.wall,
            "house": house_view(picture.board, is_public=True),
            "roster_age_s": roster_age_s(picture.board, picture),
        }
        return Response(msgspec.json.encode(body), media_type="application/json")
