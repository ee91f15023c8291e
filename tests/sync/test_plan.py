"""What the centre is told, and what is made of its answers."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.events import (
    NAME_OF,
    TYPE_NAMES,
    ArrivalUndone,
    Arrived,
    BadgeFound,
    BadgeReportedLost,
    ClosedAutomatically,
    Evidence,
    Happened,
    LeavingCorrected,
    LeavingUndone,
    Left,
    Rights,
    SeatsExceeded,
    TookPart,
    VisitAnnulled,
    Why,
)
from kiosk.domain.ids import MEMBER, AgencyId, BadgeKey, BootId, EventId, MemberId, ReaderId, SiteId, VisitId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import BadgeLevel
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import ZoneState
from kiosk.store.outgoing import Held, OutboxState, Settled
from sync import plan
from sync.answers import Absent, Forbidden, OwnCertificate, Problem, Unauthorised, Unreachable, Untrusted
from sync.records import EventVerdict, Verdict
from sync.times import Timed, window_start

pytestmark = pytest.mark.slow

SOURCE = "se.samverket.stockholm"
IDENTITY = plan.Identity(SiteId("stockholm"), SOURCE, 5.0, 60.0)
SECRET_WORDS = ("lagerelden", "evidence", "others", "entrance", "fresh", "gunnar", "shown", "wanted", "title")
CENTRE_READS = {
    *("site", "clock", "visit", "member", "agency", "closed_at", "undoes", "corrects", "why"),
    *("arrived_at", "left_at", "seats", "inside", "badge", "key_version", "level", "was"),
}
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds of a strategy are naive


def value_for(name: str, wall: datetime, number: int) -> Any:
    """Return some value for the field of an event."""
    values: dict[str, Any] = {
        "id": EventId(f"event-{number}"),
        "at": Instant(wall, BootId("boot"), float(number), ClockState.SYNCED),
        "visit": VisitId(f"visit-{number % 5}"),
        "member": MemberId(f"member-{number % 5}"),
        "agency": AgencyId("skatteverket"),
        "badge": BadgeKey("ab" * 32),
        "was": BadgeKey("cd" * 32),
        "key_version": 2,
        "level": BadgeLevel.VERIFIED,
        "reader": ReaderId("entrance"),
        "by": MEMBER,
        "rights": Rights.FRESH,
        "zone": ZoneId("lagerelden"),
        "evidence": Evidence(others=2, sensed=3, zone_state=ZoneState.OCCUPIED),
        "undoes": EventId("event-0"),
        "corrects": EventId("event-0"),
        "reason": next(iter(Reason)),
        "why": next(iter(Why)),
        "limit": 3,
        "inside": 4,
    }
    return wall if name.endswith("_at") else values.get(name, f"gunnar-{name}")


def event(kind: type[Happened], number: int, wall: datetime) -> Happened:
    """Return an event of that kind."""
    return kind(**{one.name: value_for(one.name, wall, number) for one in fields(kind)})


@st.composite
def journals(draw: st.DrawFn) -> list[tuple[int, Happened]]:
    """Make a journal of any events in any order, with gaps where payloads were retired."""
    kinds = draw(st.lists(st.sampled_from(list(TYPE_NAMES.values())), max_size=30))
    return [(number * 2, event(kind, number, draw(moments))) for number, kind in enumerate(kinds, start=1)]


def projected(journal: list[tuple[int, Happened]], sequence: int = 0) -> plan.Projected:
    """Return the projection of a whole journal."""
    return plan.project(journal, IDENTITY, sequence=sequence)


def test_every_kind_of_event_is_either_told_or_withheld_and_somebody_decided_which() -> None:
    told = {NAME_OF[one] for one in plan.ALLOWED}
    assert told | plan.WITHHELD == set(TYPE_NAMES), "decide in sync/plan.py what the centre may know of it"
    assert not told & plan.WITHHELD


@given(journals())
def test_only_what_is_on_the_list_leaves_the_house(journal: list[tuple[int, Happened]]) -> None:
    found = projected(journal)
    for body in [one.body for one in found.told] + [one.body for one in found.held]:
        event = json.loads(body)
        assert event["type"] in {f"se.samverket.{name}" for name, _ in plan.ALLOWED.values()}
        assert set(event["data"]) <= CENTRE_READS
        assert not any(word in body for word in SECRET_WORDS)


@given(journals(), st.integers(0, 10_000))
def test_the_sequence_for_the_centre_has_no_gap(journal: list[tuple[int, Happened]], sequence: int) -> None:
    found = projected(journal, sequence)
    last = sequence + len(found.told)
    outgoing = (*found.told, *plan.released(found.held, sequence=last))
    assert [one.sequence for one in outgoing] == list(range(sequence + 1, sequence + 1 + len(outgoing)))
    assert [json.loads(one.body)["sequence"] for one in outgoing] == [f"{one.sequence:016}" for one in outgoing]


@given(journals(), st.integers(0, 30))
def test_projecting_in_two_pieces_is_projecting_at_once(journal: list[tuple[int, Happened]], cut: int) -> None:
    first = projected(journal[:cut])
    known = frozenset(one.visit for one in first.held)
    rest = plan.project(journal[cut:], IDENTITY, sequence=len(first.told), took_part=known)
    whole = projected(journal)
    assert (first.told + rest.told, first.held + rest.held) == (whole.told, whole.held)


@given(journals())
def test_having_taken_part_is_told_once_a_visit(journal: list[tuple[int, Happened]]) -> None:
    found = projected(journal)
    visits = [one.visit for one in found.held]
    assert len(visits) == len(set(visits))
    assert set(visits) == plan.visits_taking_part(one for _, one in journal)
    assert not [one for one in found.told if one.kind == plan.TOOK_PART]


@given(st.lists(moments, min_size=2, max_size=12), st.randoms())
def test_what_is_released_together_tells_nothing_of_its_order(walls: list[datetime], chance: Random) -> None:
    happened = [event(TookPart, number, wall) for number, wall in enumerate(walls)]
    held = [Held(1, plan.centre_id(one), plan.TOOK_PART, VisitId("v"), "{}", one.at) for one in happened]
    shuffled = list(held)
    chance.shuffle(shuffled)
    released = plan.released(held, sequence=7)
    assert plan.released(shuffled, sequence=7) == released
    assert [one.event_id for one in released] == sorted(one.event_id for one in held)


@given(moments, st.sampled_from([60, 300, 900, 3600]))
def test_the_time_of_taking_part_is_that_of_its_window(wall: datetime, round_s: int) -> None:
    identity = replace(IDENTITY, round_s=round_s)
    (one,) = plan.project([(1, event(TookPart, 1, wall))], identity, sequence=0).held
    told = datetime.fromisoformat(json.loads(one.body)["time"])
    assert told == window_start(wall, round_s)
    assert timedelta(0) <= wall - told < timedelta(seconds=round_s)


@given(moments, moments)
def test_a_time_that_is_known_better_later_is_rounded_too(wall: datetime, truly: datetime) -> None:
    (held,) = projected([(1, event(TookPart, 1, wall))]).held
    (one,) = plan.released([held], sequence=0)
    said = json.loads(plan.timed(one, Timed(truly, ClockState.SET, 1.0), 900))
    assert datetime.fromisoformat(said["time"]) == window_start(truly, 900)
    assert said["data"]["clock"] == "set"


def test_a_correction_names_the_event_the_new_time_and_a_reason_from_the_list() -> None:
    wall = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    (one,) = projected([(4, event(LeavingCorrected, 1, wall))]).told
    said = json.loads(one.body)
    assert said["type"] == "se.samverket.visit.corrected"
    assert said["data"] == {
        "site": "stockholm",
        "clock": "synced",
        "visit": "visit-1",
        "member": "member-1",
        "corrects": "event-0",
        "why": "forgot_to_tap",
        "left_at": "2026-11-23T07:30:00.000Z",
    }


def test_a_visit_that_never_was_takes_its_arrival_back() -> None:
    (one,) = projected([(4, event(VisitAnnulled, 1, datetime(2026, 11, 23, tzinfo=UTC)))]).told
    said = json.loads(one.body)
    assert (said["type"], said["data"]["undoes"]) == ("se.samverket.visit.arrival_undone", "event-0")


@pytest.mark.parametrize("kind", [BadgeReportedLost, BadgeFound])
def test_what_is_said_of_a_badge_between_two_keys_is_told_of_both(kind: type[BadgeReportedLost | BadgeFound]) -> None:
    older, newer = BadgeKey("a" * 64), BadgeKey("b" * 64)
    at = Instant(datetime(2026, 11, 23, tzinfo=UTC), BootId("boot"), 1.0)
    for was in (older, None):
        happened = kind(id=EventId("e"), at=at, badge=newer, key_version=2, member=MemberId("m1"), by=MEMBER, was=was)
        (one,) = projected([(4, happened)]).told
        said = json.loads(one.body)["data"]
        assert (said["badge"], said.get("was")) == (newer, was)


def test_an_excess_of_seats_names_the_agency_and_nobody() -> None:
    (one,) = projected([(4, event(SeatsExceeded, 1, datetime(2026, 11, 23, tzinfo=UTC)))]).told
    said = json.loads(one.body)
    assert (said["type"], said["subject"]) == ("se.samverket.seats.exceeded", "skatteverket")
    assert said["data"] == {"site": "stockholm", "clock": "synced", "agency": "skatteverket", "seats": 3, "inside": 4}


def test_a_new_number_and_epoch_change_nothing_else() -> None:
    (one,) = projected([(4, event(Left, 1, datetime(2026, 11, 23, tzinfo=UTC)))]).told
    said, first = json.loads(plan.renumbered(one.body, 77, "life2")), json.loads(one.body)
    assert (said.pop("sequence"), said.pop("epoch")) == (f"{77:016}", "life2")
    first.pop("sequence")
    assert said == first
    assert json.loads(plan.renumbered(plan.renumbered(one.body, 77, "life2"), 1, "")) == json.loads(one.body)


def test_the_id_of_taking_part_does_not_tell_when_and_is_the_same_each_time() -> None:
    one = event(TookPart, 1, datetime(2026, 11, 23, tzinfo=UTC))
    assert plan.centre_id(one) == plan.centre_id(one) != one.id
    assert plan.centre_id(one)[14] == "8"


def test_every_other_event_keeps_its_id() -> None:
    for kind in (Arrived, Left, ClosedAutomatically, ArrivalUndone, LeavingUndone):
        one = event(kind, 7, datetime(2026, 11, 23, tzinfo=UTC))
        assert plan.centre_id(one) == one.id


def test_an_arrival_is_told_whole() -> None:
    (one,) = projected([(4, event(Arrived, 1, datetime(2026, 11, 23, 7, 30, 1, 250_000, tzinfo=UTC)))]).told
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
            "badge": "ab" * 32,
        },
    }


def test_an_event_without_a_verdict_goes_on_waiting() -> None:
    sent = projected([(n, event(Left, n, datetime(2026, 11, 23, tzinfo=UTC))) for n in (1, 2)]).told
    said = (
        EventVerdict(EventId("event-2"), Verdict.INVALID, "why"),
        EventVerdict(EventId("never sent"), Verdict.ACCEPTED),
    )
    assert plan.settle(sent, said) == (Settled(2, OutboxState.INVALID, "why"),)


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
        (Untrusted("expired"), plan.TOKEN_RETRY_S),
        (OwnCertificate("ran out"), plan.TOKEN_RETRY_S),
    ],
)
def test_a_known_wait_is_kept(problem: Problem, wait_s: float) -> None:
    assert plan.wait_s(problem, 3, SOURCE) == wait_s


def test_an_unknown_wait_grows() -> None:
    assert plan.wait_s(Absent(404), 2, SOURCE) > plan.wait_s(Unreachable("timeout"), 1, SOURCE)


def test_somebody_let_in_by_a_host_came_with_no_badge() -> None:
    came = replace(event(Arrived, 1, datetime(2026, 11, 23, tzinfo=UTC)), badge=None)  # type: ignore[call-arg] # an arrival has one
    (told,) = projected([(1, came)]).told
    assert "badge" not in json.loads(told.body)["data"]
