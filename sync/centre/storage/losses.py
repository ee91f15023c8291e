"""When a badge was lost: spells between what was said of it, from which disputes follow. Taps come late, so all stay.

What was said is kept by its own time, so the spells are the same in whatever order it came.
"""

from itertools import groupby

from sync.centre.storage import kin
from sync.centre.storage.room import Work
from sync.centre.times import LAST

LOST, FOUND = "lost", "found"

_NOTE = "INSERT INTO losses VALUES (?, ?, ?) ON CONFLICT (badge, at, kind) DO NOTHING"

Spell = tuple[str, str]
"""Since and until (not included)."""


def note(work: Work, badge: str, kind: str, at: str) -> bool:
    """Keep that the badge was lost or found at that moment, by each of its keys. Return whether that was not known."""
    return sum(work.run(_NOTE, (key, at, kind)) for key in kin.keys_of(work, badge)) > 0


def share(work: Work, badge: str) -> bool:
    """Let what was said of the badge by one of its keys be said by each. Return whether anything was not."""
    keys = kin.keys_of(work, badge)
    those, values = work.listed("badge", keys)
    said = work.rows(f"SELECT DISTINCT at, kind FROM losses WHERE {those}", values)  # noqa: S608 - our own names
    return sum(work.run(_NOTE, (key, at, kind)) for key in keys for at, kind in said) > 0


def is_known(work: Work, badge: str) -> bool:
    """Return whether anything was ever said of the badge."""
    return work.row("SELECT 1 FROM losses WHERE badge = ?", (badge,)) is not None


def is_lost(work: Work, badge: str) -> bool:
    """Return whether the last that was said of the badge is that it is lost."""
    return any(until == LAST for _, until in spells(work, {badge}).get(badge, []))


def spells(work: Work, badges: set[str]) -> dict[str, list[Spell]]:
    """Return, for those of the badges that were ever lost, when they were."""
    if not badges:
        return {}
    those, values = work.listed("badge", sorted(badges))
    rows = work.rows(f"SELECT badge, at, kind FROM losses WHERE {those} ORDER BY badge, at, kind", values)  # noqa: S608 - our own names
    found = {badge: _spells([(at, kind) for _, at, kind in said]) for badge, said in groupby(rows, lambda row: row[0])}
    return {badge: known for badge, known in found.items() if known}


def reason(known: list[Spell], at: str) -> str:
    """Return why a tap of the badge at that moment is doubted, or nothing."""
    return next((f"the badge was reported lost at {since}" for since, until in known if since <= at < until), "")


def _spells(said: list[tuple[str, str]]) -> list[Spell]:
    found: list[Spell] = []
    since = ""
    for at, kind in said:
        if kind == LOST and not since:
            since = at
        elif kind == FOUND and since:
            found.append((since, at))
            since = ""
    return [*found, (since, LAST)] if since else found
