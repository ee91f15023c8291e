"""What has waited for the centre too long waits under a pseudonym: the member is named again only in what is sent.

The key is kept apart from the file, so that the file alone names nobody.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from kiosk.store.database import Writer
from kiosk.store.outgoing import AT_CENTRE, Outgoing

KEY_CREDENTIAL = "pseudonym-key"
"""The name of the credential that holds the key, as hex digits."""
PREFIX = "p-"
STEP_MAX = 500
"""The most events changed in one go."""

_MEMBER = "json_extract(body, '$.data.member')"
_SENT = ", ".join(f"'{one.value}'" for one in AT_CENTRE)
_LONG_UNSENT = f"""
SELECT sequence, body FROM outbox WHERE state NOT IN ({_SENT}) AND since < ? AND {_MEMBER} IS NOT NULL
AND {_MEMBER} NOT LIKE '{PREFIX}%' ORDER BY sequence LIMIT {STEP_MAX}
"""  # noqa: S608 - our own states and columns


def pseudonym_of(member: str, key: bytes) -> str:
    """Return what a member is called under that key."""
    digest = hmac.new(key, member.encode(), hashlib.sha256).hexdigest()
    return f"{PREFIX}{digest[:32]}"


class Pseudonyms:
    """The queue to the centre with the names of those who have waited too long taken out, and put back."""

    def __init__(self, writer: Writer, key: bytes) -> None:
        """Use the open roster.db; `key` is 32 random bytes, of this house alone."""
        self._writer = writer
        self._key = key

    def of(self, member: str) -> str:
        """Return the member's pseudonym in this house."""
        return pseudonym_of(member, self._key)

    def hide(self, before: datetime) -> int:
        """Put a pseudonym for the member in events that have waited since before that moment. Return how many."""
        with self._writer.transaction() as db:
            rows = db.execute(_LONG_UNSENT, (before.isoformat(),)).fetchall()
            changes = [(_with_member(body, self.of), sequence) for sequence, body in rows]
            db.executemany("UPDATE outbox SET body = ? WHERE sequence = ?", changes)
        return len(rows)

    def named(self, rows: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
        """Return the events with their members in place of the pseudonyms, byte for byte as they were.

        One whose member the roster no longer has keeps the pseudonym.
        """
        if not any(f'"member":"{PREFIX}' in one.body for one in rows):
            return tuple(rows)
        members = self._writer.conn.execute("SELECT id FROM members")
        known = {self.of(row[0]): row[0] for row in members}
        return tuple(replace(one, body=_with_member(one.body, lambda name: known.get(name, name))) for one in rows)


def _with_member(body: str, change: Callable[[str], str]) -> str:
    event = msgspec.json.decode(body)
    member = event.get("data", {}).get("member")
    if isinstance(member, str):
        event["data"]["member"] = change(member)
    return msgspec.json.encode(event).decode()
