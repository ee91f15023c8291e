"""When a member had no right to come: intervals, from which disputes follow. Past ones stay, for taps come late."""

from sync.centre.records import Rights
from sync.centre.storage.room import Work
from sync.centre.times import FIRST, LAST

WITHDRAWN, EARLY, LATE = "withdrawn", "early", "late"

_OPEN = "SELECT since FROM doubts WHERE member = ? AND kind = ? AND until = ?"
_ADD = "INSERT INTO doubts VALUES (?, ?, ?, ?) ON CONFLICT (member, kind, since) DO UPDATE SET until = excluded.until"

Interval = tuple[str, str, str]
"""Since, until (not included) and kind."""


def of_member(work: Work, member: str, allows: Rights, now: str, position: int) -> None:
    """Note what the member may do from now on."""
    if allows.is_active:
        work.run(
            "UPDATE doubts SET until = ? WHERE member = ? AND kind = ? AND until = ?", (now, member, WITHDRAWN, LAST)
        )
    else:
        _withdraw(work, member, now)
    work.run("DELETE FROM doubts WHERE member = ? AND kind IN (?, ?)", (member, EARLY, LATE))
    if allows.since > FIRST:
        work.run(_ADD, (member, FIRST, allows.since, EARLY))
    if allows.until < LAST:
        work.run(_ADD, (member, allows.until, LAST, LATE))
    if not allows.is_active or allows.since > FIRST or allows.until < LAST:
        recheck(work, member, position)


def of_removed(work: Work, member: str, now: str, position: int) -> None:
    """Note that the member is gone."""
    _withdraw(work, member, now)
    recheck(work, member, position)


def intervals(work: Work, members: set[str]) -> dict[str, list[Interval]]:
    """Return, for those of the members that have any, when they had no right."""
    found: dict[str, list[Interval]] = {}
    if not members:
        return found
    those, values = work.listed("member", sorted(members))
    question = f"SELECT member, since, until, kind FROM doubts WHERE {those} ORDER BY member, kind, since"  # noqa: S608 - our own names
    for member, since, until, kind in work.rows(question, values):
        found.setdefault(member, []).append((since, until, kind))
    return found


def reason(known: list[Interval], at: str) -> str:
    """Return why the right to come at that moment is doubted, or nothing."""
    for since, until, kind in sorted(known, key=lambda one: (one[2] != WITHDRAWN, one)):
        if since <= at < until:
            return {
                WITHDRAWN: f"the member's rights were withdrawn at {since}",
                EARLY: f"the member's rights begin at {until}",
                LATE: f"the member's rights ended at {since}",
            }[kind]
    return ""


def recheck(work: Work, member: str, position: int) -> None:
    """Let all arrivals of the member be looked at again."""
    statement = "INSERT INTO rechecks VALUES (?, ?) ON CONFLICT (member, number) DO NOTHING"
    work.run(statement, (member, f"{position:016}"))


def _withdraw(work: Work, member: str, now: str) -> None:
    if work.row(_OPEN, (member, WITHDRAWN, LAST)) is None:
        work.run(_ADD, (member, now, LAST, WITHDRAWN))
