"""From the journal to the outbox: what is held back and how long, whose clock is believed, what the desk orders."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.events import BadgeReportedLost, Happened, Left
from kiosk.domain.ids import MEMBER, BadgeKey, BootId, EventId, MemberId, VisitId
from kiosk.domain.instant import ClockState, Instant
from kiosk.store.journal import Entry, JournalReader, JournalWriter
from kiosk.store.outgoing import OutboxState, Settled
from kiosk.store.roster import RosterWriter
from sync.agent import retry
from sync.client import CentreClient
from sync.notices import Notices
from sync.parts import Parts
from sync.plan import TOOK_PART, Identity
from sync.project import Orders, Project
from tests.support.centre import SITE, SOURCE, START, ManualClock, visits

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Rig:
    """A journal and an outbox, and what lies between them."""

    def __init__(self, folder: Path, orders: Orders | None = None) -> None:
        """Put it together in that folder."""
        import logging  # noqa: PLC0415 - only to have somebody to tell

        self.clock = ManualClock()
        self.journal, self.reader = JournalWriter(folder / "journal.db"), JournalReader(folder / "journal.db")
        self.roster = RosterWriter(folder / "roster.db")
        self.client = CentreClient("http://127.0.0.1:9", lambda: "token", self.clock)
        notices = Notices(logging.getLogger("samverk.test"))
        identity = Identity(SITE, SOURCE, 5.0, 60.0)
        parts = Parts(identity, self.roster.schedule, self.client, self.clock, notices, self.roster.boots)
        self.project = Project(parts, self.roster.outbox, orders or {})

    def happened(self, *events: Happened) -> None:
        """Record the events and read them."""
        self.journal.append(Entry(happened=events))
        self.project.step(self.reader)

    def told(self) -> list[str]:
        """Return the kinds that wait for the centre, in their order."""
        return [one.kind for one in self.roster.outbox.waiting(1000)]

    def close(self) -> None:
        """Let go of everything."""
        for one in (self.journal, self.reader, self.roster, self.client):
            one.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Return a new rig."""
    one = Rig(tmp_path)
    yield one
    one.close()


def left(number: int, at: Instant) -> Left:
    """Return somebody's leaving."""
    visit, who = VisitId(f"v{number}"), MemberId("m1")
    return Left(id=EventId(f"left-{number}"), at=at, visit=visit, member=who, reader=None, by=MEMBER)


def test_having_taken_part_waits_for_the_end_of_its_window_and_nothing_else_does(rig: Rig) -> None:
    rig.happened(*visits(2))
    assert rig.told() == ["arrived", "left", "arrived", "left"]
    rig.clock.advance(899.0)
    assert not rig.project.release()
    rig.clock.advance(1.0)
    assert rig.project.release()
    assert rig.told()[4:] == [TOOK_PART, TOOK_PART]


def test_two_who_took_part_together_cannot_be_told_from_two_who_did_not(rig: Rig) -> None:
    together = visits(4, start=START)
    apart = tuple(
        replace(one, at=replace(one.at, wall=START + timedelta(minutes=3 * n))) for n, one in enumerate(together)
    )
    rig.happened(*apart)
    rig.clock.advance(1800.0)
    rig.project.release()
    took_part = [json.loads(one.body) for one in rig.roster.outbox.waiting(100) if one.kind == TOOK_PART]
    assert len(took_part) == 4
    ids = [one["id"] for one in took_part]
    first = [one["id"] for one in took_part if one["time"] == "2026-11-23T07:30:00.000Z"]
    assert ids == sorted(ids), "the order is that of hashes"
    assert len(first) == 2


def test_what_is_held_survives_a_restart_and_is_told_once(rig: Rig, tmp_path: Path) -> None:
    rig.happened(*visits(1))
    rig.close()
    again = Rig(tmp_path)
    again.clock.advance(1000.0)
    assert not again.project.step(again.reader)
    assert again.project.release()
    assert not again.project.release()
    assert again.told() == ["arrived", "left", TOOK_PART]
    again.close()


@pytest.mark.parametrize("step_s", [-7200.0, -90 * 86400.0])
def test_a_clock_that_is_set_back_holds_nobody_longer_than_a_window(rig: Rig, step_s: float) -> None:
    rig.happened(*visits(1))
    now = rig.clock.now
    rig.clock.now = replace(now, wall=now.wall + timedelta(seconds=step_s), clock=ClockState.SET)
    rig.clock.advance(901.0)
    assert rig.project.release()


def test_a_time_of_1970_is_told_as_it_truly_was_once_the_centre_has_said_what_time_it_is(rig: Rig) -> None:
    at = Instant(EPOCH, BootId("boot-1"), 1060.0, ClockState.UNSET)
    rig.happened(left(1, at))
    rig.roster.boots.heard(Instant(EPOCH, BootId("boot-1"), 1100.0, ClockState.UNSET), START, 0.6)
    (one,) = rig.project.fix(rig.roster.outbox.waiting(10))
    said = json.loads(one.body)
    assert (said["time"], said["data"]["clock"]) == ("2026-11-23T07:29:20.000Z", "set")


def test_what_may_have_been_sent_never_changes_again(rig: Rig) -> None:
    rig.happened(left(1, Instant(EPOCH, BootId("boot-1"), 1060.0, ClockState.UNSET)))
    (sent,) = rig.project.fix(rig.roster.outbox.waiting(10))
    rig.roster.boots.heard(Instant(EPOCH, BootId("boot-1"), 1100.0, ClockState.UNSET), START, 0.6)
    assert rig.project.fix(rig.roster.outbox.waiting(10)) == rig.roster.outbox.waiting(10) == (sent,)
    assert json.loads(sent.body)["data"]["clock"] == "unset"


def test_a_lost_badge_that_goes_ahead_is_settled_and_what_was_before_it_is_not(rig: Rig) -> None:
    at = Instant(EPOCH, BootId("boot-1"), 1060.0, ClockState.UNSET)
    lost = BadgeReportedLost(
        id=EventId("lost"), at=at, badge=BadgeKey("a" * 64), key_version=1, member=MemberId("m1"), by=MEMBER
    )
    rig.happened(left(1, at), lost)
    (ahead,) = rig.project.fix(rig.roster.outbox.waiting(10))
    rig.roster.boots.heard(Instant(EPOCH, BootId("boot-1"), 1100.0, ClockState.UNSET), START, 0.6)
    (again,) = rig.project.fix(rig.roster.outbox.waiting(10))
    assert again.body == ahead.body
    rig.roster.outbox.settle([Settled(ahead.sequence, OutboxState.ACCEPTED)], START)
    (before,) = rig.project.fix(rig.roster.outbox.waiting(10))
    assert json.loads(before.body)["time"] == "2026-11-23T07:29:20.000Z"


def test_sequences_follow_the_journal_through_every_step_of_the_clock(rig: Rig) -> None:
    fold = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    walls = [EPOCH, fold, fold + timedelta(hours=1), fold - timedelta(hours=2), fold + timedelta(days=90), EPOCH]
    for number, wall in enumerate(walls):
        rig.happened(left(number, Instant(wall, BootId(f"boot-{number // 2}"), 50.0 + number, ClockState.SET)))
    waiting = rig.roster.outbox.waiting(10)
    assert [one.event_id for one in waiting] == [f"left-{number}" for number in range(len(walls))]
    assert [one.sequence for one in waiting] == list(range(1, len(walls) + 1))


def test_a_journal_that_begins_anew_is_read_from_its_beginning_and_nothing_is_told_twice(
    rig: Rig, tmp_path: Path
) -> None:
    rig.happened(*[left(number, rig.clock()) for number in range(5)])
    rig.close()
    for one in tmp_path.glob("journal.db*"):
        one.unlink()
    again = Rig(tmp_path)
    again.happened(left(4, again.clock()), left(9, again.clock()))
    while again.project.step(again.reader):
        pass
    again.project.step(again.reader)
    assert [one.event_id for one in again.roster.outbox.waiting(10)] == [*(f"left-{n}" for n in range(5)), "left-9"]
    again.close()


def test_an_order_of_the_desk_is_carried_out_when_it_is_read(tmp_path: Path) -> None:
    carried_out: list[Happened] = []
    rig = Rig(tmp_path, {"left": carried_out.append})
    rig.happened(*visits(2))
    rig.project.step(rig.reader)
    assert [one.id for one in carried_out] == ["l-1", "l-2"]
    rig.close()


def test_what_was_put_aside_waits_again_when_it_is_asked_for(rig: Rig) -> None:
    rig.happened(*visits(2))
    rig.roster.outbox.settle([Settled(1, OutboxState.INVALID, "why"), Settled(2, OutboxState.ACCEPTED)], START)
    retry(rig.roster, left(1, rig.clock()))
    assert [one.sequence for one in rig.roster.outbox.waiting(10)] == [1, 3, 4]
