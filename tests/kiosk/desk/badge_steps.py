"""What tests of badges do at a desk: show, tie, lose and find them, and let the roster say something of them."""

import sqlite3
from contextlib import closing

import msgspec

from kiosk.desk.desk import Desk
from kiosk.domain.answers import Answer
from kiosk.domain.badge import Proof, Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import BadgeKey, MemberId, ReaderId, RequestId, host
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.domain.requests import EnrolBadge, ReportBadgeFound, ReportBadgeLost, Tap
from kiosk.store.journal import JournalReader
from kiosk.tools.site import Site
from tests.support.books import key_of
from tests.support.house import CountedIds, at

EVA = host("eva")
NEW = "04FEDCBA987654"
KEY_DIGITS = 64
ASTRID, BO = MemberId("astrid"), MemberId("bo")
OTHER_SECRET = bytes(range(1, 33))
IDS = CountedIds()
"""One row of ids: a desk that is opened again over the same books goes on with it."""


def tap(desk: Desk, uid: str, seconds: float, proof: Proof | None = None) -> Answer:
    """Show the badge, and return the answer."""
    shown = Uid(bytes.fromhex(uid))
    entrance = ReaderId("entrance")
    return desk.handle(
        Tap(id=RequestId("t"), at=at(seconds), reader=entrance, direction=Direction.BOTH, uid=shown, proof=proof)
    )


def enrol(desk: Desk, code: str | None, seconds: float, member: MemberId = BO) -> Answer:
    """Ask for the badge of that code to be tied to the member."""
    return desk.handle(EnrolBadge(id=RequestId("e"), at=at(seconds), reference=code or "?", member=member, by=EVA))


def enrolled(desk: Desk, seconds: float = 0, member: MemberId = BO, proof: Proof | None = None) -> Answer:
    """Let a new badge be shown twice and tied to the member."""
    code = tap(desk, NEW, seconds, proof).reference
    tap(desk, NEW, seconds + 10, proof)
    return enrol(desk, code, seconds + 20, member)


def lose(desk: Desk, seconds: float, member: MemberId | None = BO, code: str | None = None) -> Answer:
    """Report a badge lost."""
    return desk.handle(ReportBadgeLost(id=RequestId("l"), at=at(seconds), member=member, reference=code, by=EVA))


def find(desk: Desk, seconds: float, member: MemberId | None = BO, code: str | None = None) -> Answer:
    """Report a badge found."""
    return desk.handle(ReportBadgeFound(id=RequestId("f"), at=at(seconds), member=member, reference=code, by=EVA))


def recorded(site: Site, kind: type) -> list[object]:
    """Return the events of that kind in the journal."""
    with closing(JournalReader(site.state_dir / "journal.db")) as journal:
        return [one.event for one in journal.after(0) if isinstance(one.event, kind)]


def acknowledged(site: Site, seq: int) -> None:
    """Let the centre have acknowledged the event of that sequence."""
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        file.execute(
            "INSERT INTO outbox (sequence, journal_seq, event_id, kind, visit, body, state, since)"
            " VALUES (1, ?, 'x', 'badge.found', '', '{}', 'accepted', '')",
            (seq,),
        )
        file.commit()


def confirmed(site: Site, seconds: float) -> None:
    """Let the centre have confirmed the whole roster at that moment."""
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        file.execute("UPDATE contact SET confirmed = ?", (msgspec.json.encode(at(seconds)).decode(),))
        file.commit()


def set_status(site: Site, badge: str, status: BadgeStatus) -> None:
    """Let the roster have the badge of that UID, or of that key, like that."""
    key = badge if len(badge) == KEY_DIGITS else key_of(badge)
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        assert file.execute("UPDATE badges SET status = ? WHERE key = ?", (status.value, key)).rowcount == 1
        file.commit()


def rekey_in_roster(site: Site, was: BadgeKey, now: BadgeKey) -> None:
    """Let the roster have the badge by another key."""
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        assert file.execute("UPDATE badges SET key = ?, key_version = 2 WHERE key = ?", (now, was)).rowcount == 1
        file.commit()


def add_badge(site: Site, key: str, member: MemberId, level: BadgeLevel = BadgeLevel.UID) -> None:
    """Let the roster have the badge too."""
    with closing(sqlite3.connect(site.state_dir / "roster.db")) as file:
        file.execute(
            "INSERT INTO badges (key, key_version, member, status, level) VALUES (?, 1, ?, 'active', ?)",
            (key, member, level),
        )
        file.commit()
