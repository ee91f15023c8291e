"""The centre's web application: SCIM below /scim, presence events, the roster's state and changes, the admin page."""

from http import HTTPStatus
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from sync.centre.admin.door import AdminDoor
from sync.centre.admission import Admission
from sync.centre.answers import Refusal
from sync.centre.door import BATCH_TYPE, EventsDoor
from sync.centre.limits import Rates
from sync.centre.registry import Registry
from sync.centre.roster_door import RosterDoor
from sync.centre.scim import ScimApplication

__all__ = ["BATCH_TYPE", "build"]


def build(registry: Registry, rates: Rates | None = None) -> Starlette:
    """Return the application over the registry's database."""
    admission = Admission(registry, rates or Rates())
    events, roster = EventsDoor(registry, admission), RosterDoor(registry, admission)
    scim = ScimApplication(registry.resources, admission.bearer, registry.provider, registry.cursor_secret)
    routes = [
        Mount("/scim", app=cast("ASGIApp", scim)),
        Mount("/admin", routes=AdminDoor(registry).routes()),
        Route("/events", events.tell, methods=["POST"]),
        Route("/events/missing", events.missing, methods=["POST"]),
        Route("/events/state", events.state, methods=["GET"]),
        Route("/events/disputes", events.disputes, methods=["GET"]),
        Route("/roster/version", roster.version, methods=["GET"]),
        Route("/roster/changes", roster.changes, methods=["GET"]),
        Route("/roster/digest", roster.digest, methods=["GET"]),
        Route("/roster/digest/{bucket}", roster.bucket, methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _refused})


async def _refused(_request: Request, error: Exception) -> Response:
    """Say in JSON too that there is no such place, or that this is not how one asks there."""
    known = cast("HTTPException", error)
    return Refusal(HTTPStatus(known.status_code), known.detail, dict(known.headers or {})).response()
