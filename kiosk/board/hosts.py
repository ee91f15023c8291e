"""What only hosts may see and do. Names are shown on a POST alone: the desk logs each showing before it answers."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kiosk.board.asked import Asker, asked
from kiosk.board.entry import EntryRoutes
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.board.pages import Done, Pages, People
from kiosk.board.request import event_stream, form_of, language_of, look_of
from kiosk.board.texts import HOST_REASONS, TEXTS
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.ids import Actor
from kiosk.domain.ids import host as host_actor
from kiosk.domain.reasons import EXPLANATIONS
from kiosk.door.messages import SayAnswer, SayPeople, ShowPeople
from kiosk.tools.clock import Clock

PURPOSE_LOOK = "a host looks at who is in the house"
PURPOSE_ACT = "a host acts for a person"

Act = Callable[[Request, str], Awaitable[Response]]


class HostRoutes:
    """The pages behind a host's session."""

    def __init__(self, clock: Clock, entry: EntryRoutes, pages: Pages, live: Live, line: DeskLine) -> None:
        """Take what the pages stand on."""
        self._clock = clock
        self._entry = entry
        self._pages = pages
        self._live = live
        self._line = line
        self._zone = pages.zone

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/host", self._for_host(self._page)),
            Route("/host/events", self._for_host(self._events)),
            Route("/host/people", self._for_host(self._people), methods=["POST"]),
            Route("/host/act", self._for_host(self._act), methods=["POST"]),
        ]

    def _for_host(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint that does it for a host, and tells anybody else how to become one."""

        async def endpoint(request: Request) -> Response:
            host = self._entry.host_of(request)
            return self._entry.refuse(request) if host is None else await act(request, host)

        return endpoint

    async def _page(self, request: Request, host: str) -> Response:
        return self._shown(request, host, None, None)

    async def _events(self, request: Request, _host: str) -> Response:
        return event_stream(self._live, self._pages, request, is_public=False)

    async def _people(self, request: Request, host: str) -> Response:
        people = await self._ask_people(host_actor(host), PURPOSE_LOOK)
        return self._shown(request, host, people, None if people else Done(words=TEXTS["desk_away"], is_refused=True))

    async def _act(self, request: Request, host: str) -> Response:
        asker = Asker(self._line.new_id(), host_actor(host), self._clock(), self._zone)
        ask = asked(await form_of(request), asker)
        said = await self._line.ask(ask)
        done = _done(said.answer) if isinstance(said, SayAnswer) else Done(words=TEXTS["desk_away"], is_refused=True)
        return self._shown(request, host, await self._ask_people(host_actor(host), PURPOSE_ACT), done)

    async def _ask_people(self, by: Actor, purpose: str) -> People | None:
        said = await self._line.ask(ShowPeople(self._line.new_id(), by, purpose))
        return People(read=self._clock(), people=said.people) if isinstance(said, SayPeople) else None

    def _shown(self, request: Request, host: str, people: People | None, done: Done | None) -> Response:
        return HTMLResponse(
            self._pages.host(self._live.picture, language_of(request), host, people, done, look_of(request))
        )


def _done(answer: Answer) -> Done:
    """Return the words for what came of an action."""
    if answer.reason is not None:
        why = EXPLANATIONS[answer.reason]
        is_refused = answer.outcome is Outcome.REFUSED
        if answer.reason in HOST_REASONS:
            return Done(words=HOST_REASONS[answer.reason], is_refused=is_refused)
        return Done(words=why.sentence, next_step=why.next_step, is_refused=is_refused)
    name = f"done_{answer.outcome}"
    can_undo = answer.outcome is Outcome.LEFT and answer.undo_s > 0
    return Done(words=TEXTS.get(name, TEXTS["done_other"]), undo_visit=answer.visit if can_undo else None)
