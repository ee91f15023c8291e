"""Lists that change while they are read, come in doubtful order or overlap: nobody is lost, doubled or overlooked."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.ids import MemberId
from kiosk.store.roster import RosterReader
from sync.centre import schemas
from sync.centre.enrolment import Enrolment, NewMember
from sync.lists import PAGE
from tests.support.centre import AGENCY, House, RunningCentre, member
from tests.support.fault_proxy import FaultProxy, status
from tests.support.scim_lists import enrol, known, listing, user

pytestmark = pytest.mark.parts

PULL_S = 60.0


@pytest.fixture(autouse=True)
def only_scim(proxy: FaultProxy) -> None:
    """Let the centre be one that has nothing but SCIM and the events."""
    proxy.hidden = ("/roster/", "/events/")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RosterReader]:
    """Return the desk's view of the house's roster."""
    one = RosterReader(tmp_path / "roster.db")
    yield one
    one.close()


def pull(house: House) -> None:
    """Let the next pull come due and do it."""
    house.clock.advance(PULL_S)
    house.work()


def test_whoever_stays_is_there_once_though_others_come_change_and_go_between_all_pages(
    house: House, centre: RunningCentre, reader: RosterReader, *, soak: bool
) -> None:
    numbers = range(1, (5_000 if soak else PAGE * 3) + 1)
    enrol(centre, *numbers)
    house.work()
    enrol(centre, 9999)
    house.clock.advance(PULL_S)
    gone, renamed, come = set(), set(), {9999}
    for number in range(1, len(numbers) // 15):
        house.agent.step()
        centre.registry.resources.delete(schemas.USER, member(number).id)
        centre.registry.enrol(Enrolment(members=(NewMember(member(numbers[-number]).id, "Ny", AGENCY.id),)))
        enrol(centre, 10_000 + number)
        gone.add(number)
        renamed.add(numbers[-number])
        come.add(10_000 + number)
    house.work()
    assert known(reader, *numbers) >= set(numbers) - gone
    pull(house)
    assert known(reader, *numbers, *come) == set(numbers) - gone | come
    assert house.roster.replica.people_known() == len(numbers) - len(gone) + len(come)
    names = {one.member.name for one in reader.people(MemberId(member(number).id) for number in renamed).values()}
    assert names == {"Ny"}


def test_a_thousand_records_of_one_moment_and_one_that_comes_with_an_older_stamp_all_arrive(
    house: House, centre: RunningCentre, reader: RosterReader, tmp_path: Path
) -> None:
    enrol(centre, *range(1, 1001))
    stamp(tmp_path, "2026-11-23T08:00:00+00:00")
    house.work()
    assert house.roster.replica.people_known() == 1000
    enrol(centre, 1001)
    stamp(tmp_path, "2026-11-01T08:00:00+00:00", only=1001)
    pull(house)
    assert known(reader, 1, 1000, 1001) == {1, 1000, 1001}


def test_pages_that_overlap_and_a_member_told_twice_neither_double_nor_lose_anybody(
    house: House, centre: RunningCentre, proxy: FaultProxy, reader: RosterReader
) -> None:
    enrol(centre, 1, 2, 3, 4)
    house.work()
    enrol(centre, 5)
    pages = [
        listing([user(1), user(2), user(2)], total=5, next_cursor="second"),
        listing([user(2), user(3), user(4), user(5)], total=5),
    ]
    proxy.order(*(status(200, body=page) for page in pages), path="/scim/v2/Users")
    pull(house)
    proxy.heal()
    assert proxy.fired == 2
    assert known(reader, 1, 2, 3, 4, 5) == {1, 2, 3, 4, 5}
    assert house.roster.replica.people_known() == 5
    assert reader.age_s(house.clock()) == 0.0


def stamp(folder: Path, moment: str, only: int | None = None) -> None:
    """Let the centre believe that all its members, or that one, were last changed at that moment."""
    with closing(sqlite3.connect(folder / "centre.db")) as centre, centre:
        which = "" if only is None else f" AND id = '{member(only).id}'"
        centre.execute(f"UPDATE resources SET modified = ? WHERE type = 'User'{which}", [moment])  # noqa: S608 - our own names
