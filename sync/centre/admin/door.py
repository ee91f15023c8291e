"""The door to the admin page: in by a link that works once, then a cookie that no other site can use."""

import hashlib
import hmac
import json
import secrets
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import anyio.to_thread
import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sync.centre.admin import texts
from sync.centre.admin.picture import picture
from sync.centre.registry import Registry
from sync.centre.storage.room import CentreError, UnavailableError
from sync.centre.storage.sessions import SESSION_S

COOKIE = "samverk-centre"
FORM_BYTES_MAX = 4096

_loader = jinja2.FileSystemLoader(Path(__file__).parent)
_pages = jinja2.Environment(loader=_loader, autoescape=True, undefined=jinja2.StrictUndefined)
_pages.filters["parsed"] = json.loads


class AdminDoor:
    """Answers below /admin."""

    def __init__(self, registry: Registry) -> None:
        """Use the registry."""
        self._registry = registry

    def routes(self) -> list[Route]:
        """Return what is answered where."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/in/{word}", self.ask, methods=["GET"]),
            Route("/in", self.enter, methods=["POST"]),
            Route("/out", self.leave, methods=["POST"]),
            Route("/approve", self.approve, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Show the page to whoever is signed in."""
        return await anyio.to_thread.run_sync(self._page, request.cookies.get(COOKIE, ""))

    async def ask(self, request: Request) -> Response:
        """Show the button that uses the link up: whatever merely looks at a link must not."""
        return _shown(HTTPStatus.OK, word=request.path_params["word"])

    async def enter(self, request: Request) -> Response:
        """Let in whoever has the link's word."""
        form = await _form(request)
        word = await anyio.to_thread.run_sync(self._registry.sessions.enter, form.get("word", ""))
        if word is None:
            return _shown(HTTPStatus.FORBIDDEN)
        response = RedirectResponse("/admin/", HTTPStatus.SEE_OTHER)
        is_secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        response.set_cookie(
            COOKIE, word, max_age=SESSION_S, path="/admin", secure=is_secure, httponly=True, samesite="strict"
        )
        return response

    async def leave(self, request: Request) -> Response:
        """Sign out."""
        return await self._changed(request, lambda word, _form: self._registry.sessions.leave(word))

    async def approve(self, request: Request) -> Response:
        """Note that an agency's head has approved a member."""
        return await self._changed(request, lambda _word, form: self._registry.approve(form.get("member", "")))

    async def _changed(self, request: Request, change: Any) -> Response:
        word, form = request.cookies.get(COOKIE, ""), await _form(request)
        if not hmac.compare_digest(form.get("proof", "").encode(), _proof(word).encode()):
            return _shown(HTTPStatus.FORBIDDEN)
        return await anyio.to_thread.run_sync(self._carry_out, word, form, change)

    def _carry_out(self, word: str, form: dict[str, str], change: Any) -> Response:
        if not self._registry.sessions.is_open(word):
            return _shown(HTTPStatus.FORBIDDEN)
        try:
            change(word, form)
        except UnavailableError:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        except CentreError:
            # Somebody else did it meanwhile: the page shows how it is now.
            return RedirectResponse("/admin/", HTTPStatus.SEE_OTHER)
        return RedirectResponse("/admin/", HTTPStatus.SEE_OTHER)

    def _page(self, word: str) -> Response:
        try:
            if not self._registry.sessions.is_open(word):
                return _shown(HTTPStatus.FORBIDDEN)
            return _shown(HTTPStatus.OK, picture=picture(self._registry), proof=_proof(word))
        except UnavailableError:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)


async def _form(request: Request) -> dict[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}


def _proof(word: str) -> str:
    return hashlib.sha256(b"samverk admin form\0" + word.encode(errors="replace")).hexdigest()


def _shown(status: HTTPStatus, **values: Any) -> Response:
    nonce = secrets.token_urlsafe(16)
    told = values.get("picture")
    given: dict[str, Any] = {
        "nonce": nonce,
        "picture": None,
        "word": "",
        "proof": "",
        "parts": texts.PARTS,
        "shown": {name: bool(told and getattr(told, name)) for name in texts.PARTS},
        "findings": texts.FINDINGS,
        "enter": texts.ENTER,
        "leave": texts.LEAVE,
        "approve": texts.APPROVE,
        "dead_link": texts.DEAD_LINK,
        "not_approved": texts.NOT_APPROVED,
        **values,
    }
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(_pages.get_template("page.html").render(given), status, headers)
