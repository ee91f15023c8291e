"""What waits for the centre too long names nobody in the file, and is sent exactly as it would have been."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.ids import EventId, VisitId
from kiosk.store.database import Shape, Writer
from kiosk.store.outbox import Outbox
from kiosk.store.outgoing import OutboxState, Outgoing, Settled
from kiosk.store.pseudonyms import STEP_MAX, Pseudonyms
from tests.support.books import write_roster

QUEUED = datetime(2026, 11, 1, tzinfo=UTC)
LATER = QUEUED + timedelta(days=31)
BODY = '{"specversion":"1.0","id":"e","data":{"site":"stockholm","visit":"v-1","member":"%s"}}'


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    write_roster(tmp_path / "roster.db")
    opened = Writer(tmp_path / "roster.db", Shape.ROSTER)
    yield opened
    opened.close()


def waiting(writer: Writer, *members: str) -> Outbox:
    outbox = Outbox(writer)
    rows = [
        Outgoing(number, number, EventId(f"e-{number}"), "arrived", VisitId("v-1"), BODY % one)
        for number, one in enumerate(members, start=1)
    ]
    outbox.add(len(rows), rows, QUEUED)
    return outbox


def test_after_thirty_days_the_queue_names_nobody_and_what_is_sent_is_as_it_was(writer: Writer) -> None:
    outbox = waiting(writer, "astrid", "carl")
    before = outbox.waiting(10)
    pseudonyms = Pseudonyms(writer, b"k" * 32)
    assert pseudonyms.hide(LATER) == 2
    hidden = outbox.waiting(10)
    assert not any(name in one.body for one in hidden for name in ("astrid", "carl"))
    assert len({one.body for one in hidden}) == 2
    assert pseudonyms.named(hidden) == before


def test_it_is_done_once_and_only_to_what_has_waited_so_long_and_is_not_at_the_centre(writer: Writer) -> None:
    outbox = waiting(writer, "astrid", "carl")
    outbox.settle([Settled(1, OutboxState.ACCEPTED)], QUEUED)
    pseudonyms = Pseudonyms(writer, b"k" * 32)
    assert pseudonyms.hide(QUEUED) == 0
    assert [pseudonyms.hide(LATER), pseudonyms.hide(LATER)] == [1, 0]


def test_another_houses_key_names_nobody(writer: Writer) -> None:
    outbox = waiting(writer, "astrid")
    Pseudonyms(writer, b"k" * 32).hide(LATER)
    assert Pseudonyms(writer, b"x" * 32).named(outbox.waiting(10)) == outbox.waiting(10)


def test_whoever_has_left_the_roster_stays_a_pseudonym(writer: Writer) -> None:
    outbox = waiting(writer, "somebody-gone")
    pseudonyms = Pseudonyms(writer, b"k" * 32)
    pseudonyms.hide(LATER)
    assert pseudonyms.named(outbox.waiting(10)) == outbox.waiting(10)


def test_no_step_changes_more_than_its_bound(writer: Writer) -> None:
    waiting(writer, *["astrid"] * (STEP_MAX + 1))
    pseudonyms = Pseudonyms(writer, b"k" * 32)
    assert [pseudonyms.hide(LATER), pseudonyms.hide(LATER)] == [STEP_MAX, 1]
