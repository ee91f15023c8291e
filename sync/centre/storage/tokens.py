"""Who may speak to the centre. A token is shown once; only its hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.ids import SiteId
from kiosk.domain.instant import Instant
from sync.centre.storage.room import Room

TOKEN_BYTES = 32
"""So much randomness that a plain hash is as good as a slow one."""


class Role(StrEnum):
    """What a token is for.

    A house reads members and sends events; a registrar writes agencies and members; an agency's identity provider
    writes the members of that agency, which the bearer's `site` names.
    """

    HOUSE = "house"
    REGISTRAR = "registrar"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token speaks for. `source` is the only one that it may send events as."""

    role: Role
    site: SiteId
    source: str


class Tokens:
    """The tokens that are accepted."""

    def __init__(self, room: Room) -> None:
        """Use the open database."""
        self._room = room
        self.withdrawals = 0
        """How often this process has withdrawn tokens: what was known of them before no longer holds."""

    def issue(self, bearer: Bearer, at: Instant) -> str:
        """Return a new token for the bearer. It cannot be read again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.accept(token, bearer, at)
        return token

    def accept(self, token: str, bearer: Bearer, at: Instant) -> None:
        """Take a token that was made elsewhere; it must be as random as our own."""
        row = [_hash(token), bearer.role.value, bearer.site, bearer.source, at.wall.isoformat()]
        with self._room.transaction() as work:
            work.run("INSERT INTO tokens VALUES (?, ?, ?, ?, ?)", row)

    def bearer(self, header: str) -> Bearer | None:
        """Return whom an Authorization header speaks for, or None."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        with self._room.reading() as work:
            row = work.row("SELECT role, site, source FROM tokens WHERE hash = ?", (_hash(token.strip()),))
        return None if row is None else Bearer(Role(row[0]), SiteId(row[1]), row[2])

    def withdraw(self, site: SiteId) -> int:
        """Withdraw every token of the site and return how many there were."""
        self.withdrawals += 1
        with self._room.transaction() as work:
            return work.run("DELETE FROM tokens WHERE site = ?", (site,))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
