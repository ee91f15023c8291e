"""The centre's SCIM 2.0 service: scim2-server's application over our own storage, behind our tokens."""

from functools import partial

import anyio
import anyio.to_thread
from scim2_models import ForbiddenException, ResourceType, ScimProvider, UnauthorizedException
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, Target
from scim2_server.service import ScimService

from sync.centre.storage.resources import Resources
from sync.centre.storage.tokens import Bearer, Role, Tokens

WORKERS_MAX = 2
"""How many SCIM requests are worked on at once."""

_READING = frozenset({Operation.query, Operation.search, Operation.search_with_body})


class Service(ScimService):
    """Lets a house read and only a registrar write."""

    def authorize(self, request: ScimRequest, target: Target, resource_type: ResourceType) -> None:  # noqa: ARG002 - the library's signature
        """Refuse writing to whoever is no registrar."""
        bearer = request.subject
        if target.operation not in _READING and (not isinstance(bearer, Bearer) or bearer.role is not Role.REGISTRAR):
            raise ForbiddenException


class ScimApplication(ASGIApplication):
    """Works on each request in a thread, so that a long page of members never keeps the events waiting."""

    def __init__(self, resources: Resources, tokens: Tokens, provider: ScimProvider, secret: str) -> None:
        """Serve the resources. Every process of the centre needs the same secret: cursors are sealed with it."""
        # Past ASGIApplication's own, which wants a storage whose every call is a coroutine.
        super(ASGIApplication, self).__init__(provider, Service(provider, secret=secret))
        self._in_thread = ScimHandler(self.service, resources)
        self._tokens = tokens
        self._limiter = anyio.CapacityLimiter(WORKERS_MAX)

    async def dispatch_request(self, request: ScimRequest) -> ScimResponse:
        """Authenticate and serve the request in a thread."""
        return await anyio.to_thread.run_sync(partial(self._dispatch, request), limiter=self._limiter)

    def _dispatch(self, request: ScimRequest) -> ScimResponse:
        if self.needs_auth(request):
            request.subject = self._tokens.bearer(request.header("Authorization") or "")
            if request.subject is None:
                raise UnauthorizedException
        return self._in_thread.handle(request)
