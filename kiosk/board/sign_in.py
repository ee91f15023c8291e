"""Who is a host: by a password of their own or a one-time link, and for how long. Used in the server's loop."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass

from kiosk.domain.instant import Instant
from kiosk.store.board import HostBook, Session
from kiosk.store.errors import StoreError
from kiosk.store.hosts import Host, HostFile
from kiosk.tools.clock import Clock
from kiosk.tools.passwords import DECOY, is_right

WRONG_S = 300.0
"""The time in which wrong passwords are counted."""
NAME_WRONG_MAX = 5
ADDRESS_WRONG_MAX = 15
HOUSE_WRONG_MAX = 60
"""So many wrong passwords for one name, from one address and in all, and the next is not looked at: at that rate a
guesser needs years for a password of four random words."""
REMEMBERED_MAX = 512
"""Names and addresses that are counted; the one longest untouched is forgotten."""
CHECKS_MAX = 4
"""Passwords that may wait to be checked, one after the other; one more is told to come back."""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """No session: it may be tried again in `wait_s` seconds; at 0 name and password do not belong together."""

    wait_s: float = 0.0


class Reception:
    """Lets hosts in and knows them again."""

    def __init__(self, clock: Clock, book: HostBook, file: HostFile) -> None:
        """Take the book of sessions and the file of hosts."""
        self._clock = clock
        self._book = book
        self._file = file
        self._wrong = WrongOnes()
        self._checking = asyncio.Lock()
        self._waiting = 0

    def hosts(self) -> dict[str, Host]:
        """Return the hosts who have a password; nobody while the file cannot be read."""
        try:
            return dict(self._file.hosts())
        except StoreError:
            return {}

    def host_of(self, secret: str) -> str | None:
        """Return whose session this is; None if it has ended, or its host has been removed or has a new password."""
        session = self._book.session(secret, self._clock())
        if session is None:
            return None
        host = self.hosts().get(session.host)
        is_good = session.stamp == "" or (host is not None and host.stamp == session.stamp)
        return session.host if is_good else None

    async def sign_in(self, name: str, password: str, address: str) -> str | TurnedAway:
        """Return the secret of a new session, or why there is none."""
        about = (("name", name), ("address", address), "house")
        wait_s = self._wrong.wait_s(about, self._clock())
        if wait_s > 0:
            return TurnedAway(wait_s)
        if self._waiting >= CHECKS_MAX:
            return TurnedAway(1.0)
        host = self.hosts().get(name)
        if not await self._is_right(host.hash if host else DECOY, password) or host is None:
            self._wrong.add(about, self._clock())
            return TurnedAway()
        return self._book.begin(Session(host.name, host.stamp), self._clock())

    async def _is_right(self, hashed: str, password: str) -> bool:
        self._waiting += 1
        try:
            async with self._checking:
                return await asyncio.to_thread(is_right, hashed, password)
        finally:
            self._waiting -= 1


class WrongOnes:
    """The wrong passwords of the last `WRONG_S` seconds, by what they were about."""

    def __init__(self) -> None:
        """Begin with none."""
        self._moments: OrderedDict[Hashable, deque[Instant]] = OrderedDict()

    def wait_s(self, about: tuple[Hashable, ...], now: Instant) -> float:
        """Return how long nobody may try about any of these; 0 if they may."""
        return max(self._wait_s(one, now) for one in about)

    def add(self, about: tuple[Hashable, ...], now: Instant) -> None:
        """Count one wrong password about all of these."""
        for one in about:
            moments = self._moments.setdefault(one, deque(maxlen=_wrong_max(one)))
            moments.append(now)
            self._moments.move_to_end(one)
        while len(self._moments) > REMEMBERED_MAX:
            self._moments.popitem(last=False)

    def _wait_s(self, about: Hashable, now: Instant) -> float:
        moments = self._moments.get(about)
        if not moments or len(moments) < _wrong_max(about):
            return 0.0
        return max(0.0, WRONG_S - now.seconds_since(moments[0]))


def _wrong_max(about: Hashable) -> int:
    if isinstance(about, tuple):
        return NAME_WRONG_MAX if about[0] == "name" else ADDRESS_WRONG_MAX
    return HOUSE_WRONG_MAX
