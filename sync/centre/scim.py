"""The centre's SCIM 2.0 service: scim2-server's application over our own storage, behind our tokens."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import anyio
import anyio.to_thread
from scim2_models import ForbiddenException, ResourceType, SCIMException, ScimProvider, UnauthorizedException
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, Target
from scim2_server.service import ScimService
from scim2_server.storage import ScimStorage

from sync.centre import schemas
from sync.centre.limits import BODY_BYTES_MAX
from sync.centre.storage.resources import Resources
from sync.centre.storage.room import UnavailableError
from sync.centre.storage.tokens import Bearer, Role
from sync.centre.views import Houses, OneAgency, Registrars

WORKERS_MAX = 2
"""How many SCIM requests are worked on at once."""
RETRY_AFTER_S = 5

_READING = frozenset({Operation.query, Operation.search, Operation.search_with_body})

Admit = Callable[[str, str], Bearer | float | None]
"""Takes the headers Authorization and Samverk-House; returns whom they speak for, or how long to wait, or None."""


class Service(ScimService):
    """Lets a house read, a registrar write, and an agency read and write members."""

    def authorize(self, request: ScimRequest, target: Target, resource_type: ResourceType) -> None:
        """Refuse what is not this bearer's to do. Which members an agency's token reaches is the storage's matter."""
        bearer = request.subject
        if not isinstance(bearer, Bearer):
            raise ForbiddenException
        if bearer.role is Role.HOUSE and target.operation not in _READING:
            raise ForbiddenException
        if bearer.role is Role.AGENCY and resource_type.name != schemas.USER.name:
            raise ForbiddenException

    def max_body_size(self, request: ScimRequest) -> int | None:
        """Return the largest body the service accepts: never without a bound."""
        limit = super().max_body_size(request)
        return BODY_BYTES_MAX if limit is None else limit


class ScimApplication(ASGIApplication):
    """Works on each request in a thread, so that a long page of members never keeps the events waiting."""

    def __init__(self, resources: Resources, admit: Admit, provider: ScimProvider, secret: str) -> None:
        """Serve the resources. Every process of the centre needs the same secret: cursors are sealed with it."""
        # Past ASGIApplication's own, which wants a storage whose every call is a coroutine.
        super(ASGIApplication, self).__init__(provider, Service(provider, secret=secret))
        self._for_agencies = Service(schemas.provider_for_agencies(), secret=secret)
        self._resources = resources
        self._admit = admit
        self._limiter = anyio.CapacityLimiter(WORKERS_MAX)

    async def dispatch_request(self, request: ScimRequest) -> ScimResponse:
        """Authenticate and serve the request in a thread."""
        return await anyio.to_thread.run_sync(partial(self._dispatch, request), limiter=self._limiter)

    def _dispatch(self, request: ScimRequest) -> ScimResponse:
        try:
            if self.needs_auth(request):
                request.subject = self._bearer(request)
            is_agency = isinstance(request.subject, Bearer) and request.subject.role is Role.AGENCY
            service = self._for_agencies if is_agency else self.service
            return ScimHandler(service, self._seen_by(request.subject)).handle(request)
        except UnavailableError:
            return _later(HTTPStatus.SERVICE_UNAVAILABLE, RETRY_AFTER_S)
        except _TooManyError as error:
            return _later(HTTPStatus.TOO_MANY_REQUESTS, error.wait_s)

    def _bearer(self, request: ScimRequest) -> Bearer:
        admitted = self._admit(request.header("Authorization") or "", request.header("Samverk-House") or "")
        if admitted is None:
            raise UnauthorizedException
        if isinstance(admitted, float):
            raise _TooManyError(admitted)
        return admitted

    def _seen_by(self, bearer: Bearer | None) -> ScimStorage:
        match bearer:
            case Bearer(role=Role.REGISTRAR):
                return Registrars(self._resources)
            case Bearer(role=Role.AGENCY, site=agency):
                return OneAgency(self._resources, agency)
        return Houses(self._resources)


class _TooManyError(SCIMException):
    def __init__(self, wait_s: float) -> None:
        super().__init__(detail="too many requests")
        self.wait_s = wait_s


def _later(status: HTTPStatus, wait_s: float) -> ScimResponse:
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(int(status))}
    return ScimResponse(status, body, {"Retry-After": str(max(1, round(wait_s + 0.5)))})
