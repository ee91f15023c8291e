"""The roll call in the browser: one press, one list for all devices, ticks that merge. Works without the desk.

The list comes from the files on disk. The page keeps it for when this server is gone too; see `static/roll.js`.
"""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kiosk.board.hosts import Parts, for_host
from kiosk.board.meeting import Meeting
from kiosk.board.request import BODY_S, form_of, language_of, look_of
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import host as host_actor
from kiosk.domain.roll_call import RollCall, Tick
from kiosk.store.errors import StoreError
from kiosk.store.roll_calls import RollCalls
from kiosk.store.sought import sought

PAST_MAX = 10
SENT_MAX = 100
"""Ticks that a page sends at once; the rest follows with the next."""
PURPOSE = "roll call"
PURPOSE_DRILL = "roll call, drill"
WHAT = "the evacuation list"

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=160)]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class SentTick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One tick as a page sends it. Who made it is said by the session, not by the page."""

    id: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]{8,64}$")]
    person: Short
    at: Aware
    taken_back: bool = False


class SentTicks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page has that the server may not."""

    ticks: Annotated[tuple[SentTick, ...], msgspec.Meta(max_length=SENT_MAX)]


_sent = msgspec.json.Decoder(SentTicks)


class RollCallRoutes:
    """The roll call's pages, for hosts."""

    def __init__(self, parts: Parts, calls: RollCalls, meeting: Meeting) -> None:
        """Take what the pages stand on, where roll calls are kept, and what makes them those of all devices."""
        self._parts = parts
        self._calls = calls
        self._meeting = meeting

    def routes(self) -> list[Route]:
        """Return the routes."""
        entry = self._parts.entry
        acts = {"tick": self._tick, "ticks": self._ticks, "more": self._more, "end": self._end}
        return [
            Route("/roll-call", for_host(entry, self._start)),
            Route("/roll-call/begin", for_host(entry, self._begin), methods=["POST"]),
            Route("/roll-call/{call}", for_host(entry, self._page)),
            Route("/roll-call/{call}/paper", for_host(entry, self._paper)),
            *(
                Route(f"/roll-call/{{call}}/{name}", for_host(entry, act), methods=["POST"])
                for name, act in acts.items()
            ),
        ]

    async def _start(self, request: Request, host: str) -> Response:
        running, past = self._calls.running(), self._calls.past(PAST_MAX)
        page = self._parts.pages.roll_call_start(language_of(request), host, running, past, look_of(request))
        return HTMLResponse(page)

    async def _begin(self, request: Request, host: str) -> Response:
        is_drill = (await form_of(request)).get("kind") == "drill"
        running = self._calls.running()
        if running is not None and running.is_drill is is_drill:
            # Two hosts press at once: both get the same list.
            return self._to(request, running.id)
        new, now = self._parts.line.new_id(), self._parts.clock()
        opened = await self._meeting.open(new, host_actor(host), is_drill=is_drill)
        if opened is not None:
            return self._to(request, opened.id)
        call = RollCall(
            id=new,
            is_drill=is_drill,
            began=now.wall,
            ended=None,
            host=host,
            rows=await self._rows(),
        )
        self._calls.begin(call)
        await self._note(call, host, WHAT, is_opening=True)
        return self._to(request, call.id)

    async def _page(self, request: Request, host: str) -> Response:
        call = self._known(request)
        await self._note(call, host, WHAT)
        newer = self._newer(call)
        page = self._parts.pages.roll_call(language_of(request), host, call, look_of(request), newer=newer)
        return HTMLResponse(page)

    async def _paper(self, request: Request, host: str) -> Response:
        call = self._known(request)
        await self._note(call, host, f"{WHAT} as text")
        return PlainTextResponse(self._parts.pages.roll_call_paper(language_of(request), call) + "\n")

    async def _tick(self, request: Request, host: str) -> Response:
        """Tick or take back by a plain form: the page without scripts."""
        call, form = self._known(request), await form_of(request)
        person, now = form.get("person", ""), self._parts.clock().wall
        ticks: tuple[Tick, ...]
        if form.get("do") == "found":
            ticks = (Tick(id=self._parts.line.new_id(), person=person, at=now, host=host),)
        else:
            ticks = tuple(replace(one, is_taken_back=True) for one in call.ticks if one.person == person)
        self._calls.tick(call.id, ticks)
        self._meeting.tell()
        return self._to(request, call.id)

    async def _ticks(self, request: Request, host: str) -> Response:
        """Take a page's ticks and return all there are: what both have is the same afterwards."""
        call = self._known(request)
        try:
            async with asyncio.timeout(BODY_S):
                sent = _sent.decode(await request.body())
        except TimeoutError as error:
            raise HTTPException(408) from error
        except msgspec.MsgspecError as error:
            raise HTTPException(400) from error
        ticks = (
            Tick(id=one.id, person=one.person, at=one.at, host=host, is_taken_back=one.taken_back) for one in sent.ticks
        )
        after = (self._calls.tick(call.id, ticks) if sent.ticks else call) or self._known(request)
        if sent.ticks:
            self._meeting.tell()
        newer = self._newer(after)
        body = {
            "ticks": after.ticks,
            "people": len(after.rows),
            "ended": after.ended is not None,
            "newer": newer.id if newer else None,
        }
        return Response(msgspec.json.encode(body), media_type="application/json")

    async def _more(self, request: Request, _host: str) -> Response:
        call = self._known(request)
        self._calls.add_people(call.id, await self._rows())
        return self._to(request, call.id)

    async def _end(self, request: Request, host: str) -> Response:
        call = self._calls.end(self._known(request).id, self._parts.clock())
        self._meeting.tell()
        if call is not None:
            await self._note(call, host, f"{WHAT}, ended: {call.sought} sought, {call.found} found")
        return self._to(request, self._known(request).id)

    def _known(self, request: Request) -> RollCall:
        call = self._calls.get(request.path_params["call"])
        if call is None:
            raise HTTPException(404)
        return call

    def _newer(self, call: RollCall) -> RollCall | None:
        """Return a roll call that was begun since and runs: a house may have to be emptied during a drill."""
        running = self._calls.running()
        return running if running is not None and running.began > call.began else None

    async def _rows(self) -> tuple[Sought, ...]:
        try:
            return await asyncio.to_thread(sought, self._parts.site, self._parts.clock())
        except (StoreError, sqlite3.Error) as error:
            # An empty list would say that nobody is in the house.
            raise HTTPException(500) from error

    async def _note(self, call: RollCall, host: str, what: str, *, is_opening: bool = False) -> None:
        """Have it written down; the opening of a list that the desk cannot write down now is told to it later."""
        if self._parts.live.picture.lost is not None:
            return
        purpose = PURPOSE_DRILL if call.is_drill else PURPOSE
        if await self._parts.line.note(host_actor(host), what, purpose) and is_opening:
            self._calls.noted(call.id)

    def _to(self, request: Request, call: str) -> Response:
        return RedirectResponse(f"/roll-call/{call}?lang={language_of(request)}", 303)
