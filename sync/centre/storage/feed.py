"""The change feed of agencies and members: positions in the order of the commits, removals kept, and digests.

Writing needs the roster's lock, which is held until the commit: that is what makes positions rise with the commits.
"""

import json
from collections.abc import Mapping
from typing import Any

from sync.centre import records
from sync.centre.records import APPLIED, MEMBERSHIP, Document, Kind, Rights
from sync.centre.storage import doubts, losses
from sync.centre.storage.room import CentreError, Lock, Work, set_state, state

POSITION, HORIZON = "position", "horizon"

_KEPT = "SELECT hash, agency, standing, withdrawal, gone FROM records WHERE kind = ? AND id = ?"
_KEEP = """
INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET
  hash = excluded.hash, agency = excluded.agency, standing = excluded.standing, position = excluded.position,
  withdrawal = excluded.withdrawal, gone = excluded.gone
"""


class BadgeTakenError(CentreError):
    """The badge is another member's."""


class Standing:
    """How a member counts against the agency's seats."""

    ENROLLED, APPLIED, NONE = "enrolled", "applied", ""


class Feed:
    """Writes the feed. Keeps nothing itself."""

    def wrote(  # noqa: PLR0913, PLR0917 - one change, as it was and as it is
        self, work: Work, kind: Kind, identifier: str, before: Document, after: Document, now: str
    ) -> None:
        """Note that the record was written, with its documents before (empty: none) and after."""
        work.lock(Lock.ROSTER)
        old, new = records.for_house(before), records.for_house(after)
        content = records.content(kind, identifier, new)
        was, allows = records.rights(kind, old) if old else Rights(), records.rights(kind, new)
        standing = _standing(kind, after, is_active=allows.is_active)
        one_hash = records.hash_of(content)
        kept = work.row(_KEPT, (kind.value, identifier))
        if kept is not None and kept[:3] == (one_hash, allows.agency, standing) and not kept[4]:
            return
        position = _next(work)
        withdrawal = position if allows.withdraws_from(was) else (kept[3] if kept else 0)
        row = (kind.value, identifier, records.bucket_of(kind, identifier), one_hash, allows.agency, standing)
        work.run(_KEEP, (*row, position, withdrawal, ""))
        if kind is Kind.MEMBER:
            _own(work, identifier, set(records.badge_statuses(new)))
            doubts.of_member(work, identifier, allows, now, position)
            if _note_losses(work, records.badge_statuses(old) if old else {}, records.badge_statuses(new), now):
                doubts.recheck(work, identifier, position)
            _recount(work, (kept[1:3] if kept else ("", "")), (allows.agency, standing))

    def removed(self, work: Work, kind: Kind, identifier: str, now: str) -> None:
        """Note that the record is gone."""
        work.lock(Lock.ROSTER)
        kept = work.row(_KEPT, (kind.value, identifier))
        if kept is None:
            return
        position = _next(work)
        row = (kind.value, identifier, records.bucket_of(kind, identifier), "", "", Standing.NONE)
        work.run(_KEEP, (*row, position, position, now))
        if kind is Kind.MEMBER:
            _own(work, identifier, set())
            doubts.of_removed(work, identifier, now, position)
            _recount(work, kept[1:3], ("", ""))

    def forget(self, work: Work, before: str) -> int:
        """Forget what was removed before that moment, and return how many. The horizon moves with it."""
        work.lock(Lock.ROSTER)
        last = work.row("SELECT MAX(position) FROM records WHERE gone <> '' AND gone < ?", (before,))
        if last is None or last[0] is None:
            return 0
        count = work.run("DELETE FROM records WHERE gone <> '' AND gone < ?", (before,))
        set_state(work, HORIZON, str(max(int(last[0]), int(state(work, HORIZON) or 0))))
        return count


def enrolled(work: Work, agency: str) -> int:
    """Return how many members the agency has enrolled."""
    question = "SELECT COUNT(*) FROM records WHERE agency = ? AND standing = ?"
    found = work.row(question, (agency, Standing.ENROLLED))
    return int(found[0]) if found else 0


def shown(work: Work, kind: Kind, identifier: str, row: tuple[str, str, str, str]) -> dict[str, Any]:
    """Return the SCIM resource that a house is given. `row`: version, created, modified, document."""
    version, created, modified, text = row
    document = records.for_house(json.loads(text))
    if kind is Kind.AGENCY:
        document["enrolled"] = enrolled(work, identifier)
    kind_name = "User" if kind is Kind.MEMBER else "Agency"
    meta = {"resourceType": kind_name, "created": created, "lastModified": modified, "version": version}
    return {**document, "id": identifier, "meta": meta}


def _standing(kind: Kind, document: Document, *, is_active: bool) -> str:
    if kind is Kind.AGENCY:
        return Standing.NONE
    membership: Mapping[str, Any] = document.get(MEMBERSHIP) or {}
    if membership.get("approval") == APPLIED:
        return Standing.APPLIED
    return Standing.ENROLLED if is_active else Standing.NONE


def _next(work: Work) -> int:
    position = int(state(work, POSITION) or 0) + 1
    set_state(work, POSITION, str(position))
    return position


def _own(work: Work, member: str, keys: set[str]) -> None:
    """Note whose the badges are, or raise `BadgeTakenError`: a badge has one holder."""
    had = {row[0] for row in work.rows("SELECT key FROM badges WHERE member = ?", (member,))}
    for key in sorted(had - keys):
        work.run("DELETE FROM badges WHERE key = ?", (key,))
    for key in sorted(keys - had):
        if work.run("INSERT INTO badges VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (key, member)) == 0:
            message = "a badge is another member's"
            raise BadgeTakenError(message)


def _note_losses(work: Work, before: Mapping[str, str], after: Mapping[str, str], now: str) -> bool:
    """Note which badges opened until now and no longer do, or do again. Return whether there are any."""
    noted = False
    for badge, status in sorted(after.items()):
        is_blocked = status != "active"
        # A house may have told of it before, with the time at which it was.
        if before.get(badge) != status and is_blocked != losses.is_lost(work, badge):
            noted = losses.note(work, badge, losses.LOST if is_blocked else losses.FOUND, now) or noted
    return noted


def _recount(work: Work, before: tuple[str, str], after: tuple[str, str]) -> None:
    """Let houses know of every agency whose number of members is another now."""
    if before == after:
        return
    changed = {agency for agency, standing in (before, after) if standing == Standing.ENROLLED}
    for agency in sorted(changed):
        known = work.row("SELECT 1 FROM records WHERE kind = ? AND id = ? AND gone = ''", (Kind.AGENCY.value, agency))
        if known:
            statement = "UPDATE records SET position = ? WHERE kind = ? AND id = ?"
            work.run(statement, (_next(work), Kind.AGENCY.value, agency))
