"""The door to the roster: its version at every contact, what changed, and the digests that find any drift."""

from dataclasses import asdict, fields
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from sync.centre.admission import Admission
from sync.centre.answers import Refusal, answer
from sync.centre.door import in_thread, whole_number
from sync.centre.records import BUCKETS
from sync.centre.registry import Registry
from sync.centre.storage.roster import LIMIT_MAX, Gone, Version
from sync.centre.storage.tokens import Role

LIMIT = 200
WITHDRAWALS = "withdrawals"

_ALL = tuple(Role)
_READERS = (Role.HOUSE, Role.REGISTRAR)


class RosterDoor:
    """Answers below /roster."""

    def __init__(self, registry: Registry, admission: Admission) -> None:
        """Use the registry's roster."""
        self._registry = registry
        self._admission = admission

    async def version(self, request: Request) -> Response:
        """Answer with the name of the roster's state: as long as it is the same, there is no news."""
        bearer = await self._admission.admit(request, _ALL)
        return bearer.response() if isinstance(bearer, Refusal) else await in_thread(self._version)

    async def changes(self, request: Request) -> Response:
        """Answer with what changed after a position."""
        bearer = await self._admission.admit(request, _READERS)
        if isinstance(bearer, Refusal):
            return bearer.response()
        after = whole_number(request, "after", 0, 0, 1 << 53)
        limit = whole_number(request, "limit", LIMIT, 1, LIMIT_MAX)
        for one in (after, limit):
            if isinstance(one, Refusal):
                return one.response()
        only = request.query_params.get("only", "")
        if only not in {"", WITHDRAWALS}:
            return Refusal(HTTPStatus.BAD_REQUEST, f"only is {WITHDRAWALS}, or left out").response()
        epoch = request.query_params.get("epoch", "")
        return await in_thread(self._changes, epoch, after, limit, only == WITHDRAWALS)

    async def digest(self, request: Request) -> Response:
        """Answer with the digests of all buckets."""
        bearer = await self._admission.admit(request, _READERS)
        return bearer.response() if isinstance(bearer, Refusal) else await in_thread(self._digest)

    async def bucket(self, request: Request) -> Response:
        """Answer with all records of one bucket."""
        bearer = await self._admission.admit(request, _READERS)
        if isinstance(bearer, Refusal):
            return bearer.response()
        return await in_thread(self._bucket, request.path_params["bucket"])

    def _version(self) -> Response:
        return answer(_told(self._registry.roster.version(), leave_out="buckets"))

    def _changes(self, epoch: str, after: int, limit: int, is_withdrawals: bool) -> Response:  # noqa: FBT001 - given by place, to a thread
        found = self._registry.roster.changes(epoch, after, limit, withdrawals=is_withdrawals)
        if isinstance(found, Gone):
            why = "changes since then cannot be told: read the roster in full"
            return Refusal(HTTPStatus.GONE, why, more=asdict(found)).response()
        return answer(found)

    def _digest(self) -> Response:
        return answer(_told(self._registry.roster.version(), leave_out="horizon"))

    def _bucket(self, text: str) -> Response:
        if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) < BUCKETS):  # noqa: PLR2004 - digits of 255
            return Refusal(HTTPStatus.NOT_FOUND, f"buckets are 0 to {BUCKETS - 1}").response()
        version, found = self._registry.roster.bucket(int(text))
        known = {"epoch": version.epoch, "version": version.version, "position": version.position}
        return answer({**known, "bucket": int(text), "records": found})


_NAMES = tuple(one.name for one in fields(Version))


def _told(version: Version, leave_out: str) -> dict[str, object]:
    # Not asdict: it copies each of the 256 buckets, at every contact of every house.
    return {name: getattr(version, name) for name in _NAMES if name != leave_out}
