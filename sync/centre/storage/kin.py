"""The keys of one badge: it has one under each secret that it was known by. What is said of one is said of the badge.

Houses tell of it when a badge gets the key of a newer secret; a loss may arrive under any of its keys, before or after.
"""

from typing import Any

from sync.centre.records import MEMBERSHIP, Document
from sync.centre.storage.room import Lock, Work

_STATUSES = ("active", "lost", "withdrawn")
"""From what opens to what never does again: of two, the later holds."""
_ADD = """
INSERT INTO kin VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
  version = CASE WHEN excluded.version > kin.version THEN excluded.version ELSE kin.version END
"""
_OF_BADGE = (
    "SELECT key, version FROM kin WHERE badge = (SELECT badge FROM kin WHERE key = ?) ORDER BY version DESC, key"
)


def link(work: Work, key: str, version: int, was: str, now: str) -> bool:
    """Note that both are keys of one badge, `key` of that version of the secret.

    Return False, with nothing noted, if they are two members' badges.
    """
    # Whoever writes a member meanwhile must see it.
    work.lock(Lock.ROSTER)
    if len(holders(work, {*keys_of(work, key), *keys_of(work, was)})) > 1:
        return False
    work.run(_ADD, (key, key, version, now))
    work.run(_ADD, (was, was, 0, now))
    into, out_of = (work.row("SELECT badge FROM kin WHERE key = ?", (one,)) for one in (key, was))
    if into is not None and out_of is not None and into != out_of:
        work.run("UPDATE kin SET badge = ? WHERE badge = ?", (into[0], out_of[0]))
    return True


def keys_of(work: Work, key: str) -> list[str]:
    """Return every key of the badge that has this one, the newest secret's first."""
    return [str(row[0]) for row in work.rows(_OF_BADGE, (key,))] or [key]


def holders(work: Work, keys: set[str]) -> set[str]:
    """Return the members who have a badge with one of these keys."""
    those, values = work.listed("key", sorted(keys))
    return {str(row[0]) for row in work.rows(f"SELECT DISTINCT member FROM badges WHERE {those}", values)}  # noqa: S608 - ours


def as_one(work: Work, document: Document) -> Document:
    """Return a member's document with each badge there once, under its newest key, however it is written.

    Of two entries of one badge the one holds that opens less and asks for more.
    """
    membership = document.get(MEMBERSHIP) or {}
    badges = membership.get("badges") or []
    whole = [_renamed(work, one) for one in badges]
    if whole == badges:
        return document
    kept: dict[str, dict[str, Any]] = {}
    for one in whole:
        value = str(one.get("value"))
        kept[value] = _stricter(kept[value], one) if value in kept else one
    return {**document, MEMBERSHIP: {**membership, "badges": [*kept.values()]}}


def _renamed(work: Work, badge: dict[str, Any]) -> dict[str, Any]:
    known = work.row(_OF_BADGE, (str(badge.get("value")),))
    if known is None or known[0] == badge.get("value"):
        return badge
    return {**badge, "value": known[0], "keyVersion": known[1] or badge.get("keyVersion")}


def _rank(status: str) -> int:
    # A word that nobody knows is refused later on, with what it says.
    return _STATUSES.index(status) if status in _STATUSES else len(_STATUSES)


def _stricter(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    status = max((str(it.get("status") or "active") for it in (one, other)), key=_rank)
    level = next((it["level"] for it in (one, other) if (it.get("level") or "uid") != "uid"), one.get("level"))
    return {**one, "status": status, "level": level}
