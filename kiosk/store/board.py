"""board.db: hosts' one-time links and sessions, and roll calls. A secret is kept only as its digest."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from kiosk.domain.ids import BootId
from kiosk.domain.instant import Instant
from kiosk.store.database import Shape, Writer
from kiosk.store.roll_calls import RollCalls

LINK_S = 10 * 60.0
"""How long a one-time link works: time to walk from the desk to another screen, not to be found in a mailbox."""
SESSION_S = 12 * 3600.0
"""How long a host stays signed in: one long day."""
LINKS_MAX = 16
SESSIONS_MAX = 64
"""The newest that are kept; an older one ends when a newer needs its place."""
SECRET_BYTES = 32
SECRET_CHARACTERS_MAX = 64
"""A longer secret was not made here, and is not looked for."""

Kind = Literal["links", "sessions"]


@dataclass(frozen=True, slots=True)
class Session:
    """A host's session: whose it is, and the stamp of the password it began with, empty after a one-time link."""

    host: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    id: int
    digest: bytes
    host: str
    made: Instant
    stamp: str


class HostBook:
    """The board's own side of board.db. Used from one thread."""

    def __init__(self, path: Path, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Open or create the file; raise `AlreadyOpenError` if another process writes it."""
        self._writer = Writer(path, Shape.BOARD)
        self._random_bytes = random_bytes
        self.roll_calls = RollCalls(self._writer)

    def new_link(self, host: str, now: Instant) -> str:
        """Return the secret of a new one-time link for that host."""
        with self._writer.transaction():
            return self._add("links", host, now)

    def link_works(self, link: str, now: Instant) -> bool:
        """Return whether the link could be used now. Looking does not use it up."""
        return self._find("links", link, LINK_S, now) is not None

    def enter(self, link: str, now: Instant) -> str | None:
        """Use the link up and return a new session's secret, or None if the link is used, too old or not ours."""
        found = self._find("links", link, LINK_S, now)
        if found is None:
            return None
        with self._writer.transaction():
            self._writer.db.table("links").delete(found.id)
            return self._add("sessions", found.host, now, stamp="")

    def begin(self, session: Session, now: Instant) -> str:
        """Return the secret of a new session; the host has shown who they are."""
        with self._writer.transaction():
            return self._add("sessions", session.host, now, stamp=session.stamp)

    def session(self, secret: str, now: Instant) -> Session | None:
        """Return the session, or None if it has ended or never was."""
        found = self._find("sessions", secret, SESSION_S, now)
        return Session(found.host, found.stamp) if found else None

    def end(self, session: str) -> None:
        """End a session. Ending one that is not there changes nothing."""
        with self._writer.transaction():
            self._writer.db.table("sessions").delete_where("digest = ?", [_digest(session)])

    def close(self) -> None:
        """Close the file."""
        self._writer.close()

    def _add(self, kind: Kind, host: str, now: Instant, **more: str) -> str:
        secret = base64.urlsafe_b64encode(self._random_bytes(SECRET_BYTES)).rstrip(b"=").decode()
        made = {"wall": now.wall.isoformat(), "boot": now.boot, "elapsed_s": now.elapsed_s}
        db = self._writer.db
        db.table(kind).insert({"digest": _digest(secret), "host": host, **made, **more})
        kept = LINKS_MAX if kind == "links" else SESSIONS_MAX
        db.table(kind).delete_where(f"id NOT IN (SELECT id FROM {kind} ORDER BY id DESC LIMIT ?)", [kept])  # noqa: S608 - `kind` is one of two words of our own
        return secret

    def _find(self, kind: Kind, secret: str, limit_s: float, now: Instant) -> _Kept | None:
        """Compare with every secret kept, each in constant time: how long it takes tells nothing about any of them."""
        if len(secret) > SECRET_CHARACTERS_MAX:
            return None
        wanted = _digest(secret)
        stamp = "stamp" if kind == "sessions" else "''"
        rows = self._writer.conn.execute(f"SELECT id, digest, host, wall, boot, elapsed_s, {stamp} FROM {kind}")  # noqa: S608 - as above
        kept = [
            _Kept(row[0], row[1], row[2], Instant(datetime.fromisoformat(row[3]), BootId(row[4]), row[5]), row[6])
            for row in rows.fetchall()
        ]
        matching = [one for one in kept if hmac.compare_digest(one.digest, wanted)]
        return next((one for one in matching if _is_within(one.made, now, limit_s)), None)


def _is_within(made: Instant, now: Instant, limit_s: float) -> bool:
    """Return whether something made then is still good. A clock that has gone back across a boot proves no age."""
    if made.boot != now.boot and now.wall < made.wall:
        return False
    return now.seconds_since(made) < limit_s


def _digest(secret: str) -> bytes:
    # The secrets are 256 random bits: a fast digest is as good as a slow one.
    return hashlib.sha256(secret.encode()).digest()
