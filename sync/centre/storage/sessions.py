"""Who is signed in to the admin page: by a link that works once, then by a cookie. Only hashes are kept."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from kiosk.domain.instant import Instant
from sync.centre.storage.room import Room
from sync.centre.times import utc_text

LINK_S = 15 * 60
SESSION_S = 8 * 3600
TOKEN_BYTES = 32
_LINK, _SESSION = "link", "session"


class Sessions:
    """Links and sessions."""

    def __init__(self, room: Room, clock: Callable[[], Instant]) -> None:
        """Use the open database."""
        self._room = room
        self._clock = clock

    def link(self) -> str:
        """Return a new word that lets somebody in once."""
        return self._made(_LINK, LINK_S)

    def enter(self, word: str) -> str | None:
        """Return a session's word for a link's, which is used up, or None."""
        with self._room.transaction() as work:
            statement = "DELETE FROM sessions WHERE hash = ? AND kind = ? AND until > ?"
            if work.run(statement, (_hash(word), _LINK, self._in(0))) == 0:
                return None
            work.run("DELETE FROM sessions WHERE until <= ?", (self._in(0),))
            return self._made(_SESSION, SESSION_S)

    def is_open(self, word: str) -> bool:
        """Return whether the session is open."""
        question = "SELECT 1 FROM sessions WHERE hash = ? AND kind = ? AND until > ?"
        with self._room.reading() as work:
            return bool(word) and work.row(question, (_hash(word), _SESSION, self._in(0))) is not None

    def leave(self, word: str) -> None:
        """End the session."""
        with self._room.transaction() as work:
            work.run("DELETE FROM sessions WHERE hash = ?", (_hash(word),))

    def _made(self, kind: str, seconds: float) -> str:
        word = secrets.token_urlsafe(TOKEN_BYTES)
        with self._room.transaction() as work:
            work.run("INSERT INTO sessions VALUES (?, ?, ?)", (_hash(word), kind, self._in(seconds)))
        return word

    def _in(self, seconds: float) -> str:
        return utc_text(self._clock().wall + timedelta(seconds=seconds))


def _hash(word: str) -> bytes:
    return hashlib.sha256(word.encode(errors="surrogatepass")).digest()
