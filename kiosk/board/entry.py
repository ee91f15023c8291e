"""The ways in and out for hosts: password, one-time link, signing out, and the look of the pages."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kiosk.board.pages import Pages
from kiosk.board.request import LOOK_COOKIE, form_of, language_of, look_of
from kiosk.board.sign_in import Reception, TurnedAway
from kiosk.board.texts import LOOKS
from kiosk.store.board import SESSION_S, HostBook
from kiosk.tools.clock import Clock

COOKIE = "samverk_host"
SAFE_COOKIE = f"__Host-{COOKIE}"
"""Over TLS no other host, and no page without TLS, can set it (RFC 6265bis, section 4.1.3.2)."""
LOOK_S = 365 * 86_400
PAGES_BACK = frozenset({"/", "/host", "/sign-in", "/roll-call"})


class EntryRoutes:
    """Pages that anybody may open, and that make a host of somebody."""

    def __init__(self, clock: Clock, book: HostBook, pages: Pages, reception: Reception) -> None:
        """Take what the pages stand on."""
        self._clock = clock
        self._book = book
        self._pages = pages
        self._reception = reception

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/sign-in", self._form),
            Route("/sign-in", self._sign_in, methods=["POST"]),
            Route("/enter/{link}", self._link_page),
            Route("/enter/{link}", self._enter, methods=["POST"]),
            Route("/host/sign-out", self._sign_out, methods=["POST"]),
            Route("/look", self._look, methods=["POST"]),
        ]

    def host_of(self, request: Request) -> str | None:
        """Return the host who asks, or None."""
        return self._reception.host_of(request.cookies.get(cookie_name(request), ""))

    def refuse(self, request: Request) -> Response:
        """Return the page for somebody who is not signed in: how to become a host, with 401."""
        return self._page(request, 401)

    async def _form(self, request: Request) -> Response:
        return self._page(request, 200)

    async def _sign_in(self, request: Request) -> Response:
        form = await form_of(request)
        address = request.client.host if request.client else ""
        found = await self._reception.sign_in(form.get("name", "").strip(), form.get("password", ""), address)
        if not isinstance(found, TurnedAway):
            return self._let_in(request, found)
        if found.wait_s > 0:
            answer = self._page(request, 429, "too_many_wrong")
            answer.headers["retry-after"] = str(int(found.wait_s) + 1)
            return answer
        return self._page(request, 403, "wrong_password")

    def _page(self, request: Request, status: int, said: str = "") -> Response:
        page = self._pages.sign_in(
            language_of(request), look_of(request), has_hosts=bool(self._reception.hosts()), said=said
        )
        return HTMLResponse(page, status)

    async def _link_page(self, request: Request) -> Response:
        # Opening a link uses nothing up: previews and prefetching open links too.
        link = request.path_params["link"]
        if not self._book.link_works(link, self._clock()):
            return self._dead_link(request)
        return HTMLResponse(self._pages.enter(link, language_of(request), look_of(request)))

    async def _enter(self, request: Request) -> Response:
        session = self._book.enter(request.path_params["link"], self._clock())
        return self._dead_link(request) if session is None else self._let_in(request, session)

    def _let_in(self, request: Request, session: str) -> Response:
        response = RedirectResponse(f"/host?lang={language_of(request)}", 303)
        response.set_cookie(
            cookie_name(request),
            session,
            max_age=int(SESSION_S),
            httponly=True,
            samesite="strict",
            path="/",
            secure=_is_tls(request),
        )
        return response

    def _dead_link(self, request: Request) -> Response:
        return HTMLResponse(self._pages.message("dead_link", language_of(request), look_of(request)), 403)

    async def _sign_out(self, request: Request) -> Response:
        self._book.end(request.cookies.get(cookie_name(request), ""))
        response = RedirectResponse(f"/?lang={language_of(request)}", 303)
        response.delete_cookie(
            cookie_name(request), path="/", httponly=True, samesite="strict", secure=_is_tls(request)
        )
        # Names that a page has kept for a roll call without the server go with the session.
        response.headers["clear-site-data"] = '"storage"'
        return response

    async def _look(self, request: Request) -> Response:
        form = await form_of(request)
        back = form.get("back", "/")
        response = RedirectResponse(f"{back if back in PAGES_BACK else '/'}?lang={language_of(request)}", 303)
        look = form.get("look", "")
        if look in LOOKS:
            response.set_cookie(LOOK_COOKIE, look, max_age=LOOK_S, httponly=True, samesite="lax", path="/")
        else:
            response.delete_cookie(LOOK_COOKIE, path="/")
        return response


def cookie_name(request: Request) -> str:
    """Return the name of the session's cookie on this connection."""
    return SAFE_COOKIE if _is_tls(request) else COOKIE


def _is_tls(request: Request) -> bool:
    return request.url.scheme == "https"
