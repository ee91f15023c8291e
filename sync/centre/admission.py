"""Who comes to the centre's doors: the token, how often it may come, and the sign of life that each request is."""

import logging
from collections.abc import Collection

import anyio.to_thread
from starlette.requests import Request

from sync.centre.answers import FORBIDDEN, UNKNOWN, Refusal, too_many
from sync.centre.health import HEADER, Health
from sync.centre.limits import BEARERS_MAX, Rates
from sync.centre.registry import Registry
from sync.centre.storage.tokens import Bearer, Role

TOKEN_KEPT_S = 1.0
"""For so long a token that was withdrawn by another process may still hold: asking each time would wait for writers."""

_log = logging.getLogger("samverk.centre")


class Admission:
    """Lets bearers in."""

    def __init__(self, registry: Registry, rates: Rates) -> None:
        """Use the registry's tokens and houses."""
        self._registry = registry
        self._rates = rates
        self._lately: dict[str, tuple[Bearer, int, float]] = {}

    async def admit(self, request: Request, roles: Collection[Role] = (Role.HOUSE,)) -> Bearer | Refusal:
        """Return whom the request speaks for, or why it is refused."""
        headers = request.headers.get("authorization", ""), request.headers.get(HEADER, "")
        found = await anyio.to_thread.run_sync(self.bearer, *headers)
        if found is None:
            return UNKNOWN
        if isinstance(found, float):
            return too_many(found)
        return found if found.role in roles else FORBIDDEN

    def bearer(self, authorization: str, health: str) -> Bearer | float | None:
        """Return whom the header speaks for, or None, or the seconds until the next request may come."""
        bearer = self._known(authorization)
        if bearer is None:
            return None
        wait_s = self._rates.wait_s(f"{bearer.role} {bearer.site}", self._registry.clock().elapsed_s)
        if wait_s > 0:
            return wait_s
        if bearer.role is Role.HOUSE:
            heard = self._registry.houses.heard(bearer, health)
            if heard is not None and heard.position:
                self._notice_restore(bearer, heard)
        return bearer

    def _known(self, authorization: str) -> Bearer | None:
        tokens, now_s = self._registry.tokens, self._registry.clock().elapsed_s
        withdrawals = tokens.withdrawals
        known = self._lately.get(authorization)
        if known is not None and known[1] == withdrawals and 0 <= now_s - known[2] < TOKEN_KEPT_S:
            return known[0]
        bearer = tokens.bearer(authorization)
        if len(self._lately) >= BEARERS_MAX:
            self._lately.clear()
        if bearer is not None:
            self._lately[authorization] = (bearer, withdrawals, now_s)
        else:
            self._lately.pop(authorization, None)
        return bearer

    def _notice_restore(self, bearer: Bearer, health: Health) -> None:
        """Begin a new epoch if the house has read further in this one than there is."""
        known = self._registry.roster.version()
        is_ahead = health.centre_epoch == known.epoch and (health.position or 0) > known.position
        if is_ahead and self._registry.roster.restored(known.epoch):
            _log.warning("%s has read further than the roster goes: this is a restored backup", bearer.source)
