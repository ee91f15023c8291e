"""What the centre lets go of when it is old: who came and when. That an event was told is known for ever.

Of an old event its source, id, sequence, type and digest stay, so that it is still a duplicate when it comes again; its
content goes, and so does all that followed from it and is of a person. Counts by type and house stay.
"""

from sync.centre.storage.room import Room, Work, set_state, state
from sync.centre.times import LAST

STEP_MAX = 5_000
"""The most events emptied in one transaction, so that those who tell are not kept waiting."""
LET_GO = "let_go"
"""The name of the state that says up to when everything was emptied."""

_OLD_VISIT = "(told_at <> '' AND told_at < ?) OR (told_at = '' AND left_at <> '' AND left_at < ?)"
_OLD_DISPUTE = "at < ? AND member <> ''"
_GONE_MEMBER = "NOT EXISTS (SELECT 1 FROM resources r WHERE r.type = 'User' AND r.id = doubts.member)"
_OLD_DOUBT = f"until < ? OR (since < ? AND until = '{LAST}' AND {_GONE_MEMBER})"
_OLD_LOSS = "at < ? AND NOT EXISTS (SELECT 1 FROM badges b WHERE b.key = losses.badge)"
_OLD_KEY = "at < ? AND NOT EXISTS (SELECT 1 FROM kin k JOIN badges b ON b.key = k.key WHERE k.badge = kin.badge)"
_NO_VISIT = (
    "NOT EXISTS (SELECT 1 FROM visits v WHERE v.source = overlapping.source AND v.visit = overlapping.visit)"
    " AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.source = overlapping.other_source AND v.visit = other_visit)"
)
_OLD: dict[str, str] = {
    "visits": _OLD_VISIT,
    "disputes": _OLD_DISPUTE,
    "findings": "at < ?",
    "doubts": _OLD_DOUBT,
    "losses": _OLD_LOSS,
    "kin": _OLD_KEY,
    "alarms": "sent <> '' AND at < ?",
}
"""What is old in each table, asked with one moment as often as it is named."""


def let_go(room: Room, before: str, *, anew: bool = False) -> dict[str, int]:
    """Let go of what is of persons and older than that moment. Return how many rows of each table that were.

    Events from before the last time are only looked at `anew`: after a clock that had gone wrong.
    """
    done = {"events": 0}
    if anew:
        with room.transaction() as work:
            set_state(work, LET_GO, "")
    while True:
        with room.transaction() as work:
            emptied = _empty_events(work, before)
        done["events"] += emptied
        if emptied < STEP_MAX:
            break
    with room.transaction() as work:
        # The last dispute of a house keeps its number, from which the next is counted, and nothing else.
        last = "number = (SELECT MAX(number) FROM disputes d WHERE d.source = disputes.source)"
        blank = f"UPDATE disputes SET member = '', visit = '', reason = '' WHERE {_OLD_DISPUTE} AND {last}"  # noqa: S608 - our own conditions
        kept = work.run(blank, (before,))
        for table, old in _OLD.items():
            done[table] = work.run(f"DELETE FROM {table} WHERE {old}", (before,) * old.count("?"))  # noqa: S608 - as above
        done["disputes"] += kept
        done["overlapping"] = work.run(f"DELETE FROM overlapping WHERE {_NO_VISIT}")  # noqa: S608 - as above
    return {table: count for table, count in done.items() if count}


def left(room: Room, before: str) -> dict[str, int]:
    """Return how many rows of each table are of persons, older than that moment, and there all the same."""
    found = {}
    with room.reading() as work:
        for table, old in {**_OLD, "events": "received < ? AND body <> ''"}.items():
            row = work.row(f"SELECT COUNT(*) FROM {table} WHERE {old}", (before,) * old.count("?"))  # noqa: S608 - as above
            if row and row[0]:
                found[table] = int(row[0])
    return found


def _empty_events(work: Work, before: str) -> int:
    since = state(work, LET_GO)
    question = (
        "SELECT source, id, received FROM events WHERE received >= ? AND received < ? AND body <> '' "
        "ORDER BY received LIMIT ?"
    )
    old = work.rows(question, (since, before, STEP_MAX))
    work.run_many("UPDATE events SET body = '' WHERE source = ? AND id = ?", [row[:2] for row in old])
    set_state(work, LET_GO, max(since, old[-1][2] if len(old) == STEP_MAX else before))
    return len(old)
