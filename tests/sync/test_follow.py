"""The roster follows our own centre's changes, and a comparison of digests finds and mends whatever else is wrong."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from kiosk.domain.events import BrakeLifted
from kiosk.domain.ids import MEMBER, BadgeKey, EventId, MemberId
from kiosk.domain.members import BadgeStatus
from kiosk.store.queue import OutboxReader
from kiosk.store.roster import RosterReader
from sync import records
from sync.agent import lift
from sync.answers import Got
from sync.centre.enrolment import Enrolment, NewBadge, NewMember
from sync.centre.schemas import USER
from sync.follow import CHANGES
from tests.support.centre import AGENCY, House, RunningCentre, badge_key, member
from tests.support.fault_proxy import Fault, FaultProxy, cut_reply, drop_reply, garble_reply, portal, status

pytestmark = pytest.mark.parts

PULL_S = 60.0


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RosterReader]:
    """Return the desk's view of the house's roster."""
    one = RosterReader(tmp_path / "roster.db")
    yield one
    one.close()


def enrol(centre: RunningCentre, *numbers: int) -> None:
    """Enrol the example members of those numbers."""
    centre.registry.enrol(Enrolment(members=tuple(member(one) for one in numbers)))


def remove(centre: RunningCentre, *numbers: int) -> None:
    """Remove them."""
    for number in numbers:
        centre.registry.resources.delete(USER, member(number).id)


def pull(house: House, times: int = 1) -> None:
    """Let the next pulls come due and do them."""
    for _ in range(times):
        house.clock.advance(PULL_S)
        house.work()


def known(reader: RosterReader, *numbers: int) -> set[int]:
    """Return those of the members who are in the roster."""
    found = reader.people(MemberId(member(one).id) for one in numbers)
    return {int(one.removeprefix("m")) for one in found}


def roster_state(folder: Path) -> dict[str, object]:
    """Return what `samverk queue` tells of the roster."""
    reader = OutboxReader(folder / "roster.db")
    try:
        return reader.roster()
    finally:
        reader.close()


def order(house: House, removal: str | None = None) -> BrakeLifted:
    """Return the host's order to let the removal of that code through, or the one that is held."""
    code = house.roster.replica.held_removal() if removal is None else removal
    return BrakeLifted(id=EventId("order-1"), at=house.clock(), by=MEMBER, removal=code)


class Picky:
    """A reader of members that cannot make sense of one of them."""

    def __init__(self, dislikes: str) -> None:
        """Dislike the member of that id."""
        self._dislikes = dislikes
        self._real = records._user  # noqa: SLF001 - what it stands in for

    def decode(self, raw: bytes) -> object:
        """Return the member, or raise as for a broken record."""
        one = self._real.decode(raw)
        if one.id == self._dislikes:
            message = "Expected `int`, got `str` - at `$.active`"
            raise msgspec.ValidationError(message)
        return one


def test_an_unchanged_roster_is_confirmed_by_one_request(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    enrol(centre, 1)
    house.work()
    before, asked = reader.version(), len(proxy.seen)
    house.clock.advance(PULL_S)
    assert reader.age_s(house.clock()) == PULL_S
    house.work()
    assert proxy.seen[asked:] == ["/roster/version"]
    assert reader.age_s(house.clock()) == 0.0
    assert reader.version() == before


def test_a_change_costs_one_page_and_not_the_list(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    enrol(centre, *range(1, 51))
    house.work()
    asked = len(proxy.seen)
    enrol(centre, 51)
    remove(centre, 7)
    pull(house)
    assert known(reader, 7, 51) == {51}
    paths = [one.partition("?")[0] for one in proxy.seen[asked:]]
    assert paths == ["/roster/version", "/roster/changes"]
    assert reader.age_s(house.clock()) == 0.0


def test_withdrawals_are_in_force_before_a_long_list_of_others_is_read(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    enrol(centre, 1, 2)
    house.work()
    enrol(centre, *range(10, 10 + CHANGES + 5))
    withdrawn = NewMember("m000001", "Exempel 1", AGENCY.id, badges=(NewBadge(badge_key(1), 1, "withdrawn"),))
    centre.registry.enrol(Enrolment(members=(withdrawn,)))
    # The first page tells that there is more, the next brings the withdrawals alone; then the line breaks.
    proxy.order(None, None, drop_reply, drop_reply, path="/roster/changes")
    pull(house)
    proxy.heal()
    holder = reader.holder_of_badge([BadgeKey(badge_key(1))])
    assert holder is not None
    assert holder.badge is not None
    assert holder.badge.status is BadgeStatus.WITHDRAWN
    house.clock.advance(400.0)
    house.work()
    assert known(reader, 1, 2, 10, 9 + CHANGES + 5) == {1, 2, 10, 9 + CHANGES + 5}


@pytest.mark.parametrize("fault", [drop_reply, cut_reply, garble_reply, portal, status(503), status(401), status(500)])
def test_changes_that_fail_leave_a_whole_earlier_roster_and_arrive_later(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader, fault: Fault
) -> None:
    enrol(centre, 1, 2)
    house.work()
    before = reader.version()
    remove(centre, 2)
    proxy.order(fault, fault, path="/roster/changes")
    pull(house)
    assert proxy.fired
    assert known(reader, 1, 2) == {1, 2}
    assert reader.version() == before
    house.clock.advance(400.0)
    house.work()
    house.clock.advance(400.0)
    house.work()
    assert known(reader, 1, 2) == {1}


def test_drift_is_found_whole_counted_exactly_and_mended_by_no_more_than_the_differing_buckets(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader, tmp_path: Path
) -> None:
    numbers = range(1, 301)
    enrol(centre, *numbers)
    house.work()
    version = reader.version()
    drifted = drift(tmp_path / "roster.db", Random(7))  # noqa: S311 - to choose rows, not secrets
    asked = len(proxy.seen)
    pull(house)
    buckets = [one for one in proxy.seen[asked:] if one.startswith("/roster/digest/")]
    assert roster_state(tmp_path)["drifted"] == drifted
    assert 0 < len(buckets) <= drifted
    assert not [one for one in proxy.seen[asked:] if one.startswith("/scim/")]
    assert known(reader, *numbers) == set(numbers)
    assert reader.version() == version
    pull(house)
    assert proxy.seen[-1] == "/roster/version"


def test_a_history_that_is_forgotten_means_reading_in_full_and_nobody_removed_meanwhile_passes(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    enrol(centre, 1, 2, 3)
    house.work()
    remove(centre, 2)
    enrol(centre, 4)
    forgotten = b'{"error": "forgotten", "reason": "horizon", "epoch": "e", "position": 9, "horizon": 8}'
    proxy.order(status(410, body=forgotten), path="/roster/changes")
    pull(house)
    proxy.heal()
    assert known(reader, 1, 2, 3, 4) == {1, 3, 4}
    assert [one for one in proxy.seen if one.startswith("/scim/v2/Users")]
    assert centre.registry.resources.count(USER) == 3


def test_who_was_away_for_longer_than_removals_are_remembered_reads_all_and_brings_nobody_back(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    enrol(centre, 1, 2, 3)
    house.work()
    remove(centre, 2)
    enrol(centre, 4)
    assert centre.registry.roster.forget(centre.registry.clock().wall + timedelta(days=1)) == 1
    house.clock.advance(200 * 86400.0)
    house.work()
    assert [one for one in proxy.seen if one.startswith("/scim/v2/Users")]
    assert known(reader, 1, 2, 3, 4) == {1, 3, 4}
    assert centre.registry.resources.count(USER) == 3


def test_records_of_one_moment_and_an_older_stamp_are_told_all_the_same(
    house: House, centre: RunningCentre, reader: RosterReader, tmp_path: Path
) -> None:
    enrol(centre, *range(1, 21))
    house.work()
    enrol(centre, 21, 22)
    with closing(sqlite3.connect(tmp_path / "centre.db")) as kept, kept:
        kept.execute("UPDATE resources SET modified = '2026-11-01T08:00:00+00:00'")
    pull(house)
    assert known(reader, *range(1, 23)) == set(range(1, 23))


def test_a_centre_that_takes_nearly_everybody_away_is_not_believed_until_somebody_says_so(
    house: House, centre: RunningCentre, reader: RosterReader, tmp_path: Path
) -> None:
    numbers = range(1, 21)
    enrol(centre, *numbers)
    house.work()
    remove(centre, *range(1, 16))
    gone = NewMember("m000020", "Exempel 20", AGENCY.id, active=False)
    centre.registry.enrol(Enrolment(members=(gone,)))
    pull(house, times=3)
    assert known(reader, *numbers) == set(numbers)
    assert reader.age_s(house.clock()) == PULL_S * 3
    assert roster_state(tmp_path)["held"] == 15
    holder = reader.holder_of_member(MemberId("m000020"))
    assert holder is not None
    assert not holder.member.active
    code = roster_state(tmp_path)["removal"]
    lift(house.roster, order(house, str(code)))
    assert roster_state(tmp_path)["lifted"]
    house.work()
    assert known(reader, *numbers) == set(range(16, 21))
    assert reader.age_s(house.clock()) == 0.0
    assert not roster_state(tmp_path)["lifted"]


def test_an_order_given_when_nothing_is_held_lets_nothing_through(
    house: House, centre: RunningCentre, reader: RosterReader, tmp_path: Path
) -> None:
    numbers = range(1, 21)
    enrol(centre, *numbers)
    house.work()
    for code in ("", "3F9A1C2B"):
        lift(house.roster, order(house, code))
        assert not roster_state(tmp_path)["lifted"]
    house.work()
    remove(centre, *range(1, 16))
    pull(house)
    assert known(reader, *numbers) == set(numbers)


def test_an_order_is_about_the_removal_that_was_seen_and_about_no_larger_one(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    numbers = range(1, 31)
    enrol(centre, *numbers)
    house.work()
    remove(centre, *range(1, 17))
    pull(house)
    seen = order(house)
    remove(centre, 17)
    pull(house)
    lift(house.roster, seen)
    pull(house)
    assert known(reader, *numbers) == set(numbers), "one more is gone than was seen"
    lift(house.roster, order(house))
    remove(centre, 18)
    pull(house)
    assert known(reader, *numbers) == set(numbers), "and one more than when it was lifted"
    lift(house.roster, order(house))
    pull(house)
    assert known(reader, *numbers) == set(range(19, 31))


def test_an_old_order_that_is_read_again_lifts_no_later_brake_not_even_of_the_same_members(
    house: House, centre: RunningCentre, reader: RosterReader
) -> None:
    numbers = range(1, 21)
    enrol(centre, *numbers)
    house.work()
    remove(centre, *numbers)
    pull(house)
    house.happened([order(house)])
    pull(house)
    assert known(reader, *numbers) == set()
    enrol(centre, *numbers)
    pull(house)
    assert known(reader, *numbers) == set(numbers)
    # As after the repair of a queue that was damaged: the journal is read from its beginning.
    house.roster.outbox.start_over()
    remove(centre, *numbers)
    pull(house, times=3)
    house.roster.outbox.start_over()
    pull(house, times=3)
    assert known(reader, *numbers) == set(numbers)


def test_a_bucket_that_does_not_add_up_changes_nobody(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader, tmp_path: Path
) -> None:
    enrol(centre, *range(1, 11))
    house.work()
    drift(tmp_path / "roster.db", Random(1), rows=1)  # noqa: S311 - as above
    before = known(reader, *range(1, 11))
    answer = house.client.get("/roster/version")
    assert isinstance(answer, Got)
    state = json.loads(answer.body)
    empty = {"epoch": state["epoch"], "version": state["version"], "position": 1, "bucket": 1, "records": []}
    proxy.always(status(200, body=json.dumps(empty).encode()), path="/roster/digest/")
    pull(house)
    proxy.heal()
    assert known(reader, *range(1, 11)) == before
    house.clock.advance(400.0)
    house.work()
    assert known(reader, *range(1, 11)) == set(range(1, 11))


def test_a_record_that_cannot_be_used_is_put_aside_and_not_fetched_at_every_contact(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(centre, 1, 2)
    house.work()
    monkeypatch.setattr(records, "_user", Picky("m000002"))
    changed = NewMember("m000002", "Exempel 2b", AGENCY.id, badges=(NewBadge(badge_key(2)),))
    centre.registry.enrol(Enrolment(members=(changed,)))
    pull(house)
    assert "m000002" in str(roster_state(house.folder)["refused"])
    assert known(reader, 1, 2) == {1, 2}
    asked = len(proxy.seen)
    pull(house)
    assert [one for one in proxy.seen[asked:] if one != "/roster/version"] == []
    assert reader.age_s(house.clock()) == 0.0


def test_a_kill_between_two_pages_of_changes_leaves_cursor_and_roster_together(
    house: House, centre: RunningCentre, proxy: FaultProxy, tmp_path: Path
) -> None:
    enrol(centre, 1)
    house.work()
    enrol(centre, *range(10, 10 + CHANGES + 20))
    house.clock.advance(PULL_S)
    while house.roster.replica.reached().position < CHANGES:
        house.agent.step()
    at = house.roster.replica.reached()
    house.close()
    again = House(tmp_path, proxy.url, centre.token, house.clock)
    assert again.roster.replica.reached() == at
    again.work()
    assert again.roster.replica.people_known() == CHANGES + 21
    again.close()


def drift(path: Path, chance: Random, rows: int = 30) -> int:
    """Change, remove and add so many records of the roster behind the service's back. Return how many."""
    connection = sqlite3.connect(path)
    ids = [row[0] for row in connection.execute("SELECT id FROM members ORDER BY id")]
    for number, one in enumerate(chance.sample(ids, rows)):
        if number % 3 == 0:
            connection.execute("UPDATE members SET active = 1 - active WHERE id = ?", [one])
        elif number % 3 == 1:
            connection.execute("DELETE FROM members WHERE id = ?", [one])
        else:
            row = "INSERT INTO members VALUES ('x' || ?, 'Ingen', ?, 1, NULL, NULL, 'sv')"
            connection.execute(row, [one, AGENCY.id])
    connection.commit()
    connection.close()
    return rows
