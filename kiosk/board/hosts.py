"""What only hosts may see and do. Names are shown on a POST alone: the desk logs each showing before it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kiosk.board.asked import Asker, asked, asked_of_many, is_bulk
from kiosk.board.done import AWAY, done, done_for_many
from kiosk.board.entry import EntryRoutes
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.board.pages import Pages, Shown
from kiosk.board.people import Found, People, gone, in_order
from kiosk.board.request import FIELDS_MAX, event_stream, fields_of, form_of, language_of, look_of
from kiosk.domain.answers import Answer
from kiosk.domain.board import UnknownBadge
from kiosk.domain.house import House
from kiosk.domain.ids import host as host_actor
from kiosk.door.badges import SayUnknownBadges, ShowUnknownBadges
from kiosk.door.messages import Ask, SayAnswer, SayPeople, ShowPeople
from kiosk.store.journal import JournalReader
from kiosk.store.search import find_members
from kiosk.store.sought import holders
from kiosk.tools.clock import Clock
from kiosk.tools.site import Site

PURPOSE_LOOK = "a host looks at who is in the house"
PURPOSE_ACT = "a host acts for a person"
PURPOSE_LEFT = "a host looks at who has left"
PURPOSE_FIND = "a host checks somebody in without a badge"

Act = Callable[[Request, str], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the hosts' pages stand on."""

    site: Site
    clock: Clock
    entry: EntryRoutes
    pages: Pages
    live: Live
    line: DeskLine


def for_host(entry: EntryRoutes, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint that does it for a host, and tells anybody else how to become one."""

    async def endpoint(request: Request) -> Response:
        host = entry.host_of(request)
        return entry.refuse(request) if host is None else await act(request, host)

    return endpoint


class HostRoutes:
    """The pages behind a host's session."""

    def __init__(self, parts: Parts) -> None:
        """Take what the pages stand on."""
        self._parts = parts

    def routes(self) -> list[Route]:
        """Return the routes."""
        acts = {
            "/host/people": self._people,
            "/host/left": self._left,
            "/host/find": self._find,
            "/host/act": self._act,
        }
        entry = self._parts.entry
        return [
            Route("/host", for_host(entry, self._page)),
            Route("/host/events", for_host(entry, self._events)),
            *(Route(path, for_host(entry, act), methods=["POST"]) for path, act in acts.items()),
        ]

    async def _page(self, request: Request, host: str) -> Response:
        return await self._show(request, Shown(host=host))

    async def _events(self, request: Request, _host: str) -> Response:
        return event_stream(self._parts.live, self._parts.pages, request, is_public=False)

    async def _people(self, request: Request, host: str) -> Response:
        people = await self._ask_people(host, PURPOSE_LOOK)
        return await self._show(request, Shown(host=host, people=people, done=None if people else AWAY))

    async def _left(self, request: Request, host: str) -> Response:
        if not await self._parts.line.note(host_actor(host), "people who have left the house", PURPOSE_LEFT):
            return await self._show(request, Shown(host=host, done=AWAY))
        site = self._parts.site
        house = await asyncio.to_thread(_house, site)
        names = await asyncio.to_thread(holders, site, list(house.presences))
        return await self._show(request, Shown(host=host, gone=gone(house, names), read=self._parts.clock()))

    async def _find(self, request: Request, host: str) -> Response:
        text = (await form_of(request)).get("text", "")
        if not await self._parts.line.note(host_actor(host), "members by a part of their name", PURPOSE_FIND):
            return await self._show(request, Shown(host=host, done=AWAY))
        site = self._parts.site
        found = await asyncio.to_thread(find_members, site.state_dir / "roster.db", text)
        house = await asyncio.to_thread(_house, site)
        inside = frozenset(one.member for one in house.inside())
        return await self._show(request, Shown(host=host, found=Found(text=text, holders=found, inside=inside)))

    async def _act(self, request: Request, host: str) -> Response:
        fields = await fields_of(request)
        form = dict(fields)
        parts = self._parts
        asker = Asker(parts.line.new_id, host_actor(host), parts.clock(), parts.pages.zone)
        if is_bulk(form):
            house = await asyncio.to_thread(_house, parts.site)
            told = done_for_many([await self._ask(one) for one in asked_of_many(fields, house.inside(), asker)])
        elif len(fields) > FIELDS_MAX:
            raise HTTPException(400)
        else:
            told = done(await self._ask(asked(form, asker)))
        return await self._show(request, Shown(host=host, people=await self._ask_people(host, PURPOSE_ACT), done=told))

    async def _ask(self, ask: Ask) -> Answer | None:
        said = await self._parts.line.ask(ask)
        return said.answer if isinstance(said, SayAnswer) else None

    async def _unknown(self) -> tuple[UnknownBadge, ...]:
        """Return the badges that can be named by what the screen showed; none while the desk is away."""
        if self._parts.live.picture.lost is not None:
            return ()
        said = await self._parts.line.ask(ShowUnknownBadges(self._parts.line.new_id()))
        return said.badges if isinstance(said, SayUnknownBadges) else ()

    async def _ask_people(self, host: str, purpose: str) -> People | None:
        said = await self._parts.line.ask(ShowPeople(self._parts.line.new_id(), host_actor(host), purpose))
        if not isinstance(said, SayPeople):
            return None
        return People(read=self._parts.clock(), people=in_order(said.people))

    async def _show(self, request: Request, shown: Shown) -> Response:
        shown = replace(shown, unknown=await self._unknown())
        page = self._parts.pages.host(self._parts.live.picture, language_of(request), shown, look_of(request))
        return HTMLResponse(page)


def _house(site: Site) -> House:
    """Return everybody's presence without any name, from the journal's file."""
    with closing(JournalReader(site.state_dir / "journal.db")) as journal:
        return journal.house()
