"""What holds for every answer and every request, whatever the page: headers, and who may change anything."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD"})
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # Not "no-referrer": with that, browsers send "Origin: null" with our own forms (Fetch standard, section 3.2).
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """Stands before the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a change asked from another origin; put the headers on every answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if scope["method"] not in SAFE_METHODS and not is_own_origin(scope):
            refused = PlainTextResponse("Begäran kom från en annan plats. Request from another origin.", 403)
            await refused(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def is_own_origin(scope: Scope) -> bool:
    """Return whether the request comes from a page of our own, or from a program that is no browser.

    Browsers put `Origin` on every POST (Fetch standard, section 3.2); a text browser may put none, and then holds
    no other site's page that could ask on its behalf.
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is not None:
        told = urlsplit(origin)
        return bool(told.netloc) and (told.scheme, told.netloc) == (scope["scheme"], headers.get("host"))
    return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
