"""What follows from the events is the same on both databases, and in whatever order they come."""

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from kiosk.domain.ids import SiteId
from kiosk.tools.ids import Ids
from sync.centre.events import Told, Verdict, read_event
from sync.centre.registry import Enrolment, NewAgency, NewMember, Registry
from sync.centre.storage import disputes, streams
from sync.centre.storage.tokens import Bearer, Role
from tests.support.centre import SITE, SOURCE, ManualClock
from tests.support.centre_events import START, Body, arrived, event, text, visit, visits

OTHER: dict[str, Any] = {"source": "se.samverket.ostersund", "site": "ostersund"}
BEARERS = {
    SOURCE: Bearer(Role.HOUSE, SITE, SOURCE),
    OTHER["source"]: Bearer(Role.HOUSE, SiteId(OTHER["site"]), OTHER["source"]),
}
AGENCY = NewAgency("skatteverket", "Skatteverket", 40)
DERIVED = ("streams", "tallies", "visits", "overlapping", "excesses")


@pytest.fixture
def clock() -> ManualClock:
    """Return the centre's clock."""
    return ManualClock(START + timedelta(hours=12))


@pytest.fixture
def centre(database: str, clock: ManualClock) -> Iterator[Registry]:
    """Return a centre with one agency and no members."""
    registry = Registry(database, clock, Ids())
    registry.enrol(Enrolment(agencies=(AGENCY,)))
    yield registry
    registry.close()


def forget(centre: Registry) -> None:
    """Forget all that houses told, and what follows from it."""
    with centre.happenings.transaction() as work:
        for table in (*DERIVED, "events", "disputes", "findings"):
            work.run(f"DELETE FROM {table}")  # noqa: S608 - our own names


def member(number: int = 1, **more: Any) -> Enrolment:
    """Return the member of that number, to be enrolled."""
    return Enrolment(members=(NewMember(f"m{number:06}", f"Exempel {number}", "skatteverket", **more),))


def tell(centre: Registry, *bodies: Body) -> list[str]:
    """Tell the centre, let it keep its books, and return the verdicts."""
    read = [read_event(msgspec.Raw(msgspec.json.encode(one)), BEARERS[one["source"]]) for one in bodies]
    assert all(isinstance(one, Told) for one in read), read
    verdicts = centre.events.keep([one for one in read if isinstance(one, Told)], centre.clock())
    centre.books.settle()
    return [one.verdict.value for one in verdicts]


def rows(centre: Registry, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """Return all rows of a table, sorted."""
    with centre.happenings.reading() as work:
        return sorted(work.rows(f"SELECT {columns} FROM {table}"))  # noqa: S608 - our own names


def state_of(centre: Registry) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that was worked out, but for what says when."""
    found = {table: rows(centre, table) for table in DERIVED}
    found["disputes"] = rows(centre, "disputes", "source, event, member, visit, reason")
    found["events"] = rows(centre, "events", "source, id, body")
    return found


def test_a_range_grows_whichever_sequence_comes_first(centre: Registry) -> None:
    told = visits(20)
    random.Random(7).shuffle(told)  # noqa: S311 - chance that can be repeated
    for start in range(0, len(told), 7):
        tell(centre, *told[start : start + 7])
    with centre.happenings.reading() as work:
        (found,) = streams.streams(work, SOURCE)
    assert (found.first, found.contiguous, found.highest, found.gaps, found.forks) == (1, 60, 60, (), 0)


def test_what_is_lacking_is_named_from_the_first_sequence_on(centre: Registry) -> None:
    told = visits(4)
    tell(centre, *told[2:4], *told[6:7], *told[9:])
    with centre.happenings.reading() as work:
        (found,) = streams.streams(work, SOURCE)
    assert (found.contiguous, found.highest, found.gaps) == (0, 12, ((1, 2), (5, 6), (8, 9)))
    assert centre.report().missing == {SOURCE: 6}


def test_one_sequence_under_two_ids_is_a_fork_and_both_events_are_kept(centre: Registry) -> None:
    tell(centre, *visit(1, 1))
    twin = arrived(2, number=9, identifier="of-a-twin")
    assert tell(centre, twin) == ["accepted"]
    assert tell(centre, twin) == ["duplicate"]
    with centre.happenings.reading() as work:
        (found,) = streams.streams(work, SOURCE)
    assert (found.forks, found.highest, found.gaps) == (1, 3, ())
    assert centre.report().distinct == 4
    assert [row[1] for row in rows(centre, "findings")] == ["fork"]


def test_a_house_put_back_from_an_image_goes_on_in_a_new_epoch_and_is_noticed(centre: Registry) -> None:
    tell(centre, *visits(3))
    again = [arrived(10, number=4, epoch="k3j9x"), event("visit.left", 11, number=4, epoch="k3j9x")]
    assert tell(centre, *again) == ["accepted"] * 2
    with centre.happenings.reading() as work:
        first, second = streams.streams(work, SOURCE)
    assert (first.epoch, first.contiguous, first.forks) == ("", 9, 0)
    assert (second.epoch, second.first, second.contiguous, second.gaps) == ("k3j9x", 10, 11, ())
    assert [row[1:3] for row in rows(centre, "findings")] == [("restart", "k3j9x")]
    assert centre.report().missing == {SOURCE: 0}


def test_the_last_said_of_a_visit_holds_in_every_order(centre: Registry) -> None:
    told = [
        arrived(1),
        event("visit.left", 2),
        event("visit.leaving_undone", 3, undoes="left-1"),
        event(
            "visit.corrected", 4, corrects="arrived-1", why="glömd tapp", arrived_at=text(START - timedelta(hours=1))
        ),
        event("visit.closed_automatically", 5, closed_at=text(START + timedelta(hours=9))),
    ]
    for order in random.Random(3).sample(list(itertools.permutations(told)), 20):  # noqa: S311 - chance that can be repeated
        for one in order:
            tell(centre, one)
        (row,) = rows(centre, "visits", "agency, arrived_at, left_at, told_at")
        assert row[:3] == ("skatteverket", "2026-11-23T06:30:00.000000Z", "2026-11-23T16:30:00.000000Z")
        assert row[3] == "2026-11-23T07:30:01.000000Z"
        forget(centre)


def withdrawn(centre: Registry, name: str) -> None:
    """Withdraw the first member's rights an hour before the tap, as it became known later."""
    revoked = NewMember("m000001", name, "skatteverket", revoked_at=START - timedelta(hours=1))
    centre.enrol(Enrolment(members=(revoked,)))


def test_a_tap_after_the_rights_ended_is_disputed_once_in_every_order(centre: Registry, clock: ManualClock) -> None:
    reason = "the member's rights ended at 2026-11-23T06:30:00.000000Z"
    for order in itertools.permutations(["revoke", "tap", "tap again", "revoke again"]):
        centre.enrol(member(1))
        for step in order:
            if step.startswith("tap"):
                tell(centre, arrived(1))
            else:
                # Told again with another name, so that all of the member's taps are looked at again.
                withdrawn(centre, step)
                centre.books.settle()
            clock.advance(60)
        centre.books.settle()
        assert state_of(centre)["disputes"] == [(SOURCE, "arrived-1", "m000001", "visit-1", reason)]
        assert [one.number for one in disputes.after(centre.happenings, SOURCE, 0, 10)] == [1]
        assert msgspec.json.decode(rows(centre, "events", "body")[0][0])["data"]["member"] == "m000001"
        assert tell(centre, arrived(1)) == ["disputed"]
        forget(centre)


def test_a_member_taken_away_is_disputed_from_then_on_and_not_before(centre: Registry, clock: ManualClock) -> None:
    centre.enrol(member(1))
    centre.enrol(Enrolment(members=(NewMember("m000001", "Exempel", "skatteverket", active=False),)))
    at = clock().wall
    before, after = at - timedelta(minutes=5), at + timedelta(minutes=5)
    assert tell(centre, arrived(1, at=before)) == ["accepted"]
    assert tell(centre, arrived(2, number=1, at=after, identifier="later")) == ["disputed"]
    clock.advance(3600)
    centre.enrol(member(1))
    assert tell(centre, arrived(3, at=clock().wall + timedelta(minutes=1), identifier="back")) == ["accepted"]
    assert [row[1] for row in state_of(centre)["disputes"]] == ["later"]


def test_a_tap_before_the_rights_begin_is_disputed(centre: Registry) -> None:
    centre.enrol(member(1, valid_from=START + timedelta(days=1)))
    assert tell(centre, arrived(1)) == ["disputed"]


def test_one_member_at_two_houses_at_once_is_flagged_alike_whichever_came_first(centre: Registry) -> None:
    here = [arrived(1), event("visit.left", 2, at=START + timedelta(hours=2))]
    there = [
        arrived(1, at=START + timedelta(hours=1), **OTHER),
        event("visit.left", 2, at=START + timedelta(hours=3), **OTHER),
    ]
    states = []
    for order in itertools.permutations([*here, *there]):
        for one in order:
            assert tell(centre, one) == ["accepted"]
        states.append((rows(centre, "overlapping"), len(rows(centre, "visits"))))
        forget(centre)
    flag = ("se.samverket.ostersund", "visit-1", SOURCE, "visit-1", "m000001", "se.samverket.ostersund")
    assert all(one == ([flag], 2) for one in states)


def test_visits_one_after_the_other_are_not_flagged_even_if_the_leaving_comes_late(centre: Registry) -> None:
    tell(centre, arrived(1))
    tell(centre, arrived(1, at=START + timedelta(hours=3), **OTHER))
    assert len(rows(centre, "overlapping")) == 1
    tell(centre, event("visit.left", 2, at=START + timedelta(hours=1)))
    assert rows(centre, "overlapping") == []


def test_two_houses_over_the_seats_keep_everybody_and_tell_the_agency_once(centre: Registry) -> None:
    centre.enrol(Enrolment(agencies=(NewAgency("skatteverket", "S", 40, at_once=3, contact="chef@example.se"),)))
    here = [arrived(number, number=number) for number in (1, 2)]
    there = [arrived(number, number=number + 2, identifier=f"there-{number}", **OTHER) for number in (1, 2)]
    tell(centre, *here)
    assert rows(centre, "excesses") == []
    tell(centre, *there)
    tell(centre, event("visit.took_part", 3))
    assert rows(centre, "excesses") == [("", "skatteverket", "2026-11-23", 3, 4)]
    assert rows(centre, "alarms", "key, contact") == [("seats/skatteverket/2026-11-23", "chef@example.se")]
    assert len(rows(centre, "visits")) == 4


def test_seats_count_people_and_not_taps(centre: Registry) -> None:
    centre.enrol(Enrolment(agencies=(NewAgency("skatteverket", "S", 40, at_once=1),)))
    tell(centre, arrived(1), arrived(1, at=START + timedelta(minutes=5), **OTHER))
    assert rows(centre, "excesses") == []


def test_an_excess_that_an_undone_arrival_takes_back_is_forgotten(centre: Registry) -> None:
    centre.enrol(Enrolment(agencies=(NewAgency("skatteverket", "S", 40, at_once=1),)))
    tell(centre, arrived(1), arrived(2, number=2))
    assert len(rows(centre, "excesses")) == 1
    tell(centre, event("visit.arrival_undone", 3, number=2, undoes="arrived-2"))
    assert rows(centre, "excesses") == []


def test_what_a_house_says_of_seats_is_kept_and_told(centre: Registry) -> None:
    said = event("seats.exceeded", 1, visit=None, member=None, agency="skatteverket", seats=3, inside=5)
    assert tell(centre, said) == ["accepted"]
    assert rows(centre, "excesses") == [(SOURCE, "skatteverket", "2026-11-23", 3, 5)]
    assert len(rows(centre, "alarms")) == 1


def test_the_books_are_the_same_for_the_same_events_in_any_order_and_any_batches(centre: Registry) -> None:
    centre.enrol(member(2, revoked_at=START))
    told = [*visits(8), *visits(8, **OTHER), arrived(30, number=2, identifier="x", at=START + timedelta(hours=5))]
    states = []
    for seed in range(4):
        chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
        order = chance.sample(told, len(told)) + chance.sample(told, 9)
        while order:
            part = chance.randint(1, 9)
            tell(centre, *order[:part])
            order = order[part:]
        states.append(state_of(centre))
        forget(centre)
    assert states[0]["disputes"]
    assert states[0]["overlapping"]
    assert all(one == states[0] for one in states)


def test_all_verdicts_are_given_in_one_batch(centre: Registry) -> None:
    centre.enrol(member(3, revoked_at=START))
    first, other = arrived(1), {**arrived(1), "time": text(START)}
    tell(centre, first)
    mixed = [arrived(2, number=2), first, other, arrived(3, number=3), arrived(2, number=2)]
    expected = [Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.CONFLICT, Verdict.DISPUTED, Verdict.DUPLICATE]
    assert tell(centre, *mixed) == [one.value for one in expected]
