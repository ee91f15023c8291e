"""The brake on mass removal: which removal is held, and whether somebody said that this very one is meant.

A removal is known by a code: of the members it would take away, and of the occasion, which lasts from the first time
that one is held to the next time that the roster is equal to the centre's. So what somebody said of one removal says
nothing of any other, of the same members at another time neither, however often it is read.
"""

import hashlib
import sqlite3
from collections.abc import Collection

LOST_SHARE_MAX = 0.5
"""A list that lacks more than this share of the known members is not believed: it is held until it recovers."""
LOST_ALWAYS_BELIEVED = 3
"""This many may be missing at once whatever their share, so that a house of four can lose one. All may not."""
CODE_CHARACTERS = 8


def is_too_short(known: int, lost: int) -> bool:
    """Return whether so many of the known members being gone is not to be believed."""
    return lost == known or (lost > LOST_ALWAYS_BELIEVED and lost > known * LOST_SHARE_MAX)


def is_meant(connection: sqlite3.Connection, gone: Collection[str]) -> bool:
    """Return whether somebody said of the removal of these members that it is meant."""
    since, lifted = connection.execute("SELECT held_since, lifted FROM contact").fetchone()
    return bool(since) and lifted == _code(since, gone)


def hold(connection: sqlite3.Connection, gone: Collection[str], at: str) -> None:
    """Keep, inside the caller's transaction, that these members are lacking and not taken away.

    `at` names the moment: no other may have the same name.
    """
    since = connection.execute("SELECT held_since FROM contact").fetchone()[0] or at
    code = _code(since, gone)
    connection.execute(
        "UPDATE contact SET held = ?, held_since = ?, removal = ?, centre_version = '',"
        " lifted = CASE lifted WHEN ?3 THEN lifted ELSE '' END",
        (max(1, len(gone)), since, code),
    )


def let_go(connection: sqlite3.Connection) -> None:
    """Keep, inside the caller's transaction, that nothing is held: what was said of it is used up."""
    connection.execute("UPDATE contact SET held = 0, held_since = '', removal = '', lifted = ''")


def held_removal(connection: sqlite3.Connection) -> str:
    """Return the code of the removal that is held, or nothing."""
    return str(connection.execute("SELECT removal FROM contact").fetchone()[0])


def lift(connection: sqlite3.Connection, code: str) -> bool:
    """Let the removal of that code through, if it is the one that is held; return whether it is."""
    if not code or code != held_removal(connection):
        return False
    connection.execute("UPDATE contact SET lifted = ?", (code,))
    return True


def _code(since: str, gone: Collection[str]) -> str:
    digest = hashlib.sha256(since.encode())
    for one in sorted(gone):
        digest.update(b"\0" + one.encode())
    return digest.hexdigest()[:CODE_CHARACTERS].upper()
