"""What the centre is told, and what is made of its answers."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.events import (
    TYPE_NAMES,
    ArrivalUndone,
    Arrived,
    ClosedAutomatically,
    Evidence,
    Happened,
    LeavingUndone,
    Left,
    Rights,
    TookPart,
)
from kiosk.domain.ids import MEMBER, AgencyId, BootId, EventId, MemberId, ReaderId, SiteId, VisitId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import ZoneState
from kiosk.store.outgoing import OutboxState, Outgoing, Settled
from sync import plan
from sync.answers import Absent, Forbidden, Unauthorised, Unreachable
from sync.records import EventVerdict, Verdict

SITE = SiteId("stockholm")
SOURCE = "se.samverket.stockholm"
SECRET_WORDS = ("lagerelden", "evidence", "others", "entrance", "fresh", "badge")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds of a strategy are naive


def value_for(name: str, wall: datetime, number: int) -> Any:
    """Return some value for the field of an event."""
    values: dict[str, Any] = {
        "id": EventId(f"event-{number}"),
        "at": Instant(wall, BootId("boot"), float(number), ClockState.SYNCED),
        "visit": VisitId(f"visit-{number % 5}"),
        "member": MemberId(f"member-{number % 5}"),
        "agency": AgencyId("skatteverket"),
        "badge": None,
        "reader": ReaderId("entrance"),
        "by": MEMBER,
        "rights": Rights.FRESH,
        "zone": ZoneId("lagerelden"),
        "evidence": Evidence(others=2, sensed=3, zone_state=ZoneState.OCCUPIED),
        "closed_at": wall,
        "undoes": EventId("event-0"),
        "reason": next(iter(Reason)),
        "reference": "ABC123",
    }
    return values[name]


def event(kind: type[Happened], number: int, wall: datetime) -> Happened:
    """Return an event of that kind."""
    return kind(**{one.name: value_for(one.name, wall, number) for one in fields(kind)})


@st.composite
def journals(draw: st.DrawFn) -> list[tuple[int, Happened]]:
    """Make a journal of any events in any order, with gaps where payloads were retired."""
    kinds = draw(st.lists(st.sampled_from(list(TYPE_NAMES.values())), max_size=30))
    return [(number * 2, event(kind, number, draw(moments))) for number, kind in enumerate(kinds, start=1)]


def projected(journal: list[tuple[int, Happened]], sequence: int = 0) -> tuple[Outgoing, ...]:
    """Return the projection of a whole journal."""
    return plan.project(journal, site=SITE, source=SOURCE, sequence=sequence, took_part=frozenset())


@given(journals())
def test_only_what_is_on_the_list_leaves_the_house(journal: list[tuple[int, Happened]]) -> None:
    for one in projected(journal):
        assert one.kind in {name for name, _ in plan.ALLOWED.values()}
        data = json.loads(one.body)["data"]
        assert set(data) <= {"site", "visit", "member", "clock", "agency", "closed_at", "undoes"}
        assert not any(word in one.body for word in SECRET_WORDS)


@given(journals(), st.integers(0, 10_000))
def test_the_sequence_for_the_centre_has_no_gap(journal: list[tuple[int, Happened]], sequence: int) -> None:
    outgoing = projected(journal, sequence)
    assert [one.sequence for one in outgoing] == list(range(sequence + 1, sequence + 1 + len(outgoing)))
    assert [json.loads(one.body)["sequence"] for one in outgoing] == [f"{one.sequence:016}" for one in outgoing]


@given(journals(), st.integers(0, 30))
def test_projecting_in_two_pieces_is_projecting_at_once(journal: list[tuple[int, Happened]], cut: int) -> None:
    first = projected(journal[:cut])
    told = frozenset(one.visit for one in first if one.kind == plan.TOOK_PART)
    rest = plan.project(journal[cut:], site=SITE, source=SOURCE, sequence=len(first), took_part=told)
    assert first + rest == projected(journal)


@given(journals())
def test_having_taken_part_is_told_once_a_visit(journal: list[tuple[int, Happened]]) -> None:
    visits = [one.visit for one in projected(journal) if one.kind == plan.TOOK_PART]
    assert len(visits) == len(set(visits))
    assert set(visits) == plan.visits_taking_part(one for _, one in journal)


@given(moments)
def test_the_time_of_taking_part_is_a_whole_quarter_of_an_hour(wall: datetime) -> None:
    (one,) = projected([(1, event(TookPart, 1, wall))])
    told = datetime.fromisoformat(json.loads(one.body)["time"])
    assert told.minute % 15 == told.second == told.microsecond == 0
    assert timedelta(0) <= wall - told < timedelta(seconds=plan.TOOK_PART_ROUND_S)


def test_the_id_of_taking_part_does_not_tell_when_and_is_the_same_each_time() -> None:
    one = event(TookPart, 1, datetime(2026, 11, 23, tzinfo=UTC))
    assert plan.centre_id(one) == plan.centre_id(one) != one.id
    assert plan.centre_id(one)[14] == "8"


def test_every_other_event_keeps_its_id() -> None:
    for kind in (Arrived, Left, ClosedAutomatically, ArrivalUndone, LeavingUndone):
        one = event(kind, 7, datetime(2026, 11, 23, tzinfo=UTC))
        assert plan.centre_id(one) == one.id


def test_an_arrival_is_told_whole() -> None:
    (one,) = projected([(4, event(Arrived, 1, datetime(2026, 11, 23, 7, 30, 1, 250_000, tzinfo=UTC)))])
    assert json.loads(one.body) == {
        "specversion": "1.0",
        "id": "event-1",
        "source": SOURCE,
        "type": "se.samverket.visit.arrived",
        "subject": "visit-1",
        "time": "2026-11-23T07:30:01.250Z",
        "sequence": "0000000000000001",
        "datacontenttype": "application/json",
        "data": {
            "site": "stockholm",
            "visit": "visit-1",
            "member": "member-1",
            "clock": "synced",
            "agency": "skatteverket",
        },
    }


def test_an_event_without_a_verdict_goes_on_waiting() -> None:
    sent = projected([(n, event(Left, n, datetime(2026, 11, 23, tzinfo=UTC))) for n in (1, 2)])
    said = (
        EventVerdict(EventId("event-2"), Verdict.INVALID, "why"),
        EventVerdict(EventId("never sent"), Verdict.ACCEPTED),
    )
    assert plan.settle(sent, said) == (Settled(2, OutboxState.INVALID, "why"),)


@given(st.integers(1, plan.BATCH_MAX))
def test_a_batch_shrinks_to_one_and_grows_to_its_bound(size: int) -> None:
    assert 1 <= plan.smaller(size) <= max(1, size - 1)
    assert size <= plan.larger(size) <= plan.BATCH_MAX or size == plan.BATCH_MAX


@given(st.integers(1, 10_000), st.text(max_size=20))
def test_waits_grow_to_a_bound(failures: int, source: str) -> None:
    wait = plan.retry_s(failures, source)
    assert plan.RETRY_FIRST_S <= wait <= plan.RETRY_MAX_S * (1 + plan.RETRY_SPREAD)
    assert wait <= plan.retry_s(failures + 1, source)


@pytest.mark.parametrize(
    ("problem", "wait_s"),
    [
        (Unreachable("it answers 503", 7.0), 7.0),
        (Unauthorised("unknown"), plan.TOKEN_RETRY_S),
        (Forbidden(), plan.TOKEN_RETRY_S),
    ],
)
def test_a_known_wait_is_kept(problem: Unreachable | Unauthorised | Forbidden, wait_s: float) -> None:
    assert plan.wait_s(problem, 3, SOURCE) == wait_s


def test_an_unknown_wait_grows() -> None:
    assert plan.wait_s(Absent(404), 2, SOURCE) > plan.wait_s(Unreachable("timeout"), 1, SOURCE)
