"""The outbox: one gapless sequence, moved together with the place in the journal, and nothing ever taken away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.ids import EventId, VisitId
from kiosk.store import database
from kiosk.store.errors import StoreError
from kiosk.store.outbox import REASON_MAX, Numbering
from kiosk.store.outgoing import OutboxState, Outgoing, Settled
from kiosk.store.queue import OutboxReader
from kiosk.store.resend import GAPS_TOLD, Dispute, Stream
from kiosk.store.roster import RosterReader, RosterWriter
from kiosk.store.sent import SentReader

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RosterWriter]:
    """Return the writing side of a new file."""
    one = RosterWriter(tmp_path / "roster.db")
    yield one
    one.close()


def outgoing(*sequences: int) -> tuple[Outgoing, ...]:
    """Return events with these sequences."""
    return tuple(
        Outgoing(one, one * 3, EventId(f"e{one}"), "arrived", VisitId(f"v{one}"), f'{{"n":{one}}}') for one in sequences
    )


def test_events_and_the_place_in_the_journal_move_together(writer: RosterWriter) -> None:
    writer.outbox.add(9, outgoing(1, 2, 3), AT)
    assert writer.outbox.place() == 9
    assert writer.outbox.last_sequence() == 3
    assert writer.outbox.waiting(2) == outgoing(1, 2)


def test_a_gap_is_refused_and_changes_nothing(writer: RosterWriter) -> None:
    with pytest.raises(StoreError, match="go on at 1"):
        writer.outbox.add(9, outgoing(2), AT)
    assert writer.outbox.place() == 0


def test_the_place_moves_over_what_the_centre_is_not_told(writer: RosterWriter) -> None:
    writer.outbox.add(12, (), AT)
    assert (writer.outbox.place(), writer.outbox.last_sequence()) == (12, 0)


def test_the_same_event_twice_is_refused_whole(writer: RosterWriter) -> None:
    writer.outbox.add(3, outgoing(1), AT)
    again = Outgoing(2, 9, EventId("e1"), "left", VisitId("v1"), "{}")
    with pytest.raises(Exception, match="UNIQUE"):
        writer.outbox.add(9, (again,), AT)
    assert writer.outbox.place() == 3


def test_failing_counts_attempts_and_keeps_the_event_waiting(writer: RosterWriter, tmp_path: Path) -> None:
    writer.outbox.add(3, outgoing(1), AT)
    writer.outbox.failed([1], "x" * 1000, AT)
    writer.outbox.failed([1], "later", AT)
    reader = OutboxReader(tmp_path / "roster.db")
    (one,) = reader.unsettled(10)
    reader.close()
    assert (one.state, one.attempts, one.reason) == (OutboxState.WAITING, 2, "later")
    assert len("x" * REASON_MAX) == REASON_MAX


def test_a_verdict_once_given_is_final(writer: RosterWriter) -> None:
    writer.outbox.add(3, outgoing(1), AT)
    writer.outbox.settle([Settled(1, OutboxState.CONFLICT, "r")], AT)
    writer.outbox.settle([Settled(1, OutboxState.ACCEPTED)], AT)
    assert writer.outbox.counts() == {OutboxState.CONFLICT: 1}


def test_visits_already_told_of_are_found(writer: RosterWriter) -> None:
    writer.outbox.add(9, outgoing(1, 2), AT)
    visits = [VisitId("v1"), VisitId("v9")]
    assert writer.outbox.visits_with("arrived", visits) == {"v1"}
    assert writer.outbox.visits_with("left", visits) == frozenset()


def test_without_a_file_there_is_nothing_to_show(tmp_path: Path) -> None:
    reader = OutboxReader(tmp_path / "none.db")
    assert (reader.counts(), reader.unsettled(5), reader.appointments()) == ({}, (), {})
    assert reader.roster()["members"] == 0


def test_only_what_was_confirmed_and_sent_long_ago_may_be_let_go(writer: RosterWriter) -> None:
    writer.outbox.add(9, outgoing(1, 2, 3), AT)
    writer.outbox.settle([Settled(1, OutboxState.ACCEPTED), Settled(2, OutboxState.DUPLICATE)], AT)
    writer.outbox.settle([Settled(3, OutboxState.ACCEPTED)], AT + timedelta(days=20))
    assert writer.resend.old(AT + timedelta(days=14), 10) == ()
    writer.resend.confirm([Stream("", 2, 3)])
    assert writer.resend.old(AT + timedelta(days=14), 10) == ("e2",)
    writer.resend.let_go([EventId("e2")])
    assert writer.outbox.last_sequence() == 3


def test_a_dispute_is_kept_once_whoever_tells_of_it(writer: RosterWriter, tmp_path: Path) -> None:
    writer.outbox.add(3, outgoing(1), AT)
    writer.outbox.settle([Settled(1, OutboxState.DISPUTED, "withdrawn")], AT)
    told = Dispute(EventId("e1"), "withdrawn", AT.isoformat(), 7)
    for _ in range(2):
        writer.resend.dispute([told], 7)
    reader = OutboxReader(tmp_path / "roster.db")
    disputes = reader.disputes()
    reader.close()
    assert [(one.event_id, one.number) for one in disputes] == [("e1", 7)]
    assert writer.resend.last_dispute() == 7


def test_the_lives_of_the_outbox_never_share_a_number(writer: RosterWriter) -> None:
    writer.outbox.add(9, outgoing(1, 2, 3), AT)
    writer.outbox.settle([Settled(1, OutboxState.ACCEPTED)], AT)
    numbered = writer.resend.number_anew("life2", 10, lambda body, number, epoch: f"{body} {number} {epoch}")
    assert numbered == 2
    waiting = writer.outbox.waiting(10)
    assert [(one.sequence, one.body) for one in waiting] == [(11, '{"n":2} 11 life2'), (12, '{"n":3} 12 life2')]
    assert writer.outbox.numbering() == Numbering(12, "life2")


def test_lacking_is_what_lies_outside_of_what_the_centre_holds(writer: RosterWriter) -> None:
    writer.outbox.add(99, outgoing(*range(1, 9)), AT)
    writer.outbox.settle([Settled(one, OutboxState.ACCEPTED) for one in range(1, 9)], AT)
    held = [Stream("", 2, 7, ((4, 5),))]
    assert [one for one, _ in writer.resend.lacking(held, 0, 10)] == [1, 4, 5, 8]
    assert [one for one, _ in writer.resend.lacking(held, 4, 1)] == [5]
    assert [one for one, _ in writer.resend.lacking([], 0, 10)] == list(range(1, 9))


def test_of_numbers_after_as_many_gaps_as_are_ever_told_nothing_is_known() -> None:
    all_told = Stream("", 1, 1000, tuple((2 * n, 2 * n) for n in range(1, GAPS_TOLD)))
    assert all_told.surely_holds(1000)
    assert all_told.held()[-1] == (2 * GAPS_TOLD - 1, 1000)
    cut_off = Stream("", 1, 1000, (*all_told.gaps, (2 * GAPS_TOLD, 2 * GAPS_TOLD)))
    assert [cut_off.surely_holds(one) for one in (1, 2 * GAPS_TOLD - 1, 2 * GAPS_TOLD, 2 * GAPS_TOLD + 1)] == [
        True, True, False, False
    ]  # fmt: skip
    assert all(low > high or high < 2 * GAPS_TOLD for low, high in cut_off.held())


def test_what_became_of_an_event_is_found_among_very_many_without_looking_at_all(
    writer: RosterWriter, tmp_path: Path
) -> None:
    writer.outbox.add(3, outgoing(1, 2), AT)
    asked: list[str] = []
    connect = database._connect  # noqa: SLF001 - what the readers ask is listened to here

    def listening(target: str, *, uri: bool) -> sqlite3.Connection:
        connection = connect(target, uri=uri)
        connection.set_trace_callback(asked.append)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_connect", listening)
        with closing(RosterReader(tmp_path / "roster.db")) as desk, closing(SentReader(tmp_path / "roster.db")) as sent:
            desk.at_centre([1, 2])
            sent.unsent(1, 2)
    about = [one for one in asked if "FROM outbox" in one]
    assert len(about) == 2
    with closing(sqlite3.connect(tmp_path / "roster.db")) as file:
        plans = [row[3] for one in about for row in file.execute(f"EXPLAIN QUERY PLAN {one}")]
    assert not [one for one in plans if one.startswith("SCAN outbox")], plans
